"""How a pilot stands: its accepted months rolled up and set against their targets. Three queries, however long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnerships.health import Health, worst
from partnerships.lifecycle import Stage
from partnerships.models import Partnership
from pilots import rag, rollup
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, IndicatorValue, MonthlyReturn
from pilots.periods import financial_year_of
from pilots.rollup import Figure


@dataclass(frozen=True)
class IndicatorStanding:
    """One indicator: every accepted month's own result, and the result of all of them against the profile."""

    indicator: Indicator
    months: list[tuple[date, Decimal | None]]
    result: Decimal | None
    profile: Decimal | None
    health: Health

    @property
    def latest(self) -> Decimal | None:
        return self.months[-1][1] if self.months else None


@dataclass(frozen=True)
class Spend:
    """Budget and actual spend of the financial year's accepted months, up to the latest of them."""

    since: date | None
    until: date | None
    budget: Decimal | None
    actual: Decimal | None

    @property
    def health(self) -> Health:
        return rag.of_spend(self.actual, self.budget)


@dataclass(frozen=True)
class Standing:
    indicators: list[IndicatorStanding]
    spend: Spend

    @property
    def health(self) -> Health:
        return worst(self.spend.health, *(i.health for i in self.indicators))

    @property
    def headline(self) -> IndicatorStanding | None:
        return next((i for i in self.indicators if i.indicator.is_headline), None)


def standing_of(partnership: Partnership) -> Standing:
    return Standing(list(_indicators(partnership)), _spend(partnership))


def health_of(partnership: Partnership) -> Health:
    """What the pilot adds to the partnership's health while it runs: the worst of its indicators and its spend."""
    if partnership.stage != Stage.PILOT:
        return Health.GREY
    return standing_of(partnership).health


def spent_before(monthly_return: MonthlyReturn) -> tuple[Decimal, Decimal]:
    """Spend and budget of the financial year's earlier months that were sent. One query."""
    earlier = MonthlyReturn.objects.sent().filter(
        partnership_id=monthly_return.partnership_id,
        period__gte=financial_year_of(monthly_return.period),
        period__lt=monthly_return.period,
    )
    rows = list(earlier.values_list("actual", "budget"))
    return _added(actual for actual, _ in rows), _added(budget for _, budget in rows)


def _indicators(partnership: Partnership) -> Iterator[IndicatorStanding]:
    rows = (
        IndicatorValue.objects.filter(
            monthly_return__partnership=partnership, monthly_return__state=ReturnState.ACCEPTED
        )
        .order_by("monthly_return__period")
        .values_list("indicator_id", "monthly_return__period", "amount", "out_of")
    )
    figures: dict[int, dict[date, Figure]] = {}
    for indicator_id, period, amount, out_of in rows:
        figures.setdefault(indicator_id, {})[period] = Figure(amount, out_of)
    for indicator in Indicator.objects.filter(partnership=partnership):
        yield _stand(indicator, figures.get(indicator.pk, {}))


def _stand(indicator: Indicator, by_month: dict[date, Figure]) -> IndicatorStanding:
    figures = list(by_month.values())
    result = rollup.result(indicator.rollup, indicator.unit, figures)
    profile = rollup.profile(indicator.rollup, indicator.target, figures)
    return IndicatorStanding(
        indicator,
        [(month, rollup.result(indicator.rollup, indicator.unit, [figure])) for month, figure in by_month.items()],
        result,
        profile,
        rag.of_indicator(result, profile, higher_is_better=indicator.higher_is_better),
    )


def _spend(partnership: Partnership) -> Spend:
    accepted = MonthlyReturn.objects.accepted().filter(partnership=partnership).order_by("period")
    rows = list(accepted.values_list("period", "actual", "budget"))
    if not rows:
        return Spend(None, None, None, None)
    until = rows[-1][0]
    since = financial_year_of(until)
    year = [row for row in rows if row[0] >= since]
    return Spend(since, until, _added(budget for _, _, budget in year), _added(actual for _, actual, _ in year))


def _added(amounts: Iterable[Decimal | None]) -> Decimal:
    """Added up in Python: SQLite would add them as binary fractions."""
    return sum((a for a in amounts if a is not None), Decimal(0))
