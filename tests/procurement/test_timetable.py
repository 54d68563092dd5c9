"""The legal dates: every vector of the reference, read against the portal's own holiday table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays.arithmetic import is_working_day
from foundation.workdays.models import holidays
from procurement.lifecycle import Means, Route
from procurement.timetable import (
    Notice,
    award_notice_due,
    back_plan,
    debrief_due,
    earliest_deadline,
    last_answer_on,
    planned_answer_on,
    standstill,
)


@pytest.fixture
def bank_holidays(db):
    return holidays()


@pytest.mark.parametrize(
    ("sent", "means", "ends", "signable"),
    [
        (date(2026, 11, 9), Means.ELECTRONIC, date(2026, 11, 19), date(2026, 11, 20)),
        pytest.param(date(2026, 11, 12), Means.ELECTRONIC, date(2026, 11, 23), date(2026, 11, 24), id="s71"),
        pytest.param(date(2026, 11, 20), Means.ELECTRONIC, date(2026, 12, 1), date(2026, 12, 2), id="s72-St-Andrew"),
        pytest.param(date(2026, 12, 23), Means.ELECTRONIC, date(2027, 1, 5), date(2027, 1, 6), id="Christmas"),
        pytest.param(date(2027, 3, 16), Means.ELECTRONIC, date(2027, 3, 29), date(2027, 3, 30), id="Easter-Monday"),
        pytest.param(date(2026, 7, 24), Means.ELECTRONIC, date(2026, 8, 4), date(2026, 8, 5), id="summer"),
        pytest.param(date(2026, 11, 9), Means.POST, date(2026, 11, 24), date(2026, 11, 25), id="post"),
    ],
)
def test_standstill_vectors(bank_holidays, sent, means, ends, signable):
    found = standstill([Notice(sent, means)], bank_holidays)
    assert (found.ends_on, found.signable_on) == (ends, signable)


def test_s73_the_last_of_five_letters_starts_the_clock(bank_holidays):
    letters = [Notice(date(2026, 11, 9), Means.ELECTRONIC)] * 4 + [Notice(date(2026, 11, 10), Means.ELECTRONIC)]
    found = standstill(letters, bank_holidays)
    assert (found.starts_on, found.days, found.ends_on) == (date(2026, 11, 10), 10, date(2026, 11, 20))


def test_s74_one_letter_by_post_gives_fifteen_days_to_all(bank_holidays):
    letters = [Notice(date(2026, 11, 9), Means.ELECTRONIC)] * 4 + [Notice(date(2026, 11, 9), Means.POST)]
    found = standstill(letters, bank_holidays)
    assert (found.days, found.ends_on) == (15, date(2026, 11, 24))


def test_standstill_without_a_letter_is_an_error():
    with pytest.raises(ValueError, match="starts with a notice"):
        standstill([], frozenset())


@pytest.mark.parametrize(
    ("published", "expected"),
    [(date(2026, 8, 4), date(2026, 9, 3))],
)
def test_open_procedure_gives_thirty_days(bank_holidays, published, expected):
    assert earliest_deadline(published, Route.FULL, bank_holidays) == expected


@pytest.mark.parametrize("route", [Route.LIGHT_TOUCH, Route.REGULATED])
def test_other_routes_have_no_fixed_minimum(bank_holidays, route):
    assert earliest_deadline(date(2026, 8, 4), route, bank_holidays) is None


def test_last_answer_date():
    assert last_answer_on(date(2026, 9, 14)) == date(2026, 9, 8)


def test_an_answer_date_at_a_weekend_is_planned_for_the_working_day_before(bank_holidays):
    assert last_answer_on(date(2026, 10, 9)) == date(2026, 10, 3)
    assert planned_answer_on(date(2026, 10, 3), bank_holidays) == date(2026, 10, 2)


def test_s83_debrief_is_due_in_fifteen_days(bank_holidays):
    assert debrief_due(date(2026, 11, 16), bank_holidays) == date(2026, 12, 1)
    assert debrief_due(date(2026, 12, 18), bank_holidays) == date(2027, 1, 5)


def test_s82_award_notice_is_due_in_thirty_days(bank_holidays):
    assert award_notice_due(date(2026, 11, 20), bank_holidays) == date(2026, 12, 21)
    assert award_notice_due(date(2026, 12, 2), bank_holidays) == date(2027, 1, 5)


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 1))
notices = st.lists(st.builds(Notice, days, st.sampled_from(Means)), min_size=1, max_size=6)


@given(notices, st.frozensets(days, max_size=20))
def test_standstill_ends_on_a_working_day_never_early_and_ignores_the_order_of_letters(sent, free_days):
    found = standstill(sent, free_days)
    assert is_working_day(found.ends_on, free_days)
    assert found.ends_on - max(n.sent_on for n in sent) >= timedelta(days=10)
    assert standstill(sent[::-1], free_days) == found


def test_the_tender_is_planned_back_from_the_start_of_the_service(bank_holidays):
    """Worked by hand: the service starts on Friday 1 October 2027, bids are in six months before."""
    assert {step.key: step.on for step in back_plan(date(2027, 10, 1), 6, bank_holidays)} == {
        "market": date(2027, 1, 26),  # 35 days before the notice
        "papers": date(2027, 2, 16),  # ten working days before the notice
        "notice": date(2027, 3, 2),  # Tuesday; 30 days later is Thursday 1 April
        "deadline": date(2027, 4, 1),
        "evaluation": date(2027, 6, 18),  # Friday; the tenth day after is Monday 28 June
        "standstill": date(2027, 6, 28),
        "contract": date(2027, 6, 30),  # the day before 1 July
        "service": date(2027, 10, 1),
    }


@given(st.dates(date(2026, 6, 1), date(2029, 1, 1)), st.integers(1, 36))
def test_a_back_planned_tender_keeps_the_law_and_its_order(starts_on, months):
    steps = back_plan(starts_on, months, frozenset())
    days = {step.key: step.on for step in steps}
    assert list(days.values()) == sorted(days.values())
    assert all(is_working_day(day, frozenset()) for key, day in days.items() if key != "service")
    assert earliest_deadline(days["notice"], Route.FULL, frozenset()) <= days["deadline"]
    assert standstill([Notice(days["evaluation"], Means.ELECTRONIC)], frozenset()).signable_on <= days["contract"]
    assert days["notice"] - days["market"] >= timedelta(days=35)
