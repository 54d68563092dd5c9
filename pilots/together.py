"""All the pilots a reader may see, rolled up: by stage or by council area. Three queries, however many there are.

Only sums are added up, by `rollup.Year`; shares and costs are worked out from them and never averaged.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Max, QuerySet, Sum

from partnerships.areas import Area
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Partnership
from pilots.models import MonthlyReturn, YearTally
from pilots.periods import financial_year_of
from pilots.rollup import Year


class Grouping(models.TextChoices):
    """The value is the partnership's column."""

    STAGE = "stage", "Stage"
    AREA = "area", "Council area"


@dataclass(frozen=True)
class Group:
    """`pilots` counts those that have sent a return; `overdue` the returns whose date has passed and that were not."""

    label: str
    pilots: int
    overdue: int
    year: Year

    @property
    def asked_for(self) -> int:
        """Returns that were sent or should have been."""
        return self.year.sent + self.overdue


@dataclass(frozen=True)
class Together:
    groups: list[Group]
    total: Group


@dataclass
class _Sums:
    pilots: int = 0
    overdue: int = 0
    year: Year = field(default_factory=Year)


def rolled_up(partnerships: QuerySet[Partnership], by: Grouping, today: date, since: date | None = None) -> Together:
    """Of the financial year from `since`, or of all years."""
    column = f"partnership__{by.value}"
    visible = partnerships.order_by().values("pk")
    rows = YearTally.objects.filter(partnership__in=visible, **({"since": since} if since else {}))
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for value, count in rows.values_list(column).annotate(Count("partnership", distinct=True)):
        sums[value].pilots = count
    for told in rows.values(column).annotate(**_ADDED):
        value = told.pop(column)
        sums[value].year = _year(told)
    for value, period, count in _overdue(visible, today).values_list(column, "period").annotate(Count("pk")):
        if since in (None, financial_year_of(period)):
            sums[value].overdue += count
    words = dict((Stage if by == Grouping.STAGE else Area).choices)
    groups = [_group(str(words[value]), sums[value]) for value in words if value in sums]
    return Together(groups, _total(groups))


# Each name ends with a mark of its own, because an annotation may not have the name of a column.
_COLUMNS = ("sent", "on_time", "accepted", "starts", "reviewed", "improved", "budget", "spent")
_ADDED: dict[str, Any] = {f"{name}_": Sum(name) for name in _COLUMNS} | {"last_period_": Max("last_period")}


def _year(told: dict[str, Any]) -> Year:
    """PostgreSQL adds whole numbers up to decimals, which equal them."""
    return Year(**{name.removesuffix("_"): value for name, value in told.items()})


def _overdue(visible: Any, today: date) -> QuerySet[MonthlyReturn]:
    """Never sent, and too late now; what a pilot that is over has left unsent is waited for by nobody."""
    rows = MonthlyReturn.objects.filter(due_on__lt=today, first_submitted_on=None, revision=1)
    return rows.filter(partnership__in=visible).exclude(partnership__stage__in=OVER)


def _group(label: str, sums: _Sums) -> Group:
    return Group(label, sums.pilots, sums.overdue, sums.year)


def _total(groups: list[Group]) -> Group:
    year = sum((group.year for group in groups), Year())
    return Group("All", sum(group.pilots for group in groups), sum(group.overdue for group in groups), year)
