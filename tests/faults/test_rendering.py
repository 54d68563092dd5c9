"""Printing under fault: a worker is killed at a random moment, and the report is finished all the same, once."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from foundation.database import clock
from foundation.files import store
from foundation.files.models import StoredFile
from foundation.rendering.models import JobState, RenderJob
from tests.factories.accounts import PersonFactory
from tests.faults.portal import ROOT, database_url, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


class Workers:
    """Workers that print, each a process of its own, ended by its own pid."""

    def __init__(self, files: Path) -> None:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "psp_portal.settings",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": django_settings.SECRET_KEY,
            "VAR_DIR": str(files.parent),
            "FILES_DIR": str(files),
            "LOG_LEVEL": "ERROR",
        }
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._bearer = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.presser"], cwd=ROOT, env=environment, text=True, **pipes
        )
        self._born: list[int] = []

    def start(self, lease_seconds: int = 1) -> int:
        self._bearer.stdin.write(f"{lease_seconds}\n")
        self._bearer.stdin.flush()
        pid = int(self._bearer.stdout.readline())
        self._born.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        self._born.remove(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for pid in list(self._born):
            self.kill(pid)
        self._bearer.stdin.close()
        self._bearer.wait(timeout=20)


@pytest.fixture
def workers(settings) -> Iterator[Workers]:
    settings.FILES_DIR.mkdir(parents=True)
    running = Workers(settings.FILES_DIR)
    yield running
    running.close()


def ask(name: str, parts: int = 5) -> RenderJob:
    """A job of a few pages; of very many, whoever must be met while it is printed."""
    inputs = {"name": name, "parts": parts}
    return RenderJob.objects.create(kind="trial", key=name, title=name, inputs=inputs, requested_by=PersonFactory())


def state(job: RenderJob) -> str:
    job.refresh_from_db()
    return job.state


def presses_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def seconds_to_print(job: RenderJob) -> float:
    """From the moment a worker has taken it; here and now, whatever else the machine does."""
    assert wait_for(lambda: state(job) != JobState.QUEUED, within=60, every=0.02)
    began = time.monotonic()
    assert wait_for(lambda: state(job) == JobState.DONE, within=180, every=0.02)
    return time.monotonic() - began


@pytest.mark.parametrize("trials", [5, pytest.param(30, marks=pytest.mark.faults)])
def test_kills_while_printing(workers, settings, trials):
    """The worker dies at a random moment of the work (first: at once); another finishes the report, exactly once."""
    hits = 0
    worker = workers.start()
    takes = seconds_to_print(ask("without a kill"))
    for trial in range(trials):
        job = ask(f"trial-{trial}")
        assert wait_for(lambda job=job: state(job) != JobState.QUEUED, within=60, every=0.02)
        time.sleep(random.uniform(0, 1.2 * takes) if trial else 0)
        hits += state(job) == JobState.RENDERING
        workers.kill(worker)
        worker = workers.start()
        assert wait_for(lambda job=job: state(job) not in (JobState.QUEUED, JobState.RENDERING), within=180)
        assert job.state == JobState.DONE, job.error
        assert job.attempts <= 2
    workers.kill(worker)
    made = list(StoredFile.objects.all())
    assert len(made) == trials + 1
    assert {file.sha256 for file in made} == {made[0].sha256}, "the same report is the same bytes"
    for file in made:
        content = store.path_of(file).read_bytes()
        assert len(content) == file.size
        assert content.rstrip().endswith(b"%%EOF")
    with clock.at(clock.now() + timedelta(days=2)):
        orphans = store.sweep_orphans()
    left = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    assert sorted(left) == sorted(store.path_of(file) for file in made)
    print(f"{trials} kills, {hits} while printing, {len(made)} reports, {orphans} orphans swept")
    assert hits >= trials // 4, "too few kills met a report in the press to prove anything"


def test_the_press_does_not_outlive_its_worker(workers):
    job = ask("orphan", parts=400)  # the better part of a minute
    worker = workers.start()
    assert wait_for(lambda: bool(presses_of(worker)), within=60, every=0.02)
    [press] = presses_of(worker)
    assert wait_for(lambda: "pango" in Path(f"/proc/{press}/maps").read_text(), within=60)  # it has asked the kernel
    workers.kill(worker)
    assert wait_for(lambda: not alive(press), within=10)
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
