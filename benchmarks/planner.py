"""`python -m benchmarks.planner`: does planning stay linear in time and flat in memory, and write each mail once?

For each size: that many milestones, a tenth of them due; the CPU time of the run that writes their mails and of the one
after it, which finds them written; the memory it took; the number of queries of all sources. Then four processes plan
500 deadlines at the same moment. `--long` goes to 200,000. Ends with 1 when a goal is missed.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

SIZES = (2_000, 20_000, 200_000)
NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
OWNERS = 50
GROWTH, MEMORY, PLANNERS, AT_ONCE = 1.1, 12.0, 4, 500
"""Largest exponent; most megabytes that the largest size may take more than the smallest."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.planner")
    parser.add_argument("--long", action="store_true", help="up to 200,000 milestones")
    parser.add_argument("--rounds", type=int, default=3, help="how often four planners start at once")
    parser.add_argument("--plan-at", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plan_at:
        return plan_once(float(options.plan_at))
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "psp_portal.settings", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        from django.db import connection

        from benchmarks.million import own_database

        with own_database():
            missed = growth(SIZES if options.long else SIZES[:2]) + at_once(options.rounds)
            print(f"{connection.vendor}; load average {os.getloadavg()[0]:.1f}; Python {sys.version.split()[0]}")
    for miss in missed:
        print("MISSED", miss)
    return 1 if missed else 0


def growth(sizes: tuple[int, ...]) -> list[str]:
    """Print a line for each size; what was missed."""
    from foundation.delivery.models import OutboxMail
    from partnerships.models import Milestone
    from partnerships.reminders import plan

    owners = seed_owners()
    plan(NOW)  # what is loaded and compiled once
    print(
        f"{'milestones':>10}{'due':>8}{'mails':>8}{'CPU s':>9}{'again s':>9}{'memory MB':>11}{'queries of sources':>20}"
    )
    rows: list[tuple[int, float, float, float, int]] = []
    missed = []
    for size in sizes:
        seed_milestones(owners, size)
        queries = queries_of_sources()
        (written, seconds), peak = measured(plan)
        (repeated, again), _ = measured(plan)
        rows.append((size, seconds, again, peak, queries))
        print(
            f"{size:>10,}{size // 10:>8,}{written:>8,}{seconds:>9.2f}{again:>9.2f}{peak:>11.1f}{queries:>20}",
            flush=True,
        )
        if (written, repeated) != (size // 10, 0):
            missed.append(f"{size:,}: {written} and {repeated} mails instead of {size // 10} and 0")
        if size == sizes[-1]:
            print(plan_of_the_query())
        OutboxMail.objects.all().delete()
        Milestone.objects.all().delete()
    first, last = rows[0], rows[-1]
    for name, place in (("writing", 1), ("finding all written", 2)):
        exponent = math.log(last[place] / first[place]) / math.log(last[0] / first[0])
        print(f"growth exponent of {name}, {first[0]:,} to {last[0]:,}: {exponent:.2f} (goal: at most {GROWTH})")
        if exponent > GROWTH:
            missed.append(f"growth of {name}: {exponent:.2f}")
    if last[3] - first[3] > MEMORY:
        missed.append(f"memory grows by {last[3] - first[3]:.1f} MB")
    if len({row[4] for row in rows}) != 1:
        missed.append("the sources ask more of a larger database")
    return missed


def seed_owners() -> list[tuple[Any, Any]]:
    from accounts.models import Organisation, Person
    from partnerships.models import Member, Partnership
    from partnerships.roles import PartnershipRole

    public = Organisation.objects.create(name="A council", kind="public_authority")
    third = Organisation.objects.create(name="A charity", kind="charity")
    found = []
    for n in range(OWNERS):
        row = Partnership.objects.create(
            title=f"Partnership {n}", public_lead=public, third_sector_lead=third, starts_on=date(2026, 4, 1),
            stage="design", stage_since=date(2026, 4, 1), area="fife",
        )  # fmt: skip
        person = Person.objects.create(name=f"Owner {n}", email=f"owner{n}@example.org", organisation=third)
        Member.objects.create(
            partnership=row, person=person, role=PartnershipRole.PROJECT_LEAD, joined_on=date(2026, 4, 1)
        )
        found.append((row, person))
    return found


def seed_milestones(owners: list[tuple[Any, Any]], size: int) -> None:
    """A tenth is due within a week on either side, the rest in the years after."""
    from django.db import connection

    from partnerships.models import Milestone
    from partnerships.plan import Block

    today = NOW.date()
    for first in range(0, size, 2_000):
        rows = []
        for n in range(first, min(first + 2_000, size)):
            where, owner = owners[n % OWNERS]
            due_on = today + timedelta(days=n // 10 % 7 - 3 if n % 10 == 0 else 100 + n % 1_500)
            rows.append(
                Milestone(partnership=where, block=Block.DESIGN, title=f"Milestone {n}", due_on=due_on,
                          baseline_on=due_on, owner=owner)
            )  # fmt: skip
        Milestone.objects.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measured(plan: Any) -> tuple[tuple[int, float], float]:
    """What a run wrote and its CPU seconds; the most memory it took beyond what was there before, in megabytes."""
    before, most, over = resident(), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], resident() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.process_time()
    written = plan(NOW)
    seconds = time.process_time() - started
    over.set()
    watcher.join()
    return (written, seconds), most[0]


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def queries_of_sources() -> int:
    """How many queries all the sources together ask."""
    from django.db import connection

    from partnerships import deadlines

    asked = [0]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        for _ in deadlines.due_by(NOW.date() + timedelta(days=45)):
            pass
    return asked[0]


def plan_of_the_query() -> str:
    """How the database reads the milestones that are due."""
    from django.db.models import Exists, OuterRef, Subquery

    from partnerships.models import Member, Milestone, MilestoneMove

    members = Member.objects.current().filter(partnership=OuterRef("partnership"), person=OuterRef("owner"))
    rows = Milestone.objects.asked_for().filter(Exists(members), due_on__lte=NOW.date() + timedelta(days=45))
    moves = MilestoneMove.objects.filter(milestone=OuterRef("pk")).order_by("-moved_at")
    rows = rows.annotate(moved_at=Subquery(moves.values("moved_at")[:1]))
    return rows.select_related("owner", "partnership").explain()


def at_once(rounds: int) -> list[str]:
    """Four processes plan 500 deadlines from the same moment on; each mail must be there once."""
    from django.db import connection

    from foundation.delivery.models import OutboxMail
    from partnerships.models import Member, Milestone

    owners = [(m.partnership, m.person) for m in Member.objects.select_related("partnership", "person")]
    seed_milestones(owners, 10 * AT_ONCE)
    environment = os.environ | {"BENCH_DATABASE": str(connection.settings_dict["NAME"])}
    missed = []
    for n in range(rounds):
        start = str(time.time() + 8)
        command = [sys.executable, "-m", "benchmarks.planner", "--plan-at", start]
        planners = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(PLANNERS)]
        told = [int(planner.communicate(timeout=300)[0] or -1) for planner in planners]
        failed = sum(planner.returncode != 0 for planner in planners)
        found = OutboxMail.objects.count()
        print(
            f"{PLANNERS} planners at once on {AT_ONCE}: {found} rows, {failed} failed, each found new: {told}",
            flush=True,
        )
        if found != AT_ONCE or failed:
            missed.append(f"round {n + 1}: {found} rows, {failed} planners failed")
        OutboxMail.objects.all().delete()
    Milestone.objects.all().delete()
    return missed


def plan_once(moment: float) -> int:
    """One of the four: wait for the moment, plan, say how many mails were new to it."""
    import django

    django.setup()
    from django.db import connection

    from partnerships.reminders import plan

    connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"]
    connection.ensure_connection()
    time.sleep(max(0.0, moment - time.time()))
    print(plan(NOW))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
