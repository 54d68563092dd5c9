"""The pilot's summary rows worked out from its returns, and how those that are kept differ. Changes nothing.

The arithmetic itself is `rollup`: keeping a row and verifying it ask the same functions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pilots import rollup
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, IndicatorTally, IndicatorValue, MonthlyReturn, YearTally
from pilots.periods import financial_year_of
from pilots.rollup import Figure, Year

Columns = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A row that is not what the returns say; `kept` or `right` is empty where there is no row, or should be none."""

    partnership: int
    name: str
    kept: Columns
    right: Columns

    def __str__(self) -> str:
        if not self.kept or not self.right:
            return f"{self.name}: {'a row is missing' if self.right else 'a row that should not be there'}"
        wrong = [name for name, value in self.right.items() if self.kept[name] != value]
        told = "; ".join(f"{name} is {_told(self.kept[name])}, should be {_told(self.right[name])}" for name in wrong)
        return f"{self.name}: {told}"


def of_indicators(partnerships: Collection[int]) -> dict[Indicator, Columns]:
    """What `IndicatorTally` should hold for each indicator of these partnerships (by primary key). Two queries."""
    figures: dict[int, list[tuple[date, Figure]]] = defaultdict(list)
    values = IndicatorValue.objects.filter(
        monthly_return__partnership__in=partnerships, monthly_return__state=ReturnState.ACCEPTED
    ).order_by("monthly_return__period")
    for indicator_id, period, months, amount, out_of in values.values_list(
        "indicator_id", "monthly_return__period", "monthly_return__months", "amount", "out_of"
    ):
        figures[indicator_id].append((period, Figure(amount, out_of, months)))
    indicators = Indicator.objects.filter(partnership__in=partnerships)
    return {indicator: _columns(indicator, figures[indicator.pk]) for indicator in indicators}


def _columns(indicator: Indicator, dated: list[tuple[date, Figure]]) -> Columns:
    figures = [figure for _, figure in dated]
    profile = rollup.profile(indicator.rollup, indicator.target, figures, indicator.targets_of(dict(dated)))
    return asdict(rollup.tallied(dated)) | {"profile": profile}


def of_years(partnerships: Collection[int], since: date | None = None) -> dict[tuple[int, date], Columns]:
    """What `YearTally` should hold for each partnership and financial year, or for the one from `since`. One query."""
    years: dict[tuple[int, date], Year] = defaultdict(Year)
    rows = MonthlyReturn.objects.filter(partnership__in=partnerships, first_submitted_on__isnull=False)
    if since:
        rows = rows.filter(period__gte=since, period__lt=since.replace(year=since.year + 1))
    for partnership, period, revision, state, sent_on, due_on, *told in rows.order_by("period").values_list(
        "partnership_id", "period", "revision", "state", "first_submitted_on", "due_on", *TOLD
    ):
        key = (partnership, financial_year_of(period))
        if revision == 1:
            years[key] += rollup.sent_of(on_time=sent_on <= due_on)
        if state == ReturnState.ACCEPTED:
            years[key] += rollup.accepted_of(period, **dict(zip(TOLD.values(), told, strict=True)))
    return {key: asdict(year) for key, year in years.items() if year != Year()}


# The return's column, and what it is called in a year.
TOLD = {
    "new_starts": "starts", "reviewed": "reviewed", "improved": "improved", "budget": "budget", "actual": "spent",
}  # fmt: skip


def differences(partnerships: Collection[int]) -> Iterator[Difference]:
    """Every row of these partnerships that is not what their returns say. Five queries."""
    right, kept = of_indicators(partnerships), _kept_of_indicators(partnerships)
    for indicator, columns in right.items():
        if kept.get(indicator.pk, {}) != columns:
            yield Difference(indicator.partnership_id, f"Indicator {indicator}", kept.get(indicator.pk, {}), columns)
    years, kept_years = of_years(partnerships), _kept_of_years(partnerships)
    for key in sorted(years.keys() | kept_years.keys()):
        if years.get(key, {}) != kept_years.get(key, {}):
            name = f"Financial year from {key[1]:%-d %B %Y}"
            yield Difference(key[0], name, kept_years.get(key, {}), years.get(key, {}))


def _kept_of_indicators(partnerships: Collection[int]) -> dict[int, Columns]:
    rows = IndicatorTally.objects.filter(indicator__partnership__in=partnerships)
    return {row.pk: asdict(row.tally) | {"profile": row.profile} for row in rows}


def _kept_of_years(partnerships: Collection[int]) -> dict[tuple[int, date], Columns]:
    rows = YearTally.objects.filter(partnership__in=partnerships)
    return {(row.partnership_id, row.since): asdict(row.year) for row in rows}


def _told(value: Any) -> str:
    return "empty" if value is None else str(value)
