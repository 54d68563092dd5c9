"""`python -m tests.faults.runner`: every fault with many trials, as one table. Minutes; `--full` is much longer.

`--only storm` (or another word of a trial's name) runs only that; `--mails 10000` sets the storm's size. Uses a test
database of its own on the engine of DATABASE_URL (SQLite without one), and removes it. Exit code 1 when a trial lost a
mail or report, sent or kept one twice, or hit nothing.
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
    parser.add_argument("--full", action="store_true", help="Twice the trials, and 10,000 mails in the storm.")
    parser.add_argument("--mails", type=int, default=0, help="Mails in the storm (1,500; full form: 10,000).")
    parser.add_argument("--only", default="", metavar="WORD", help="Only the trials whose name has the word.")
    options = parser.parse_args()
    options.trials *= 2 if options.full else 1
    options.mails = options.mails or (10_000 if options.full else 1_500)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp_portal.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        return run(Path(folder), options)


def run(folder: Path, options: argparse.Namespace) -> int:
    from django.conf import settings
    from django.db import connection

    from tests.faults import full_disk, printers, storm, trials
    from tests.faults.portal import Portal
    from tests.faults.sink import Sink

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAILS_A_DAY = 0  # a trial counts each mail: none is folded
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "faults.sqlite3")
    usual = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    plan: list[tuple[Callable[[Portal, int], trials.Result | tuple[trials.Result, str]], int]] = [
        (trials.kill_while_sending, 100 * options.trials),
        (trials.pause_past_the_lease, 10 * options.trials),
        (trials.mail_server_misbehaves, 160 * options.trials),
        (trials.broker_is_emptied, 40 * options.trials),
        (storm.the_broker_is_killed, 30 * options.trials),
        (storm.everything_at_once, options.mails),
        (printers.kill_while_printing, 100 * options.trials),
        (full_disk.the_disk_is_full, 8 * options.trials),
    ]
    plan = [(trial, count) for trial, count in plan if options.only in trial.__name__ + " " + trial.__module__]
    say(f"Faults on {connection.vendor}:")
    say(line(HEAD))
    passed = True
    try:
        with Sink() as sink, Portal(sink, folder) as portal:
            for trial, count in plan:
                began = time.monotonic()
                told = trial(portal, count)
                result, more = told if isinstance(told, tuple) else (told, "")
                well = result.passed and result.hits > 0
                passed = passed and well
                verdict = "survived" if well else "FAILED"
                cells = (result.fault, result.trials, result.lost, result.duplicated, result.held, verdict)
                took = f"{time.monotonic() - began:.0f} s"
                say(f"{line(cells)} ({result.mails} {result.what}, {result.hits} hits, {took}) {more}")
    finally:
        if connection.vendor == "postgresql":  # a killed process's session may linger
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        connection.creation.destroy_test_db(usual, verbosity=0)
    return 0 if passed else 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(cells: tuple[object, ...]) -> str:
    return " | ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))


if __name__ == "__main__":
    sys.exit(main())
