"""From the months' figures to one: vectors worked by hand, and properties (domain.md 3.2, 9 rows 26 and 27)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.measures import Rollup, Unit, shown
from pilots.rollup import Figure, latest, profile, ratio_of_sums, result, total, weighted_mean

amounts = st.decimals(min_value=0, max_value=100_000, places=2)
wholes = st.decimals(min_value=1, max_value=100_000, places=2)
figures = st.lists(st.builds(Figure, amounts, wholes), min_size=1, max_size=24)


def of(*pairs) -> list[Figure]:
    return [Figure(Decimal(a), None if b is None else Decimal(b)) for a, b in pairs]


def test_s29_a_percentage_is_worked_out_from_its_parts():
    months = of((40, 50), (9, 10), (30, 60))
    assert ratio_of_sums(months) == Decimal(79) / 120
    assert shown(result(Rollup.RATIO, Unit.PERCENT, months), Unit.PERCENT) == "65.8%"
    assert round(result(Rollup.RATIO, Unit.PERCENT, months), 2) == Decimal("65.83")


def test_a_mean_counts_by_its_people():
    assert round(weighted_mean(of((10, 12), (4, 30), (20, 5))), 2) == Decimal("7.23")


def test_a_sum_and_the_latest_skip_months_without_a_figure():
    months = [Figure(Decimal(3)), Figure(None), Figure(Decimal(5)), Figure(None)]
    assert (total(months), latest(months)) == (Decimal(8), Decimal(5))


def test_cost_for_each_person_is_not_multiplied_by_a_hundred():
    assert result(Rollup.RATIO, Unit.POUNDS, of((10_000, 8), (2_000, 4))) == Decimal(1000)


@pytest.mark.parametrize("rollup", Rollup)
@pytest.mark.parametrize("months", [[], [Figure()], [Figure(None, Decimal(4))]])
def test_no_figures_give_no_result(rollup, months):
    assert result(rollup, Unit.COUNT, months) is None


@pytest.mark.parametrize("rollup", [Rollup.RATIO, Rollup.WEIGHTED_MEAN])
def test_a_whole_of_zero_gives_no_result_and_no_division_error(rollup):
    assert result(rollup, Unit.COUNT, of((0, 0))) is None


def test_a_sums_target_is_for_each_month_that_has_a_figure():
    months = [Figure(Decimal(3)), Figure(None), Figure(Decimal(5))]
    assert profile(Rollup.SUM, Decimal(10), months) == Decimal(20)
    assert profile(Rollup.LATEST, Decimal(10), months) == Decimal(10)
    assert profile(Rollup.SUM, None, months) is None


@given(figures)
def test_a_ratio_lies_between_the_lowest_and_the_highest_month(months):
    each = [f.amount / f.out_of for f in months]
    slack = Decimal("1e-20")
    assert min(each) - slack <= ratio_of_sums(months) <= max(each) + slack


@given(figures)
def test_a_weighted_mean_lies_between_the_lowest_and_the_highest_month(months):
    slack = Decimal("1e-15")
    assert min(f.amount for f in months) - slack <= weighted_mean(months) <= max(f.amount for f in months) + slack


@given(figures, st.randoms(use_true_random=False))
def test_the_order_of_the_months_matters_to_nothing_but_the_latest(months, random):
    mixed = random.sample(months, len(months))
    assert total(mixed) == total(months)
    assert ratio_of_sums(mixed) == ratio_of_sums(months)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Decimal("65.85"), Unit.PERCENT, "65.9%"),
        (Decimal("7.2340"), Unit.DAYS, "7.2 days"),
        (Decimal(1200), Unit.COUNT, "1,200"),
        (Decimal("1234.5"), Unit.POUNDS, "£1,234.50"),
        (Decimal(1000), Unit.POUNDS, "£1,000"),
        (Decimal("-0.5"), Unit.POINTS, "-0.5 points"),
        (None, Unit.COUNT, ""),
    ],
)
def test_figures_are_shown_with_their_unit(value, unit, said):
    assert shown(value, unit) == said
