"""From the months' figures to one: pure functions over decimals. Source: `domain.md` 3.2.

Full precision throughout; only `measures.shown` rounds. A month without a figure counts for nothing, not for zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pilots.measures import Rollup, Unit


@dataclass(frozen=True)
class Figure:
    """One month's figure. `out_of` is the whole of a ratio, or the people behind a mean; otherwise empty."""

    amount: Decimal | None = None
    out_of: Decimal | None = None


def total(figures: Iterable[Figure]) -> Decimal | None:
    """The sum; None when no month has a figure."""
    amounts = [f.amount for f in figures if f.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def latest(figures: Sequence[Figure]) -> Decimal | None:
    """The last month that has a figure; `figures` come in the order of the months."""
    return next((f.amount for f in reversed(figures) if f.amount is not None), None)


def ratio_of_sums(figures: Iterable[Figure]) -> Decimal | None:
    """Parts added up, divided by wholes added up. 40/50, 9/10 and 30/60 are 79/120, which is 0.6583, never 0.7333."""
    pairs = _pairs(figures)
    whole = sum((out_of for _, out_of in pairs), Decimal(0))
    return sum((amount for amount, _ in pairs), Decimal(0)) / whole if whole else None


def weighted_mean(figures: Iterable[Figure]) -> Decimal | None:
    """Each mean counts by its people. 10 days for 12, 4 for 30 and 20 for 5 are 7.23 days, never 11.33."""
    pairs = _pairs(figures)
    people = sum((out_of for _, out_of in pairs), Decimal(0))
    return sum((amount * out_of for amount, out_of in pairs), Decimal(0)) / people if people else None


def result(rollup: str, unit: str, figures: Sequence[Figure]) -> Decimal | None:
    """The figure of the whole period in the indicator's own unit: a ratio in per cent is multiplied by 100."""
    match Rollup(rollup):
        case Rollup.SUM:
            return total(figures)
        case Rollup.LATEST:
            return latest(figures)
        case Rollup.WEIGHTED_MEAN:
            return weighted_mean(figures)
        case Rollup.RATIO:
            ratio = ratio_of_sums(figures)
            return ratio * 100 if ratio is not None and unit == Unit.PERCENT else ratio


def profile(rollup: str, target: Decimal | None, figures: Sequence[Figure]) -> Decimal | None:
    """What the result should have reached by now: a sum's target is for each month that has a figure."""
    if target is None or rollup != Rollup.SUM:
        return target
    return target * sum(1 for f in figures if f.amount is not None)


def _pairs(figures: Iterable[Figure]) -> list[tuple[Decimal, Decimal]]:
    return [(f.amount, f.out_of) for f in figures if f.amount is not None and f.out_of is not None]
