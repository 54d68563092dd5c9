"""`python -m benchmarks`: measure the pages against yardsticks of the same run; ends with 1 when a goal is missed."""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

MOST_QUERIES = 20
MOST_BYTES = 60_000
NOISY = 0.15


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--partnerships", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the figures in benchmarks/results/")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
        rows = measure_all(options)
    report(rows)
    if options.keep:
        keep(rows, options)
    missed = [f"{row['page']}: {miss}" for row in rows for miss in row["missed"]]
    for miss in missed:
        print("MISSED", miss)
    return 1 if missed else 0


def measure_all(options: argparse.Namespace) -> list[dict[str, Any]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from benchmarks import measure, seed

    call_command("migrate", verbosity=0)
    reader, partnership = seed.fill(options.partnerships)
    application, cookie = get_wsgi_application(), seed.session_cookie(reader)
    asks = {name: measure.asking(application, path, cookie) for name, path in pages(partnership.public_id).items()}
    for ask in asks.values():
        ask()
    rows = []
    for name, ask in asks.items():
        ratios = [measure.paired_ratio(asks["bare page"], ask, options.pairs) for _ in range(options.runs)]
        size, packed = measure.sizes(ask)
        middle = statistics.median(ratios)
        rows.append(
            {
                "page": name,
                "queries": measure.queries(ask),
                "bytes": size,
                "gzip": packed,
                "calls": measure.calls(ask),
                "ratio": middle,
                "spread": (max(ratios) - min(ratios)) / middle,
                "missed": [],
            }
        )
    judge(rows)
    return rows


def pages(partnership: str) -> dict[str, str]:
    return {
        "bare page": "/bare/",
        "admin change list": "/yardstick/partnerships/partnership/",
        "home": "/",
        "portfolio": "/partnerships/",
        "portfolio, filtered": "/partnerships/?stage=pilot&text=partnership&order=next_due",
        "partnership": f"/partnerships/{partnership}/",
        "plan": f"/partnerships/{partnership}/plan/",
        "partners": f"/partnerships/{partnership}/partners/",
        "gate": f"/partnerships/{partnership}/gate/",
        "history": f"/partnerships/{partnership}/history/",
        "pilot": f"/pilots/{partnership}/",
        "tenders": "/tenders/",
        "lessons": "/lessons/",
        "lessons, search": "/lessons/?text=partnership",
    }


def judge(rows: list[dict[str, Any]]) -> None:
    by_name = {row["page"]: row for row in rows}
    for row in rows[2:]:
        if row["queries"] > MOST_QUERIES:
            row["missed"].append(f"{row['queries']} queries, at most {MOST_QUERIES}")
        if row["bytes"] > MOST_BYTES:
            row["missed"].append(f"{row['bytes']} bytes, at most {MOST_BYTES}")
    times = by_name["portfolio"]["ratio"] / by_name["admin change list"]["ratio"]
    by_name["portfolio"]["times_admin"] = times


def report(rows: list[dict[str, Any]]) -> None:
    print(f"{'page':<22}{'queries':>8}{'bytes':>9}{'gzip':>8}{'calls':>9}{'ratio':>8}{'spread':>8}")
    for row in rows:
        noisy = " noisy" if row["spread"] > NOISY else ""
        print(
            f"{row['page']:<22}{row['queries']:>8}{row['bytes']:>9}{row['gzip']:>8}{row['calls']:>9}"
            f"{row['ratio']:>8.3f}{row['spread']:>8.1%}{noisy}"
        )
    portfolio = next(row for row in rows if row["page"] == "portfolio")
    print(
        f"portfolio: {portfolio['times_admin']:.1f} x Django admin's change list of the same rows, in CPU (wished: 3)"
    )
    print(f"load average {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}")


def keep(rows: list[dict[str, Any]], options: argparse.Namespace) -> None:
    import datetime

    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    facts = {"at": now.isoformat(timespec="seconds"), "load": os.getloadavg(), "python": sys.version.split()[0]}
    name = f"{now:%Y%m%dT%H%M}.json"
    (folder / name).write_text(json.dumps({**facts, **vars(options), "rows": rows}, indent=1))
    print("kept in", folder / name)


if __name__ == "__main__":
    sys.exit(main())
