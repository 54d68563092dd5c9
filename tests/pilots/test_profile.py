"""Targets that change on the way: vectors worked by hand, and properties (domain.md 3.2 and 3.3)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.health import Health
from partnerships.plan import add_months
from pilots.measures import Rollup, Unit
from pilots.profile import MOST_ROWS, Profile, kept_as, typed_as
from pilots.rag import of_indicator
from pilots.rollup import Figure, parts, profile, result

APRIL = date(2026, 4, 1)
STEPS = "April 2026: 5\nJuly 2026: 8\nOctober 2026: 10"


def month(number: int) -> date:
    return add_months(APRIL, number)


def test_a_row_holds_until_the_next_and_before_the_first_nothing_is_expected():
    steps = typed_as(STEPS, rises=False)
    assert [steps.of(month(n)) for n in (-1, 0, 2, 3, 5, 6, 30)] == [None, 5, 5, 8, 8, 10, 10]


def test_a_rise_moves_evenly_and_stays_at_its_end():
    rise = typed_as("Apr 2026: 4\n2026-10: 10", rises=True)  # 6 more in 6 months
    assert [rise.of(month(n)) for n in (-1, 0, 1, 5, 6, 20)] == [None, 4, 5, 9, 10, 10]
    thirds = typed_as("4/2026: 0\n7/2026: 10", rises=True)
    assert [thirds.of(month(n)) for n in (1, 2)] == [Decimal("3.33"), Decimal("6.67")]


def test_a_quarter_has_its_months_targets_together_or_its_last_months():
    rise = typed_as("April 2026: 4\nOctober 2026: 10", rises=True)
    assert rise.over(APRIL, 3, added_up=True) == 4 + 5 + 6
    assert rise.over(APRIL, 3, added_up=False) == 6
    assert rise.over(month(-2), 3, added_up=True) == 4  # February and March are before the first row


def test_s30_a_sum_is_compared_with_what_its_months_should_have_reached_by_now():
    """5 + 5 + 8 = 18; 17 reached is 94.4%: amber, where a flat 10 a month would have said 17 of 30: red."""
    steps = typed_as(STEPS, rises=False)
    figures = [Figure(Decimal(n)) for n in (5, 4, 8)]
    targets = [steps.over(month(n), 1, added_up=True) for n in (1, 2, 3)]
    expected = profile(Rollup.SUM, None, figures, targets)
    assert (expected, result(Rollup.SUM, Unit.COUNT, figures)) == (18, 17)
    assert of_indicator(Decimal(17), expected, higher_is_better=True) == Health.AMBER
    assert of_indicator(Decimal(17), Decimal(30), higher_is_better=True) == Health.RED


def test_a_month_without_a_figure_adds_nothing_to_what_is_expected():
    figures = [Figure(Decimal(5)), Figure(None), Figure(Decimal(8))]
    assert profile(Rollup.SUM, None, figures, [Decimal(5), Decimal(5), Decimal(8)]) == 13


def test_a_ratios_targets_count_by_their_wholes_and_are_never_averaged():
    figures = [Figure(Decimal(4), Decimal(10)), Figure(Decimal(20), Decimal(30))]
    assert profile(Rollup.RATIO, None, figures, [Decimal(50), Decimal(60)]) == Decimal("57.5")  # not 55


def test_the_latest_month_is_compared_with_its_own_target():
    figures = [Figure(Decimal(30)), Figure(Decimal(33)), Figure(None)]
    assert profile(Rollup.LATEST, None, figures, [Decimal(30), Decimal(35), Decimal(40)]) == 35
    assert profile(Rollup.LATEST, None, [Figure(Decimal(30))], [None]) is None


def test_s32_before_the_first_row_there_is_no_target():
    assert profile(Rollup.SUM, None, [Figure(Decimal(5))], [None]) is None
    assert profile(Rollup.RATIO, None, [Figure(Decimal(5), Decimal(9))], [None]) is None
    assert profile(Rollup.SUM, None, [], []) is None


def test_what_a_ratio_and_a_mean_were_worked_out_from():
    months = [Figure(Decimal(a), Decimal(b)) for a, b in ((40, 50), (9, 10), (30, 60))]
    assert parts(Rollup.RATIO, months) == (79, 120)
    assert parts(Rollup.SUM, months) is None
    assert parts(Rollup.RATIO, [Figure(Decimal(4))]) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("April: 5", "Write each row as a month"),
        ("April 2026", "Write each row as a month"),
        ("April 2026: minus 5", "Write each row as a month"),
        ("April 2026: 5\n2026-04: 6", "April 2026 is there twice"),
        ("April 2026: 99999999999", "too large"),
        ("April 2026: 5\n" * (MOST_ROWS + 1), "at most"),
    ],
)
def test_what_cannot_be_a_profile_is_told_in_words(text, said):
    with pytest.raises(ValueError, match=said):
        typed_as(text, rises=False)
    with pytest.raises(ValueError, match="two rows"):
        typed_as("April 2026: 5", rises=True)


def test_nothing_typed_is_no_profile():
    assert typed_as(" \n ", rises=False) is None
    assert kept_as({}, rises=False) is None


rows = st.dictionaries(
    st.integers(-24, 60).map(month), st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 100), min_size=2, max_size=6
)


@given(rows, st.booleans())
def test_what_is_kept_and_typed_again_is_the_same(found, rises):
    one = Profile(tuple(sorted(found.items())), rises)
    assert kept_as(one.kept(), rises=rises) == one
    assert typed_as(str(one), rises=rises) == one


@given(rows, st.integers(0, 84))
def test_a_rise_stays_between_its_neighbours_and_meets_every_row(found, number):
    one = Profile(tuple(sorted(found.items())), rises=True)
    assert all(one.of(since) == figure for since, figure in one.rows)
    if (target := one.of(month(number))) is not None:
        assert min(found.values()) <= target <= max(found.values())


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=12),
    st.decimals(min_value=0, max_value=100, places=2),
)
def test_a_profile_that_never_changes_is_the_flat_target(pairs, target):
    figures = [Figure(Decimal(a), Decimal(b)) for a, b in pairs]
    for rollup in Rollup:
        changing = profile(rollup, None, figures, [target] * len(figures))
        assert abs(changing - profile(rollup, target, figures)) < Decimal("1e-15")
