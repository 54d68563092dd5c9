"""One child process: a session of its own, a log of its own, restarted with back-off, stopped with its offspring."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LONGEST_WAIT = 30.0
SETTLED_AFTER = 10.0

Silence = Callable[[], str]


def never_silent() -> str:
    return ""


class Child:
    """A command that must keep running.

    `silent` answers why the process must be replaced although it runs, in words; empty means it is well.
    `patience` is how long it may take to finish its work when asked to stop.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
        silent: Silence = never_silent,
        patience: float = 10.0,
    ) -> None:
        self.name, self.command, self.log, self.silent, self.patience = name, list(command), log, silent, patience
        self.environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0
        self.start_at = 0.0

    def start(self) -> None:
        out = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(  # noqa: S603  our own commands, no shell
                self.command, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=out or sys.stderr, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        finally:
            if out:
                out.close()
        self.started = time.monotonic()

    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.start_at

    def has_died(self) -> int | None:
        """Its exit code, once; the next start is then set, later after every quick death in a row."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.bury()
        return code

    def bury(self) -> None:
        """Make an end of the process and of everything it started, and set the time of the next start."""
        if self.process is None:
            return
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
        ran_for = time.monotonic() - self.started
        self.failures = 0 if ran_for >= SETTLED_AFTER else self.failures + 1
        self.start_at = time.monotonic() + back_off(self.failures)

    def end(self, *, hurry: Callable[[], bool]) -> None:
        """Ask it to stop, and cut it off when its patience is over or somebody is in a hurry.

        Only the leader hears the question: a worker finishes its tasks, where a signal to its pool would lose them.
        """
        if self.process is None:
            return
        self.process.terminate()
        deadline = time.monotonic() + self.patience
        while self.process.poll() is None and time.monotonic() < deadline and not hurry():
            time.sleep(0.05)
        self.bury()

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for the person at the terminal."""
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def back_off(failures: int) -> float:
    """Seconds until the next start: at once after a long life, then 0.5, 1, 2 … up to 30."""
    return 0.0 if failures == 0 else min(LONGEST_WAIT, 0.25 * 2**failures)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the session that `leader` leads; nothing happens when it has gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
