"""Looks after a handful of children until it is told to stop."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from psp_portal.running.children import Child

LOOK_EVERY = 0.5
LISTEN_EVERY = 10.0

Say = Callable[[str], None]


class Supervisor:
    def __init__(self, children: Sequence[Child], *, say: Say, on_change: Callable[[], None] = lambda: None) -> None:
        self.children, self.say, self.on_change = list(children), say, on_change
        self._stop, self._hurry = threading.Event(), False
        self._listened = time.monotonic()

    def run(self, each_look: Callable[[], None] = lambda: None) -> None:
        """Start the children and keep them alive; returns when SIGINT or SIGTERM came and every child has ended."""
        previous = {number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stop.is_set():
                self._start_due()
                each_look()
                self._stop.wait(LOOK_EVERY)
                self._replace_dead()
                self._replace_silent()
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        """The first signal stops with patience, the second at once."""
        self._hurry = self._stop.is_set()
        self._stop.set()

    def _start_due(self) -> None:
        due = [child for child in self.children if child.is_due()]
        for child in due:
            child.start()
        if due:
            self.on_change()

    def _replace_dead(self) -> None:
        for child in self.children:
            code = child.has_died()
            if code is not None:
                wait = max(0.0, child.start_at - time.monotonic())
                self.say(f"{child.name} ended ({_reason(code)}); starting it again in {wait:.1f} s.")

    def _replace_silent(self) -> None:
        if time.monotonic() - self._listened < LISTEN_EVERY:
            return
        for child in self.children:
            if child.process and (why := self._why_replace(child)):
                self.say(f"{child.name} runs but {why}; replacing it.")
                child.bury()
        self._listened = time.monotonic()

    def _why_replace(self, child: Child) -> str:
        """A watch that fails must never bring down what it watches."""
        try:
            return child.silent()
        except Exception as error:  # noqa: BLE001  whatever it is, the children keep running
            self.say(f"Nobody could ask after {child.name}: {error!r}")
            return ""

    def _end_all(self) -> None:
        """Last started, first ended: a worker says goodbye to its broker while there still is one."""
        for child in reversed(self.children):
            child.end(hurry=lambda: self._hurry)
        self.on_change()


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
