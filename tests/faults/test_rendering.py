"""Printing under fault: a worker is killed at a random moment, and the report is finished all the same, once."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.files.models import StoredFile
from foundation.rendering.models import JobState, RenderJob
from tests.faults import full_disk, printers
from tests.faults.portal import wait_for
from tests.faults.printers import Workers, alive, ask, presses_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture
def workers(settings) -> Iterator[Workers]:
    running = Workers(settings.FILES_DIR)
    yield running
    running.close()


def state(job: RenderJob) -> str:
    job.refresh_from_db()
    return job.state


def test_five_kills_while_printing(workers):
    """A hundred: `python -m tests.faults.runner --only kill_while_printing`."""
    result, more = printers.kills(workers, 5)
    assert result.passed, (result, more)
    assert result.hits >= 2, "too few kills met a report in the press to prove anything"


@pytest.mark.skipif(not full_disk.is_possible(), reason="nobody but root may mount a disk on this machine")
@pytest.mark.parametrize("kind", full_disk.KINDS, ids=lambda kind: kind.__name__)
def test_a_full_disk_truncates_nothing_and_loses_nothing(kind, tmp_path):
    """For the file, the press's two temporary files and the database's row. Oftener: the runner."""
    if not full_disk.is_tried(kind):
        pytest.skip("PostgreSQL writes the row, and its files are not the worker's")
    result, more = full_disk.fillings(tmp_path, 1, [kind])
    assert result.passed, (result, more)
    assert result.hits == 1, "the worker never met the full disk, so it proved nothing"


@pytest.mark.skipif(not full_disk.is_possible(), reason="nobody but root may mount a disk on this machine")
def test_a_full_disk_that_no_worker_meets_is_no_hit(tmp_path):
    def nobody_works(disk, name):
        disk.fill()
        yield from ()

    result, _ = full_disk.fillings(tmp_path, 2, [nobody_works])
    assert (result.trials, result.hits) == (2, 0)


def test_the_press_does_not_outlive_its_worker(workers):
    job = ask("orphan", parts=400)  # the better part of a minute
    worker = workers.start()
    assert wait_for(lambda: len(presses_of(worker)) == 2, within=60, every=0.02)
    presses = presses_of(worker)  # the one that prints, and the next
    for press in presses:  # each has asked the kernel before it loads a library
        assert wait_for(lambda press=press: "pango" in Path(f"/proc/{press}/maps").read_text(), within=60)
    workers.kill(worker)
    assert wait_for(lambda: not any(map(alive, presses)), within=10)
    assert state(job) == JobState.RENDERING


def test_a_press_that_is_killed_is_started_again(workers):
    """As the kernel does when the machine runs out of memory."""
    job = ask("killed press", parts=20)
    worker = workers.start(lease_seconds=30)
    assert wait_for(lambda: bool(presses_of(worker)), within=60, every=0.02)
    os.kill(presses_of(worker)[0], signal.SIGKILL)
    assert wait_for(lambda: state(job) == JobState.DONE, within=180)
    assert job.attempts == 2
    assert StoredFile.objects.count() == 1


def test_four_workers_share_the_work_and_print_nothing_twice(workers):
    asked = [ask(f"shared-{number}") for number in range(5)]
    for _ in range(4):
        workers.start(lease_seconds=30)
    assert wait_for(lambda: RenderJob.objects.filter(state=JobState.DONE).count() == len(asked), within=180)
    assert StoredFile.objects.count() == len(asked)
    assert all(job.attempts == 1 for job in RenderJob.objects.all())
