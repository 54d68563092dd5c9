"""`python -m benchmarks.million`: do the pilot's page and the roll-up stay as they are when the figures are a million?

Seeds 1,000, then 100,000, then 1,000,000 figures into one database of its own; after each step it asks the pages, works
every tally out again and counts what differs. Ends with 1 when a page needs a query more or anything differs.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Partnerships, and the months that each of them has been reporting.
STEPS = ((10, 10), (100, 100), (1000, 100))
Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.million")
    parser.add_argument("--steps", type=int, default=len(STEPS), help="1 is a thousand figures, 3 a million")
    parser.add_argument("--indicators", type=int, default=10, help="of each pilot")
    parser.add_argument("--pairs", type=int, default=25)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        with own_database():
            missed = [miss for step in steps(options) for miss in step]
    for miss in missed:
        print("MISSED", miss)
    return 1 if missed else 0


@contextmanager
def own_database() -> Iterator[None]:
    """SQLite: a file in the temporary folder. PostgreSQL: a database of its own beside the one of DATABASE_URL."""
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        yield
        return
    beside = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"psp_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(beside, verbosity=0)


def steps(options: argparse.Namespace) -> Iterator[list[str]]:
    """What was missed, step by step; each step is printed when it is done."""
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from benchmarks import history, seed

    wanted = STEPS[: options.steps]
    reader, partnerships = seed.fill_pilots(wanted[-1][0])
    others = seed.two_sides()
    application, cookie = get_wsgi_application(), seed.session_cookie(reader)
    figures, before, queries = 0, (0, 0), {}
    print(f"{'figures':>10}  {'page':<28}{'queries':>8}{'bytes':>8}{'calls':>8}{'ratio':>8}{'spread':>8}")
    for many, months in wanted:
        seed.join(reader, partnerships[before[0] : many])
        figures += history.tell(partnerships[: before[0]], range(before[1], months), options.indicators, *others)
        figures += history.tell(partnerships[before[0] : many], range(months), options.indicators, *others)
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE")
        rows = asked(application, cookie, partnerships[0].public_id, options)
        for row in rows:
            print(
                f"{figures:>10,}  {row['page']:<28}{row['queries']:>8}{row['bytes']:>8}{row['calls']:>8}"
                f"{row['ratio']:>8.3f}{row['spread']:>8.1%}",
                flush=True,
            )
        now = {row["page"]: row["queries"] for row in rows}
        queries = queries or now
        grown = [f"{page}: {n} queries, {queries[page]} before" for page, n in now.items() if n != queries[page]]
        yield grown + verified(figures, keeping(partnerships[0]))
        before = (many, months)
    print(f"{connection.vendor}; load average {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}")


def asked(application: Any, cookie: str, partnership: str, options: argparse.Namespace) -> list[Row]:
    from benchmarks import measure

    pages = {
        "pilot": f"/pilots/{partnership}/",
        "all pilots together": "/pilots/",
        "together, by area, one year": "/pilots/?by=area&year=2024",
    }
    bare = measure.asking(application, "/bare/", cookie)
    bare()
    rows = []
    for name, path in pages.items():
        ask = measure.asking(application, path, cookie)
        ask()
        ratios = [measure.paired_ratio(bare, ask, options.pairs) for _ in range(options.runs)]
        middle = statistics.median(ratios)
        rows.append(
            {
                "page": name,
                "queries": measure.queries(ask),
                "bytes": len(ask()),
                "calls": measure.calls(ask),
                "ratio": middle,
                "spread": (max(ratios) - min(ratios)) / middle,
            }
        )
    return rows


def keeping(partnership: Any) -> float:
    """CPU seconds that keeping the rows adds to accepting one return."""
    from benchmarks import history
    from pilots.actions.tallying import keep_indicators, keep_year

    start = time.process_time()
    for _ in range(10):
        keep_year(partnership, history.FIRST)
        keep_indicators(partnership)
    return (time.process_time() - start) / 10


def verified(figures: int, kept: float) -> list[str]:
    """The seconds `tally_verify` takes and what it finds; then it has to find and repair a row that is broken."""
    from pilots.models import IndicatorTally

    start = time.monotonic()
    right, said = verify()
    seconds = time.monotonic() - start
    print(f"{figures:>10,}  keeping the rows: {kept * 1000:.1f} ms CPU; verify: {seconds:.1f} s, {said}", flush=True)
    row = IndicatorTally.objects.order_by("pk")[0]
    IndicatorTally.objects.filter(pk=row.pk).update(periods=row.periods + 1)
    seen = not verify()[0]
    verify("--repair")
    missed = {"differences": right, "a broken row was not seen": seen, "nor repaired": verify()[0]}
    return [f"verify at {figures:,}: {miss}" for miss, fine in missed.items() if not fine]


def verify(*options: str) -> tuple[bool, str]:
    from django.core.management import call_command

    out = io.StringIO()
    try:
        call_command("tally_verify", *options, stdout=out)
    except SystemExit:
        return False, out.getvalue().splitlines()[-1]
    return True, out.getvalue().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
