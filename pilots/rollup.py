"""From the months' figures to one: pure functions over decimals. Source: `domain.md` 3.2.

Full precision throughout; only `measures.shown` rounds. A month without a figure counts for nothing, not for zero.
Everything that is added up over months is added up here, whether a page asks, an action keeps a row, or
`manage.py tally_verify` works it out again: first into a `Tally` or a `Year`, of which any number can be added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pilots.measures import ROLLUPS_IN_PAIRS, Rollup, Unit

ZERO = Decimal(0)


@dataclass(frozen=True)
class Figure:
    """One period's figure. `out_of` is the whole of a ratio, or the people behind a mean; otherwise empty."""

    amount: Decimal | None = None
    out_of: Decimal | None = None
    months: int = 1


@dataclass(frozen=True)
class Tally:
    """The figures of any periods of one indicator, as far as every kind of roll-up needs them.

    `months` are those of the periods with an amount, `amount` their sum; `part` and `whole` are the sums of those with
    both, `weighted` of the one times the other. `latest` is the last amount there is, `last` the last period's figure.
    """

    periods: int = 0
    months: int = 0
    amount: Decimal = ZERO
    part: Decimal = ZERO
    whole: Decimal = ZERO
    weighted: Decimal = ZERO
    latest_period: date | None = None
    latest_amount: Decimal | None = None
    last_period: date | None = None
    last_amount: Decimal | None = None
    last_out_of: Decimal | None = None

    def __add__(self, other: "Tally") -> "Tally":
        """Of both together; of two that end with the same period the other one is the later."""
        latest = other if _later(other.latest_period, self.latest_period) else self
        last = other if _later(other.last_period, self.last_period) else self
        return Tally(
            self.periods + other.periods,
            self.months + other.months,
            self.amount + other.amount,
            self.part + other.part,
            self.whole + other.whole,
            self.weighted + other.weighted,
            latest.latest_period,
            latest.latest_amount,
            last.last_period,
            last.last_amount,
            last.last_out_of,
        )

    @property
    def last(self) -> Figure:
        return Figure(self.last_amount, self.last_out_of)


def tally_of(period: date, figure: Figure) -> Tally:
    """Of one period alone."""
    amount, out_of = figure.amount, figure.out_of
    part, whole = (ZERO, ZERO) if amount is None or out_of is None else (amount, out_of)
    return Tally(
        periods=1,
        months=0 if amount is None else figure.months,
        amount=ZERO if amount is None else amount,
        part=part,
        whole=whole,
        weighted=part * whole,
        latest_period=None if amount is None else period,
        latest_amount=amount,
        last_period=period,
        last_amount=amount,
        last_out_of=out_of,
    )


def tallied(figures: Iterable[tuple[date, Figure]]) -> Tally:
    """Of all these periods, in any order."""
    return sum((tally_of(period, figure) for period, figure in figures), Tally())


def _in_order(figures: Iterable[Figure]) -> Tally:
    """Of figures whose periods nobody asks for, because they come in their order."""
    return tallied((date.min, figure) for figure in figures)


def total(figures: Iterable[Figure]) -> Decimal | None:
    """The sum; None when no month has a figure."""
    return result_of(Rollup.SUM, Unit.COUNT, _in_order(figures))


def latest(figures: Sequence[Figure]) -> Decimal | None:
    """The last month that has a figure; `figures` come in the order of the months."""
    return _in_order(figures).latest_amount


def ratio_of_sums(figures: Iterable[Figure]) -> Decimal | None:
    """Parts added up, divided by wholes added up. 40/50, 9/10 and 30/60 are 79/120, which is 0.6583, never 0.7333."""
    tally = _in_order(figures)
    return ratio(tally.part, tally.whole)


def weighted_mean(figures: Iterable[Figure]) -> Decimal | None:
    """Each mean counts by its people. 10 days for 12, 4 for 30 and 20 for 5 are 7.23 days, never 11.33."""
    tally = _in_order(figures)
    return ratio(tally.weighted, tally.whole)


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """None without a whole."""
    return Decimal(part) / Decimal(whole) if whole else None


