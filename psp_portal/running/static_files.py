"""Collects the static files only when one of them changed: it takes seconds, and the demo starts often."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """True when the files were collected anew."""
    kept = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _fingerprint()
    if kept.exists() and kept.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    kept.write_text(fingerprint)
    return True


def _fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda pair: pair[0]):
            state = Path(storage.path(path)).stat()
            found.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()
