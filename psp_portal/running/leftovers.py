"""Children that outlived a supervisor which had no time to stop them (kill -9, power cut): found and ended.

A process id alone proves nothing, it may have been given to a stranger. So each child is recorded with the moment of
its birth, and only a process with the same id and the same birth is ours to end.
"""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from psp_portal.running.children import Child, signal_group

PATIENCE = 5.0


class AlreadyRunning(Exception):
    """Another supervisor works in the same folder."""


def claim(folder: Path) -> IO[str]:
    """The folder's lock, held for as long as the returned file stays open; the kernel frees it when its owner dies."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "running.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise AlreadyRunning from None
    return lock


class Records:
    """Who was started from this folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "running.json"

    def write(self, children: Iterable[Child]) -> None:
        alive = {child.name: _identity(child.process.pid) for child in children if child.process}
        self.file.write_text(json.dumps(alive))

    def end_leftovers(self) -> list[str]:
        """End every recorded process that still lives; their names."""
        found = {name: pid for name, (pid, birth) in self._read().items() if birth and _birth(pid) == birth}
        for pid in found.values():
            signal_group(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(_birth(pid) for pid in found.values()) and time.monotonic() < deadline:
            time.sleep(0.1)
        for pid in found.values():
            signal_group(pid, signal.SIGKILL)
        self.forget()
        return list(found)

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def _read(self) -> dict[str, tuple[int, str]]:
        try:
            recorded = json.loads(self.file.read_text())
            return {name: (int(pid), str(birth)) for name, (pid, birth) in recorded.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def _identity(pid: int) -> tuple[int, str]:
    return pid, _birth(pid)


def _birth(pid: int) -> str:
    """When the process was born, in the system's own words; empty when it does not live."""
    if os.path.isdir("/proc/self"):
        try:
            # Field 22 counts from the end of the command's name, which may itself hold spaces and brackets.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    listed = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607
    return listed.stdout.strip()
