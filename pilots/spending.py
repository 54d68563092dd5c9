"""What a pilot costs: its accepted returns as `pilots.money` adds them up. Two queries, however long the pilot.

Only the newest accepted revision of a period counts; a period whose figures are a correction's is named as corrected.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.drawing.chart import Series
from partnerships.health import Health
from partnerships.models import Partnership
from pilots import money, rag
from pilots.lifecycle import ReturnState
from pilots.measures import Rollup, Unit
from pilots.models import Indicator, IndicatorValue, MonthlyReturn, PilotPlan
from pilots.money import Sum, Told, Year
from pilots.rag import Thresholds
from pilots.rollup import Figure
from pilots.sources import Source

# Ratios whose parts are no people who improved, whatever code a partnership gave them.
NOT_PEOPLE = [source.value for source in Source if source != Source.IMPROVED]


@dataclass(frozen=True)
class Rows:
    """What the pilot has told: each period's current returns, and the accepted figures of each indicator."""

    returns: Sequence[MonthlyReturn]
    figures: Mapping[Indicator, Mapping[date, Figure]]
    by: Thresholds

    @property
    def accepted(self) -> list[MonthlyReturn]:
        return [row for row in self.returns if row.state == ReturnState.ACCEPTED]


def rows_of(partnership: Partnership) -> Rows:
    """Everything below is worked out from these two queries; the plan comes with the returns."""
    current = MonthlyReturn.objects.current().filter(partnership=partnership)
    returns = list(current.select_related("partnership__pilot_plan").order_by("period", "revision"))
    values = IndicatorValue.objects.filter(
        monthly_return__partnership=partnership, monthly_return__state=ReturnState.ACCEPTED
    )
    figures: dict[Indicator, dict[date, Figure]] = {}
    for value in values.select_related("indicator", "monthly_return").order_by(
        "indicator__code", "monthly_return__period"
    ):
        told = value.monthly_return
        figures.setdefault(value.indicator, {})[told.period] = Figure(value.amount, value.out_of, told.months)
    plan = getattr(returns[0].partnership, "pilot_plan", None) if returns else None
    return Rows(returns, figures, (plan or PilotPlan()).thresholds)


@dataclass(frozen=True)
class Outcome:
    """What one person's improvement in this outcome cost, over all accepted periods."""

    name: str
    cost: Decimal | None


@dataclass(frozen=True)
class Spending:
    """`years` in order, the oldest first."""

    told: Sequence[Told]
    years: Sequence[Year]
    sum: Sum
    outcomes: Sequence[Outcome]
    corrected: AbstractSet[date]
    by: Thresholds

    def health(self, of: Sum) -> Health:
        """Spend against the budget, over or under, by the pilot's own thresholds (`domain.md` 3.3)."""
        return rag.of_spend(of.actual, of.budget, by=self.by)


def spending_of(partnership: Partnership, rows: Rows | None = None) -> Spending:
    rows = rows or rows_of(partnership)
    outcomes = {one: figures for one, figures in rows.figures.items() if _counts_people(one)}
    told = [_told(row, outcomes) for row in rows.accepted]
    return Spending(
        told,
        money.by_year(told),
        money.added(told),
        [Outcome(str(one), money.cost_per_outcome(told, one.code)) for one in outcomes],
        {row.period for row in rows.accepted if row.corrects_id},
        rows.by,
    )


def _told(row: MonthlyReturn, outcomes: Mapping[Indicator, Mapping[date, Figure]]) -> Told:
    return Told(
        row.period, row.months, row.budget, row.actual, row.forecast, row.in_kind, row.new_starts, row.improved,
        row.variance_reason, {one.code: _amount(figures.get(row.period)) for one, figures in outcomes.items()},
    )  # fmt: skip


def _amount(figure: Figure | None) -> Decimal | None:
    return figure.amount if figure else None


def _counts_people(one: Indicator) -> bool:
    """An outcome whose parts are the people who improved in it (`domain.md` 3.2)."""
    in_people = one.unit == Unit.PERCENT and one.rollup == Rollup.RATIO
    return one.code.startswith("O") and in_people and one.drawn_from not in NOT_PEOPLE


def spend_series(told: Sequence[Told]) -> list[Series]:
    """Budget and spend of each period."""
    return [
        Series("Spent", [(row.period, row.actual) for row in told]),
        Series("Budget", [(row.period, row.budget) for row in told], "dashed"),
    ]


def unit_cost_series(told: Sequence[Told]) -> list[Series]:
    """What a person cost up to each period: a single period jumps about too much to show a trend."""
    so_far = [(row.period, money.added(told[: place + 1])) for place, row in enumerate(told)]
    return [
        Series("Started", [(period, found.per_start) for period, found in so_far]),
        Series("Improved", [(period, found.per_improved) for period, found in so_far]),
    ]
