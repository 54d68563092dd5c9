"""The arithmetic of a pilot's money: worked out by hand, and what must hold of any figures."""

from datetime import date
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.money import Told, added, by_year, cost_per_outcome

pounds = st.none() | st.decimals(min_value=0, max_value=10**6, places=2)
people = st.none() | st.integers(min_value=0, max_value=400)
periods = st.integers(min_value=0, max_value=40).map(lambda n: date(2025 + (n + 3) // 12, (n + 3) % 12 + 1, 1))
rows = st.lists(
    st.builds(Told, periods, budget=pounds, actual=pounds, in_kind=pounds, started=people, improved=people),
    unique_by=lambda row: row.period, max_size=12,
)  # fmt: skip


def told(year, month, budget, actual, started=None, improved=None, **more):
    return Told(date(year, month, 1), budget=D(budget), actual=D(actual), started=started, improved=improved, **more)


def test_a_year_worked_out_by_hand():
    """March stands in the year before: 31 March and 1 April are two years. 9,000 + 9,300 are 18,300 for 15 people."""
    before, year = by_year(
        [
            told(2026, 5, "9000", "9300", 3, 6, in_kind=D("450.50"), forecast=D("110000")),
            told(2026, 3, "9000", "8000", 10, 4, forecast=D("90000")),
            told(2026, 4, "9000", "9000", 12, 0, in_kind=D("450")),
        ]
    )
    assert (before.since, year.since) == (date(2025, 4, 1), date(2026, 4, 1))
    assert (before.sum.actual, before.sum.variance, before.forecast) == (D("8000"), D("-1000"), D("90000"))
    april, may = year.lines
    assert (april.to_date.budget, april.to_date.actual) == (D("9000"), D("9000"))
    assert (may.to_date.budget, may.to_date.actual, may.to_date.variance) == (D("18000"), D("18300"), D("300"))
    assert (may.told.variance, year.forecast) == (D("300"), D("110000"))
    assert (year.sum.in_kind, year.sum.in_all) == (D("900.50"), D("19200.50"))
    assert year.sum.per_start == D("1220")  # 18,300 / 15, and not the mean of 750 and 3,100
    assert year.sum.per_improved == D("3050")  # 18,300 / 6


def test_full_precision_is_kept_and_a_third_is_not_rounded():
    assert added([told(2026, 4, "100", "100", 3)]).per_start == D(100) / D(3)


def test_a_cost_has_only_the_periods_that_have_both_figures_and_nobody_costs_nothing():
    half = [told(2026, 4, "100", "100", None), told(2026, 5, "100", "300", 2)]
    assert added(half).per_start == D(150)
    assert added([told(2026, 4, "100", "100", 0)]).per_start is None
    assert added([]).in_all is None
    assert added([Told(date(2026, 4, 1))]).variance is None


def test_an_outcome_costs_what_was_spent_for_everybody_who_improved_in_it():
    """8,000 + 10,000 for 5 + 4 people who were less alone: 2,000 each. June has no figure of it, and does not count."""
    spent = [
        told(2026, 4, "9000", "8000", outcomes={"O1": D(5)}),
        told(2026, 5, "9000", "10000", outcomes={"O1": D(4), "O2": D(0)}),
        told(2026, 6, "9000", "70000", outcomes={"O1": None}),
    ]
    assert cost_per_outcome(spent, "O1") == D(2000)
    assert cost_per_outcome(spent, "O2") is None
    assert cost_per_outcome(spent, "O9") is None


@given(rows)
@settings(max_examples=60)
def test_the_years_hold_every_period_once_and_the_last_line_is_the_year(told):
    years = by_year(told)
    assert [line.told for year in years for line in year.lines] == sorted(told, key=lambda row: row.period)
    assert all(year.lines[-1].to_date == year.sum for year in years)
    assert all(year.since.month == 4 and year.since <= line.told.period for year in years for line in year.lines)
    whole = added(told)
    for name in ("budget", "actual", "in_kind"):
        parts = [value for year in years if (value := getattr(year.sum, name)) is not None]
        assert (sum(parts, D(0)) if parts else None) == getattr(whole, name)


@given(rows)
@settings(max_examples=60)
def test_a_unit_cost_lies_between_the_cheapest_and_the_dearest_period(told):
    each = [D(row.actual) / row.started for row in told if row.actual is not None and row.started]
    idle = any(row.actual and row.started == 0 for row in told)
    cost = added(told).per_start
    if each and not idle:
        assert min(each) - D("1e-9") <= cost <= max(each) + D("1e-9")
