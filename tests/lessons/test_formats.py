"""Formats of a publication: asked for, made, stopped, told of, proof-read, linked; and the pages they stand on."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.files.store import keep_bytes, path_of
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.rendering import programs, queue
from foundation.rendering.models import JobState, ReadyNotice, RenderJob
from lessons.actions import formats as actions
from lessons.actions.learning_point import revise_learning_point
from lessons.actions.lesson import revise_lesson, withdraw_lesson
from lessons.actions.report import make_report
from lessons.formats.catalogue import CONTRACTED, FORMATS, format_called
from lessons.models import LearningPoint, Lesson, LinkedVersion, ProofReading
from lessons.publications import Publication, offers
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.reading import text

pytestmark = pytest.mark.django_db
TEXT, EPUB, BRAILLE = format_called("text"), format_called("epub"), format_called(CONTRACTED)
VERSION = {"kind": "translation", "language": "gd", "title": "Na dh’ionnsaich sinn", "address": "https://x.example/gd"}


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def report(person):
    return make_report(
        title="Tenders", introduction="", lessons=[LessonFactory(published=True)], filters={}, by=person
    )[0]


@pytest.fixture
def point():
    return LearningPointFactory(published=True)


def run(job):
    queue.run(job.public_id)
    job.refresh_from_db()
    return job


def done(job):
    """The job as the worker leaves it, without its work."""
    job.file = keep_bytes(b"x", name="x.txt", content_type="text/plain", scope="lessons", by=job.requested_by)
    job.state, job.lease_until = JobState.DONE, None
    job.save()
    return job


# Asking


@pytest.mark.parametrize("code", ["html", "text", "epub", "docx", "script", "data", CONTRACTED])
def test_whoever_reads_a_report_may_have_it_in_every_format(report, code):
    other, made = PersonFactory(), format_called(code)
    job = run(actions.make_format(row=report, made=made, by=other))
    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.file.name == f"tenders-edition-1{made.ending}"
    assert job.file.content_type == made.content_type
    assert AuditEvent.objects.get(action="format.make").actor_id == other.pk


def test_the_same_format_of_the_same_content_is_made_once_and_served_again(report, person):
    job = run(actions.make_format(row=report, made=TEXT, by=person))
    again = actions.make_format(row=report, made=TEXT, by=PersonFactory())
    assert again == job
    assert again.state == JobState.DONE
    assert not queue.run(again.public_id)
    assert RenderJob.objects.get(pk=job.pk).attempts == 1


def test_a_learning_point_is_made_in_other_formats_by_publishers_only(point, person, publisher):
    with pytest.raises(NotPermitted, match="Only a publisher"):
        actions.make_format(row=point, made=TEXT, by=person)
    assert not RenderJob.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    assert actions.make_format(row=point, made=TEXT, by=publisher).state == JobState.QUEUED


def test_what_is_not_published_is_not_handed_over(publisher):
    draft = LearningPointFactory()
    with pytest.raises(NotNow, match="is not published"):
        actions.make_format(row=draft, made=TEXT, by=publisher)
    with pytest.raises(NotNow, match="is not published"):
        actions.make_every_format(row=draft, by=publisher)
    assert not RenderJob.objects.exists()


def test_a_missing_program_is_named_with_its_package_and_the_rest_goes_on(report, person, monkeypatch):
    monkeypatch.setattr(programs.shutil, "which", lambda command: None)
    with pytest.raises(NotNow, match=r"lou_translate is missing.*apt-get install liblouis-bin"):
        actions.make_format(row=report, made=BRAILLE, by=person)
    why = format_called("audio").why_not
    assert "espeak-ng and lame are missing" in why
    assert "apt-get install espeak-ng lame" in why
    assert actions.make_every_format(row=report, by=person) == len(FORMATS) - 1 - 3  # the PDF is asked for already


def test_a_failed_format_is_tried_again_with_fresh_attempts(report, person):
    job = actions.make_format(row=report, made=TEXT, by=person)
    RenderJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="It broke.", attempts=3)
    again = actions.make_format(row=report, made=TEXT, by=PersonFactory())
    assert (again.pk, again.state, again.error, again.first_attempt) == (job.pk, JobState.QUEUED, "", 3)


def test_every_format_at_once_and_only_those_that_are_missing(report, person):
    assert actions.make_every_format(row=report, by=person) == len(FORMATS) - 1
    assert RenderJob.objects.count() == len(FORMATS)
    with pytest.raises(NotNow, match="was asked for already"):
        actions.make_every_format(row=report, by=person)


def test_a_person_waits_for_a_few_documents_at_a_time(report, person, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WAITING", 2)
    actions.make_format(row=report, made=TEXT, by=person)
    with pytest.raises(NotNow, match="2 documents you asked for are still being made"):
        actions.make_format(row=report, made=EPUB, by=person)
    assert actions.make_format(row=report, made=EPUB, by=PersonFactory())


def test_a_format_of_a_version_that_was_revised_meanwhile_is_not_passed_off_as_it(point, publisher):
    job = actions.make_format(row=point, made=TEXT, by=publisher)
    revise_learning_point(point=point, texts={"about": "How four started."}, lines={}, change_note="Four", by=publisher)
    assert run(job).state == JobState.CANCELLED
    assert job.file is None


def test_a_worker_that_has_it_in_hand_already_does_not_pass_it_off_either(point, publisher):
    """The worker has begun when the text changes: what it makes would be named after the text that went."""
    job = actions.make_format(row=point, made=TEXT, by=publisher)
    LearningPoint.objects.update(version=point.version + 1)
    assert run(job).state == JobState.FAILED
    assert "was revised before" in job.error


# Stopping


def test_whoever_asked_or_a_publisher_stops_it_and_nobody_else(report, person, publisher):
    actions.make_format(row=report, made=TEXT, by=person)
    with pytest.raises(NotPermitted, match="whoever asked for it"):
        actions.cancel_format(row=report, made=TEXT, by=PersonFactory())
    job = actions.cancel_format(row=report, made=TEXT, by=person)
    assert job.state == JobState.CANCELLED
    assert AuditEvent.objects.filter(action="format.cancel", outcome=Outcome.ALLOWED).count() == 1
    actions.make_format(row=report, made=TEXT, by=person)
    assert actions.cancel_format(row=report, made=TEXT, by=publisher).state == JobState.CANCELLED


def test_what_is_finished_or_was_never_asked_for_is_not_stopped(report, person):
    with pytest.raises(NotNow, match="Nobody has asked"):
        actions.cancel_format(row=report, made=TEXT, by=person)
    job = run(actions.make_format(row=report, made=TEXT, by=person))
    with pytest.raises(NotNow, match="already finished"):
        actions.cancel_format(row=report, made=TEXT, by=person)
    job.refresh_from_db()
    assert job.state == JobState.DONE


# Being told


@pytest.mark.parametrize("fails", [False, True])
def test_a_mail_comes_when_it_is_made_or_could_not_be(report, person, fails, monkeypatch):
    job, other = actions.make_format(row=report, made=TEXT, by=person), PersonFactory()
    for _ in range(2):
        actions.tell_when_ready(row=report, made=TEXT, by=person)
    actions.tell_when_ready(row=report, made=TEXT, by=other)
    assert not OutboxMail.objects.exists()
    if fails:
        RenderJob.objects.filter(pk=job.pk).update(kind="gone")
    run(job)
    mails = OutboxMail.objects.order_by("to_id")
    assert {mail.to_id for mail in mails} == {person.pk, other.pk}
    assert mails[0].subject.startswith("Could not be made" if fails else "Ready")
    assert mails[0].context["path"] == f"{report.get_absolute_url()}#formats"
    assert not ReadyNotice.objects.exists()


def test_there_is_nothing_to_wait_for_when_it_is_made(report, person):
    run(actions.make_format(row=report, made=TEXT, by=person))
    with pytest.raises(NotNow, match="already finished"):
        actions.tell_when_ready(row=report, made=TEXT, by=person)
    assert not ReadyNotice.objects.exists()


# Proof-reading


def braille(row, by):
    return done(actions.make_format(row=row, made=BRAILLE, by=by))


def test_proof_read_braille_is_made_again_without_its_mark(report, publisher):
    draft = run(actions.make_format(row=report, made=BRAILLE, by=publisher))
    assert b",DRAFT BRL1 N PRO(-R1D4" in path_of(draft.file).read_bytes()
    actions.mark_proof_read(row=report, made=BRAILLE, reader="Ann Reader", by=publisher)
    job = next(offer.job for offer in offers(Publication(report=report)) if offer.format == BRAILLE)
    assert job.pk != draft.pk
    book = path_of(run(job).file).read_bytes()
    assert b",DRAFT" not in book
    assert b",PRO(-R1D BY ,ANN ,R1D]" in book
    assert AuditEvent.objects.filter(action="format.proof_read").count() == 1


def test_only_publishers_say_so_and_only_of_braille_that_is_there_once(report, person, publisher):
    with pytest.raises(NotNow, match="no braille file yet"):
        actions.mark_proof_read(row=report, made=BRAILLE, reader="A", by=publisher)
    with pytest.raises(ValidationError, match="Only braille"):
        actions.mark_proof_read(row=report, made=TEXT, reader="A", by=publisher)
    braille(report, publisher)
    with pytest.raises(NotPermitted):
        actions.mark_proof_read(row=report, made=BRAILLE, reader="A", by=person)
    with pytest.raises(ValidationError, match="Enter who proof-read it"):
        actions.mark_proof_read(row=report, made=BRAILLE, reader=" ", by=publisher)
    assert not ProofReading.objects.exists()
    actions.mark_proof_read(row=report, made=BRAILLE, reader="A", by=publisher)
    with pytest.raises(NotNow, match="proof-read already"):
        actions.mark_proof_read(row=report, made=BRAILLE, reader="B", by=publisher)
    assert ProofReading.objects.get().reader == "A"


def test_s90_after_a_correction_the_braille_is_a_draft_again(point, publisher):
    braille(point, publisher)
    actions.mark_proof_read(row=point, made=BRAILLE, reader="A", by=publisher)
    revised = revise_learning_point(
        point=point, texts={"about": "How four started."}, lines={}, change_note="Four", by=publisher
    )
    offer = next(offer for offer in offers(Publication(point=revised)) if offer.format == BRAILLE)
    assert offer.is_draft_braille
    assert offer.job.state == JobState.QUEUED


# Versions made elsewhere


def test_a_publisher_links_a_version_in_another_language_and_takes_it_away(point, publisher):
    version = actions.link_version(row=point, by=publisher, **VERSION)
    assert version.learning_point == point
    actions.unlink_version(row=point, version=version, by=publisher)
    assert not LinkedVersion.objects.exists()
    with pytest.raises(NotNow, match="gone already"):
        actions.unlink_version(row=point, version=version, by=publisher)
    done = AuditEvent.objects.filter(outcome=Outcome.ALLOWED).order_by("pk").values_list("action", flat=True)
    assert list(done) == ["format.link_version", "format.unlink_version"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "Gaelic!"), ("address", "ftp:nowhere"), ("kind", "bogus"), ("title", "")],
)
def test_a_version_needs_a_kind_a_language_code_a_title_and_a_web_address(point, publisher, field, value):
    with pytest.raises(ValidationError) as refused:
        actions.link_version(row=point, by=publisher, **VERSION | {field: value})
    assert field in refused.value.message_dict
    assert not LinkedVersion.objects.exists()


def test_versions_are_the_publishers_business_and_not_without_end(report, person, publisher, monkeypatch):
    with pytest.raises(NotPermitted):
        actions.link_version(row=report, by=person, **VERSION)
    version = actions.link_version(row=report, by=publisher, **VERSION)
    with pytest.raises(NotPermitted):
        actions.unlink_version(row=report, version=version, by=person)
    monkeypatch.setattr(actions, "MOST_VERSIONS", 1)
    with pytest.raises(NotNow, match="linked already"):
        actions.link_version(row=report, by=publisher, **VERSION)
    assert LinkedVersion.objects.count() == 1


# The pages


def test_s88_everybody_downloads_each_format_of_a_published_learning_point(client, publisher):
    point = LearningPoint.objects.get(number=1)
    actions.make_every_format(row=point, by=publisher)
    made = RenderJob.objects.filter(key__contains=f"point:{point.public_id}")
    for job in made.exclude(key__contains=":large-").exclude(key__contains=":audio"):
        assert run(job).state == JobState.DONE, job.error
    page = text(client.get(point.get_absolute_url()))
    for code in ("html", "text", "epub", "docx", CONTRACTED, "braille-uncontracted", "script", "data"):
        address = f"/lessons/formats/learning-point/{point.public_id}/{code}/download/"
        assert address in page
        response = client.get(address)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(response.streaming_content)
    assert "Draft, not proof-read." in page
    assert 'data-poll="' in page
    assert "Make it" not in page


def test_a_report_is_downloaded_by_those_who_sign_in_only(client, report, person):
    run(actions.make_format(row=report, made=TEXT, by=person))
    address = f"/lessons/formats/report/{report.public_id}/text/download/"
    assert client.get(address).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 200
    for wrong in ("text", "epub"):
        assert client.get(address.replace("text", "bogus" if wrong == "text" else "epub")).status_code == 404
    assert client.get(address.replace("/report/", "/bogus/")).status_code == 404


def test_the_buttons_of_a_report_from_asking_to_the_mail(client, report):
    client.force_login(PersonFactory())
    base = f"/lessons/formats/report/{report.public_id}"
    assert client.post(f"{base}/text/make/").url == f"{report.get_absolute_url()}#formats"
    page = text(client.get(report.get_absolute_url()))
    assert f'data-poll="{base}/"' in page
    assert "E-mail me when ready" in page
    assert client.post(f"{base}/text/tell/").status_code == 302
    assert client.post(f"{base}/text/cancel/").status_code == 302
    assert "Try again" in text(client.get(report.get_absolute_url()))
    assert client.post(f"{base}/make-all/").status_code == 302
    assert client.get(f"{base}/text/make/").status_code == 405


def test_the_part_alone_says_what_is_ready_and_asks_on_until_it_is(client, report, person):
    client.force_login(person)
    RenderJob.objects.all().delete()
    address = f"/lessons/formats/report/{report.public_id}/"
    assert "No format is ready yet." in text(client.get(address))
    run(actions.make_format(row=report, made=TEXT, by=person))
    part = text(client.get(address))
    assert "<html" not in part
    assert "1 format ready to download." in part
    assert "data-poll" not in part


def test_publishers_note_a_proof_reading_and_link_versions_on_pages_of_their_own(client, point, publisher):
    base = f"/lessons/formats/learning-point/{point.public_id}"
    client.force_login(PersonFactory())
    for page in (f"{base}/{CONTRACTED}/proof-read/", f"{base}/versions/link/"):
        assert client.get(page).status_code == 403
    client.force_login(publisher)
    assert client.get(f"{base}/text/proof-read/").status_code == 404
    assert "no braille file yet" in text(client.post(f"{base}/{CONTRACTED}/proof-read/", {"reader": "Ann"}))
    braille(point, publisher)
    assert client.post(f"{base}/{CONTRACTED}/proof-read/", {"reader": "Ann"}).status_code == 302
    refused = text(client.post(f"{base}/versions/link/", VERSION | {"language": "G"}))
    assert "Enter a language code." in refused
    assert "Na dh’ionnsaich sinn" in refused
    assert client.post(f"{base}/versions/link/", VERSION).status_code == 302
    shown = text(client.get(point.get_absolute_url()))
    assert '<a href="https://x.example/gd" hreflang="gd" lang="gd">Na dh’ionnsaich sinn</a>' in shown
    assert "Proof-read by Ann" in shown
    version = LinkedVersion.objects.get()
    assert client.post(f"{base}/versions/{version.public_id}/unlink/").status_code == 302
    assert not LinkedVersion.objects.exists()


def test_a_report_says_what_changed_since_the_edition_before_and_in_the_library(client, person, publisher):
    a, b, c = (LessonFactory(published=True) for _ in range(3))
    fields = {"title": "Tenders", "introduction": "", "filters": {}, "by": person}
    make_report(lessons=[a, b], **fields)
    revise_lesson(lesson=b, advice="Other.", change_note="Clearer", by=publisher)
    second, _ = make_report(lessons=[Lesson.objects.get(pk=b.pk), c], **fields)
    client.force_login(person)
    page = text(client.get(second.get_absolute_url()))
    assert f"{b.title}</a> has other words: what to do." in page
    assert f"{c.title}</a> was added." in page
    assert f"{a.title}</a> was left out." in page
    assert "Nothing: all its lessons still read as they do here." in page
    withdraw_lesson(lesson=c, reason="It was wrong", by=publisher)
    page = text(client.get(second.get_absolute_url()))
    assert f"{c.title}</a> was withdrawn on {clock.today():%-d %B %Y}: It was wrong." in page


def test_the_page_of_a_report_asks_as_much_of_the_database_whatever_its_size(client):
    asked = []
    for count in (1, 3, 60):
        by = PersonFactory()
        lessons = [LessonFactory(published=True) for _ in range(count)]
        report, _ = make_report(title=f"Report {count}", introduction="", lessons=lessons, filters={}, by=by)
        actions.link_version(row=report, by=PersonFactory(publisher=True), **VERSION)
        client.force_login(PersonFactory())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(report.get_absolute_url()).status_code == 200
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
