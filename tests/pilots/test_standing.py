"""How a pilot stands, what it shows at the gates, and what waits for whom."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import todo
from accounts.models import Person
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from partnerships import causes, deadlines, gates, tabs
from partnerships.actions.summary import refresh
from partnerships.health import Health
from partnerships.lifecycle import Gate, Stage
from partnerships.reminders import plan
from partnerships.roles import PartnershipRole
from pilots import waiting
from pilots.standing import cause_of, standing_of
from pilots.waiting import returns_due
from tests.factories.partnerships import MemberFactory, PartnershipFactory, person_as
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory, ValueFactory, the_two_sides

pytestmark = pytest.mark.django_db

PERIODS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


def three_months(partnership, indicator, figures, **fields):
    for period, (amount, out_of) in zip(PERIODS, figures, strict=True):
        row = ReturnFactory(partnership=partnership, period=period, accepted=True, **fields)
        ValueFactory(monthly_return=row, indicator=indicator, amount=amount, out_of=out_of)


def test_s29_the_period_is_worked_out_from_parts_and_wholes():
    indicator = IndicatorFactory(percent=True, target=Decimal(70))
    three_months(indicator.partnership, indicator, [(40, 50), (9, 10), (30, 60)])
    (standing,) = standing_of(indicator.partnership).indicators
    assert round(standing.result, 1) == Decimal("65.8")
    assert (standing.latest, standing.health) == (50, Health.AMBER)  # 65.8 of 70 is 94 per cent


def test_s30_people_starting_against_the_target_of_the_months_so_far():
    indicator = IndicatorFactory(target=Decimal(100))
    three_months(indicator.partnership, indicator, [(94, None), (94, None), (94, None)])
    (standing,) = standing_of(indicator.partnership).indicators
    assert (standing.result, standing.profile, standing.health) == (282, 300, Health.AMBER)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_a_month_that_is_not_accepted_counts_for_nothing(state):
    indicator = IndicatorFactory()
    row = ReturnFactory(partnership=indicator.partnership, **{state: True})
    ValueFactory(monthly_return=row, indicator=indicator)
    standing = standing_of(indicator.partnership)
    assert (standing.indicators[0].result, standing.spend.actual, standing.health) == (None, None, Health.GREY)


def test_s39_spend_is_judged_by_the_financial_year_to_date():
    partnership = PartnershipFactory(in_pilot=True)
    ReturnFactory(partnership=partnership, period=date(2026, 3, 1), accepted=True, budget=10_000, actual=0)
    ReturnFactory(partnership=partnership, period=date(2026, 4, 1), accepted=True, budget=5_000, actual=5_000)
    ReturnFactory(partnership=partnership, period=date(2026, 5, 1), accepted=True, budget=5_000, actual=5_400)
    spend = standing_of(partnership).spend
    assert (spend.since, spend.until) == (date(2026, 4, 1), date(2026, 5, 1))
    assert (spend.actual, spend.budget, spend.health) == (10_400, 10_000, Health.GREEN)


def test_the_partnerships_summary_takes_the_worst_of_the_pilot():
    indicator = IndicatorFactory(target=Decimal(100))
    three_months(indicator.partnership, indicator, [(79, None)] * 3)
    refresh(indicator.partnership)
    assert indicator.partnership.health == Health.RED


def test_standing_asks_four_queries_however_long_the_pilot(django_assert_num_queries):
    indicator = IndicatorFactory()
    three_months(indicator.partnership, indicator, [(8, None)] * 3)
    IndicatorFactory(partnership=indicator.partnership)
    with django_assert_num_queries(4):
        standing_of(indicator.partnership)


# Gates


def evidence(gate, partnership, name):
    return next(item for item in gates.evidence(gate, partnership) if item.name == name)


def test_g1_asks_for_indicators_with_baselines_and_names_those_without():
    partnership = PartnershipFactory()
    name = "Indicators with baselines"
    assert evidence(Gate.G1, partnership, name).sentence.startswith("No indicator has a baseline yet.")
    IndicatorFactory(partnership=partnership, code="R1")
    assert evidence(Gate.G1, partnership, name).met
    IndicatorFactory(partnership=partnership, code="R2", without_baseline=True)
    missing = evidence(Gate.G1, partnership, name)
    assert (missing.met, missing.sentence) == (False, "1 of 2 indicators have a baseline. Still without: R2.")


def test_g3_asks_for_an_accepted_return():
    row = ReturnFactory(submitted=True)
    said = evidence(Gate.G3, row.partnership, "Monthly returns")
    assert (said.met, said.sentence) == (False, "No monthly return has been submitted and accepted yet.")
    ReturnFactory(partnership=row.partnership, period=PERIODS[0], accepted=True)
    assert evidence(Gate.G3, row.partnership, "Monthly returns").met


def test_g3_asks_for_a_signed_evaluation():
    partnership = PartnershipFactory(in_pilot=True)
    name = "Evaluation of the pilot"
    assert evidence(Gate.G3, partnership, name).sentence == "The evaluation of the pilot is not written yet."
    evaluation = EvaluationFactory(partnership=partnership)
    assert "not signed off yet" in evidence(Gate.G3, partnership, name).sentence
    evaluation.delete()
    signed = EvaluationFactory(partnership=partnership, signed_off=True)
    met = evidence(Gate.G3, partnership, name)
    assert met.met
    assert str(signed.signed_off_by) in met.sentence


@pytest.mark.parametrize(
    ("stage", "shown"), [(Stage.DESIGN, "indicators"), (Stage.PILOT, "pilot"), (Stage.CLOSED, "pilot")]
)
def test_the_tab_is_indicators_in_design_and_the_pilot_afterwards(stage, shown):
    keys = {tab.key for tab in tabs.of(PartnershipFactory(stage=stage))}
    assert keys & {"pilot", "indicators"} == {shown}


# What waits


@pytest.fixture
def _mid_november():
    with clock.at(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        yield


def titles(person):
    return [item.title for item in todo.of(person) if "return" in item.title or "evaluation" in item.title]


@pytest.mark.usefixtures("_mid_november")
def test_months_that_are_over_wait_for_those_who_log():
    row = ReturnFactory()
    ReturnFactory(partnership=row.partnership, period=date(2026, 11, 1))
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), returned=True)
    third, public = the_two_sides(row.partnership)
    assert titles(third) == ["Put right the return for September 2026", "Fill in the return for October 2026"]
    assert titles(public) == []
    assert titles(person_as(PartnershipRole.THIRD_SECTOR_LEAD, PartnershipFactory(in_pilot=True))) == []


def test_submitted_returns_wait_for_those_who_accept_but_never_for_the_submitter():
    row = ReturnFactory(submitted=True)
    third, public = the_two_sides(row.partnership)
    assert titles(public) == ["Check the return for October 2026"]
    MemberFactory(partnership=row.partnership, person=row.submitted_by, role=PartnershipRole.PUBLIC_LEAD)
    assert titles(row.submitted_by) == []
    assert titles(third) == []


def test_an_unsigned_evaluation_waits_for_the_evaluator():
    evaluation = EvaluationFactory()
    evaluator = person_as(PartnershipRole.EVALUATOR, evaluation.partnership)
    assert titles(evaluator) == ["Read and sign off the evaluation"]
    assert titles(person_as(PartnershipRole.PROJECT_LEAD, evaluation.partnership)) == []


@pytest.mark.parametrize("trait", [{}, {"closed": True}])
def test_nothing_waits_in_design_or_when_closed(trait):
    row = ReturnFactory(period=date(2026, 1, 1), partnership=PartnershipFactory(**trait))
    third, _ = the_two_sides(row.partnership)
    assert titles(third) == []
    assert not [d for d in deadlines.due_by(date(2030, 1, 1)) if d.partnership == row.partnership]


def test_deadlines_go_to_the_third_sector_lead_or_else_the_project_lead():
    row = ReturnFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    (deadline,) = returns_due(row.due_on)
    assert (deadline.owner, deadline.key, deadline.due_on) == (lead, f"return:{row.public_id}", row.due_on)
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, row.partnership)
    person_as(PartnershipRole.THIRD_SECTOR_LEAD, row.partnership)
    (deadline,) = returns_due(row.due_on)
    assert deadline.owner == third
    assert deadline.path.endswith("/returns/2026-10/fill-in/")
    assert list(returns_due(date(2026, 11, 12))) == []


def test_the_other_lead_is_led_to_a_page_that_opens(client):
    row = ReturnFactory()
    third, public = the_two_sides(row.partnership)
    plan(datetime(2026, 11, 27, 12, tzinfo=UTC))
    own, others = (OutboxMail.objects.get(kind="reminder", to=who).context["path"] for who in (third, public))
    assert own == reverse("pilots:return_fill_in", args=[row.partnership.public_id, row.period])
    assert others == reverse("pilots:pilot", args=[row.partnership.public_id])
    with clock.at(datetime(2026, 11, 27, 12, tzinfo=UTC)):
        for who, path in ((third, own), (public, others)):
            client.force_login(who)
            assert client.get(path).status_code == 200


def test_a_return_with_nobody_to_remind_makes_no_deadline():
    row = ReturnFactory()
    assert list(returns_due(row.due_on)) == []


def test_deadlines_and_to_dos_ask_the_same_queries_for_one_and_for_many(django_assert_num_queries):
    rows = [ReturnFactory(period=date(2026, 1, 1))]
    person = person_as(PartnershipRole.THIRD_SECTOR_LEAD, rows[0].partnership)
    with django_assert_num_queries(2):
        list(returns_due(date(2030, 1, 1)))
    sources = (waiting.returns_to_fill_in, waiting.returns_to_accept, waiting.evaluations_to_sign)
    with CaptureQueriesContext(connection) as one:
        [source(person) for source in sources]
    person = Person.objects.get(pk=person.pk)
    for month in range(2, 8):
        ReturnFactory(period=date(2026, month, 1), partnership=rows[0].partnership)
    with django_assert_num_queries(2):
        assert len(list(returns_due(date(2030, 1, 1)))) == 7
    with CaptureQueriesContext(connection) as many:
        [source(person) for source in sources]
    assert len(one) == len(many) == 2  # the roles, and the returns of where they matter


@pytest.mark.parametrize(
    ("reached", "because"),
    [
        ((10, 10, 10), ""),
        ((10, 10, 9), "The indicator “Third” is at risk"),
        ((10, 5, 9), "The indicator “Second” is off track"),
        ((5, 5, 9), "2 of 3 indicators are off track"),
    ],
)
def test_the_partnership_says_which_indicators_make_its_health(reached, because):
    row = ReturnFactory(accepted=True)
    for code, (title, amount) in enumerate(zip(("First", "Second", "Third"), reached, strict=True)):
        indicator = IndicatorFactory(partnership=row.partnership, code=f"M{code}", title=title)
        ValueFactory(monthly_return=row, indicator=indicator, amount=Decimal(amount), out_of=None)
    refresh(row.partnership)
    assert row.partnership.health_because == (because or causes.of_waiting(row.partnership, clock.today()))
    row.partnership.stage = "redesign"
    assert cause_of(row.partnership).because == ""
