"""Programs of the system that make what we cannot: which are there, and running one within limits.

A program gets its input from a file without a name or from files in a folder that is removed afterwards, never a word
of ours as part of a command line, and neither the secret key nor the database's address. It ends with the worker, when
nobody wants its work any more, and at a limit. The folder of a worker that was killed is left, and `clear_away` removes
it later.
"""

import contextlib
import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings

from foundation.database import clock
from foundation.rendering.printing import PressBroke, Stopped, Unprintable

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 240
WALL_SECONDS = 270
LARGEST_OUTPUT = 500 * 1024 * 1024
UNTOUCHED_FOR = timedelta(hours=3)  # no work takes more than minutes
# Opened here: between fork and exec nothing may be loaded.
_LIBC = ctypes.CDLL(None)

# Carry on? Asked about once a second while a program works.
Wanted = Callable[[], bool]


def always() -> bool:
    """For whoever waits for the answer and cannot be stopped: a check, a script."""
    return True


@dataclass(frozen=True)
class Program:
    """A command, and what to install when it is missing: Debian's and Ubuntu's name of the package."""

    command: str
    package: str

    def is_here(self) -> bool:
        return shutil.which(self.command) is not None


def missing(programs: Sequence[Program]) -> list[Program]:
    return [program for program in programs if not program.is_here()]


def why_not(programs: Sequence[Program]) -> str:
    """The sentence for people when something is missing; empty when everything is there."""
    absent = missing(programs)
    if not absent:
        return ""
    packages = " ".join(dict.fromkeys(program.package for program in absent))
    one = len(absent) == 1
    return (
        f"This computer cannot make it yet: the program{'' if one else 's'} "
        f"{' and '.join(program.command for program in absent)} {'is' if one else 'are'} missing. Whoever runs the "
        f"portal can install {'it' if one else 'them'}: on Debian or Ubuntu, apt-get install {packages}."
    )


def run(program: Program, arguments: Sequence[str], *, given: bytes = b"", wanted: Wanted) -> bytes:
    """What the program writes to its output.

    Unprintable when it is missing or takes too long, Stopped when it is not wanted any more; else PressBroke.
    """
    command = shutil.which(program.command)
    if command is None:
        raise Unprintable(why_not([program]))
    # Not by a pipe: Python 3.11 sends no more of the input once it has asked whether the work is still wanted.
    with tempfile.TemporaryFile() as page:
        page.write(given)
        page.seek(0)
        with subprocess.Popen(  # noqa: S603  a program of the system, with arguments of ours
            [command, *arguments], stdin=page, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_ENVIRONMENT,
            preexec_fn=partial(_confine, os.getpid()),
        ) as process:  # fmt: skip
            try:
                output, errors = _followed(process, program, wanted)
            except BaseException:
                process.kill()
                raise
    if process.returncode == -signal.SIGXCPU:
        raise _too_long(program)
    if process.returncode:
        told = errors.decode(errors="replace").strip()[-300:]
        raise PressBroke(f"{program.command} stopped with code {process.returncode}: {told}")
    return output


def _followed(process: "subprocess.Popen[bytes]", program: Program, wanted: Wanted) -> tuple[bytes, bytes]:
    """What it writes to its output and to its errors."""
    ends_at = time.monotonic() + WALL_SECONDS
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=1)
        if not wanted():
            raise Stopped
        if time.monotonic() > ends_at:
            raise _too_long(program)


def _too_long(program: Program) -> Unprintable:
    return Unprintable(f"The text is too long: {program.command} took too long, so it was stopped.")


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """An empty folder for the files of programs, removed at the end of the block."""
    _folders().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_folders()) as name:
        yield Path(name)


def clear_away(untouched_for: timedelta = UNTOUCHED_FOR) -> int:
    """Remove the folders of workers that were killed; how many those were."""
    before = clock.now().timestamp() - untouched_for.total_seconds()
    removed = 0
    for left in _folders().iterdir() if _folders().is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # its worker may remove it while we look
            if left.stat().st_mtime < before:
                shutil.rmtree(left)
                removed += 1
    return removed


def _folders() -> Path:
    return Path(settings.VAR_DIR) / "programs"


_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def _confine(owner: int) -> None:
    """Set the limits, and ask the kernel to end this process when its owner ends."""
    if sys.platform == "linux":
        parent_death_signal = 1
        _LIBC.prctl(parent_death_signal, signal.SIGKILL)
        if os.getppid() != owner:  # it ended before the kernel was asked
            os._exit(1)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        given = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At both limits at once the kernel kills without saying that it was the time.
        soft = given - 1 if kind == resource.RLIMIT_CPU else given
        resource.setrlimit(kind, (soft, given))
