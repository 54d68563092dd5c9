"""The thresholds of domain.md 3.3: each edge, and properties."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays.arithmetic import add_working_days
from partnerships.health import Health
from pilots.rag import of_indicator, of_log, of_spend

money = st.decimals(min_value=0, max_value=10_000_000, places=2)
profiles = st.decimals(min_value="0.01", max_value=10_000_000, places=2)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("94", Health.AMBER), ("95", Health.GREEN), ("80", Health.AMBER), ("79.9", Health.RED), ("200", Health.GREEN)],
)
def test_s30_reach_of_the_profile(actual, expected):
    assert of_indicator(Decimal(actual), Decimal(100), higher_is_better=True) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("105", Health.GREEN),
        ("105.01", Health.AMBER),
        ("120", Health.AMBER),
        ("120.01", Health.RED),
        ("0", Health.GREEN),
    ],
)
def test_where_lower_is_better(actual, expected):
    assert of_indicator(Decimal(actual), Decimal(100), higher_is_better=False) == expected


@pytest.mark.parametrize("higher_is_better", [True, False])
@pytest.mark.parametrize(("actual", "profile"), [("5", None), ("5", "0"), (None, "100"), (None, None), ("0", "0")])
def test_s32_no_target_is_grey_and_divides_nothing(actual, profile, higher_is_better):
    as_decimal = [None if v is None else Decimal(v) for v in (actual, profile)]
    health = of_indicator(*as_decimal, higher_is_better=higher_is_better)
    assert (health, health.label) == (Health.GREY, "No target")


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (10_400, Health.GREEN), (10_500, Health.GREEN), (10_501, Health.AMBER), (11_000, Health.AMBER),
        (11_001, Health.RED), (9_500, Health.GREEN), (9_499, Health.AMBER), (8_999, Health.RED),
    ],
)  # fmt: skip
def test_s39_spend_over_or_under_the_year_to_date(actual, expected):
    assert of_spend(Decimal(actual), Decimal(10_000)) == expected


@pytest.mark.parametrize(("actual", "budget"), [(None, 5), (5, None), (5, 0), (0, 0)])
def test_spend_without_a_budget_is_grey(actual, budget):
    as_decimal = [None if v is None else Decimal(v) for v in (actual, budget)]
    assert of_spend(*as_decimal) == Health.GREY


DUE = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (DUE, Health.GREEN), (date(2026, 11, 16), Health.AMBER), (date(2026, 11, 27), Health.AMBER),
        (date(2026, 11, 28), Health.RED),
    ],
)  # fmt: skip
@pytest.mark.parametrize("missing", [True, False])
def test_a_return_is_late_for_ten_working_days_and_then_red(sent, expected, missing):
    """The tenth working day after Friday 13 November 2026 is Friday 27 November."""
    on, today = (None, sent) if missing else (sent, date(2027, 3, 1))
    assert of_log(DUE, on, today=today, holidays=frozenset()) == expected


def test_a_holiday_gives_one_more_day():
    holidays = frozenset({date(2026, 11, 20)})
    assert of_log(DUE, date(2026, 11, 30), today=DUE, holidays=holidays) == Health.AMBER


@given(money, money, profiles)
def test_more_is_never_worse_where_higher_is_better(one, other, profile):
    less, more = sorted((one, other))
    order = [Health.GREEN, Health.AMBER, Health.RED]
    worse, better = (order.index(of_indicator(v, profile, higher_is_better=True)) for v in (less, more))
    assert better <= worse


@given(money, profiles)
def test_over_and_under_by_the_same_amount_are_the_same_colour(variance, budget):
    assert of_spend(budget + variance, budget) == of_spend(budget - variance, budget)


@given(money, profiles, st.integers(min_value=1, max_value=1000))
def test_the_scale_of_the_figures_changes_nothing(actual, profile, scale):
    plain = of_indicator(actual, profile, higher_is_better=True)
    assert of_indicator(actual * scale, profile * scale, higher_is_better=True) == plain


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(min_value=0, max_value=40))
def test_lateness_counts_working_days(due_on, days):
    sent = add_working_days(due_on, days, frozenset())
    expected = Health.GREEN if days == 0 else Health.AMBER if days <= 10 else Health.RED
    assert of_log(due_on, sent, today=sent + timedelta(days=9), holidays=frozenset()) == expected
