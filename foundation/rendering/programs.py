"""Programs of the system that make what we cannot: which are there, and running one within limits.

A program gets its input by a pipe or from files in a folder that is removed afterwards, never a word of ours as part of
a command line, and neither the secret key nor the database's address. It ends with the worker, and at a limit.
"""

import resource
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.rendering.printing import PressBroke, Unprintable

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 240
WALL_SECONDS = 280
LARGEST_OUTPUT = 500 * 1024 * 1024


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


def run(program: Program, arguments: Sequence[str], *, given: bytes = b"", folder: Path | None = None) -> bytes:
    """What the program writes to its output. Unprintable when it is missing or takes too long; else PressBroke."""
    command = shutil.which(program.command)
    if command is None:
        raise Unprintable(why_not([program]))
    try:
        done = subprocess.run(  # noqa: S603  a program of the system, with arguments of ours
            [command, *arguments], input=given, capture_output=True, timeout=WALL_SECONDS, cwd=folder, env=_ENVIRONMENT,
            preexec_fn=_confine, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unprintable(f"The text is too long: {program.command} took too long, so it was stopped.") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip()[-300:]
        raise PressBroke(f"{program.command} stopped with code {done.returncode}: {told}")
    return done.stdout


_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def _confine() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        given = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (given, given))
