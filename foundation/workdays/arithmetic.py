"""Working days and periods: pure functions over dates and a set of holidays.

Source: SSI 2015/446 r2(1) and r2(4): the day of the action does not count; a period ends with its last day; when that
day is not a working day the period runs to the end of the next one; it holds at least two working days; a working day
is not a Saturday, a Sunday or a bank holiday in Scotland.
"""

from collections.abc import Set
from datetime import date, timedelta

DAY = timedelta(days=1)
LEAST_WORKING_DAYS = 2


def is_working_day(day: date, holidays: Set[date]) -> bool:
    """Monday to Friday and not in `holidays`."""
    return day.weekday() < 5 and day not in holidays


def working_day_on_or_after(day: date, holidays: Set[date]) -> date:
    """`day` itself when it is a working day, otherwise the next one."""
    while not is_working_day(day, holidays):
        day += DAY
    return day


def working_day_on_or_before(day: date, holidays: Set[date]) -> date:
    """`day` itself when it is a working day, otherwise the one before."""
    while not is_working_day(day, holidays):
        day -= DAY
    return day


def add_working_days(day: date, count: int, holidays: Set[date]) -> date:
    """The `count`-th working day after `day` (before it when negative); `day` itself does not count."""
    step = DAY if count >= 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, holidays):
            day += step
    return day


def working_days_until(day: date, last: date, holidays: Set[date]) -> int:
    """How many working days come after `day`, up to and with `last`; negative when `last` is the earlier one."""
    if last < day:
        return -working_days_until(last, day, holidays)
    return sum(is_working_day(day + (n + 1) * DAY, holidays) for n in range((last - day).days))


def end_of_period(action_on: date, days: int, holidays: Set[date]) -> date:
    """Last day of `days` calendar days after an action: its own day does not count, the end rolls forward.

    Ten days after Thursday 12 November 2026 is Sunday 22 November, so the period ends on Monday 23 November. A period
    of two days or more holds at least two working days: two days after a Friday end on the Tuesday.
    """
    end = working_day_on_or_after(action_on + days * DAY, holidays)
    while days > 1 and working_days_until(action_on, end, holidays) < LEAST_WORKING_DAYS:
        end = working_day_on_or_after(end + DAY, holidays)
    return end


def end_of_days(action_on: date, days: int) -> date:
    """As `end_of_period`, for what r2(4) excepts (going to court, r88): counted the same, and nothing rolls."""
    return action_on + days * DAY


def nth_working_day_of_month(year: int, month: int, nth: int, holidays: Set[date]) -> date:
    """The `nth` working day of a month, counting from 1."""
    return add_working_days(date(year, month, 1) - DAY, nth, holidays)
