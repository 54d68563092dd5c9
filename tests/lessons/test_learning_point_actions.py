"""The verbs of a learning point, and scenarios 86 and 90."""

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.rendering.models import RenderJob
from lessons.actions.learning_point import (
    Chosen,
    add_link,
    blockers_to_publish,
    choose_lessons,
    edit_learning_point,
    learning_points_series,
    publish_learning_point,
    remove_link,
    revise_learning_point,
    start_learning_point,
    withdraw_learning_point,
)
from lessons.formats.catalogue import FORMATS
from lessons.lifecycle import LearningPointState
from lessons.models import Block, LearningPoint, Lesson
from lessons.publications import Publication, lines_of
from lessons.views.learning_points import pdf_job
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


def start(by, lessons=(), **fields):
    fields = {"title": "Community transport", "abbreviation": ""} | fields
    return start_learning_point(series=learning_points_series(), lessons=lessons, by=by, **fields)


def test_s86_chosen_lessons_fill_what_has_been_learned_with_their_evidence(publisher, client):
    lessons = LessonFactory.create_batch(12, published=True)
    chosen = [lessons[7], lessons[2], lessons[4]]
    point = start(publisher, chosen)
    assert [item.lesson for item in point.learned.all()] == chosen
    client.force_login(publisher)
    page = client.get(f"/lessons/drafts/learning-points/{point.public_id}/").content.decode()
    learned = page[page.index('id="learned"') :]
    for lesson in chosen:
        assert lesson.title in learned
        assert lesson.evidence in learned
        assert lesson.get_absolute_url() in learned


def test_s90_a_correction_keeps_the_address_shows_the_date_and_makes_every_format_again(publisher, client):
    point = publish_learning_point(point=LearningPointFactory(checked=True), by=publisher)
    first = pdf_job(Publication(point=point))
    address = point.get_absolute_url()
    revised = revise_learning_point(
        point=point, texts={"about": "How four partnerships started."}, lines={}, change_note="Four, not three",
        by=publisher,
    )  # fmt: skip
    assert revised.get_absolute_url() == address
    assert revised.state == LearningPointState.REVISED
    assert pdf_job(Publication(point=revised)) != first
    formats = RenderJob.objects.filter(scope="lessons")
    assert formats.count() == 2 * sum(not made.why_not for made in FORMATS) >= 2 * 12
    page = client.get(address).content.decode()
    assert "How four partnerships started." in page
    assert "updated" in page
    assert "Four, not three" in page


def test_starting_takes_a_number_and_brings_the_standing_text(publisher):
    first, second = start(publisher), start(publisher)
    assert (first.number, second.number) == (2, 3)
    assert first.about_the_series
    assert first.disclaimer
    assert len(lines_of(first)[Block.STAGES]) == 3
    assert AuditEvent.objects.filter(action="learning_point.start").count() == 2


@pytest.mark.parametrize(
    "call",
    [
        lambda point, by: start(by),
        lambda point, by: edit_learning_point(point=point, texts={"about": "x"}, lines={}, by=by),
        lambda point, by: choose_lessons(point=point, lessons=[], by=by),
        lambda point, by: add_link(point=point, title="A report", publisher="", year=None, isbn="", address="", by=by),
        lambda point, by: publish_learning_point(point=point, by=by),
        lambda point, by: revise_learning_point(point=point, texts={}, lines={}, change_note="x", by=by),
        lambda point, by: withdraw_learning_point(point=point, reason="x", by=by),
    ],
)
def test_every_verb_is_for_publishers_only_and_leaves_nothing_behind(call):
    point = LearningPointFactory()
    with pytest.raises(NotPermitted, match="publish lessons"):
        call(point, PersonFactory(commissioner=True))
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    assert LearningPoint.objects.get(pk=point.pk).version == 1
    assert not RenderJob.objects.exists()
    assert point.learned.count() == 1


