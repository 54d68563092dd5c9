"""Render jobs: asked for once, taken by one worker, brought to an end whatever happens on the way."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from foundation.database import clock
from foundation.delivery import bell
from foundation.files.models import StoredFile
from foundation.files.store import path_of
from foundation.policy.refusals import NotNow
from foundation.rendering import jobs, printing, queue, spare, tasks
from foundation.rendering.jobs import Document
from foundation.rendering.models import JobState, RenderJob
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


def letter(inputs):
    return Document("A letter", f"<html lang=en><title>A letter</title><h1>Dear {inputs['to']}</h1>", "letter.pdf")


@pytest.fixture(autouse=True)
def _a_kind_of_document(monkeypatch):
    monkeypatch.setattr(jobs, "_builders", dict(jobs._builders))
    jobs.register("test.letter", letter)


@pytest.fixture
def no_press(monkeypatch):
    """A press that answers at once; what it was asked to print."""
    asked: list[str] = []

    def press(html, follow):
        asked.append(html)
        assert follow("Laying out page 1", 50)
        return b"%PDF-1.7 made"

    monkeypatch.setattr(queue, "printed", press)
    return asked


def ask(key: str = "letter:1", **more) -> RenderJob:
    more = {"by": PersonFactory(), "inputs": {"to": "all"}, "title": "A letter", "scope": "partnership:x"} | more
    return jobs.request(kind="test.letter", key=key, **more)


def broken(monkeypatch, error: Exception) -> None:
    def press(html, follow):
        raise error

    monkeypatch.setattr(queue, "printed", press)


# Asking --------------------------------------------------------------------------------------------------------------


def test_the_same_key_is_the_same_job():
    first, second = ask(), ask(title="Another title")
    assert first == second
    assert RenderJob.objects.get().title == "A letter"
    assert ask("letter:2") != first


def test_a_kind_nobody_registered_is_refused_where_it_is_asked_for():
    with pytest.raises(LookupError, match=r"test\.nothing"):
        jobs.request(kind="test.nothing", inputs={}, key="k", title="t", by=PersonFactory())


def test_the_bell_rings_after_the_commit_and_only_once(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_: rung.append((name, tuple(args))))
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
        ask()
        assert not rung
    assert rung == [(tasks.render.name, (job.public_id,))]


def test_a_broker_that_is_away_changes_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def refused(*_, **__):
        raise ConnectionRefusedError

    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    monkeypatch.setattr(current_app, "send_task", refused)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
    assert job.state == JobState.QUEUED
    monkeypatch.setattr(bell, "_quiet_until", 0.0)


def test_a_rolled_back_action_leaves_no_job():
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert not RenderJob.objects.exists()


# Making --------------------------------------------------------------------------------------------------------------


def test_from_request_to_file_with_the_real_press():
    job = ask()
    assert queue.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, job.progress, job.attempts, job.error, job.step) == (JobState.DONE, 100, 1, "", "")
    assert job.lease_until is None
    assert job.started_at <= job.finished_at
    file = job.file
    assert (file.name, file.content_type, file.scope) == ("letter.pdf", "application/pdf", "partnership:x")
    assert file.kept_by == job.requested_by
    assert path_of(file).read_bytes().startswith(b"%PDF-")
    assert queue.run_pending() == 0


def test_oldest_first_and_no_more_than_the_limit(no_press):
    for number in range(4):
        ask(f"letter:{number}", inputs={"to": f"number {number}"})
    assert queue.run_pending(limit=3) == 3
    assert ["number 0" in no_press[0], "number 1" in no_press[1], "number 2" in no_press[2]] == [True] * 3
    assert RenderJob.objects.filter(state=JobState.QUEUED).count() == 1


def test_the_tasks_carry_an_id_or_nothing(no_press):
    job = ask()
    tasks.render(job.public_id)
    tasks.render(job.public_id)
    tasks.render("no-such-job")
    tasks.sweep()
    assert len(no_press) == 1


def test_a_job_is_taken_once(no_press):
    job = ask()
    assert queue._claim(job.public_id)
    assert queue._claim(job.public_id) is None
    assert not queue.run(job.public_id)
    assert not no_press


def test_the_attempt_is_counted_before_the_work(monkeypatch):
    seen = []

    def press(html, follow):
        seen.append(RenderJob.objects.get().attempts)
        return b"%PDF-"

    monkeypatch.setattr(queue, "printed", press)
    ask()
    queue.run_pending()
    assert seen == [1]


def test_a_silent_workers_job_is_taken_over_when_its_lease_has_run_out(no_press):
    job = ask()
    queue._claim(job.public_id)
    assert queue.run_pending() == 0
    RenderJob.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert queue.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_progress_renews_the_lease_and_is_shown(no_press):
    claimed = queue._claim(ask().public_id)
    RenderJob.objects.update(lease_until=clock.now())
    assert queue._still_mine(claimed, "Laying out page 7", 40)
    job = RenderJob.objects.get()
    assert (job.step, job.progress) == ("Laying out page 7", 40)
    assert job.lease_until > clock.now() + timedelta(seconds=20)


def test_a_worker_that_wakes_up_late_changes_nothing(no_press):
    """The first worker slept past its lease; the second has finished. The first one's writes all miss."""
    job = ask()
    slow = queue._claim(job.public_id)
    RenderJob.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    queue.run_pending()
    before = RenderJob.objects.values().get()
    assert not queue._still_mine(slow, "late", 10)
    queue._fail(slow, "late")
    queue._again_or_fail(slow)
    with pytest.raises(printing.Stopped):
        queue._finish(slow, Document("t", "h", "f.pdf"), b"%PDF-late")
    assert RenderJob.objects.values().get() == before
    assert StoredFile.objects.count() == 1


