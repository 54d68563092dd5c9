"""The months a pilot reports on: each is known by its first day. Pure functions over dates and a set of holidays."""

from collections.abc import Iterable, Sequence, Set
from datetime import date
from itertools import zip_longest

from django.db import models

from foundation.workdays.arithmetic import nth_working_day_of_month
from partnerships.plan import add_months

DUE_WORKING_DAY = 10  # of the following month (domain.md 3.1)
FINANCIAL_YEAR_STARTS = 4  # April
MOST_MONTHS = 120
QUARTER = 3
PERIOD_MONTHS = (1, QUARTER)
QUARTERS_START = (1, 4, 7, 10)  # the quarters of the financial year


class Rhythm(models.TextChoices):
    MONTH = "month", "Every month"
    QUARTER = "quarter", "Every quarter of the financial year"


def month_of(day: date) -> date:
    """The month a day lies in, as its first day."""
    return day.replace(day=1)


def months_from(first: date, count: int) -> list[date]:
    """`count` months, one after another, from the month `first` lies in."""
    return [add_months(month_of(first), n) for n in range(count)]


def name_of(period: date, months: int) -> str:
    """“October 2026”; “October to December 2026”; “December 2026 to February 2027”."""
    last = add_months(period, months - 1)
    if months == 1:
        return f"{period:%B %Y}"
    return f"{period:%B}{'' if period.year == last.year else f' {period.year}'} to {last:%B %Y}"


def periods_of(months: list[date], rhythm: str) -> list[tuple[date, int]]:
    """How `months`, one after another, are reported: each alone, or three where a whole quarter is there."""
    found: list[tuple[date, int]] = []
    rest = sorted(months)
    while rest:
        first = rest[0]
        whole = rhythm == Rhythm.QUARTER and first.month in QUARTERS_START and rest[:QUARTER] == months_from(first, 3)
        length = QUARTER if whole else 1
        found.append((first, length))
        rest = rest[length:]
    return found


def due_on(period: date, holidays: Set[date], months: int = 1) -> date:
    """The tenth working day of the month after the period. October 2026 is due on Friday 13 November 2026."""
    following = add_months(month_of(period), months)
    return nth_working_day_of_month(following.year, following.month, DUE_WORKING_DAY, holidays)


def ended_before(period: date) -> date:
    """The first day on which the month is over. October 2026 can be reported on from 1 November 2026."""
    return add_months(month_of(period), 1)


def financial_year_of(period: date) -> date:
    """The 1 April on or before `period`: budgets are set, and spend is judged, by the year to date from there."""
    year = period.year if period.month >= FINANCIAL_YEAR_STARTS else period.year - 1
    return date(year, FINANCIAL_YEAR_STARTS, 1)


def lacking(told: Iterable[tuple[date, int]], first: date, last: date) -> list[date]:
    """The months from `first` to `last` that no period of `told`, each with its length in months, covers."""
    covered = {month for period, months in told for month in months_from(period, months)}
    many = (last.year - first.year) * 12 + last.month - first.month + 1
    return [month for month in months_from(first, many) if month not in covered]


def in_words(months: Sequence[date]) -> str:
    """“September 2026”; “August and September 2026”; “December 2026, January and March 2027”; empty for none."""
    said = [
        f"{month:%B}" + (f" {month.year}" if follows is None or follows.year != month.year else "")
        for month, follows in zip_longest(months, months[1:])
    ]
    return " and ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
