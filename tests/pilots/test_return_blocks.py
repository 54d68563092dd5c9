"""The blocks of the whole return: what each keeps, what it refuses, and what the partners' data tell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent
from foundation.database import clock
from partnerships.health import Health
from pilots.actions.returns import accept, return_with_note, save_draft, submit
from pilots.entry import Entry, Telling
from pilots.lifecycle import ReturnState
from pilots.measures import Rollup, Unit
from pilots.models import PilotPlan, Story
from pilots.rollup import Figure
from pilots.sources import Source
from pilots.standing import standing_of
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, both_leads_as_partners
from tests.factories.pilots import IndicatorFactory, ReturnFactory, StoryFactory, the_two_sides, whole_entry

pytestmark = pytest.mark.django_db

IN_TIME = datetime(2026, 11, 13, 16, tzinfo=UTC)
TOO_LATE = datetime(2026, 11, 16, 9, tzinfo=UTC)
MORE = {
    "longest_wait": 21, "forecast": Decimal(118_000), "in_kind": Decimal(500), "posts_funded": Decimal("2.5"),
    "in_post": Decimal(2), "vacancies": Decimal("0.5"), "sickness_days": Decimal("1.5"), "training_days": Decimal(3),
    "lowest_pay": Decimal("13.60"), "volunteers": 9, "volunteer_hours": Decimal("86.5"), "safeguarding": 1,
    "incidents": 0, "reported": "yes", "incident_note": "Doors are locked at dusk.",
    "users_said": "Evenings suit us.", "changed_because": "The group now meets at six.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _november():
    with clock.at(IN_TIME):
        yield


def full(partnership):
    return PilotPlan.objects.create(partnership=partnership, form="full")


def refused(row, entry, by):
    with pytest.raises(ValidationError) as refusal:
        submit(monthly_return=row, entry=entry, by=by)
    return refusal.value.message_dict


def test_every_block_is_kept_and_read_back_as_it_was_typed():
    row = ReturnFactory()
    partner = PartnerFactory(partnership=row.partnership)
    third, _ = the_two_sides(row.partnership)
    entry = whole_entry(
        **MORE,
        counts={("sex", "female"): 5, ("sex", "male"): 3, ("simd", "1"): 0},
        received={partner.public_id: True},
        story=Telling("She runs the tea table.", True, True, False),
    )
    submit(monthly_return=row, entry=entry, by=third)
    row.refresh_from_db()
    assert (row.state, row.entry()) == (ReturnState.SUBMITTED, entry)
    kept = str(AuditEvent.objects.values_list("before", "after", "summary", "reason").get())
    assert "118000" in kept
    for words in ("tea table", "Doors", "Evenings"):
        assert words not in kept


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"waiting": 0, "longest_wait": 5}, "longest_wait", "Nobody is on the waiting list"),
        ({"counts": {("age", "0_15"): 5, ("age", "65_up"): 4}}, "who_age_0_15", "Age adds up to 9, but 8 people"),
        ({"safeguarding": 1}, "reported", "Say whether the regulator"),
        ({"incident_note": "She lives at b.c@example.org"}, "incident_note", "an e-mail address"),
        ({"users_said": "Ring me on 07700 900123"}, "users_said", "a telephone number"),
        ({"story": Telling("CHI 0104561234")}, "story", "a CHI number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(changes, field, said):
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    found = refused(row, whole_entry(**changes), third)
    assert said in found[field][0]
    row.refresh_from_db()
    assert (row.state, row.version, row.breakdown.count(), Story.objects.count()) == (ReturnState.PLANNED, 1, 0, 0)


def test_personal_details_are_not_even_kept_in_a_draft():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(ValidationError) as refusal:
        save_draft(monthly_return=row, entry=Entry(risks="NI number AB123456C"), by=third)
    assert "a National Insurance number" in refusal.value.message_dict["risks"][0]
    row.refresh_from_db()
    assert (row.state, row.risks) == (ReturnState.PLANNED, "")


def test_the_full_form_asks_for_safeguarding_and_incidents_and_the_short_one_does_not():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    full(row.partnership)
    assert set(refused(row, whole_entry(), third)) == {"safeguarding", "incidents"}
    submit(monthly_return=row, entry=whole_entry(safeguarding=0, incidents=0), by=third)
    short = ReturnFactory()
    third, _ = the_two_sides(short.partnership)
    submit(monthly_return=short, entry=whole_entry(), by=third)


def test_the_reason_for_the_money_follows_the_thresholds_of_the_partnership():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    PilotPlan.objects.create(partnership=row.partnership, spend_green=Decimal("3.5"))
    found = refused(row, whole_entry(), third)  # 4 per cent over
    assert "more than 3.5% apart" in found["variance_reason"][0]


def test_a_story_is_changed_and_taken_back_with_its_draft():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    for text in ("First.", "Second."):
        save_draft(monthly_return=row, entry=Entry(story=Telling(text)), by=third)
    assert Story.objects.get().text == "Second."
    save_draft(monthly_return=row, entry=Entry(), by=third)
    assert Story.objects.exists(), "a form without the story leaves it alone"
    save_draft(monthly_return=row, entry=Entry(story=Telling("")), by=third)
    assert not Story.objects.exists()


def test_s34_a_withdrawn_story_is_not_told_again_in_the_same_return():
    row = ReturnFactory(returned=True)
    third, _ = the_two_sides(row.partnership)
    StoryFactory(monthly_return=row, withdrawn_on=date(2026, 11, 2), withdrawn_by=third)
    save_draft(monthly_return=row, entry=whole_entry(story=Telling("Again.", True, True, True)), by=third)
    assert Story.objects.get().text != "Again."
    assert row.entry().story is None


# Whose data arrived


def d1(partnership):
    return IndicatorFactory(
        partnership=partnership, code="D1", drawn_from=Source.PARTNERS_ON_TIME, unit=Unit.PERCENT,
        rollup=Rollup.RATIO, target=Decimal(100),
    )  # fmt: skip


@pytest.mark.parametrize(("when", "arrived"), [(IN_TIME, 1), (TOO_LATE, 0)])
def test_s26_a_late_return_counts_as_late_in_the_on_time_indicator(when, arrived):
    row = ReturnFactory()
    mine, theirs = both_leads_as_partners(row.partnership)
    indicator, (third, public) = d1(row.partnership), the_two_sides(row.partnership)
    received = {mine.public_id: False, theirs.public_id: True}
    with clock.at(when):
        submit(monthly_return=row, entry=whole_entry(received=received), by=third)
        row.refresh_from_db()
        accept(monthly_return=row, by=public)
    assert row.is_late is (when == TOO_LATE)
    assert row.values.values_list("amount", "out_of").get(indicator=indicator) == (arrived, 2)
    (standing,) = standing_of(row.partnership).indicators
    assert (standing.result, standing.health) == (50 * arrived, Health.RED)


def test_another_partnerships_partner_is_never_counted():
    row, stranger = ReturnFactory(), PartnerFactory()
    third, _ = the_two_sides(row.partnership)
    save_draft(monthly_return=row, entry=Entry(received={stranger.public_id: True, "nonsense": True}), by=third)
    assert not row.receipts.exists()


@pytest.mark.parametrize(
    ("source", "entry", "figure"),
    [
        (Source.POSTS_FILLED, Entry(posts_funded=Decimal(3), in_post=Decimal(2)), Figure(Decimal("66.67"))),
        (Source.POSTS_FILLED, Entry(posts_funded=Decimal(0), in_post=Decimal(0)), Figure()),
        (Source.VOLUNTEER_HOURS, Entry(volunteer_hours=Decimal("86.5")), Figure(Decimal("86.5"))),
        (Source.PARTNERS_ON_TIME, Entry(), Figure()),
    ],
)
def test_the_new_indicators_are_drawn_from_the_return(source, entry, figure):
    from pilots.sources import figure_of

    assert figure_of(source, entry) == figure


# Marks on fields


def test_marks_are_kept_until_the_return_is_accepted_and_stand_in_the_history():
    row = ReturnFactory(submitted=True)
    third, public = the_two_sides(row.partnership)
    marks = {"planned_exits": " Is this not 5? ", "learned": "  "}
    return_with_note(monthly_return=row, note="See the marks.", marks=marks, by=public)
    row.refresh_from_db()
    assert row.marks == {"planned_exits": "Is this not 5?"}
    event = AuditEvent.objects.get(action="return.send_back")
    assert event.summary == "sent back the return for October 2026, with 1 field marked"
    assert event.after["marks"] == row.marks
    submit(monthly_return=row, by=third)
    row.refresh_from_db()
    assert row.marks, "whoever accepts still sees what they asked for"
    accept(monthly_return=row, by=public)
    row.refresh_from_db()
    assert row.marks == {}


def test_a_quarters_return_carries_over_to_the_month_after_it():
    partnership = PartnershipFactory(in_pilot=True)
    quarter = ReturnFactory(partnership=partnership, period=date(2026, 7, 1), months=3, submitted=True)
    ReturnFactory(partnership=partnership, period=date(2026, 8, 1), submitted=True)
    assert ReturnFactory(partnership=partnership, period=date(2026, 10, 1)).before() == quarter
