"""The months a pilot reports on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays.arithmetic import is_working_day
from pilots.periods import due_on, financial_year_of, in_words, lacking, months_from

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def test_months_follow_one_another_over_the_new_year():
    assert months_from(date(2026, 11, 17), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("period", "holidays", "due"),
    [
        (date(2026, 10, 1), [], date(2026, 11, 13)),
        (date(2026, 12, 1), [date(2027, 1, 1), date(2027, 1, 4)], date(2027, 1, 18)),
    ],
)
def test_a_return_is_due_on_the_tenth_working_day_of_the_next_month(period, holidays, due):
    assert due_on(period, frozenset(holidays)) == due


@pytest.mark.parametrize(
    ("period", "first"),
    [(date(2026, 4, 1), date(2026, 4, 1)), (date(2027, 3, 1), date(2026, 4, 1)), (date(2027, 1, 1), date(2026, 4, 1))],
)
def test_the_financial_year_starts_in_april(period, first):
    assert financial_year_of(period) == first


@given(days)
def test_a_due_date_is_a_working_day_of_the_next_month(day):
    due = due_on(day, frozenset())
    assert is_working_day(due, frozenset())
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1


@given(days, st.integers(min_value=1, max_value=120))
def test_months_are_first_days_without_gaps(day, count):
    months = months_from(day, count)
    assert len(set(months)) == count
    assert all(month.day == 1 for month in months)
    assert [m.year * 12 + m.month for m in months] == list(
        range(day.year * 12 + day.month, day.year * 12 + day.month + count)
    )


@pytest.mark.parametrize(
    ("told", "missing", "said"),
    [
        ([(date(2026, 7, 1), 3)], [], ""),
        ([(date(2026, 7, 1), 1), (date(2026, 8, 1), 1)], [9], "September 2026"),
        ([(date(2026, 8, 1), 1)], [7, 9], "July and September 2026"),
        ([], [7, 8, 9], "July, August and September 2026"),
    ],
)
def test_months_without_a_return_are_found_and_named(told, missing, said):
    found = lacking(told, date(2026, 7, 1), date(2026, 9, 1))
    assert [month.month for month in found] == missing
    assert in_words(found) == said


def test_the_year_is_told_once_for_months_of_the_same_one():
    months = [date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)]
    assert in_words(months) == "December 2026, January and March 2027"
