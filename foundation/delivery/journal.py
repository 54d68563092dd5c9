"""Which mails of a chunk were begun: a file beside the database, so that a crash leaves one mail in doubt, not fifty.

The database's marker says, once for a whole chunk and committed before its first mail: “some of these may have gone;
the journal knows which”. The journal gets a line just before each mail's DATA and one after the server's answer. Such a
line costs microseconds, for it is written and not synced: it outlives the process that wrote it, which is all that is
asked of it. What else can happen is told apart:

- The machine stopped (power, kernel): unsynced lines may be gone. The journal's name carries the boot it was written
  in; one of an earlier boot is not believed, and every mail of its chunk is in doubt.
- The journal is not here (another host, a lost disk): every mail of its chunk is in doubt.
- The process was only paused, and wakes: whoever took over sealed the journal by a line of its own. The writer
  compares the file's length with what it wrote before it trusts its own line, finds the seal, and sends nothing more.
  A line that came before the seal was seen by whoever sealed.

Believing the journal is thus never needed for the promise, only for holding fewer mails.
"""

import functools
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from pathlib import Path
from time import time

from django.conf import settings

KEPT = timedelta(days=7)
BOOT = Path("/proc/sys/kernel/random/boot_id")
SEAL = b"\nseal\n"

Claim = tuple[int, int]
"""A mail's primary key and the number of the try."""


class Sealed(Exception):
    """Another process has taken over this chunk: nothing more of it may be sent."""


class Fate(Enum):
    NOT_BEGUN = "certainly not sent"
    SENT = "the server said so"
    IN_DOUBT = "begun, and nobody wrote how it ended"


@functools.cache
def boot() -> str:
    """Names the time since this machine's start; empty where the system does not say."""
    try:
        return BOOT.read_text().strip()
    except OSError:
        return ""


def folder() -> Path:
    return Path(settings.VAR_DIR) / "mail-journals"


class Journal:
    """The journal of one chunk. OSError when it cannot be written: then nothing of the chunk may be sent."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        folder().mkdir(parents=True, exist_ok=True)
        self.path = folder() / f"{boot()}-{uuid.uuid4().hex}"
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._length = 0
        self._write("".join(f"has {pk} {attempts}\n" for pk, attempts in claims))

    def begins(self, pk: int) -> None:
        """Just before DATA. Sealed when another process has the chunk; OSError when the line could not be written."""
        self._write(f"data {pk}\n")
        if os.fstat(self._file).st_size != self._length:
            raise Sealed

    def ended(self, pk: int, *, sent: bool) -> None:
        """The server's answer, when it is certain. Without this line the mail counts as in doubt: no more is lost."""
        with suppress(OSError):
            self._write(f"{'sent' if sent else 'not'} {pk}\n")

    def close(self) -> None:
        """What it holds stays for whoever settles the chunk."""
        os.close(self._file)

    def remove(self) -> None:
        """Every mail's fate is in the database now."""
        self.path.unlink(missing_ok=True)

    def _write(self, lines: str) -> None:
        text = lines.encode()
        if os.write(self._file, text) != len(text):
            raise OSError("the disk is full")
        self._length += len(text)


def fates(claims: set[Claim]) -> dict[Claim, Fate]:
    """What this machine's journals know of these claims; none of them is sent any more by the process that made it.

    A claim without a journal that can be believed is missing from the answer.
    """
    found: dict[Claim, Fate] = {}
    if not claims or not boot():
        return found
    for path in _journals():
        with suppress(OSError):  # its writer has just finished and removed it
            if claims & _read(path.read_bytes()).keys():
                found |= _read(_sealed(path))
    return {claim: fate for claim, fate in found.items() if claim in claims}


def forget(unsettled: set[Claim]) -> None:
    """Remove sealed journals of which no mail waits for its fate any more, and whatever is a week old."""
    for path in folder().glob("*-*"):
        with suppress(OSError):
            old = path.stat().st_mtime < time() - KEPT.total_seconds()
            if old or (SEAL in (text := path.read_bytes()) and not unsettled & _read(text).keys()):
                path.unlink()


def _journals() -> list[Path]:
    return sorted(folder().glob(f"{boot()}-*"))


def _sealed(path: Path) -> bytes:
    """What was written before the (first) seal, which is set if there is none."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, SEAL)
    finally:
        os.close(file)
    return path.read_bytes()


def _read(text: bytes) -> dict[Claim, Fate]:
    """By the last line of each mail. A line cut short by a crash says less, never more."""
    attempts: dict[int, int] = {}
    fate: dict[int, Fate] = {}
    for line in text.partition(SEAL)[0].decode("ascii", "replace").splitlines(keepends=True):
        match line.split():
            case ["has", pk, number] if line.endswith("\n"):
                attempts[int(pk)] = int(number)
                fate[int(pk)] = Fate.NOT_BEGUN
            case ["data", pk] if pk.isdecimal() and int(pk) in fate:
                fate[int(pk)] = Fate.IN_DOUBT
            case ["sent", pk] if line.endswith("\n") and int(pk) in fate:
                fate[int(pk)] = Fate.SENT
            case ["not", pk] if line.endswith("\n") and int(pk) in fate:
                fate[int(pk)] = Fate.NOT_BEGUN
            case _:
                continue
    return {(pk, attempts[pk]): of for pk, of in fate.items()}