def per_cent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Of sums, never of averages: 79 of 120 are 65.83 per cent."""
    found = ratio(part, whole)
    return None if found is None else found * 100


def result(rollup: str, unit: str, figures: Sequence[Figure]) -> Decimal | None:
    """The figure of the whole period in the indicator's own unit: a ratio in per cent is multiplied by 100."""
    return result_of(rollup, unit, _in_order(figures))


def result_of(rollup: str, unit: str, tally: Tally) -> Decimal | None:
    """The same of figures that are tallied."""
    match Rollup(rollup):
        case Rollup.SUM:
            return tally.amount if tally.months else None
        case Rollup.LATEST:
            return tally.latest_amount
        case Rollup.WEIGHTED_MEAN:
            return ratio(tally.weighted, tally.whole)
        case Rollup.RATIO:
            return (per_cent if unit == Unit.PERCENT else ratio)(tally.part, tally.whole)


Targets = Sequence[Decimal | None]


def profile(
    rollup: str, target: Decimal | None, figures: Sequence[Figure], targets: Targets | None = None
) -> Decimal | None:
    """What the result should have reached by now: a sum's target is of each month that has a figure.

    `targets` are the figures' own, one each, where the target changes on the way; `target` is then not asked.
    """
    if targets is not None:
        return _changing(rollup, figures, targets)
    if target is None or rollup != Rollup.SUM:
        return target
    return target * sum(f.months for f in figures if f.amount is not None)


def _changing(rollup: str, figures: Sequence[Figure], targets: Targets) -> Decimal | None:
    """What the result would be if each month had met its own target: a ratio's and a mean's count by their wholes.

    50% of 10 people and 60% of 30 are 57.5%, never 55%.
    """
    met = [
        Figure(target, figure.out_of)
        for figure, target in zip(figures, targets, strict=True)
        if figure.amount is not None and (target is not None or rollup == Rollup.LATEST)
    ]
    match Rollup(rollup):
        case Rollup.SUM:
            return total(met)
        case Rollup.LATEST:
            return met[-1].amount if met else None
        case _:
            return weighted_mean(met)


def parts(rollup: str, figures: Iterable[Figure]) -> tuple[Decimal, Decimal] | None:
    """What a ratio or a mean was worked out from: 79 and 120; of a mean the people only count. None of the others."""
    return parts_of(rollup, _in_order(figures))


def parts_of(rollup: str, tally: Tally) -> tuple[Decimal, Decimal] | None:
    """The same of figures that are tallied."""
    return (tally.part, tally.whole) if rollup in ROLLUPS_IN_PAIRS and tally.whole else None


@dataclass(frozen=True)
class Year:
    """What the returns of a financial year, or of several years or pilots together, tell about people and money.

    `sent` and `on_time` count the periods whose return was sent, and was sent by its due date; all else is of accepted
    returns alone. Money in pounds.
    """

    sent: int = 0
    on_time: int = 0
    accepted: int = 0
    last_period: date | None = None
    starts: int = 0
    reviewed: int = 0
    improved: int = 0
    budget: Decimal = ZERO
    spent: Decimal = ZERO

    def __add__(self, other: "Year") -> "Year":
        last = other if _later(other.last_period, self.last_period) else self
        return Year(
            self.sent + other.sent,
            self.on_time + other.on_time,
            self.accepted + other.accepted,
            last.last_period,
            self.starts + other.starts,
            self.reviewed + other.reviewed,
            self.improved + other.improved,
            self.budget + other.budget,
            self.spent + other.spent,
        )

    @property
    def cost_per_start(self) -> Decimal | None:
        """All that was spent, divided by all who started."""
        return ratio(self.spent, self.starts)


def sent_of(on_time: bool) -> Year:
    """What the first sending of a period's return adds to its year."""
    return Year(sent=1, on_time=int(on_time))


def accepted_of(period: date, **told: Any) -> Year:
    """What an accepted return adds to its year; a figure that is missing adds nothing."""
    return Year(accepted=1, last_period=period, **{name: value for name, value in told.items() if value is not None})


def _later(period: date | None, than: date | None) -> bool:
    return period is not None and (than is None or period >= than)
