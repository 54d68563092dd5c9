"""Starting a press, and keeping one started in advance, so that whoever asks next does not wait for its start.

A press reads its page from a file that never had a name. A spare one loads what it needs and waits for one byte; a
press takes one page and ends, spare or not. The next spare one starts while this one prints. Each ends with the process
that started it.
"""

import contextlib
import logging
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

logger = logging.getLogger(__name__)

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 120


@dataclass
class Press:
    """The process, the file it reads, the file it writes, and for a spare one where the byte goes that sets it off."""

    process: "subprocess.Popen[bytes]"
    page: IO[bytes]
    pdf: IO[bytes]
    go: int | None
    owner: int

    def end(self) -> None:
        """Kill it, if it still runs, and close everything."""
        self.process.kill()
        self.process.wait()
        if self.go is not None:
            os.close(self.go)
            self.go = None
        _close(self.process.stderr, self.page, self.pdf)


_spare: deque[Press] = deque(maxlen=1)
_keeps_one = False


def keep_one(wanted: bool = True) -> None:
    """From the first page on, the next press starts while the one before prints; `False` ends the one that waits.

    Nothing starts at this call.
    """
    global _keeps_one
    _keeps_one = wanted
    if not wanted:
        _drop()


@contextlib.contextmanager
def pressing(page: bytes) -> Iterator[Press]:
    """A press at work on this page: the spare one if it still lives, else a new one. Ended on the way out."""
    press = _taken() or _started(waiting=False, page=page)
    try:
        if press.go is not None:
            press.page.write(page)
            press.page.seek(0)
            with contextlib.suppress(BrokenPipeError):
                os.write(press.go, b"g")
        _keep_the_next()
        yield press
    finally:
        press.end()


def _keep_the_next() -> None:
    """A spare press is a convenience: what stands in its way must not stop the page that prints."""
    if _keeps_one and not _spare:
        try:
            _spare.append(_started(waiting=True))
        except OSError:
            logger.warning("no spare press could be started", exc_info=True)


def _taken() -> Press | None:
    with contextlib.suppress(IndexError):
        press = _spare.pop()
        if press.owner == os.getpid() and press.process.poll() is None:
            return press
        if press.owner == os.getpid():
            press.end()
    return None


def _drop() -> None:
    if press := _taken():
        press.end()


def _started(*, waiting: bool, page: bytes = b"") -> Press:
    told, output = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115  closed by `end`
    reader, writer = os.pipe() if waiting else (None, None)
    command = [sys.executable, "-m", "foundation.rendering.press", str(MEMORY), str(CPU_SECONDS), str(os.getpid())]
    try:
        told.write(page)
        told.seek(0)
        process = subprocess.Popen(  # noqa: S603  our own module
            [*command, str(reader)] if reader is not None else command,
            stdin=told, stdout=output, stderr=subprocess.PIPE, cwd=settings.BASE_DIR, env=environment(),
            pass_fds=[reader] if reader is not None else [],
        )  # fmt: skip
    except OSError:
        _close(told, output)
        if writer is not None:
            os.close(writer)
        raise
    finally:
        if reader is not None:
            os.close(reader)
    return Press(process, told, output, writer, os.getpid())


def _close(*files: IO[bytes] | None) -> None:
    """Closing writes what is left, and a disk may be full: nobody wants it any more."""
    for file in files:
        if file:
            with contextlib.suppress(OSError):
                file.close()


def environment() -> dict[str, str]:
    """Nothing of ours: no secret key, no database address; and no PATH, since a press has no program to start.

    (Where there is one, Python looks for each library with a compiler: a quarter of the time a press takes to start.)
    """
    kept = ("HOME", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
    fixed = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    root = str(Path(settings.BASE_DIR))
    ours = {"PATH": "", "PYTHONPATH": root}
    return {name: os.environ[name] for name in kept if name in os.environ} | fixed | ours
