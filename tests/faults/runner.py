"""`python -m tests.faults.runner`: every fault with many trials, as one table. Minutes; `--trials 10` is much longer.

Uses a test database of its own on the engine of DATABASE_URL (SQLite without one), and removes it. Exit code 1 when a
trial lost a mail, sent one twice, or hit nothing.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

HEAD = ("FAULT", "trials", "lost", "duplicated", "held", "verdict")
WIDTHS = (52, 8, 6, 12, 6, 10)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1, metavar="TIMES", help="How many times the short form.")
    times = parser.parse_args().trials
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp_portal.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), times)


def run(folder: Path, times: int) -> int:
    from django.conf import settings
    from django.db import connection

    from tests.faults import trials
    from tests.faults.portal import Portal
    from tests.faults.sink import Sink

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "faults.sqlite3")
    usual = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    plan: list[tuple[Callable[[Portal, int], trials.Result], int]] = [
        (trials.kill_while_sending, 100),
        (trials.pause_past_the_lease, 10),
        (trials.mail_server_misbehaves, 160),
        (trials.broker_is_emptied, 40),
    ]
    say(f"Faults on {connection.vendor}:")
    say(line(HEAD))
    passed = True
    try:
        with Sink() as sink, Portal(sink, folder) as portal:
            for trial, count in plan:
                began = time.monotonic()
                result = trial(portal, count * times)
                well = result.passed and result.hits > 0
                passed = passed and well
                verdict = "survived" if well else "FAILED"
                cells = (result.fault, result.trials, result.lost, result.duplicated, result.held, verdict)
                took = f"{time.monotonic() - began:.0f} s"
                say(f"{line(cells)} ({result.mails} mails, {result.hits} hits, {took})")
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)
    return 0 if passed else 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(cells: tuple[object, ...]) -> str:
    return " | ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))


if __name__ == "__main__":
    sys.exit(main())
