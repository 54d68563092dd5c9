"""`python -m benchmarks`: the pages against yardsticks of the same run; ends with 1 when a counted goal is missed."""

import argparse
import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

NOISY = 0.15
QUICK, LONG = (10, 1_000), (10, 1_000, 2_000, 10_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--long", action="store_true", help=f"at {LONG} partnerships instead of {QUICK}")
    parser.add_argument("--pairs", type=int, default=0, help="calls of each page and its yardstick (15; long: 100)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the figures in benchmarks/results/")
    options = parser.parse_args()
    options.pairs = options.pairs or (100 if options.long else 15)
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
        tables, goals = measure_all(options)
    for title, pages in tables.items():
        report(title, pages)
    print("", *goals, sep="\n")
    told = ["/".join(f"{load:.1f}" for load in loads) for loads in (before, os.getloadavg())]
    print(f"load average {told[0]} before, {told[1]} after; Python {sys.version.split()[0]}")
    if options.keep:
        keep(tables, goals, options)
    return int(any(goal.counted and not goal.is_met for goal in goals))


def measure_all(options: argparse.Namespace) -> tuple[dict[str, Any], list[Any]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from benchmarks import goals, history, pages, seed
    from benchmarks.measure import Yardstick

    call_command("migrate", verbosity=0)
    application, portal = get_wsgi_application(), seed.Portal()
    observer, everywhere, lead, unruled = {}, {}, {}, {}
    for size in LONG if options.long else QUICK:
        portal.grow_to(size)
        if not observer:
            history.tell(portal.pilots(), range(24), 4, *seed.two_sides())
        by = {
            who: Yardstick(application, seed.session_cookie(person), "/bare/", options.pairs, options.runs)
            for who, person in (("50", portal.observer), ("all", portal.everywhere), ("lead", portal.lead))
        }
        read = pages.for_the_observer(portal.partnership)
        observer[size] = by["50"].measure(read)
        everywhere[size] = by["all"].measure({name: read[name] for name in pages.GROWING})
        unruled[size] = by["all"].measure(pages.without_rules())
        lead = by["lead"].measure(pages.for_the_lead(portal.partnership))
    tables = {f"{size:,} partnerships, a part in {min(size, seed.MINE)}": observer[size] for size in observer}
    tables |= {f"{size:,} partnerships, a part in all": everywhere[size] | unruled[size] for size in everywhere}
    return tables | {"a lead": lead}, goals.of(observer, everywhere, lead, unruled)


def report(title: str, pages: dict[str, Any]) -> None:
    print(f"\n{title:<34}{'queries':>8}{'bytes':>9}{'gzip':>8}{'calls':>9}{'ratio':>8}{'spread':>8}")
    for name, of in pages.items():
        noisy = " noisy" if of.spread > NOISY else ""
        print(
            f"{name:<34}{of.queries:>8}{of.bytes:>9}{of.packed:>8}{of.calls:>9}{of.ratio:>8.3f}{of.spread:>8.1%}{noisy}"
        )


def keep(tables: dict[str, Any], goals: list[Any], options: argparse.Namespace) -> None:
    import datetime

    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    facts = {"at": now.isoformat(timespec="seconds"), "load": os.getloadavg(), "python": sys.version.split()[0]}
    found = {title: {name: dataclasses.asdict(of) for name, of in pages.items()} for title, pages in tables.items()}
    name = f"{now:%Y%m%dT%H%M}.json"
    (folder / name).write_text(
        json.dumps({**facts, **vars(options), "pages": found, "goals": [str(goal) for goal in goals]}, indent=1)
    )
    print("kept in", folder / name)


if __name__ == "__main__":
    sys.exit(main())
