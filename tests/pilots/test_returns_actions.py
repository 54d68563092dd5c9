"""The verbs of a monthly return: allowed, refused with the reason, nothing half-done, side effects."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import entering
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import PlanBlock
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from pilots.actions.returns import accept, plan_returns, return_with_note, save_draft, submit
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.measures import Rollup, Unit
from pilots.models import MonthlyReturn
from pilots.rollup import Figure
from pilots.sources import Source
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, the_two_sides, whole_entry

pytestmark = pytest.mark.django_db

LOGGERS = {PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD, PartnershipRole.PARTNER_MANAGER}
IN_TIME = datetime(2026, 11, 13, 16, tzinfo=UTC)  # the tenth working day of November 2026
TOO_LATE = datetime(2026, 11, 16, 9, tzinfo=UTC)
IN_DECEMBER = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(IN_TIME):
        yield


# Planning


def test_planning_makes_a_return_for_each_month_with_its_due_date_and_one_event():
    partnership = PartnershipFactory(in_pilot=True)
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    plan_returns(partnership=partnership, first_month=date(2026, 10, 17), months=3, by=lead)
    rows = MonthlyReturn.objects.order_by("period").values_list("period", "due_on", "state")
    # Scottish bank holidays in January 2027: Friday 1 and, for Saturday 2, Monday 4.
    assert list(rows) == [
        (date(2026, 10, 1), date(2026, 11, 13), ReturnState.PLANNED),
        (date(2026, 11, 1), date(2026, 12, 14), ReturnState.PLANNED),
        (date(2026, 12, 1), date(2027, 1, 18), ReturnState.PLANNED),
    ]
    assert AuditEvent.objects.get().summary == "planned 3 monthly returns, October 2026 to December 2026"


def test_planning_again_keeps_the_returns_that_are_there():
    row = ReturnFactory(draft=True)
    lead = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    made = plan_returns(partnership=row.partnership, first_month=row.period, months=2, by=lead)
    assert [new.period for new in made] == [date(2026, 11, 1)]
    row.refresh_from_db()
    assert (row.state, row.referrals) == (ReturnState.DRAFT, 12)


@pytest.mark.parametrize(("months", "first", "field"), [
    (0, date(2026, 10, 1), "months"), (121, date(2026, 10, 1), "months"), (3, date(2026, 3, 1), "first_month"),
])  # fmt: skip
def test_planning_nonsense_is_refused_beside_the_field(months, first, field):
    partnership = PartnershipFactory(in_pilot=True)
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    with pytest.raises(ValidationError) as refusal:
        plan_returns(partnership=partnership, first_month=first, months=months, by=lead)
    assert field in refusal.value.message_dict
    assert not MonthlyReturn.objects.exists()


def test_planning_is_refused_to_other_roles_and_in_a_closed_partnership():
    partnership = PartnershipFactory(closed=True)
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        plan_returns(
            partnership=partnership, first_month=date(2026, 10, 1), months=3,
            by=person_as(PartnershipRole.PARTNER_MANAGER, partnership),
        )  # fmt: skip
    with pytest.raises(NotNow, match="closed"):
        plan_returns(
            partnership=partnership, first_month=date(2026, 10, 1), months=3,
            by=person_as(PartnershipRole.PUBLIC_LEAD, partnership),
        )  # fmt: skip


def test_entering_the_pilot_plans_a_return_for_each_month_of_its_block():
    partnership = PartnershipFactory(in_pilot=True)
    PlanBlock.objects.create(partnership=partnership, block=Block.PARTNERSHIP, months=30)
    entering.run(partnership, person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    periods = list(MonthlyReturn.objects.order_by("period").values_list("period", flat=True))
    assert (len(periods), periods[0], periods[-1]) == (30, date(2026, 11, 1), date(2029, 4, 1))


# Saving a draft


def test_a_draft_keeps_whatever_was_typed_and_asks_nothing():
    row = ReturnFactory()
    typed = IndicatorFactory(partnership=row.partnership, percent=True)
    third, _ = the_two_sides(row.partnership)
    entry = Entry(referrals=5, risks="Two vans are old.", figures={typed.code: Figure(Decimal(4), None)})
    save_draft(monthly_return=row, entry=entry, by=third, version=1)
    row.refresh_from_db()
    assert (row.state, row.version, row.entry()) == (ReturnState.DRAFT, 2, entry)
    assert "vans" not in str(AuditEvent.objects.values_list("before", "after", "summary", "reason").get())


def test_the_return_fills_in_the_indicators_that_are_drawn_from_it():
    row = ReturnFactory()
    starts = IndicatorFactory(partnership=row.partnership, code="R1", drawn_from=Source.NEW_STARTS)
    improved = IndicatorFactory(
        partnership=row.partnership, code="O1", drawn_from=Source.IMPROVED, unit=Unit.PERCENT, rollup=Rollup.RATIO
    )
    third, _ = the_two_sides(row.partnership)
    # What somebody types for such an indicator counts for nothing.
    submit(monthly_return=row, entry=whole_entry(figures={"R1": Figure(Decimal(99))}), by=third)
    assert row.values.get(indicator=starts).amount == 8
    assert row.values.values_list("amount", "out_of").get(indicator=improved) == (6, 10)


def test_a_returned_return_stays_returned_while_it_is_put_right():
    row = ReturnFactory(returned=True)
    third, _ = the_two_sides(row.partnership)
    save_draft(monthly_return=row, entry=whole_entry(), by=third)
    row.refresh_from_db()
    assert (row.state, row.returned_note) == (ReturnState.RETURNED, "Please check the number of exits.")


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - LOGGERS))
@pytest.mark.parametrize("verb", [save_draft, submit])
def test_filling_in_is_refused_to_other_roles_and_recorded(verb, role):
    row = ReturnFactory(draft=True)
    with pytest.raises(NotPermitted, match="You may not log the pilot's progress"):
        verb(monthly_return=row, entry=whole_entry(), by=person_as(role, row.partnership))
    row.refresh_from_db()
    assert (row.state, row.new_starts) == (ReturnState.DRAFT, None)
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize("state", ["submitted", "accepted"])
@pytest.mark.parametrize("verb", [save_draft, submit])
def test_a_return_that_is_sent_cannot_be_changed(verb, state):
    row = ReturnFactory(**{state: True})
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match="its figures are fixed"):
        verb(monthly_return=row, entry=whole_entry(referrals=99), by=third)
    row.refresh_from_db()
    assert row.referrals == 12


@pytest.mark.parametrize(("stage", "reason"), [(Stage.DESIGN, "pilot is not running"), (Stage.CLOSED, "closed")])
def test_nothing_is_filled_in_before_the_pilot_or_after_the_end(stage, reason):
    row = ReturnFactory(partnership__stage=stage)
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match=reason):
        save_draft(monthly_return=row, entry=Entry(), by=third)


def test_a_month_that_has_not_begun_cannot_be_filled_in():
    row = ReturnFactory(period=date(2026, 12, 1))
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match="December 2026 has not begun"):
        submit(monthly_return=row, entry=whole_entry(), by=third)


def test_two_people_at_once_the_second_is_told_and_overwrites_nothing():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    other = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    save_draft(monthly_return=row, entry=Entry(referrals=5), by=third, version=1)
    with pytest.raises(NotNow, match="changed this"):
        save_draft(monthly_return=row, entry=Entry(referrals=6), by=other, version=1)
    row.refresh_from_db()
    assert row.referrals == 5


# Submitting


@pytest.mark.parametrize("before", [{}, {"draft": True}, {"returned": True}])
def test_submitting_sends_the_month_to_the_other_side(before):
    row = ReturnFactory(**before)
    third, public = the_two_sides(row.partnership)
    submit(monthly_return=row, entry=whole_entry(), by=third)
    row.refresh_from_db()
    assert (row.state, row.submitted_by, row.submitted_at) == (ReturnState.SUBMITTED, third, IN_TIME)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.subject) == (public, f"Please check the return for October 2026: {row.partnership}")
    assert AuditEvent.objects.get().summary == "submitted the return for October 2026"


def test_a_saved_draft_is_submitted_as_it_is():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    save_draft(monthly_return=row, entry=whole_entry(), by=third)
    submit(monthly_return=row, by=third)
    row.refresh_from_db()
    assert (row.state, row.active_at_end) == (ReturnState.SUBMITTED, 33)


def test_s24_people_who_do_not_add_up_are_refused_with_expected_33_and_an_explained_override():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(ValidationError) as refusal:
        submit(monthly_return=row, entry=whole_entry(active_at_end=34), by=third)
    assert "expected 33" in refusal.value.message_dict["active_at_end"][0]
    row.refresh_from_db()
    assert (row.state, row.active_at_end, row.values.count()) == (ReturnState.PLANNED, None, 0)
    assert not AuditEvent.objects.exists()
    assert not OutboxMail.objects.exists()
    explained = whole_entry(active_at_end=34, reach_explanation="One person came back.")
    submit(monthly_return=row, entry=explained, by=third)
    event = AuditEvent.objects.get()
    assert "with an explanation of figures that do not add up" in event.summary
    assert event.reason == "One person came back."


def test_s25_outcomes_that_do_not_add_up_are_refused():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(ValidationError) as refusal:
        submit(monthly_return=row, entry=whole_entry(reviewed=11), by=third)
    assert "expected 10" in refusal.value.message_dict["reviewed"][0]


def test_s26_after_the_tenth_working_day_it_is_late():
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    assert not row.is_late
    with clock.at(TOO_LATE):
        submit(monthly_return=row, entry=whole_entry(), by=third)
    row.refresh_from_db()
    assert (row.due_on, row.first_submitted_on, row.is_late) == (date(2026, 11, 13), date(2026, 11, 16), True)
    assert AuditEvent.objects.get().summary == "submitted the return for October 2026, late"


def test_s26_being_sent_back_makes_nobody_late():
    row = ReturnFactory()
    third, public = the_two_sides(row.partnership)
    submit(monthly_return=row, entry=whole_entry(), by=third)
    return_with_note(monthly_return=row, note="Check the exits.", by=public)
    with clock.at(TOO_LATE):
        submit(monthly_return=row, entry=whole_entry(), by=third)
        row.refresh_from_db()
        assert not row.is_late


def test_the_years_earlier_months_count_when_spend_is_judged():
    row = ReturnFactory()
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True, budget=90_000, actual=90_000)
    ReturnFactory(partnership=row.partnership, period=date(2026, 3, 1), accepted=True, budget=10, actual=0)
    third, _ = the_two_sides(row.partnership)
    submit(monthly_return=row, entry=whole_entry(actual=Decimal(15_000)), by=third)  # 5 per cent over in the year
    with clock.at(IN_DECEMBER), pytest.raises(ValidationError) as refusal:
        submit(
            monthly_return=ReturnFactory(partnership=row.partnership, period=date(2026, 11, 1)),
            entry=whole_entry(actual=Decimal(20_001)),
            by=third,
        )
    assert "£125,001.00 of £110,000.00" in refusal.value.message_dict["variance_reason"][0]


def test_a_month_is_drafted_while_it_lasts_and_submitted_when_it_is_over():
    row = ReturnFactory(period=date(2026, 11, 1))
    third, _ = the_two_sides(row.partnership)
    save_draft(monthly_return=row, entry=whole_entry(), by=third)
    with pytest.raises(NotNow, match=r"November 2026 is not over\..* from 1 December 2026"):
        submit(monthly_return=row, entry=whole_entry(referrals=77), by=third)
    row.refresh_from_db()
    assert (row.state, row.referrals) == (ReturnState.DRAFT, whole_entry().referrals), "nothing half done"
    with clock.at(IN_DECEMBER):
        submit(monthly_return=row, entry=whole_entry(), by=third)
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


# Accepting and sending back


def test_accepting_makes_the_figures_count_and_tells_the_submitter():
    row = ReturnFactory(submitted=True, actual=Decimal(11_001))
    _, public = the_two_sides(row.partnership)
    accept(monthly_return=row, by=public)
    row.refresh_from_db()
    assert (row.state, row.accepted_by, row.accepted_at) == (ReturnState.ACCEPTED, public, IN_TIME)
    assert row.partnership.health == Health.RED  # £11,001 of £10,000
    assert OutboxMail.objects.get().to == row.submitted_by
    assert AuditEvent.objects.get().summary == "accepted the return for October 2026"


def test_sending_back_keeps_the_figures_and_says_why():
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    return_with_note(monthly_return=row, note="Check the exits.", by=public)
    row.refresh_from_db()
    assert (row.state, row.returned_note, row.active_at_end) == (ReturnState.RETURNED, "Check the exits.", 33)
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.context["note"]) == (row.submitted_by, "Check the exits.")
    assert AuditEvent.objects.get().reason == "Check the exits."


def test_sending_back_without_a_note_says_so_and_changes_nothing():
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    with pytest.raises(ValidationError) as refusal:
        return_with_note(monthly_return=row, note=" ", by=public)
    assert "note" in refusal.value.message_dict
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


JUDGING = [
    lambda row, by: accept(monthly_return=row, by=by),
    lambda row, by: return_with_note(monthly_return=row, note="Why?", by=by),
]


@pytest.mark.parametrize("judge", JUDGING)
@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - {PartnershipRole.PUBLIC_LEAD}))
def test_judging_is_refused_to_other_roles(judge, role):
    row = ReturnFactory(submitted=True)
    with pytest.raises(NotPermitted, match="You may not accept or return the pilot's returns"):
        judge(row, person_as(role, row.partnership))
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


@pytest.mark.parametrize("judge", JUDGING)
@pytest.mark.parametrize("state", [{}, {"draft": True}, {"returned": True}, {"accepted": True}])
def test_only_a_submitted_return_can_be_judged(judge, state):
    row = ReturnFactory(**state)
    _, public = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match="nothing to accept or send back"):
        judge(row, public)


@pytest.mark.parametrize("judge", JUDGING)
def test_nobody_judges_their_own_return_whatever_roles_they_hold(judge):
    row = ReturnFactory()
    third, _ = the_two_sides(row.partnership)
    row.partnership.members.create(person=third, role=PartnershipRole.PUBLIC_LEAD, joined_on=date(2026, 4, 1))
    submit(monthly_return=row, entry=whole_entry(), by=third)
    with pytest.raises(NotPermitted, match="A second person has to accept it"):
        judge(row, third)
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


def test_a_stale_page_cannot_accept_what_was_not_read():
    row = ReturnFactory(submitted=True, version=3)
    _, public = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match="changed this"):
        accept(monthly_return=row, by=public, version=2)


# What the database refuses, whoever asks


@pytest.mark.parametrize(
    "untrue",
    [
        {"new_starts": -1},
        {"budget": Decimal(-1)},
        {"period": date(2026, 10, 2)},
        {"state": ReturnState.ACCEPTED},
        {"state": ReturnState.SUBMITTED},
        {"state": ReturnState.RETURNED},
    ],
)
def test_the_database_refuses_what_cannot_be_true(untrue):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnFactory(**{"due_on": date(2026, 11, 13)} | untrue)


def test_one_return_a_month():
    row = ReturnFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnFactory(partnership=row.partnership)
