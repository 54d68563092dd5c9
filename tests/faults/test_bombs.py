"""No page outlives its limits: every bomb ends, its row says why or has a PDF, and the worker prints the next page.

The dear ones are for `make faults`. Their presses have 4 seconds of computing and 800 MB, so that sixty of them end in
minutes; `BOMBS=real make faults ARGS=…` gives them the 60 seconds, 1.5 GB and 90 seconds on the clock of production.
"""

import os
import sys
import time
from collections.abc import Iterator

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
    "PRESS_MEMORY": str(spare.MEMORY if REAL else 800 * 1024 * 1024),
    "PRESS_CPU": str(spare.CPU_SECONDS if REAL else 4),
    "PRESS_WALL": str(printing.WALL_SECONDS if REAL else 40),
}
# What is at an end within a second or two of computing, for better or worse.
CHEAP = (
    "nested inline", "nested tables", "nested floats", "nested brackets in css", "nested blocks in css", "nested :not",
    "nested imports", "a counter of a thousand million strokes", "a letter of ten million", "a margin without end",
    "svg that uses itself", "svg painted with itself",
)  # fmt: skip


@pytest.fixture
def workers(settings) -> Iterator[Workers]:
    running = Workers(settings.FILES_DIR, **LIMITS)
    yield running
    running.close()


def ended(job: RenderJob, within: float) -> float:
    """Seconds until the job was at an end."""
    began = time.monotonic()

    def at_an_end() -> bool:
        job.refresh_from_db()
        return job.state not in OPEN_STATES

    assert wait_for(at_an_end, within=within), f"{job.title}: {job.state}, {job.step}"
    return time.monotonic() - began


def explode(workers: Workers, names: tuple[str, ...]) -> None:
    """One worker meets each bomb, and after each of them an ordinary report."""
    worker = workers.start(60)
    wrong = []
    for name in names:
        job = ask(name, kind="bomb")
        seconds = ended(job, within=int(LIMITS["PRESS_WALL"]) + 60)
        outcome = job.error or f"a PDF of {job.file.size:,} bytes"
        print(f"{name:44} {seconds:5.1f} s  {outcome}")
        said = is_whole(job.file) if job.state == JobState.DONE else job.error.endswith(".")
        if not said or job.attempts != 1 or job.error == queue.GAVE_UP:
            wrong.append(f"{name}: {job.state} after {job.attempts}, {outcome}")
        after = ask(f"after {name}")
        ended(after, within=120)
        if after.state != JobState.DONE or not alive(worker):
            wrong.append(f"after {name} the worker printed nothing: {after.error}")
    assert not wrong, "\n".join(wrong)


def test_a_dozen_bombs_end_and_the_worker_prints_on(workers):
    explode(workers, CHEAP)


@pytest.mark.faults
@pytest.mark.parametrize("name", [name for name in bombs.BOMBS if name not in CHEAP])
def test_a_bomb_ends_within_its_limits_says_why_and_leaves_the_worker_alive(name, workers):
    explode(workers, (name,))


def test_the_list_is_worth_its_name():
    assert len(bombs.BOMBS) >= 20
    assert set(CHEAP) < set(bombs.BOMBS)
    assert len({bombs.page(name) for name in CHEAP}) == len(CHEAP)
