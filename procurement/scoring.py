"""How bids are scored and ranked. Pure arithmetic, exact where it decides; rounding is for display only.

Source: `domain.md` 4.7. Quality = Σ score ÷ 4 × weight, with scores 0 to 4. Price = lowest price ÷ price × weight.
Totals are points out of 100 when the weights add up to 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby

from procurement.lifecycle import TieBreak

HIGHEST = 4
SCALE = {0: "Unacceptable", 1: "Poor", 2: "Acceptable", 3: "Good", 4: "Excellent"}
SPREAD_TO_EXPLAIN = 2  # two scores this far apart need a moderation comment
TWO_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Entry:
    """What is known of one bid before ranking. `key` is whatever the caller calls the bid."""

    key: str
    quality: Decimal
    price: Decimal


@dataclass(frozen=True)
class Ranked:
    """One bid with its points and place. Equal in every published respect means equal rank."""

    key: str
    quality: Decimal
    price: Decimal
    price_score: Decimal
    total: Decimal
    rank: int
    tie_broken: bool = False


def weighted_quality(scores: Mapping[str, int], weights: Mapping[str, Decimal]) -> Decimal:
    """Σ score ÷ 4 × weight, over every criterion in `weights`; a criterion without a score is an error."""
    if any(not 0 <= scores[criterion] <= HIGHEST for criterion in weights):
        raise ValueError("a score is a whole number from 0 to 4")
    return sum((scores[c] * weight / HIGHEST for c, weight in weights.items()), Decimal(0))


def price_score(price: Decimal, lowest: Decimal, weight: Decimal) -> Decimal:
    """Lowest price ÷ price × weight. The lowest price earns the whole weight, exactly."""
    if price <= 0 or lowest <= 0 or lowest > price:
        raise ValueError("prices are above zero and none is below the lowest")
    return lowest * weight / price


def rank(entries: Iterable[Entry], *, price_weight: Decimal, tie_break: TieBreak | str) -> list[Ranked]:
    """Best first. Exact totals (as fractions) decide; the published tie-break decides between equal ones."""
    bids = list(entries)
    if not bids:
        return []
    lowest = min(bid.price for bid in bids)
    points = {bid.key: price_score(bid.price, lowest, price_weight) for bid in bids}

    def exact(bid: Entry) -> Fraction:
        return Fraction(bid.quality) + Fraction(lowest) * Fraction(price_weight) / Fraction(bid.price)

    def order(bid: Entry) -> tuple[Fraction, Decimal]:
        return -exact(bid), bid.price if tie_break == TieBreak.LOWER_PRICE else -bid.quality

    totals = [exact(bid) for bid in bids]
    ranked: list[Ranked] = []
    for _, group in groupby(sorted(bids, key=lambda bid: (*order(bid), bid.key)), key=order):
        place = len(ranked) + 1
        for bid in group:
            tied = totals.count(exact(bid)) > 1
            total = bid.quality + points[bid.key]
            ranked.append(Ranked(bid.key, bid.quality, bid.price, points[bid.key], total, place, tied))
    return ranked


def spread(scores: Sequence[int]) -> int:
    """How far apart the highest and the lowest score of one answer are."""
    return max(scores) - min(scores) if scores else 0


def shown(points: Decimal) -> Decimal:
    """Points as a page shows them: two places, half up."""
    return points.quantize(TWO_PLACES, rounding=ROUND_HALF_UP)
