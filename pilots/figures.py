"""One indicator, month by month: each accepted return's figure against its own target, and what was written beside it.

Only the newest accepted revision of a month counts. Two queries, however long the pilot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnerships.health import Health
from pilots import rag, rollup
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, MonthlyReturn, Story
from pilots.rag import Thresholds
from pilots.rollup import Figure

TROUBLED = (Health.AMBER, Health.RED)


@dataclass(frozen=True)
class Month:
    """The figure of one accepted return: of a month, or of a quarter."""

    monthly_return: MonthlyReturn
    figure: Figure
    result: Decimal | None
    target: Decimal | None
    health: Health

    @property
    def period(self) -> date:
        return self.monthly_return.period


@dataclass(frozen=True)
class SoFar:
    """All of an indicator's accepted months, in their order, and what they come to; `parts` of a ratio or a mean."""

    months: list[Month]
    result: Decimal | None
    target: Decimal | None
    health: Health
    parts: tuple[Decimal, Decimal] | None

    @property
    def troubled(self) -> list[Month]:
        """Those at risk or off track, newest first."""
        return [month for month in reversed(self.months) if month.health in TROUBLED]


def so_far(indicator: Indicator, by: Thresholds = rag.DEFAULT) -> SoFar:
    """One query."""
    values = indicator.values.filter(monthly_return__state=ReturnState.ACCEPTED).select_related("monthly_return")
    rows = [(v.monthly_return, v.amount, v.out_of) for v in values.order_by("monthly_return__period")]
    figures = {row.period: Figure(amount, out_of, row.months) for row, amount, out_of in rows}
    each = list(figures.values())
    result = rollup.result(indicator.rollup, indicator.unit, each)
    target = rollup.profile(indicator.rollup, indicator.target, each, indicator.targets_of(figures))
    return SoFar(
        [_month(indicator, row, figures[row.period], by) for row, _, _ in rows],
        result,
        target,
        rag.of_indicator(result, target, higher_is_better=indicator.higher_is_better, by=by),
        rollup.parts(indicator.rollup, each),
    )


def _month(indicator: Indicator, row: MonthlyReturn, figure: Figure, by: Thresholds) -> Month:
    result = rollup.result(indicator.rollup, indicator.unit, [figure])
    target = indicator.target_over(row.period, row.months)
    health = rag.of_indicator(result, target, higher_is_better=indicator.higher_is_better, by=by)
    return Month(row, figure, result, target, health)


def stories_for(months: Iterable[Month]) -> dict[date, Story]:
    """The stories told with these months that the person agreed to, by period; corrections share theirs. One query."""
    rows = [month.monthly_return for month in months]
    usable = Story.objects.usable().filter(
        monthly_return__partnership__in={row.partnership_id for row in rows},
        monthly_return__period__in=[row.period for row in rows],
    )
    return {story.monthly_return.period: story for story in usable.select_related("monthly_return")}