def test_a_job_stopped_while_its_content_is_gathered_is_not_printed(no_press, monkeypatch):
    def gathered(inputs):
        jobs.cancel(RenderJob.objects.get())
        return letter(inputs)

    jobs.register("test.letter", gathered)
    queue.run(ask().public_id)
    assert RenderJob.objects.get().state == JobState.CANCELLED
    assert not no_press


def test_the_lease_is_renewed_when_the_content_is_gathered(monkeypatch):
    leases = []

    def gathered(inputs):
        RenderJob.objects.update(lease_until=clock.now())
        return letter(inputs)

    def press(html, follow):
        leases.append(RenderJob.objects.get().lease_until)
        return b"%PDF-"

    jobs.register("test.letter", gathered)
    monkeypatch.setattr(queue, "printed", press)
    queue.run(ask().public_id)
    assert leases[0] > clock.now() + timedelta(seconds=20)


# Failing -------------------------------------------------------------------------------------------------------------


def test_a_page_that_cannot_be_printed_fails_at_once_with_the_reason(monkeypatch):
    broken(monkeypatch, printing.Unprintable("The document is too long."))
    job = ask()
    assert queue.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 1, "The document is too long.")
    assert queue.run_pending() == 0


@pytest.mark.parametrize("error", [printing.PressBroke("killed"), ValueError("a bug"), MemoryError()])
def test_what_may_pass_is_tried_three_times_and_then_fails_with_a_sentence(error, monkeypatch):
    broken(monkeypatch, error)
    job = ask()
    states = []
    while queue.run_pending():
        job.refresh_from_db()
        states.append(job.state)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert job.error == queue.GAVE_UP
    assert job.attempts == 3


def test_a_full_disk_is_named_when_it_stays_full(no_press, settings):
    settings.MIN_FREE_BYTES = 1 << 60
    job = ask()
    while queue.run_pending():
        pass
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "too little disk space" in job.error
    assert not StoredFile.objects.exists()


def test_a_job_that_kills_its_worker_three_times_is_given_up():
    job = ask()
    for _ in range(3):
        assert queue._claim(job.public_id)
        RenderJob.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert queue.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, queue.GAVE_UP)
    assert queue.run_pending() == 0


def test_a_kind_that_is_no_longer_made_fails_with_a_sentence():
    job = ask()
    jobs._builders.clear()
    queue.run_pending()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, queue.NO_BUILDER)


def test_a_computer_without_pango_fails_the_job_once_and_names_the_package(monkeypatch, tmp_path):
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    environment = spare.environment()
    path = f"{tmp_path}:{environment['PYTHONPATH']}"
    monkeypatch.setattr(spare, "environment", lambda: environment | {"PYTHONPATH": path})
    job = ask()
    assert queue.run_pending() == 1
    assert queue.run_pending() == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "libpangoft2-1.0-0" in job.error


# Cancelling and trying again -----------------------------------------------------------------------------------------


def test_cancelling_what_waits(no_press):
    job = jobs.cancel(ask())
    assert job.state == JobState.CANCELLED
    assert queue.run_pending() == 0


def test_cancelling_while_it_is_made_stops_the_press(monkeypatch):
    def press(html, follow):
        jobs.cancel(RenderJob.objects.get())
        if not follow("Laying out page 1", 50):
            raise printing.Stopped
        return b"%PDF-"

    monkeypatch.setattr(queue, "printed", press)
    ask()
    queue.run_pending()
    job = RenderJob.objects.get()
    assert (job.state, job.file) == (JobState.CANCELLED, None)


def test_cancelling_in_the_last_moment_keeps_no_file(monkeypatch):
    def press(html, follow):
        jobs.cancel(RenderJob.objects.get())
        return b"%PDF-"

    monkeypatch.setattr(queue, "printed", press)
    ask()
    queue.run_pending()
    assert RenderJob.objects.get().state == JobState.CANCELLED
    assert not StoredFile.objects.exists()


def test_what_is_finished_cannot_be_cancelled(no_press):
    job = ask()
    queue.run_pending()
    with pytest.raises(NotNow, match="already finished"):
        jobs.cancel(job)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_trying_again_gives_three_more_attempts(monkeypatch):
    broken(monkeypatch, printing.PressBroke("killed"))
    job = ask()
    while queue.run_pending():
        pass
    job = jobs.retry(job)
    assert (job.state, job.error, job.progress) == (JobState.QUEUED, "", 0)
    runs = 0
    while queue.run_pending():
        runs += 1
    job.refresh_from_db()
    assert (runs, job.attempts, job.state) == (3, 6, JobState.FAILED)


def test_trying_again_what_has_not_failed_is_refused(no_press):
    job = ask()
    with pytest.raises(NotNow, match="has not failed"):
        jobs.retry(job)
    queue.run_pending()
    with pytest.raises(NotNow, match="has not failed"):
        jobs.retry(job)


# What the tables and pages hold to -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "done"},
        {"state": "failed"},
        {"state": "rendering"},
        {"error": "why"},
        {"progress": 101},
        {"lease_until": clock.now()},
    ],
)
def test_the_database_refuses_a_half_told_state(changes):
    ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        RenderJob.objects.update(**changes)


def test_the_parts_of_a_page_show_where_the_job_is(no_press):
    job = ask()

    def shown() -> str:
        return render_to_string(
            "components/render_job.html", {"job": job, "poll_url": "/jobs/1", "download_url": "/files/1"}
        )

    assert 'data-poll="/jobs/1"' in shown()
    assert "/files/1" not in shown()
    queue.run_pending()
    job = RenderJob.objects.get()
    assert 'href="/files/1"' in shown()
    assert "data-poll" not in shown()
