"""Red, amber, green: the written thresholds as pure functions over decimals. Source: `domain.md` 3.3.

A milestone's slip is `partnerships.health.of_slip`. Nothing here divides, so nothing can divide by zero.
"""

from collections.abc import Set
from datetime import date
from decimal import Decimal

from foundation.workdays.arithmetic import add_working_days
from partnerships.health import Health

UP_GREEN, UP_AMBER = Decimal("0.95"), Decimal("0.80")  # of the profile, at least
DOWN_GREEN, DOWN_AMBER = Decimal("1.05"), Decimal("1.20")  # of the profile, at most
SPEND_GREEN, SPEND_AMBER = Decimal("0.05"), Decimal("0.10")  # of the budget, over or under, at most
LATE_AMBER = 10  # working days after the due date, at most


def of_indicator(actual: Decimal | None, profile: Decimal | None, *, higher_is_better: bool) -> Health:
    """An indicator against what it should have reached; grey without a profile, or with one of 0, or no figure yet."""
    if actual is None or profile is None or profile <= 0:
        return Health.GREY
    if higher_is_better:
        return _graded(actual >= UP_GREEN * profile, actual >= UP_AMBER * profile)
    return _graded(actual <= DOWN_GREEN * profile, actual <= DOWN_AMBER * profile)


def of_spend(actual: Decimal | None, budget: Decimal | None) -> Health:
    """Spend, over or under, against the budget of the year to date. £10,400 of £10,000 is 4 per cent: green."""
    if actual is None or budget is None or budget <= 0:
        return Health.GREY
    variance = abs(actual - budget)
    return _graded(variance <= SPEND_GREEN * budget, variance <= SPEND_AMBER * budget)


def of_log(due_on: date, submitted_on: date | None, *, today: date, holidays: Set[date]) -> Health:
    """A month's return: on time, up to ten working days late, or later. One that is missing counts up to today."""
    arrived_on = submitted_on or today
    return _graded(arrived_on <= due_on, arrived_on <= add_working_days(due_on, LATE_AMBER, holidays))


def _graded(green: bool, amber: bool) -> Health:
    if green:
        return Health.GREEN
    return Health.AMBER if amber else Health.RED
