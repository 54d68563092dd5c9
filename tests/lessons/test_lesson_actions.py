"""The verbs of a lesson: allowed, refused with the reason, nothing half-done, side effects."""

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from lessons.actions.lesson import add_lesson, edit_lesson, publish_lesson, revise_lesson, withdraw_lesson
from lessons.lifecycle import LessonState
from lessons.models import Lesson
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

MAY_ADD = [role for role in PartnershipRole if Ability.ADD_LESSON in ABILITIES[role]]
MAY_NOT_ADD = [role for role in PartnershipRole if role not in MAY_ADD]


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.mark.parametrize("role", MAY_ADD)
def test_adding_makes_a_draft_with_the_next_number_and_one_event(role):
    partnership = PartnershipFactory()
    last = Lesson.objects.order_by("-number").first().number
    lesson = add_lesson(
        partnership=partnership, title="Book the room early", theme="people", by=person_as(role, partnership)
    )
    assert (lesson.state, lesson.number, lesson.partnership) == (LessonState.DRAFT, last + 1, partnership)
    assert lesson.slug == f"{last + 1}-book-the-room-early"
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome, event.scope) == ("lesson.add", Outcome.ALLOWED, partnership.audit_scope)


@pytest.mark.parametrize("role", MAY_NOT_ADD)
def test_adding_is_refused_to_other_roles_and_takes_no_number(role):
    partnership = PartnershipFactory()
    before = Lesson.objects.count()
    with pytest.raises(NotPermitted, match="You may not add a lesson"):
        add_lesson(partnership=partnership, title="A", theme="people", by=person_as(role, partnership))
    assert Lesson.objects.count() == before
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    assert add_lesson(partnership=partnership, title="B", theme="people", by=lead).number == before + 1


def test_adding_with_a_fault_leaves_nothing_half_done():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    with pytest.raises(TypeError):
        add_lesson(partnership=partnership, title="A", theme="people", colour="red", by=lead)
    assert not AuditEvent.objects.exists()
    assert add_lesson(partnership=partnership, title="B", theme="people", by=lead).number == 20


def test_a_draft_is_edited_by_its_partnership_and_by_a_publisher(publisher):
    lesson = LessonFactory(partnership=PartnershipFactory())
    manager = person_as(PartnershipRole.PARTNER_MANAGER, lesson.partnership)
    edit_lesson(lesson=lesson, title="A better title", by=manager)
    lesson = edit_lesson(lesson=lesson, advice="Better advice.", by=publisher)
    assert (lesson.title, lesson.advice, lesson.version) == ("A better title", "Better advice.", 3)
    assert lesson.slug == f"{lesson.number}-a-better-title"
    assert AuditEvent.objects.order_by("seq").first().before["title"] != "A better title"


@pytest.mark.parametrize("role", MAY_NOT_ADD)
def test_editing_is_refused_to_others(role):
    lesson = LessonFactory(partnership=PartnershipFactory())
    with pytest.raises(NotPermitted, match="You may not edit this lesson"):
        edit_lesson(lesson=lesson, title="Mine", by=person_as(role, lesson.partnership))
    assert Lesson.objects.get(pk=lesson.pk).title == lesson.title


@pytest.mark.parametrize("trait", ["published", "withdrawn"])
def test_what_was_published_is_not_edited(publisher, trait):
    lesson = LessonFactory(**{trait: True})
    with pytest.raises(NotNow, match="no longer a draft"):
        edit_lesson(lesson=lesson, title="Other", by=publisher)


def test_a_stale_tab_does_not_overwrite(publisher):
    lesson = LessonFactory()
    edit_lesson(lesson=lesson, title="First", by=publisher, version=1)
    with pytest.raises(NotNow, match="changed this"):
        edit_lesson(lesson=lesson, title="Second", by=publisher, version=1)


def test_publishing_puts_it_into_the_library(publisher):
    lesson = publish_lesson(lesson=LessonFactory(checked=True), by=publisher)
    assert lesson in Lesson.objects.published()
    assert lesson.published_at is not None
    assert AuditEvent.objects.get().action == "lesson.publish"


