"""On the way to publication: asking, commenting, signing, taking back, checking; whatever is published."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from lessons.actions.learning_point import learning_points_series, publish_learning_point, start_learning_point
from lessons.actions.lesson import publish_lesson
from lessons.actions.review import ask_partners, blockers_to_check, check, comment, partners_of, sign_off, take_back
from lessons.lifecycle import LessonState
from lessons.models import Lesson
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

KINDS = ["lesson", "learning point", "profile"]


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def partnership():
    made = PartnershipFactory()
    both_leads_as_partners(made)
    return made


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)


@pytest.fixture
def other_lead(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)


def make(kind, partnership, **traits):
    if kind == "lesson":
        return LessonFactory(partnership=partnership, **traits)
    if kind == "profile":
        return ProfileFactory(partnership=partnership, **traits)
    return LearningPointFactory(lessons=[LessonFactory(partnership=partnership, published=True)], **traits)


def asked(kind, partnership, publisher):
    return ask_partners(item=make(kind, partnership), until=clock.today() + timedelta(days=14), by=publisher)


@pytest.mark.parametrize("kind", KINDS)
def test_asking_names_every_partner_and_mails_those_who_may_sign(kind, partnership, publisher, lead, other_lead):
    item = asked(kind, partnership, publisher)
    assert item.state == LessonState.COMMENTS
    assert {row.organisation for row in item.contributors.all()} == {lead.organisation, other_lead.organisation}
    assert {mail.to for mail in OutboxMail.objects.all()} == {lead, other_lead}
    assert AuditEvent.objects.get(action="review.ask").outcome == Outcome.ALLOWED


def test_whose_own_person_wrote_it_has_signed(partnership, lead, other_lead):
    lesson = LessonFactory(partnership=partnership, added_by=lead)
    item = ask_partners(item=lesson, until=clock.today() + timedelta(days=3), by=lead)
    assert [row.organisation for row in item.contributors.filter(signed_at=None)] == [other_lead.organisation]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ("commented", "with the partners already"), ("signed", "signed off already"),
        ("checked", "signed off already"), ("published", "published already"),
    ],
)  # fmt: skip
def test_asking_is_refused_from_other_states(kind, trait, said, partnership, publisher):
    with pytest.raises(NotNow, match=said):
        ask_partners(item=make(kind, partnership, **{trait: True}), until=date(2099, 1, 1), by=publisher)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_asking_with_an_unlikely_day_leaves_nothing_half_done(days, partnership, publisher):
    lesson = LessonFactory(partnership=partnership)
    with pytest.raises(ValidationError, match="at most 90 days"):
        ask_partners(item=lesson, until=clock.today() + timedelta(days=days), by=publisher)
    lesson.refresh_from_db()
    assert (lesson.state, lesson.contributors.count(), OutboxMail.objects.count()) == (LessonState.DRAFT, 0, 0)


def test_asking_is_for_writers_and_needs_a_whole_text(partnership, publisher):
    observer = person_as(PartnershipRole.OBSERVER, partnership)
    with pytest.raises(NotPermitted, match="leads and managers"):
        ask_partners(item=LessonFactory(partnership=partnership), until=date(2099, 1, 1), by=observer)
    with pytest.raises(NotNow, match="Say what happened"):
        ask_partners(item=LessonFactory(partnership=partnership, empty=True), until=date(2099, 1, 1), by=publisher)
    with pytest.raises(ValidationError, match="no partner to ask"):
        ask_partners(item=LessonFactory(), until=date(2099, 1, 1), by=publisher)


@pytest.mark.parametrize("kind", KINDS)
def test_a_partner_comments_and_signs_and_the_last_signature_ends_the_round(
    kind, partnership, publisher, lead, other_lead
):
    item = asked(kind, partnership, publisher)
    said = comment(item=item, part="Why", text="It was the hall, not the date.", by=lead)
    assert (said.made_by, item.comments.get()) == (lead, said)
    sign_off(item=item, by=lead)
    item.refresh_from_db()
    assert item.state == LessonState.COMMENTS
    sign_off(item=item, by=other_lead)
    item.refresh_from_db()
    assert item.state == LessonState.SIGNED
    assert AuditEvent.objects.filter(action="review.sign").count() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_signing_and_commenting_are_for_those_who_were_asked(kind, partnership, publisher, lead):
    item = asked(kind, partnership, publisher)
    for verb, more in ((sign_off, {}), (comment, {"text": "x"})):
        with pytest.raises(NotPermitted, match="organisations that were asked"):
            verb(item=item, by=PersonFactory(), **more)
    sign_off(item=item, by=lead)
    with pytest.raises(NotNow, match="signed it off already"):
        sign_off(item=item, by=lead)
    with pytest.raises(ValidationError, match="Say what should change"):
        comment(item=item, text=" ", by=lead)
    assert not item.comments.exists()


@pytest.mark.parametrize(
    ("state", "said"),
    [("draft", "not been asked"), ("signed", "signed off already"), ("checked", "signed off already")],
)
def test_nobody_answers_before_or_after_the_round(state, said, partnership, publisher, lead):
    item = asked("lesson", partnership, publisher)
    Lesson.objects.filter(pk=item.pk).update(state=state)
    with pytest.raises(NotNow, match=said):
        sign_off(item=item, by=lead)
    with pytest.raises(NotNow, match=said):
        comment(item=item, text="Late", by=lead)


@pytest.mark.parametrize("kind", KINDS)
def test_taking_it_back_drops_signatures_and_keeps_comments(kind, partnership, publisher, lead):
    item = asked(kind, partnership, publisher)
    comment(item=item, text="Shorter, please.", by=lead)
    sign_off(item=item, by=lead)
    item = take_back(item=item, by=publisher)
    assert (item.state, item.comments_until) == (LessonState.DRAFT, None)
    assert (item.contributors.count(), item.comments.count()) == (0, 1)


@pytest.mark.parametrize(
    ("traits", "said"),
    [({}, "a draft already"), ({"published": True}, "published already"), ({"withdrawn": True}, "was withdrawn")],
)
def test_taking_back_is_refused_from_other_states_and_to_others(traits, said, publisher):
    lesson = LessonFactory(**traits)
    with pytest.raises(NotNow, match=said):
        take_back(item=lesson, by=publisher)
    with pytest.raises(NotPermitted):
        take_back(item=lesson, by=PersonFactory())


def test_s87_publishing_waits_for_the_partner_or_for_the_stated_day(publisher, partnership, lead, other_lead):
    """A draft; one named partner has not signed off; publishing waits until sign-off or the stated date."""
    item = asked("learning point", partnership, publisher)
    sign_off(item=item, by=lead)
    with pytest.raises(NotNow, match=str(other_lead.organisation)):
        check(item=item, names_may_stay=True, by=publisher)
    with pytest.raises(NotNow, match="not passed its check"):
        publish_learning_point(point=item, by=publisher)
    with clock.at(clock.now() + timedelta(days=15)):  # the day has passed
        check(item=item, names_may_stay=True, by=publisher)
        assert publish_learning_point(point=item, by=publisher).published_at

    signed = asked("learning point", partnership, publisher)
    sign_off(item=signed, by=lead)
    sign_off(item=signed, by=other_lead)
    check(item=signed, names_may_stay=True, by=publisher)
    assert publish_learning_point(point=signed, by=publisher).published_at


def test_s86_chosen_lessons_fill_what_has_been_learned_with_evidence_links(publisher, client):
    """Twelve lessons in the log; a learning point is started; the chosen ones fill the block, with their evidence."""
    twelve = LessonFactory.create_batch(12, published=True)
    chosen = [twelve[3], twelve[7]]
    point = start_learning_point(
        series=learning_points_series(), title="Rooms", abbreviation="", lessons=chosen, by=publisher
    )
    assert [item.lesson for item in point.learned.all()] == chosen
    client.force_login(publisher)
    page = client.get(f"/lessons/drafts/learning-points/{point.public_id}/").content.decode()
    for lesson in chosen:
        assert lesson.get_absolute_url() in page
    assert "What shows it: Minutes of the first meeting." in page
    assert twelve[0].get_absolute_url() not in page


def test_the_check_looks_at_names_and_remembers_what_may_stay(publisher):
    lesson = LessonFactory(advice="Ask Anna Muir in Paisley before you book.")
    with pytest.raises(ValidationError) as refusal:
        check(item=lesson, names_may_stay=False, by=publisher)
    assert [text.split("”")[0] for text in refusal.value.message_dict["names_may_stay"]] == ["“Anna Muir", "“Paisley"]
    assert Lesson.objects.get(pk=lesson.pk).state == LessonState.DRAFT
    lesson = check(item=lesson, names_may_stay=True, by=publisher)
    assert (lesson.state, lesson.names_allowed) == (LessonState.CHECKED, ["Anna Muir", "Paisley"])
    assert publish_lesson(lesson=lesson, by=publisher).published_at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"advice": "See www.example.org for more."}, "shows a web address"),
        ({"advice": "For more, click here."}, "tells nothing"),
        ({"why": "The MOU was late."}, "MOU is not explained"),
        ({"evidence": "ALL OF IT WENT WRONG"}, "a line in capitals"),
        ({"advice": ""}, "Say what others should do"),
    ],
)
def test_the_check_says_what_keeps_people_from_reading_it(text, said):
    assert any(said in sentence for sentence in blockers_to_check(LessonFactory(**text)))


@pytest.mark.parametrize(
    ("trait", "said"),
    [("checked", "checked already"), ("published", "published already"), ("withdrawn", "was withdrawn")],
)
def test_the_check_is_refused_from_other_states_and_to_others(trait, said, publisher):
    lesson = LessonFactory(**{trait: True})
    with pytest.raises(NotNow, match=said):
        check(item=lesson, names_may_stay=True, by=publisher)
    with pytest.raises(NotPermitted):
        check(item=LessonFactory(), names_may_stay=True, by=PersonFactory())


def test_a_lesson_of_a_partnership_is_not_checked_before_its_partners_were_asked(partnership, publisher):
    lesson = LessonFactory(partnership=partnership)
    assert partners_of(lesson)
    with pytest.raises(NotNow, match="partners have not been asked"):
        check(item=lesson, names_may_stay=True, by=publisher)
