"""Lessons that come to the work: the ranking, the pages they stand on, their use, and themes people follow."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from lessons import arriving, reminders
from lessons.actions.use import follow_themes, judge_use, use_lesson
from lessons.known import known
from lessons.models import Lesson, LessonUse, ThemeSubscription
from lessons.ranking import Candidate, Moment, best, points, proven, stems
from partnerships.models import PartnershipTheme
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory
from tests.factories.partnerships import PartnershipFactory, RiskFactory, person_as
from tests.reading import text

MOMENT = Moment("pilot", frozenset({"people"}), "delays in training drivers")


def candidate(number=1, title="A title", said="", stage="tender", theme="award", **use):
    return Candidate(number, number, title, said, stage, theme, **use)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate(theme="people"), candidate(stage="pilot")),
        (candidate(stage="pilot"), candidate(stage="any")),
        (candidate(said="Training was delayed."), candidate(said="Rooms were late.")),
        (candidate(title="Train drivers"), candidate(said="Train drivers")),
        (candidate(theme="people", used=3, worked=3), candidate(theme="people")),
        (candidate(theme="people", used=3, failed=3), candidate(theme="award", used=3)),
        (candidate(theme="people"), candidate(theme="people", used=3, failed=3)),
    ],
)
def test_the_fitter_lesson_comes_first(better, worse):
    assert points(better, MOMENT) > points(worse, MOMENT)


def test_points_by_hand():
    """Three words wanted (delay, train, driv), two said: 4 × 2/√3, of which one stands in the title: 2 × 1/√3; the
    stage adds 2, the theme 3; one use that worked adds ln 2 + 0.3 ln 2."""
    one = candidate(title="Training", said="Delays happen.", stage="pilot", theme="people", used=1, worked=1)
    assert len(stems(MOMENT.words)) == 3
    assert points(one, MOMENT) == pytest.approx(8 / 3**0.5 + 2 / 3**0.5 + 5 + 1.3 * 0.6931472)


def test_use_alone_brings_nothing_and_failure_never_goes_below_nothing():
    assert points(candidate(used=9, worked=9), MOMENT) == 0
    assert points(candidate(stage="pilot", used=99, failed=99), MOMENT) == 0
    assert best([candidate(used=9, worked=9)], MOMENT) == []


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_one_more_success_never_hurts_and_one_more_failure_never_helps(used, worked, failed):
    now = proven(candidate(used=used, worked=worked, failed=failed))
    assert proven(candidate(used=used, worked=worked + 1, failed=failed)) > now
    assert proven(candidate(used=used, worked=worked, failed=failed + 1)) < now


def test_at_most_three_the_newest_among_equals():
    rows = [candidate(number, theme="people") for number in range(1, 6)]
    assert [row.number for row in best(rows, MOMENT)] == [5, 4, 3]


pytest_db = pytest.mark.django_db


@pytest.fixture
def partnership(db):
    made = PartnershipFactory(stage="pilot")
    PartnershipTheme.objects.create(partnership=made, theme="skills")
    return made


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


@pytest.mark.parametrize("occasion", ["gate", "risk", "date", "tender"])
def test_each_occasion_brings_three_and_asks_two_queries(partnership, occasion):
    with CaptureQueriesContext(connection) as asked:
        found = arriving.suggest(partnership, occasion, "train buyers")
    assert len(found) == 3
    assert len(asked) == 2
    assert any("Train buyers" in lesson.title for lesson in found)


def test_a_draft_never_arrives_and_what_was_used_arrives_no_more(partnership, lead):
    LessonFactory(title="Train drivers of buses", theme="skills")
    lesson = LessonFactory(title="Train drivers of minibuses", theme="skills", published=True)
    titles = [row.title for row in arriving.suggest(partnership, "risk", "drivers of buses")]
    assert titles[0] == "Train drivers of minibuses"
    assert "Train drivers of buses" not in titles
    use_lesson(lesson=lesson, partnership=partnership, occasion="risk", by=lead)
    assert lesson.title not in [row.title for row in arriving.suggest(partnership, "risk", "drivers of buses")]


def test_the_record_of_use_is_told_without_naming_anybody(partnership, lead, client):
    lesson = LessonFactory(title="Train drivers", theme="skills", published=True)
    other = PartnershipFactory()
    other_lead = person_as(PartnershipRole.PROJECT_LEAD, other)
    use = use_lesson(lesson=lesson, partnership=other, occasion="gate", by=other_lead)
    judge_use(use=use, worked=True, by=other_lead)
    said = next(row.proven for row in arriving.suggest(partnership, "risk", "drivers") if row.title == lesson.title)
    assert said == "Used by 1 partnership: it worked in 1 and did not in 0."
    page = text(client.get(lesson.get_absolute_url()))
    assert said in page
    assert other.title not in page


def test_using_is_once_for_each_partnership_and_for_published_lessons(partnership, lead):
    lesson = LessonFactory(published=True)
    assert use_lesson(lesson=lesson, partnership=partnership, occasion="date", by=lead).used_by == lead
    with pytest.raises(NotNow, match="used this lesson already"):
        use_lesson(lesson=lesson, partnership=partnership, occasion="gate", by=lead)
    for trait in ({}, {"withdrawn": True}):
        with pytest.raises(NotNow, match="not in the library"):
            use_lesson(lesson=LessonFactory(**trait), partnership=partnership, occasion="gate", by=lead)
    with pytest.raises(NotPermitted):
        use_lesson(lesson=lesson, partnership=PartnershipFactory(), occasion="gate", by=lead)
    with pytest.raises(ValidationError):
        use_lesson(lesson=LessonFactory(published=True), partnership=partnership, occasion="never", by=lead)
    assert LessonUse.objects.count() == 1
    assert AuditEvent.objects.filter(action="lesson.use", outcome="allowed").count() == 1


def test_judging_says_why_it_failed_and_may_change(partnership, lead):
    use = use_lesson(lesson=LessonFactory(published=True), partnership=partnership, occasion="date", by=lead)
    with pytest.raises(ValidationError) as refusal:
        judge_use(use=use, worked=False, by=lead)
    assert "note" in refusal.value.message_dict
    with pytest.raises(NotPermitted):
        judge_use(use=use, worked=True, by=PersonFactory())
    use.refresh_from_db()
    assert use.worked is None
    assert judge_use(use=use, worked=False, note="The hall was shut.", by=lead).judged_by == lead
    assert judge_use(use=use, worked=True, by=lead).worked is True


@pytest.mark.parametrize("place", ["gate", "new risk", "risk"])
def test_they_stand_where_the_work_is(client, partnership, lead, place):
    risk = RiskFactory(partnership=partnership, title="Drivers leave before they are trained")
    client.force_login(lead)
    page = client.get(
        {
            "gate": reverse("partnerships:gate_at", args=[partnership.public_id, "G3"]),
            "new risk": reverse("partnerships:risk_add", args=[partnership.public_id]),
            "risk": reverse("partnerships:risk", args=[partnership.public_id, risk.public_id]),
        }[place]
    )
    assert "What others learned" in text(page)
    assert "We used this" in text(page)
    # What is typed in a form is lost when the page is left: beside one they open elsewhere, and say so.
    beside_a_form = place == "new risk"
    assert ('target="_blank"' in text(page)) is beside_a_form
    assert ("These open in a new tab" in text(page)) is beside_a_form


def test_the_lessons_of_a_partnership_belong_to_the_partnerships(client, partnership, lead):
    client.force_login(lead)
    page = text(client.get(reverse("lessons:lessons_of", args=[partnership.public_id])))
    assert re.findall(r'<a [^>]*aria-current="true"[^>]*>([^<]*)</a>', page)[0] == "Partnerships"


def test_pressing_we_used_this_and_saying_how_it_went(client, partnership, lead):
    lesson = LessonFactory(published=True)
    client.force_login(lead)
    answer = client.post(
        f"/lessons/of/{partnership.public_id}/use/{lesson.public_id}/", {"occasion": "risk"}, follow=True
    )
    assert "nobody has said yet how it went" in text(answer)
    use = LessonUse.objects.get()
    address = f"/lessons/of/{partnership.public_id}/used/{use.public_id}/"
    assert "Say what went differently" in text(client.post(address, {"worked": "no", "note": ""}))
    assert client.post(address, {"worked": "yes", "note": ""}).status_code == 302
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert client.get(address).status_code == 403
    assert client.post(f"/lessons/of/{partnership.public_id}/use/{lesson.public_id}/").status_code == 403


@pytest_db
def test_an_occasion_that_nobody_offered_is_refused_in_words(client, partnership, lead):
    lesson = LessonFactory(published=True)
    client.force_login(lead)
    address = f"/lessons/of/{partnership.public_id}/use/{lesson.public_id}/"
    assert "Choose when it was used." in text(client.post(address, {"occasion": "zz"}, follow=True))
    assert not LessonUse.objects.exists()


@pytest_db
def test_following_themes_sets_exactly_those():
    person = PersonFactory()
    follow_themes(themes=["people", "tender"], by=person)
    assert follow_themes(themes=["tender", "award"], by=person) == ["award", "tender"]
    assert set(ThemeSubscription.objects.values_list("theme", flat=True)) == {"award", "tender"}
    with pytest.raises(ValidationError):
        follow_themes(themes=["colour"], by=person)
    assert ThemeSubscription.objects.count() == 2


@pytest_db
def test_a_day_of_new_lessons_is_one_mail_on_the_next_morning():
    person, other = PersonFactory(), PersonFactory()
    yesterday = clock.now() - timedelta(days=1)
    with clock.at(yesterday - timedelta(hours=1)):
        follow_themes(themes=["people", "tender"], by=person)
        follow_themes(themes=["award"], by=other)
    for theme in ("people", "tender", "skills"):
        lesson = LessonFactory(title=f"On {theme}", theme=theme, published=True)
        Lesson.objects.filter(pk=lesson.pk).update(published_at=yesterday)
    assert reminders.plan_new_lessons(yesterday) == 0  # not on the same day: more may come
    assert reminders.plan_new_lessons(clock.now()) == 1
    assert reminders.plan_new_lessons(clock.now()) == 0
    mail = OutboxMail.objects.get()
    assert (mail.to, [row["title"] for row in mail.context["lessons"]]) == (person, ["On people", "On tender"])
    assert mail.not_before is not None


@pytest_db
def test_the_page_of_themes_is_for_whoever_is_signed_in(client):
    assert client.get("/lessons/themes/").status_code == 302
    client.force_login(person := PersonFactory())
    assert client.post("/lessons/themes/", {"themes": ["people"]}).status_code == 302
    assert [row.theme for row in person.lesson_themes.all()] == ["people"]


def test_every_known_partnership_has_facts_and_a_source():
    assert len(known()) == 12
    assert all(row.facts and row.sources for row in known())
    assert not any("16 key lessons" in fact for row in known() for fact in row.facts)


@pytest_db
def test_what_is_known_of_earlier_partnerships_is_open_to_everybody(client):
    page = text(client.get("/lessons/known/"))
    assert "Homereach" in page
    assert "Source" in page


@pytest.mark.parametrize("kind", ["risk", "issue", "return", "decision", "nothing"])
def test_a_lesson_is_written_from_what_is_known_already(client, partnership, lead, kind):
    risk = RiskFactory(partnership=partnership, title="Drivers leave", mitigation="Pay for their training.")
    client.force_login(lead)
    written_from = f"risk:{risk.public_id}" if kind == "risk" else f"{kind}:{'x' * 22}"
    address = f"/lessons/of/{partnership.public_id}/?from={written_from}"
    page = text(client.get(address))
    assert ("Filled in from" in page) == (kind == "risk")
    if kind == "risk":
        words = {"title": "Pay for training", "what_happened": "They left.", "stage": "any", "theme": "people",
                 "kind_of_service": "any"}  # fmt: skip
        assert client.post(address, words).status_code == 302
        lesson = Lesson.objects.get(title="Pay for training")
        assert lesson.origin_label == "Risk “Drivers leave”"
        assert risk.public_id in lesson.origin_address
        assert client.get(lesson.origin_address).status_code == 200
