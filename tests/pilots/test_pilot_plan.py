"""Form, rhythm, thresholds and the overall colour: what a partnership may set, and what it may not."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.risk import add_risk
from partnerships.actions.summary import refresh
from partnerships.health import Health
from partnerships.roles import PartnershipRole
from pilots.actions.health_override import drop_override, override_health
from pilots.actions.living_wage import set_living_wage
from pilots.actions.pilot_plan import set_reporting, set_thresholds
from pilots.actions.returns import accept, plan_returns
from pilots.models import HealthOverride, LivingWage, MonthlyReturn, PilotPlan, plan_of
from pilots.periods import periods_of
from pilots.rag import DEFAULT, Thresholds, of_indicator, of_spend, one_step
from pilots.standing import overall_of, standing_of
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, RiskFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory, the_two_sides

pytestmark = pytest.mark.django_db

PLANNERS = {PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD}
OTHERS = sorted(set(PartnershipRole) - PLANNERS)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 13, 16, tzinfo=UTC)):
        yield


def lead_of(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


# Form and rhythm


def test_whole_quarters_are_reported_together_and_the_rest_month_by_month():
    months = [date(2026, m, 1) for m in range(5, 13)]
    assert periods_of(months, "quarter") == [
        (date(2026, 5, 1), 1), (date(2026, 6, 1), 1), (date(2026, 7, 1), 3), (date(2026, 10, 1), 3),
    ]  # fmt: skip
    assert periods_of(months, "month") == [(month, 1) for month in months]


def test_a_new_rhythm_plans_the_future_anew_and_leaves_what_has_begun():
    partnership = PartnershipFactory(in_pilot=True)
    lead = lead_of(partnership)
    plan_returns(partnership=partnership, first_month=date(2026, 10, 1), months=8, by=lead)
    MonthlyReturn.objects.filter(period=date(2026, 12, 1)).update(state="draft")
    set_reporting(partnership=partnership, form="full", rhythm="quarter", by=lead)
    rows = MonthlyReturn.objects.order_by("period")
    assert [(row.period.month, row.months) for row in rows] == [(10, 1), (11, 1), (12, 1), (1, 3), (4, 1), (5, 1)]
    quarter = rows[3]
    assert (quarter.month, quarter.due_on, quarter.over_on) == (
        "January to March 2027", date(2027, 4, 14), date(2027, 4, 1),
    )  # fmt: skip
    event = AuditEvent.objects.get(action="pilot_plan.report")
    assert (event.before, event.after) == (
        {"form": "short", "rhythm": "month"}, {"form": "full", "rhythm": "quarter"},
    )  # fmt: skip
    assert plan_of(partnership).version == 1


def test_a_quarter_is_judged_by_three_months_of_target():
    indicator = IndicatorFactory(target=Decimal(10))
    row = ReturnFactory(partnership=indicator.partnership, period=date(2026, 7, 1), months=3, accepted=True)
    ValueFactory(monthly_return=row, indicator=indicator, amount=27)
    (standing,) = standing_of(indicator.partnership).indicators
    assert (standing.profile, standing.health) == (30, Health.AMBER)


@pytest.mark.parametrize("role", OTHERS)
def test_reporting_is_refused_to_other_roles(role):
    partnership = PartnershipFactory(in_pilot=True)
    person = person_as(role, partnership)
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        set_reporting(partnership=partnership, form="full", rhythm="month", by=person)
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        set_thresholds(partnership=partnership, thresholds=DEFAULT, by=person)
    assert not PilotPlan.objects.exists()


def test_nothing_is_set_up_in_a_closed_partnership_or_from_a_stale_page():
    closed = PartnershipFactory(closed=True)
    with pytest.raises(NotNow, match="closed"):
        set_reporting(partnership=closed, form="full", rhythm="month", by=lead_of(closed))
    partnership = PartnershipFactory(in_pilot=True)
    lead = lead_of(partnership)
    set_reporting(partnership=partnership, form="full", rhythm="month", by=lead, version=0)
    with pytest.raises(NotNow, match="changed this"):
        set_thresholds(partnership=partnership, thresholds=DEFAULT, by=lead, version=0)
    with pytest.raises(ValidationError):
        set_reporting(partnership=partnership, form="long", rhythm="month", by=lead)
    assert plan_of(partnership).form == "full"


# Thresholds


def test_agreed_thresholds_change_every_colour_at_once():
    indicator = IndicatorFactory(target=Decimal(100))
    partnership = indicator.partnership
    row = ReturnFactory(partnership=partnership, accepted=True, budget=10_000, actual=10_400)
    ValueFactory(monthly_return=row, indicator=indicator, amount=94)
    refresh(partnership)
    assert partnership.health == Health.AMBER
    agreed = Thresholds(up_green=Decimal(90), up_amber=Decimal(70), spend_green=Decimal(2), spend_amber=Decimal(3))
    set_thresholds(partnership=partnership, thresholds=agreed, by=lead_of(partnership))
    standing = standing_of(partnership)
    assert (standing.indicators[0].health, standing.spend.health) == (Health.GREEN, Health.RED)
    partnership.refresh_from_db()
    assert partnership.health == Health.RED
    event = AuditEvent.objects.get(action="pilot_plan.judge")
    assert (event.before["up_green"], event.after["up_green"]) == ("95", "90")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"up_amber": Decimal(95)}, "up_amber"),
        ({"up_amber": Decimal(0)}, "up_amber"),
        ({"down_amber": Decimal(105)}, "down_amber"),
        ({"spend_amber": Decimal(5)}, "spend_amber"),
        ({"late_amber": 0}, "late_amber"),
    ],
)
def test_thresholds_out_of_order_are_refused_beside_the_field_and_by_the_database(wrong, field):
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(ValidationError) as refusal:
        set_thresholds(partnership=partnership, thresholds=Thresholds(**wrong), by=lead_of(partnership))
    assert field in refusal.value.message_dict
    assert not PilotPlan.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PilotPlan.objects.create(partnership=partnership, **wrong)


def test_the_usual_thresholds_are_those_of_the_source():
    assert of_indicator(Decimal(95), Decimal(100), higher_is_better=True) == Health.GREEN
    assert of_spend(Decimal(10_501), Decimal(10_000)) == Health.AMBER
    loose = Thresholds(spend_green=Decimal(6))
    assert of_spend(Decimal(10_501), Decimal(10_000), by=loose) == Health.GREEN


# The overall colour


@pytest.fixture
def amber():
    """A pilot that is at risk: it reached 94 of 100."""
    indicator = IndicatorFactory(code="R1", target=Decimal(100))
    row = ReturnFactory(partnership=indicator.partnership, period=date(2026, 9, 1), accepted=True)
    ValueFactory(monthly_return=row, indicator=indicator, amount=94)
    return indicator.partnership


def overall(partnership):
    return overall_of(partnership, standing_of(partnership))


def test_the_overall_colour_is_the_worst_of_five_parts(amber):
    RiskFactory(partnership=amber, likelihood=5, impact=3)
    found = overall(amber)
    assert found.parts == {
        "Reach": Health.AMBER, "Outcomes": Health.GREY, "Money": Health.GREEN, "Milestones": Health.GREY,
        "Risk": Health.RED,
    }  # fmt: skip
    assert found.calculated == Health.RED
    RiskFactory(partnership=amber, likelihood=5, impact=5, closed_on=date(2026, 11, 1), closing_reason="It passed.")
    assert overall(amber).calculated == Health.RED


def test_a_new_risk_changes_the_partnerships_health_at_once(amber):
    lead = lead_of(amber)
    add_risk(
        partnership=amber, title="No van", likelihood=5, impact=4, mitigation="Rent one.", owner=lead,
        review_on=date(2026, 12, 1), by=lead,
    )  # fmt: skip
    amber.refresh_from_db()
    assert amber.health == Health.RED


def test_s31_one_step_is_set_with_reason_and_name_and_both_colours_stay(amber):
    manager = lead_of(amber)
    override_health(partnership=amber, judged="green", reason="The van is back since Monday.", by=manager)
    found = overall(amber)
    assert (found.calculated, found.judged.judged, found.judged.set_by) == (Health.AMBER, Health.GREEN, manager)
    event = AuditEvent.objects.get(action="health.override")
    assert event.summary == "set the pilot’s overall state to “On track”, calculated “At risk”"
    assert event.reason == "The van is back since Monday."
    override_health(partnership=amber, judged="red", reason="The driver has left.", by=manager)
    assert overall(amber).judged.judged == Health.RED
    assert HealthOverride.objects.standing().count() == 1


def test_s31_two_steps_and_no_reason_are_refused(amber):
    IndicatorFactory(partnership=amber, code="O1", target=Decimal(100))
    ValueFactory(monthly_return=amber.returns.get(), indicator=amber.indicators.get(code="O1"), amount=10)  # red
    with pytest.raises(ValidationError) as refusal:
        override_health(partnership=amber, judged="green", reason=" ", by=lead_of(amber))
    assert "one step better or worse" in refusal.value.message_dict["judged"][0]
    assert "reason" in refusal.value.message_dict
    assert not HealthOverride.objects.exists()


def test_s32_without_a_target_there_is_nothing_to_override():
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(NotNow, match="Nothing has a target yet"):
        override_health(partnership=partnership, judged="green", reason="So.", by=lead_of(partnership))


@pytest.mark.parametrize("role", OTHERS)
def test_setting_the_overall_colour_is_refused_to_other_roles(amber, role):
    person = person_as(role, amber)
    with pytest.raises(NotPermitted):
        override_health(partnership=amber, judged="green", reason="So.", by=person)
    with pytest.raises(NotPermitted):
        drop_override(partnership=amber, by=person)
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == 2


def test_the_next_accepted_return_ends_the_override(amber):
    override_health(partnership=amber, judged="green", reason="The van is back.", by=lead_of(amber))
    row = ReturnFactory(partnership=amber, submitted=True)
    _, public = the_two_sides(amber)
    accept(monthly_return=row, by=public)
    assert overall(amber).override is None
    assert HealthOverride.objects.get().ended_at == clock.now()
    told = AuditEvent.objects.get(action="return.accept").summary
    assert told == "accepted the return for October 2026, and the overall state is the calculated one again"


def test_an_override_that_is_two_steps_away_by_now_is_not_shown_as_the_colour(amber):
    override_health(partnership=amber, judged="green", reason="The van is back.", by=lead_of(amber))
    RiskFactory(partnership=amber, likelihood=5, impact=5)
    found = overall(amber)
    assert (found.calculated, found.judged) == (Health.RED, None)
    assert found.override.judged == Health.GREEN


def test_the_override_can_be_taken_back_once(amber):
    manager = lead_of(amber)
    override_health(partnership=amber, judged="green", reason="The van is back.", by=manager)
    drop_override(partnership=amber, by=manager)
    assert overall(amber).override is None
    with pytest.raises(NotNow, match="Nobody has set another overall state"):
        drop_override(partnership=amber, by=manager)


@pytest.mark.parametrize(
    ("calculated", "judged", "allowed"),
    [
        ("amber", "green", True), ("red", "amber", True), ("green", "amber", True), ("red", "green", False),
        ("green", "red", False), ("green", "green", False), ("grey", "green", False), ("green", "grey", False),
    ],
)  # fmt: skip
def test_s31_a_step(calculated, judged, allowed):
    assert one_step(calculated, judged) is allowed


# The real Living Wage


def keeper(role=PortalRole.ADMINISTRATOR):
    return PersonFactory(portal_role=role)


def test_the_rate_of_a_day_is_the_last_one_that_began_before_it():
    by = keeper()
    for since, hourly in ((date(2026, 4, 1), "13.45"), (date(2027, 4, 1), "14.00")):
        set_living_wage(since=since, hourly=Decimal(hourly), source="Published rate", by=by)
    assert LivingWage.objects.on(date(2026, 3, 31)) is None
    assert LivingWage.objects.on(date(2027, 3, 31)).hourly == Decimal("13.45")
    assert LivingWage.objects.on(date(2027, 4, 1)).hourly == Decimal("14.00")


def test_a_rate_is_put_right_in_its_place_and_the_history_keeps_both():
    by = keeper(PortalRole.COMMISSIONER)
    for hourly in ("13.54", "13.45"):
        set_living_wage(since=date(2026, 4, 1), hourly=Decimal(hourly), source="Published rate", by=by)
    assert LivingWage.objects.get().hourly == Decimal("13.45")
    last = AuditEvent.objects.filter(action="living_wage.set").order_by("seq").last()
    assert (last.before["hourly"], last.after["hourly"]) == ("13.54", "13.45")


@pytest.mark.parametrize("role", [PortalRole.NONE, PortalRole.PUBLISHER])
def test_others_do_not_keep_the_table(role):
    with pytest.raises(NotPermitted):
        set_living_wage(since=date(2026, 4, 1), hourly=Decimal("13.45"), source="So.", by=keeper(role))
    assert not LivingWage.objects.exists()


def test_a_rate_needs_an_amount_and_a_source():
    with pytest.raises(ValidationError) as refusal:
        set_living_wage(since=date(2026, 4, 1), hourly=Decimal(0), source=" ", by=keeper())
    assert set(refusal.value.message_dict) == {"hourly", "source"}
