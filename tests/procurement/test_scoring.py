"""The arithmetic of scoring: hand-worked vectors of the reference, the tie rules, and properties."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.lifecycle import TieBreak
from procurement.scoring import Entry, price_score, rank, shown, spread, weighted_quality

WEIGHTS = {"outcomes": D(25), "co-production": D(15), "workforce": D(10), "benefits": D(10)}


def quality(*scores: int) -> D:
    return weighted_quality(dict(zip(WEIGHTS, scores, strict=True)), WEIGHTS)


def test_s66_the_worked_example_gives_its_totals_and_order():
    bids = [
        Entry("A", quality(3, 4, 3, 2), D(480_000)),
        Entry("B", quality(2, 3, 3, 3), D(450_000)),
        Entry("C", quality(4, 4, 3, 4), D(540_000)),
    ]
    ranked = rank(bids, price_weight=D(40), tie_break=TieBreak.HIGHER_QUALITY)
    assert [(r.key, r.rank, shown(r.quality), shown(r.price_score), shown(r.total)) for r in ranked] == [
        ("C", 1, D("57.50"), D("33.33"), D("90.83")),
        ("A", 2, D("46.25"), D("37.50"), D("83.75")),
        ("B", 3, D("38.75"), D("40.00"), D("78.75")),
    ]


@pytest.mark.parametrize(("price", "expected"), [("1000000", "100.00"), ("1200000", "83.33"), ("2000000", "50.00")])
def test_published_price_vector(price, expected):
    assert shown(price_score(D(price), D(1_000_000), D(100))) == D(expected)


TIED = [Entry("X", D(45), D(180_000)), Entry("Y", D(55), D(240_000))]


@pytest.mark.parametrize(("rule", "winner"), [(TieBreak.HIGHER_QUALITY, "Y"), (TieBreak.LOWER_PRICE, "X")])
def test_s67_the_published_rule_decides_a_tie(rule, winner):
    first, second = rank(TIED, price_weight=D(40), tie_break=rule)
    assert first.total == second.total == D(85)
    assert (first.key, first.rank, second.rank) == (winner, 1, 2)
    assert first.tie_broken
    assert second.tie_broken


def test_s68_totals_that_only_look_equal_are_not_a_tie():
    bids = [Entry("low", D("44.996"), D(100)), Entry("high", D("45.004"), D(100))]
    first, second = rank(bids, price_weight=D(40), tie_break=TieBreak.LOWER_PRICE)
    assert shown(D("84.996")) == shown(D("85.004")) == D("85.00")
    assert (first.key, first.total, second.total) == ("high", D("85.004"), D("84.996"))
    assert not first.tie_broken


def test_thirds_that_add_up_to_the_same_are_a_tie():
    bids = [Entry("x", D(50), D(120)), Entry("y", D(75), D(480)), Entry("z", D(0), D(100))]
    first, second, _ = rank(bids, price_weight=D(40), tie_break=TieBreak.LOWER_PRICE)
    assert (first.key, first.tie_broken, second.tie_broken) == ("x", True, True)


def test_equal_in_every_published_respect_shares_the_rank_and_the_next_place_stays_empty():
    twins = [Entry("a", D(50), D(100)), Entry("b", D(50), D(100)), Entry("c", D(10), D(100))]
    assert [r.rank for r in rank(twins, price_weight=D(40), tie_break=TieBreak.HIGHER_QUALITY)] == [1, 1, 3]


def test_no_bids_rank_to_nothing():
    assert rank([], price_weight=D(40), tie_break=TieBreak.LOWER_PRICE) == []


@pytest.mark.parametrize("score", [-1, 5])
def test_a_score_outside_the_scale_is_an_error(score):
    with pytest.raises(ValueError, match="0 to 4"):
        quality(score, 0, 0, 0)


@pytest.mark.parametrize("price", ["0", "-1", "99"])
def test_a_price_of_nothing_or_below_the_lowest_is_an_error(price):
    with pytest.raises(ValueError, match="above zero"):
        price_score(D(price), D(100), D(40))


def test_rounding_is_half_up_and_only_for_display():
    assert shown(D("2.345")) == D("2.35")
    assert spread([1, 3]) == 2
    assert spread([]) == 0


prices = st.decimals(min_value="0.01", max_value="99999999.99", places=2)
criteria_scores = st.tuples(*[st.integers(0, 4)] * 4)


@given(st.lists(st.tuples(criteria_scores, prices), min_size=1, max_size=8), st.randoms())
def test_totals_stay_within_100_the_lowest_price_earns_it_all_and_order_of_arrival_never_matters(bids, random):
    entries = [Entry(str(i), quality(*scores), price) for i, (scores, price) in enumerate(bids)]
    ranked = rank(entries, price_weight=D(40), tie_break=TieBreak.HIGHER_QUALITY)
    assert all(0 < r.price_score <= 40 and r.total <= 100 for r in ranked)
    lowest = min(price for _, price in bids)
    assert all(r.price_score == 40 for r in ranked if r.price == lowest)
    random.shuffle(entries)
    assert rank(entries, price_weight=D(40), tie_break=TieBreak.HIGHER_QUALITY) == ranked


@given(criteria_scores)
def test_weighted_quality_is_exact(scores):
    exact = sum(Fraction(score, 4) * Fraction(weight) for score, weight in zip(scores, WEIGHTS.values(), strict=True))
    assert Fraction(quality(*scores)) == exact <= 60
