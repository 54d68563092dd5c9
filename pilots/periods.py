"""The months a pilot reports on: each is known by its first day. Pure functions over dates and a set of holidays."""

from collections.abc import Set
from datetime import date

from foundation.workdays.arithmetic import nth_working_day_of_month
from partnerships.plan import add_months

DUE_WORKING_DAY = 10  # of the following month (domain.md 3.1)
FINANCIAL_YEAR_STARTS = 4  # April
MOST_MONTHS = 120


def month_of(day: date) -> date:
    """The month a day lies in, as its first day."""
    return day.replace(day=1)


def months_from(first: date, count: int) -> list[date]:
    """`count` months, one after another, from the month `first` lies in."""
    return [add_months(month_of(first), n) for n in range(count)]


def due_on(period: date, holidays: Set[date]) -> date:
    """The tenth working day of the month after `period`. October 2026 is due on Friday 13 November 2026."""
    following = add_months(month_of(period), 1)
    return nth_working_day_of_month(following.year, following.month, DUE_WORKING_DAY, holidays)


def ended_before(period: date) -> date:
    """The first day on which the month is over. October 2026 can be reported on from 1 November 2026."""
    return add_months(month_of(period), 1)


def financial_year_of(period: date) -> date:
    """The 1 April on or before `period`: budgets are set, and spend is judged, by the year to date from there."""
    year = period.year if period.month >= FINANCIAL_YEAR_STARTS else period.year - 1
    return date(year, FINANCIAL_YEAR_STARTS, 1)