def test_publishing_names_everything_that_is_missing(publisher):
    lesson = LessonFactory(checked=True, empty=True)
    with pytest.raises(NotNow) as refusal:
        publish_lesson(lesson=lesson, by=publisher)
    assert len(refusal.value.reasons) == 4
    assert Lesson.objects.get(pk=lesson.pk).state == LessonState.CHECKED


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ("published", "published already"), ("withdrawn", "was withdrawn"), ("commented", "not passed its check"),
        ("signed", "not passed its check"),
    ],
)  # fmt: skip
def test_publishing_is_refused_before_the_check_and_twice(publisher, trait, said):
    with pytest.raises(NotNow, match=said):
        publish_lesson(lesson=LessonFactory(**{trait: True}), by=publisher)


@pytest.mark.parametrize("verb", [publish_lesson, revise_lesson, withdraw_lesson])
def test_only_publishers_publish_revise_and_withdraw(verb):
    lesson = LessonFactory(
        partnership=PartnershipFactory(), published=verb is not publish_lesson, checked=verb is publish_lesson
    )
    lead = person_as(PartnershipRole.PROJECT_LEAD, lesson.partnership)
    more = {revise_lesson: {"change_note": "x"}, withdraw_lesson: {"reason": "x"}}.get(verb, {})
    with pytest.raises(NotPermitted, match="publish lessons"):
        verb(lesson=lesson, by=lead, **more)
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_revising_keeps_number_and_address_and_says_what_changed(publisher):
    lesson = LessonFactory(published=True)
    revised = revise_lesson(lesson=lesson, title="A new title", change_note="Clearer title", by=publisher)
    assert (revised.number, revised.slug) == (lesson.number, lesson.slug)
    assert (revised.title, revised.change_note) == ("A new title", "Clearer title")
    assert revised.revised_at is not None
    assert revised.published_at == lesson.published_at
    event = AuditEvent.objects.get()
    assert (event.reason, event.before["title"], event.after["title"]) == (
        "Clearer title", lesson.title, "A new title",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [({"change_note": " ", "title": "New"}, "change_note"), ({"change_note": "Shorter", "evidence": ""}, "evidence")],
)
def test_a_revision_needs_a_note_and_all_its_parts(publisher, change, field):
    lesson = LessonFactory(published=True)
    with pytest.raises(ValidationError) as refusal:
        revise_lesson(lesson=lesson, by=publisher, **change)
    assert field in refusal.value.message_dict
    assert Lesson.objects.get(pk=lesson.pk).revised_at is None
    assert not AuditEvent.objects.exists()


def test_a_revision_that_changes_nothing_is_refused(publisher):
    with pytest.raises(ValidationError, match="Nothing was changed"):
        revise_lesson(lesson=LessonFactory(published=True), change_note="Nothing", by=publisher)


@pytest.mark.parametrize(("trait", "said"), [({}, "still a draft"), ({"withdrawn": True}, "was withdrawn")])
def test_only_published_lessons_are_revised(publisher, trait, said):
    with pytest.raises(NotNow, match=said):
        revise_lesson(lesson=LessonFactory(**trait), change_note="Why", title="New", by=publisher)


def test_withdrawing_leaves_the_reason_at_the_address(publisher):
    lesson = withdraw_lesson(lesson=LessonFactory(published=True), reason="It was wrong.", by=publisher)
    assert (lesson.state, lesson.change_note) == (LessonState.WITHDRAWN, "It was wrong.")
    assert lesson not in Lesson.objects.published()


def test_withdrawing_needs_a_reason_and_something_published(publisher):
    with pytest.raises(ValidationError) as refusal:
        withdraw_lesson(lesson=LessonFactory(published=True), reason=" ", by=publisher)
    assert "reason" in refusal.value.message_dict
    with pytest.raises(NotNow, match="never published"):
        withdraw_lesson(lesson=LessonFactory(), reason="Why", by=publisher)
