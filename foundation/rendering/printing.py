"""The parent's side of the press: start it, follow its steps, stop it when it must stop.

All three streams are unnamed: the page goes in and the PDF comes out through files that never had a name, so a worker
that is killed leaves nothing behind.
"""

import errno
import json
import logging
import os
import selectors
import signal
import time
from collections.abc import Callable
from typing import IO

from foundation.files.store import NoRoom
from foundation.rendering import spare
from foundation.rendering.assets import assets

logger = logging.getLogger(__name__)

WALL_SECONDS = 90
LONGEST_PAGE = 10_000_000
TOOK_TOO_LONG = "The document is too long or too complex: making it took too long, so it was stopped."
PAGE_TOO_LONG = "The document is longer than the ten million characters the portal can print. Split it into parts."
CRUSHED = "The document is too large or too deeply nested: it broke the press."
# Signals a process brings upon itself: a stack or a memory that the page has filled.
_BY_ITSELF = {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGBUS}

# (step, progress so far) → carry on? Called about once a second, with or without news.
Follow = Callable[[str, int], bool]


class Stopped(Exception):
    """The press was stopped because nobody wants this copy any more: cancelled, or another worker has the job."""


class Unprintable(Exception):
    """The same page would fail again. `str` is the sentence for the person who asked."""


class PressBroke(Exception):
    """The press ended without a word: killed from outside, or an error. Trying again may help."""


def printed(html: str, follow: Follow) -> bytes:
    """The page as PDF/UA-1. NoRoom when the disk is too full for the page or the PDF."""
    if len(html) > LONGEST_PAGE:
        raise Unprintable(PAGE_TOO_LONG)
    try:
        return _printed(html, follow)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise NoRoom from error


def _printed(html: str, follow: Follow) -> bytes:
    started = time.monotonic()
    whole = html.encode(errors="replace").decode()  # without halves of surrogate pairs, which no font can show
    with spare.pressing(json.dumps({"html": whole, "assets": assets()}).encode()) as press:
        assert press.process.stderr is not None
        refused = _follow(press.process.stderr, follow)
        code = press.process.wait(timeout=5)
        press.pdf.seek(0)
        return _judged(press.pdf.read(), code, refused, time.monotonic() - started)


def _judged(content: bytes, code: int, refused: str, seconds: float) -> bytes:
    """The PDF, or why there is none."""
    if refused:
        raise Unprintable(refused)
    if code == errno.ENOSPC:
        raise NoRoom
    if code in _BY_ITSELF:
        raise Unprintable(CRUSHED)
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and seconds >= spare.CPU_SECONDS):
        raise Unprintable(TOOK_TOO_LONG)
    if code or not content.startswith(b"%PDF-"):
        raise PressBroke(f"the press stopped without a document (exit code {code})")
    return content


def _follow(lines: IO[bytes], follow: Follow) -> str:
    """Pass the steps on until the press closes its end; the sentence if it refused the page."""
    reading, ends_at = Reading(), time.monotonic() + WALL_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(lines, selectors.EVENT_READ)
        last_told = 0.0
        while True:
            if selector.select(timeout=1) and not reading.take(os.read(lines.fileno(), 65536)):
                return reading.refused
            if time.monotonic() > ends_at:
                raise Unprintable(TOOK_TOO_LONG)
            if time.monotonic() - last_told >= 1:
                last_told = time.monotonic()
                if not follow(reading.step, reading.progress):
                    raise Stopped


class Reading:
    """What the press has said so far."""

    def __init__(self) -> None:
        self.rest, self.step, self.progress, self.refused = b"", "Getting ready to make the PDF", 0, ""

    def take(self, heard: bytes) -> bool:
        """False when it was the end."""
        *lines, self.rest = (self.rest + heard).split(b"\n")
        for line in lines:
            self.understand(line)
        return bool(heard)

    def understand(self, line: bytes) -> None:
        try:
            message = json.loads(line[1:]) if line.startswith(b"@") else None
        except ValueError:
            message = None
        if not isinstance(message, dict):
            if line:
                logger.warning("the press says: %s", line[:500].decode(errors="replace"))
            return
        self.refused = message.get("refused", self.refused)
        self.step, self.progress = message.get("step", self.step), message.get("progress", self.progress)
