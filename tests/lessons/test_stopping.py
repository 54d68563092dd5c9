"""“Stop” on a page that was drawn while the file was still being made."""

import pytest

from foundation.files.store import keep_bytes
from foundation.rendering.models import JobState, RenderJob
from lessons.actions import formats as actions
from lessons.actions.report import make_report
from lessons.formats.catalogue import format_called
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db
TEXT = format_called("text")


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def report(person):
    lessons = [LessonFactory(published=True)]
    return make_report(title="Tenders", introduction="", lessons=lessons, filters={}, by=person)[0]


def done(job):
    """The job as the worker leaves it, without its work."""
    job.file = keep_bytes(b"x", name="x.txt", content_type="text/plain", scope="lessons", by=job.requested_by)
    job.state, job.lease_until = JobState.DONE, None
    job.save()
    return job


def test_stopping_what_was_ready_in_the_meantime_goes_back_to_the_page_and_says_so(client, report, person):
    done(actions.make_format(row=report, made=TEXT, by=person))
    client.force_login(person)
    answer = client.post(f"/lessons/formats/report/{report.public_id}/text/cancel/", follow=True)
    assert answer.redirect_chain == [(f"{report.get_absolute_url()}#formats", 302)]
    assert "Plain text: it was ready before it could be stopped." in answer.content.decode()
    assert RenderJob.objects.get(key__endswith=":text").state == JobState.DONE


def test_stopping_what_failed_in_the_meantime_says_that_it_had_ended(client, report, person):
    job = actions.make_format(row=report, made=TEXT, by=person)
    RenderJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="It broke.")
    client.force_login(person)
    answer = client.post(f"/lessons/formats/report/{report.public_id}/text/cancel/", follow=True)
    assert "Plain text: it had ended before it could be stopped." in answer.content.decode()


def test_stopping_what_nobody_asked_for_is_still_refused(client, report, person):
    client.force_login(person)
    answer = client.post(f"/lessons/formats/report/{report.public_id}/text/cancel/")
    assert answer.status_code == 409
    assert "Nobody has asked" in answer.content.decode()
