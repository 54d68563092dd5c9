"""Jobs without a press: programs are at work for as long as they need, and the worker keeps its job, or lets it go."""

from datetime import timedelta

import pytest

from foundation.files.models import StoredFile
from foundation.files.store import keep_bytes
from foundation.rendering import jobs, printing, programs, queue, tasks
from foundation.rendering.jobs import Work
from foundation.rendering.models import JobState, RenderJob
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db
SLEEP = programs.Program("sleep", "coreutils")


@pytest.fixture(autouse=True)
def _kinds_of_documents(monkeypatch):
    monkeypatch.setattr(jobs, "_builders", dict(jobs._builders))


def work(make, key="work:1") -> RenderJob:
    jobs.register("test.work", lambda inputs: Work("A recording", "a.mp3", "audio/mpeg", make))
    return jobs.request(kind="test.work", key=key, inputs={}, title="A recording", by=PersonFactory())


def sleeping(seconds, follow, before=lambda: None):
    """A program at work; `before` it is asked about the first time."""

    def wanted():
        before()
        return follow("Speaking", 40)

    programs.run(SLEEP, [seconds], wanted=wanted)
    return b"ID3"


def test_the_lease_is_renewed_while_a_program_works():
    leases = []

    def make(follow):
        leases.append(RenderJob.objects.get().lease_until)
        sleeping("1.5", follow)
        leases.append(RenderJob.objects.get().lease_until)
        assert RenderJob.objects.get().step == "Speaking"
        return b"ID3"

    job = work(make)
    assert queue.run(job.public_id)
    assert leases[1] >= leases[0] + timedelta(seconds=1)
    assert RenderJob.objects.get().state == JobState.DONE


def test_stopping_is_noticed_while_a_program_works():
    job = work(lambda follow: sleeping("60", follow, before=lambda: jobs.cancel(RenderJob.objects.get())))
    assert queue.run(job.public_id)
    assert RenderJob.objects.get().state == JobState.CANCELLED
    assert not StoredFile.objects.exists()


def test_work_that_takes_longer_than_a_task_may_fails_at_once_and_says_so(monkeypatch):
    monkeypatch.setattr(queue, "WORK_SECONDS", 0)
    job = work(lambda follow: sleeping("60", follow))
    assert queue.run(job.public_id)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, queue.TOOK_TOO_LONG, 1)


def test_a_sweep_begins_no_job_that_could_end_after_its_task(monkeypatch, settings):
    now, made = [0.0], []
    monkeypatch.setattr(queue, "monotonic", lambda: now[0])
    monkeypatch.setattr(queue, "keep_bytes", passing(now, tasks.BEGIN_WITHIN - 1))
    for number in range(4):
        work(lambda follow: made.append(1) or b"ID3", key=f"work:{number}")
    tasks.sweep()
    assert len(made) == 2
    longest = max(queue.WORK_SECONDS, printing.WALL_SECONDS, programs.WALL_SECONDS)
    assert tasks.BEGIN_WITHIN + longest + 20 <= settings.CELERY_TASK_TIME_LIMIT


def passing(now, seconds):
    """Keeping a file takes so many seconds of the clock."""

    def keep(*args, **kwargs):
        now[0] += seconds
        return keep_bytes(*args, **kwargs)

    return keep
