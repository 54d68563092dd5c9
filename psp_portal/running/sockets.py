"""Where the embedded broker listens. Imported by the settings, so it needs nothing of Django."""

import hashlib
import os
import tempfile
from pathlib import Path

# The kernel keeps a socket's path in 108 bytes (Linux) or 104 (macOS), with a closing zero.
LONGEST = 100


def socket_path(folder: Path) -> Path:
    """`folder/valkey.sock`, or a private short folder of the system's own when that path is too long for a socket."""
    path = folder.resolve() / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"psp-portal-{os.getuid()}-{name}" / "valkey.sock"