def test_editing_changes_texts_and_replaces_lines(publisher):
    point = LearningPointFactory()
    edit_learning_point(
        point=point, texts={"title": "Ending well"}, lines={Block.ISSUES: ["One", "Two"]}, by=publisher, version=1
    )
    point.refresh_from_db()
    assert (point.title, point.version) == ("Ending well", 2)
    assert point.slug.endswith("ending-well")
    assert lines_of(point)[Block.ISSUES] == ["One", "Two"]
    assert lines_of(point)[Block.NEXT] == ["Meet each other."]
    with pytest.raises(NotNow, match="changed this"):
        edit_learning_point(point=point, texts={}, lines={}, by=publisher, version=1)


def test_choosing_sets_order_and_words(publisher):
    point, a, b = LearningPointFactory(), LessonFactory(published=True), LessonFactory(published=True)
    choose_lessons(point=point, lessons=[Chosen(b, "In short."), Chosen(a)], by=publisher)
    assert [(item.lesson, item.words) for item in point.learned.all()] == [(b, "In short."), (a, a.advice)]


def test_links_come_and_go(publisher):
    point = LearningPointFactory()
    link = add_link(
        point=point, title="A report", publisher="A body", year=2015, isbn="", address="https://x.example", by=publisher
    )
    assert point.links.get() == link
    remove_link(point=point, link=link, by=publisher)
    assert not point.links.exists()


def test_publishing_sets_the_month_and_asks_for_the_pdf(publisher):
    point = publish_learning_point(point=LearningPointFactory(checked=True), by=publisher)
    assert point.month.day == 1
    assert RenderJob.objects.get(kind="learning-point") == pdf_job(Publication(point=point))
    with pytest.raises(NotNow, match="published already"):
        publish_learning_point(point=point, by=publisher)


def test_the_check_list_keeps_it_from_being_published(publisher):
    point = LearningPointFactory(checked=True, about="", lessons=[LessonFactory()])
    with pytest.raises(NotNow) as refusal:
        publish_learning_point(point=point, by=publisher)
    assert refusal.value.reasons[0] == "“What is this learning point about?” is empty."
    assert "is not published: publish it first" in refusal.value.reasons[1]
    assert LearningPoint.objects.get(pk=point.pk).state == LearningPointState.CHECKED
    assert not RenderJob.objects.exists()


def test_a_revision_keeps_to_the_check_list_and_needs_a_note(publisher):
    point = LearningPointFactory(published=True)
    with pytest.raises(ValidationError) as refusal:
        revise_learning_point(point=point, texts={"about": "New"}, lines={}, change_note=" ", by=publisher)
    assert "change_note" in refusal.value.message_dict
    with pytest.raises(NotNow, match="is empty"):
        revise_learning_point(point=point, texts={"about": ""}, lines={}, change_note="Shorter", by=publisher)
    with pytest.raises(ValidationError, match="Nothing was changed"):
        revise_learning_point(point=point, texts={}, lines={}, change_note="None", by=publisher)
    assert LearningPoint.objects.get(pk=point.pk).about == point.about


def test_a_draft_is_not_revised_and_a_published_one_not_edited(publisher):
    with pytest.raises(NotNow, match="still a draft"):
        revise_learning_point(point=LearningPointFactory(), texts={}, lines={}, change_note="x", by=publisher)
    with pytest.raises(NotNow, match="no longer a draft"):
        edit_learning_point(point=LearningPointFactory(published=True), texts={}, lines={}, by=publisher)


def test_withdrawing_takes_it_out_of_the_list(publisher):
    point = withdraw_learning_point(point=LearningPointFactory(published=True), reason="Replaced.", by=publisher)
    assert point not in LearningPoint.objects.listed()
    with pytest.raises(NotNow, match="never published"):
        withdraw_learning_point(point=LearningPointFactory(), reason="x", by=publisher)


def test_the_starter_library_is_published_sourced_and_short():
    lessons = Lesson.objects.filter(number__lte=19)
    assert lessons.published().count() == 19
    assert not lessons.filter(source_label="").exists()
    assert all(len(lesson.advice.split()) < 60 for lesson in lessons)


def test_the_first_learning_point_passes_its_own_check_list():
    point = LearningPoint.objects.get(number=1)
    assert point.title == "What Public Social Partnerships have taught so far"
    assert blockers_to_publish(point) == ["Learning point 1 is published already."]
