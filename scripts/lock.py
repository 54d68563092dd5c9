"""Resolves pyproject.toml into the two lock files, and says whether they still follow it.

    python scripts/lock.py [--upgrade]     needs uv and a package index
    python scripts/lock.py --check         needs neither

The first line of each lock file carries a hash of the requirements it was made from. The check compares it, so a
changed requirement with an old lock is found without asking any index. The lock files hold names, versions and hashes,
and no addresses: they install from whichever index the machine trusts.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
OLDEST_PYTHON = "3.11"
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--group", "dev"]}


def requirements(lock: str) -> list[str]:
    """What the lock answers to, as written in pyproject.toml."""
    project = tomllib.loads(PYPROJECT.read_text())
    wanted = list(project["project"]["dependencies"])
    if "dev" in lock:
        wanted += project["dependency-groups"]["dev"]
    return sorted(wanted)


def first_line(lock: str) -> str:
    return (
        f"# made by `make lock` from requirements {hashlib.sha256(json.dumps(requirements(lock)).encode()).hexdigest()}"
    )


def resolve(lock: str, groups: list[str], *, upgrade: bool) -> None:
    command = [
        "uv",
        "pip",
        "compile",
        "-q",
        "pyproject.toml",
        *groups,
        "--universal",
        "--python-version",
        OLDEST_PYTHON,
    ]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    if "dev" in lock:
        command += ["--constraints", "requirements.lock"]  # tests run on what production runs on
    subprocess.run([*command, *(["--upgrade"] if upgrade else []), "--output-file", lock], cwd=ROOT, check=True)
    mark(lock)


def mark(lock: str) -> None:
    lines = [line for line in (ROOT / lock).read_text().splitlines() if not line.startswith("#")]
    (ROOT / lock).write_text("\n".join([first_line(lock), *lines]) + "\n")


def pinned(lock: str) -> dict[str, str]:
    """Each pin's hashes by its name and version. On which systems it is wanted may differ: tests want some on more."""
    pins = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    named = (pin.partition("--hash") for pin in pins if pin and not pin.startswith("#"))
    return {name.partition(";")[0].strip(): option + hashes for name, option, hashes in named}


def problems() -> list[str]:
    found = [
        f"{lock} was made from other requirements than pyproject.toml's: run `make lock`."
        for lock in LOCKS
        if (ROOT / lock).read_text().partition("\n")[0] != first_line(lock)
    ]
    runtime, dev = (pinned(lock) for lock in LOCKS)
    found += [f"{name} is not the same in both lock files." for name in runtime if runtime[name] != dev.get(name)]
    everything = {**runtime, **dev}.items()
    return found + [f"{name} has no hash." for name, pin in everything if "--hash=sha256:" not in pin]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    wanted = parser.parse_args()
    if not wanted.check:
        for lock, groups in LOCKS.items():
            resolve(lock, groups, upgrade=wanted.upgrade)
    found = problems()
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
