"""No page outlives its limits: every bomb ends, its row says why or has a PDF, and the worker prints the next page.

The dear ones are for `make faults`. Their presses have 4 seconds of computing and 800 MB, so that sixty of them end in
minutes. With production's 120 seconds, 1.5 GB and 140 seconds on the clock:
`BOMBS=real .venv/bin/python -m pytest -m faults tests/faults/test_bombs.py -rP`
"""

import os
import sys
from collections.abc import Iterator, Sequence

import pytest

from foundation.rendering import printing, queue, spare
from foundation.rendering.models import OPEN_STATES, JobState, RenderJob
from tests.faults import bombs
from tests.faults.portal import wait_for
from tests.faults.printers import Workers, alive, ask, is_whole

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

REAL = os.environ.get("BOMBS") == "real"
LIMITS = {
    "PRESS_MEMORY": spare.MEMORY if REAL else 800 * 1024 * 1024,
    "PRESS_CPU": spare.CPU_SECONDS if REAL else 4,
    "PRESS_WALL": printing.WALL_SECONDS if REAL else 40,
}
GRACE = 20  # seconds to gather the page before it and to end the press after it, on a machine that does other things
# One of each way to end, quickly: too deep, too much memory, an exception of the layout's, and printed after all.
CHEAP = (
    "nested tables", "nested :not", "nested blocks in css", "a counter of a thousand million strokes",
    "a letter of ten million", "a margin without end",
)  # fmt: skip


@pytest.fixture
def workers(settings) -> Iterator[Workers]:
    running = Workers(settings.FILES_DIR, **{name: str(limit) for name, limit in LIMITS.items()})
    yield running
    running.close()


def explode(workers: Workers, names: Sequence[str], at_once: int) -> None:
    """Workers meet the bombs one after the other, and between two of them an ordinary report."""
    born = [workers.start(60) for _ in range(at_once)]
    asked = [(ask(name, kind="bomb"), ask(f"after {name}")) for name in names]
    waiting = RenderJob.objects.filter(state__in=OPEN_STATES)
    assert wait_for(lambda: not waiting.exists(), within=200 * len(names), every=0.5)
    wrong = [fault for bomb, after in asked for fault in (*judged(bomb), *not_printed(after))]
    assert not wrong, "\n".join(wrong)
    assert all(alive(pid) for pid in born), "a worker died"


def judged(bomb: RenderJob) -> Iterator[str]:
    bomb.refresh_from_db()
    seconds = (bomb.finished_at - bomb.started_at).total_seconds()
    outcome = bomb.error or f"a PDF of {bomb.file.size:,} bytes"
    print(f"{bomb.title:44} {seconds:5.1f} s  {outcome}")
    said = is_whole(bomb.file) if bomb.state == JobState.DONE else bomb.error.endswith(".")
    if not said or bomb.attempts != 1 or bomb.error == queue.GAVE_UP or seconds > LIMITS["PRESS_WALL"] + GRACE:
        yield f"{bomb.title}: {bomb.state} after {bomb.attempts} in {seconds:.0f} s, {outcome}"


def not_printed(after: RenderJob) -> Iterator[str]:
    after.refresh_from_db()
    if after.state != JobState.DONE:
        yield f"{after.title} the worker printed nothing: {after.error}"


def test_six_bombs_end_and_the_worker_prints_on(workers):
    explode(workers, CHEAP, at_once=1)


@pytest.mark.faults
def test_the_dear_bombs_end_within_their_limits_say_why_and_leave_the_workers_alive(workers):
    explode(workers, [name for name in bombs.BOMBS if name not in CHEAP], at_once=2)


def test_the_list_is_worth_its_name():
    assert len(bombs.BOMBS) >= 20
    assert set(CHEAP) < set(bombs.BOMBS)
    assert len({bombs.page(name) for name in CHEAP}) == len(CHEAP)
