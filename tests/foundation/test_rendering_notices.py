"""Who asked to be told hears how it ended: ready, could not be made, or stopped; each wish is one mail."""

import pytest
from django.db import transaction

from foundation.delivery.message import text_of
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow
from foundation.rendering import jobs, queue
from foundation.rendering.jobs import Work
from foundation.rendering.models import JobState, ReadyNotice, RenderJob
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_kind_of_document(monkeypatch):
    monkeypatch.setattr(jobs, "_builders", dict(jobs._builders))
    jobs.register("test.text", lambda inputs: Work("A text", "a.txt", "text/plain", lambda follow: b"Words"))


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def job(person) -> RenderJob:
    """One that somebody waits for."""
    job = jobs.request(kind="test.text", key="text:1", inputs={}, title="A text", by=PersonFactory())
    jobs.tell_when_finished(job, person, "/texts/1/")
    return job


def words(mail: OutboxMail) -> str:
    return " ".join(text_of(mail).split())


def test_whoever_waits_is_told_that_it_was_stopped(job, person):
    jobs.cancel(job)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == (person, "Stopped: A text")
    assert "“A text” was not made. It was stopped. This page shows what there is now:" in words(mail)
    assert "/texts/1/" in words(mail)
    assert not ReadyNotice.objects.exists()


def test_whoever_waits_is_told_of_a_document_that_is_taken_back_and_once(job, person):
    for _ in range(2):
        jobs.discard(job)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == (person, "Stopped: A text")
    assert not ReadyNotice.objects.exists()


def test_whoever_asks_again_is_told_again(job, person):
    """Stopped twice before any worker began: the attempts are the same, the wishes are two; then it is ready."""
    for _ in range(2):
        jobs.cancel(job)
        job = jobs.retry(job)
        jobs.tell_when_finished(job, person, "/texts/1/")
    queue.run(job.public_id)
    told = OutboxMail.objects.order_by("pk").values_list("subject", flat=True)
    assert list(told) == ["Stopped: A text", "Stopped: A text", "Ready: A text"]


@pytest.mark.parametrize("end", [jobs.cancel, jobs.discard])
def test_nobody_is_told_of_a_stop_that_is_taken_back(job, end):
    with transaction.atomic():
        end(job)
        transaction.set_rollback(True)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert ReadyNotice.objects.count() == 1
    assert not OutboxMail.objects.exists()


def test_nobody_is_told_of_a_stop_that_comes_too_late(job):
    queue.run(job.public_id)
    with pytest.raises(NotNow):
        jobs.cancel(job)
    assert OutboxMail.objects.get().subject == "Ready: A text"
    assert "“A text” is ready. You can download it here:" in words(OutboxMail.objects.get())


def test_a_document_that_was_ready_and_is_taken_back_is_no_second_mail(job):
    queue.run(job.public_id)
    jobs.discard(RenderJob.objects.get())
    assert OutboxMail.objects.get().subject == "Ready: A text"


def test_whoever_waits_is_told_why_it_could_not_be_made(job):
    jobs._builders.clear()
    queue.run(job.public_id)
    mail = OutboxMail.objects.get()
    assert mail.subject == "Could not be made: A text"
    assert f"“A text” could not be made. {queue.NO_BUILDER} You can try again here:" in words(mail)
