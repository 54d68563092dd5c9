"""The money of a pilot, as pure functions over decimals: pounds sterling in full precision; only a page rounds.

Source: `domain.md` 3.1 (money of a period, year to date), 3.2 (M2: cost per person, a ratio of sums), 1.8 (in kind).
The year runs from April to March. A period without a figure counts for nothing, not for zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pilots.periods import financial_year_of
from pilots.rollup import Figure, ratio_of_sums, total


@dataclass(frozen=True)
class Told:
    """What an accepted return told of its period's money, and of the people it was spent on.

    `outcomes`: by an outcome's code, how many people improved in it. `forecast` is of the whole year.
    """

    period: date
    months: int = 1
    budget: Decimal | None = None
    actual: Decimal | None = None
    forecast: Decimal | None = None
    in_kind: Decimal | None = None
    started: int | None = None
    improved: int | None = None
    reason: str = ""
    outcomes: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def variance(self) -> Decimal | None:
        """What was spent over the budget; below zero when less was spent."""
        return difference(self.actual, self.budget)


@dataclass(frozen=True)
class Sum:
    """Several periods together."""

    budget: Decimal | None
    actual: Decimal | None
    in_kind: Decimal | None
    per_start: Decimal | None
    per_improved: Decimal | None

    @property
    def variance(self) -> Decimal | None:
        return difference(self.actual, self.budget)

    @property
    def in_all(self) -> Decimal | None:
        """Cash and what the help in kind is worth, beside each other on every page and added up only here."""
        parts = [part for part in (self.actual, self.in_kind) if part is not None]
        return sum(parts, Decimal(0)) if parts else None


@dataclass(frozen=True)
class Line:
    """A period, and the financial year up to its end."""

    told: Told
    to_date: Sum


@dataclass(frozen=True)
class Year:
    """A financial year from its 1 April: its periods in order, their sum, and the forecast given last."""

    since: date
    lines: Sequence[Line]
    sum: Sum
    forecast: Decimal | None


def added(told: Iterable[Told]) -> Sum:
    """All of them together; unit costs are ratios of sums over the periods that have both figures."""
    rows = list(told)
    return Sum(
        budget=total(Figure(row.budget) for row in rows),
        actual=total(Figure(row.actual) for row in rows),
        in_kind=total(Figure(row.in_kind) for row in rows),
        per_start=cost_per(rows, [row.started for row in rows]),
        per_improved=cost_per(rows, [row.improved for row in rows]),
    )


def cost_per(told: Sequence[Told], people: Sequence[int | Decimal | None]) -> Decimal | None:
    """Spend added up, divided by the people added up. £9,000 for 12, £9,300 for 3 are £1,220 each, never £1,925."""
    pairs = zip(told, people, strict=True)
    return ratio_of_sums(Figure(row.actual, None if n is None else Decimal(n)) for row, n in pairs)


def cost_per_outcome(told: Sequence[Told], code: str) -> Decimal | None:
    """Spend for each person who improved in one outcome; the same person may improve in several."""
    return cost_per(told, [row.outcomes.get(code) for row in told])


def by_year(told: Iterable[Told]) -> list[Year]:
    """Each financial year with every period and the year to date at its end, in order."""
    years: dict[date, list[Told]] = {}
    for row in sorted(told, key=lambda row: row.period):
        years.setdefault(financial_year_of(row.period), []).append(row)
    return [_year(since, rows) for since, rows in years.items()]


def _year(since: date, rows: list[Told]) -> Year:
    lines = [Line(row, added(rows[: place + 1])) for place, row in enumerate(rows)]
    forecasts = [row.forecast for row in rows if row.forecast is not None]
    return Year(since, lines, added(rows), forecasts[-1] if forecasts else None)


def difference(actual: Decimal | None, budget: Decimal | None) -> Decimal | None:
    return None if actual is None or budget is None else actual - budget
