"""Red, amber, green: the written thresholds as pure functions over decimals. Source: `domain.md` 3.3.

A partnership may agree thresholds of its own; `DEFAULT` holds those of the source. A milestone's slip is
`partnerships.health.of_slip`. Nothing here divides, so nothing can divide by zero.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.workdays.arithmetic import add_working_days
from partnerships.health import Health


@dataclass(frozen=True)
class Thresholds:
    """Where green ends and where amber ends. Per cent of the profile or the budget; the last one in working days."""

    up_green: Decimal = Decimal(95)  # at least
    up_amber: Decimal = Decimal(80)
    down_green: Decimal = Decimal(105)  # at most
    down_amber: Decimal = Decimal(120)
    spend_green: Decimal = Decimal(5)  # over or under, at most
    spend_amber: Decimal = Decimal(10)
    late_amber: int = 10  # after the due date, at most

    def faults(self) -> dict[str, list[str]]:
        """What cannot be, by field: amber has to lie on the bad side of green, or one of them would never show."""
        found = {}
        if not 0 < self.up_amber < self.up_green:
            found["up_amber"] = ["Amber has to begin below green, and above 0: otherwise one of them never shows."]
        if not 0 < self.down_green < self.down_amber:
            found["down_amber"] = ["Amber has to end above green, which is above 0: otherwise one of them never shows."]
        if not 0 <= self.spend_green < self.spend_amber:
            found["spend_amber"] = ["Amber has to end above green, which is 0 or more."]
        if self.late_amber < 1:
            found["late_amber"] = ["Give at least 1 working day of amber."]
        return found


DEFAULT = Thresholds()


def of_indicator(
    actual: Decimal | None, profile: Decimal | None, *, higher_is_better: bool | None, by: Thresholds = DEFAULT
) -> Health:
    """An indicator against what it should have reached; grey without a profile, or with one of 0, or no figure yet.

    `higher_is_better` is None where neither is: too much is then as bad as too little, judged as spend is.
    """
    if actual is None or profile is None or profile <= 0:
        return Health.GREY
    if higher_is_better is None:
        return of_spend(actual, profile, by=by)
    hundredfold = actual * 100
    if higher_is_better:
        return _graded(hundredfold >= by.up_green * profile, hundredfold >= by.up_amber * profile)
    return _graded(hundredfold <= by.down_green * profile, hundredfold <= by.down_amber * profile)


def of_spend(actual: Decimal | None, budget: Decimal | None, *, by: Thresholds = DEFAULT) -> Health:
    """Spend, over or under, against the budget of the year to date. £10,400 of £10,000 is 4 per cent: green."""
    if actual is None or budget is None or budget <= 0:
        return Health.GREY
    hundredfold = abs(actual - budget) * 100
    return _graded(hundredfold <= by.spend_green * budget, hundredfold <= by.spend_amber * budget)


def of_log(
    due_on: date, submitted_on: date | None, *, today: date, holidays: Set[date], by: Thresholds = DEFAULT
) -> Health:
    """A month's return: on time, up to ten working days late, or later. One that is missing counts up to today."""
    arrived_on = submitted_on or today
    return _graded(arrived_on <= due_on, arrived_on <= add_working_days(due_on, by.late_amber, holidays))


def one_step(calculated: Health | str, judged: Health | str) -> bool:
    """Whether a person may set `judged` over `calculated`: one step better or worse; grey has no step (scenario 31)."""
    order = [Health.GREEN, Health.AMBER, Health.RED]
    pair = (Health(calculated), Health(judged))
    return Health.GREY not in pair and abs(order.index(pair[0]) - order.index(pair[1])) == 1


def _graded(green: bool, amber: bool) -> Health:
    if green:
        return Health.GREEN
    return Health.AMBER if amber else Health.RED
