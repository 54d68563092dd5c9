"""`python -m benchmarks.search`: the library's search among 20,000 lessons against the bare SQL it needs, in one run.

A database of its own (SQLite in a temporary folder, or a test one on the server of DATABASE_URL) is filled with lessons
of about 185 words, one word in 56 % of them. Each search is answered as its page answers it: ids, facets with counts,
the rows of the first screen with their marked passages. Then the same statements, as they were captured, are run on a
bare cursor. Ends with 1 when the 95th percentile is more than three times that of the bare statements.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

GOAL = 3.0
SEARCHES = (
    "", "meeting", "carers", "timetable minibus", '"starter furniture"', "meeting -carers", "partnerships trained",
    "theme=skills", "meeting&stage=pilot&theme=people", "minibuss", "timetabel carers", "furnitrue", "zzzzzz", "( * ^",
)  # fmt: skip
COMMON = 0.56
RARE = ("carers", "timetable", "minibus", "starter furniture", "befriending", "hospital", "consortium", "evaluation")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.search")
    parser.add_argument("--lessons", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
        return measure(options.lessons, options.rounds)


def measure(lessons: int, rounds: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        return compare(lessons, rounds)
    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return compare(lessons, rounds)
    finally:
        connection.creation.destroy_test_db(old_name, verbosity=0)


def compare(lessons: int, rounds: int) -> int:
    from django.db import connection

    fill(lessons)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{lessons} lessons on {connection.vendor}, {rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print(f"{'search':40} {'found':>6} {'statements':>10} {'answer ms':>10} {'bare ms':>8} {'ratio':>6}")
    answers, bares = [], []
    for search in SEARCHES:
        found, statements = capture(search)
        took = [timed(lambda search=search: answer(search)) for _ in range(rounds)]
        bare = [timed(lambda statements=statements: run(statements)) for _ in range(rounds)]
        answers += took
        bares += bare
        mine, raw = statistics.median(took), statistics.median(bare)
        print(f"{search or '(nothing)':40} {found:6} {len(statements):10} {mine:10.1f} {raw:8.1f} {mine / raw:6.2f}")
    mine, raw = p95(answers), p95(bares)
    print(f"p95: {mine:.1f} ms against {raw:.1f} ms of bare SQL: {mine / raw:.2f} times (goal: at most {GOAL:.0f})")
    return int(mine > GOAL * raw)


def answer(search: str) -> int:
    """What the library's page works out for a search; how many it found."""
    from django.http import QueryDict

    from lessons.filters import LibraryFilter
    from lessons.models import Lesson
    from lessons.views.library import _rows

    address = search if search.startswith("theme=") else f"text={search}"
    wanted = LibraryFilter(QueryDict(address), queryset=Lesson.objects.published())
    found = wanted.found()
    wanted.facets(found.words)
    _rows(found.ids[:20], found.words)
    return len(found.ids)


def capture(search: str) -> tuple[int, list[tuple[str, Any]]]:
    """How many are found, and the statements that finding them takes."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    from django.db import connection

    with connection.execute_wrapper(note):
        found = answer(search)
    return found, statements


def run(statements: list[tuple[str, Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


def fill(lessons: int) -> None:
    """The same lessons every time; their words are learned as publishing does."""
    from foundation.database import clock
    from lessons.actions.vocabulary import learn
    from lessons.models import Lesson
    from lessons.models.lesson import address
    from lessons.themes import KindOfService, LessonStage, Strength
    from partnerships.themes import Theme

    chance = random.Random(7)
    # Words that look like words: 12,000 of them, the first far more often than the last, as in a real library.
    syllables = [a + b for a in "bcdfghlmnprstv" for b in ("a", "e", "i", "o", "ar", "en", "is", "or")]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(12_000)]
    weights = [1 / (place + 10) for place in range(len(words))]

    def text(count: int) -> str:
        return " ".join(chance.choices(words, weights, k=count))

    def made(numbers: range) -> Iterator[Lesson]:
        for number in numbers:
            told = text(60) + (" The meeting was late." if chance.random() < COMMON else "")
            title = f"{text(5)} {chance.choice(RARE) if chance.random() < 0.1 else ''}".strip()
            yield Lesson(
                number=number, title=title, slug=address(number, title), what_happened=told, why=text(40),
                advice=f"{text(50)} {chance.choice(RARE) if chance.random() < 0.2 else ''}", evidence=text(30),
                stage=chance.choice(LessonStage.values), theme=chance.choice(Theme.values),
                kind_of_service=chance.choice(KindOfService.values), strength=chance.choice(Strength.values),
                year=chance.randint(2005, 2026), state="published", published_at=clock.now(),
            )  # fmt: skip

    for first in range(100, 100 + lessons, 1000):
        rows = Lesson.objects.bulk_create(made(range(first, min(first + 1000, 100 + lessons))))
        learn(rows)


if __name__ == "__main__":
    sys.exit(main())
