"""The SROI arithmetic: the reference's vectors to the penny, its guards, and what must hold for any map."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.sroi import (
    GREEN_BOOK,
    SHARES,
    Calculation,
    Convention,
    Discounting,
    Outcome,
    Steps,
    calculate,
    faults,
    half_up,
    percent,
    sensitivity,
)

D = Decimal
FLAT = Discounting(D("0.035"))
INPUTS = D(45_000)
O1 = Outcome("less isolation", D(40), D(1200), D("0.25"), D(0), D("0.30"), D("0.20"), 3)
O2 = Outcome("fewer visits", D(60), D(150), D("0.10"), D("0.05"), D("0.20"), D(0), 1)
O3 = Outcome("volunteers into work", D(6), D(9000), D("0.30"), D("0.10"), D("0.25"), D("0.50"), 2)
EXAMPLE_A = [O1, O2, O3]


def pennies(*values: Decimal) -> list[str]:
    return [str(half_up(value, 2)) for value in values]


def test_s35_the_worked_example_to_the_penny():
    found = calculate(INPUTS, EXAMPLE_A, FLAT)
    assert pennies(found.present_value, found.npv, found.ratio, found.net_ratio, found.payback_months) == [
        "100223.20", "55223.20", "2.23", "1.23", "9.50",
    ]  # fmt: skip
    assert str(found.ratio).startswith("2.227182")
    assert half_up(found.payback_months, 4) == D("9.4952")
    assert half_up(found.break_even * 100, 1) == D("44.9")


def test_s35_every_step_of_the_worked_example():
    found = calculate(INPUTS, EXAMPLE_A, FLAT)
    assert [pennies(line.gross, *line.impacts) for line in found.lines] == [
        ["48000.00", "25200.00", "20160.00", "16128.00"],
        ["9000.00", "6156.00"],
        ["54000.00", "25515.00", "12757.50"],
    ]
    assert pennies(found.gross) == ["111000.00"]
    assert [pennies(year.impact, year.present_value) for year in found.years] == [
        ["56871.00", "54947.83"], ["32917.50", "30728.84"], ["16128.00", "14546.53"],
    ]  # fmt: skip
    one = found.lines[1]
    assert pennies(one.after_deadweight, one.after_displacement, one.impacts[0]) == ["8100.00", "7695.00", "6156.00"]


def test_the_first_year_undiscounted_gives_the_other_figures():
    found = calculate(INPUTS, EXAMPLE_A, replace(FLAT, convention=Convention.FIRST_YEAR_WHOLE))
    assert pennies(found.present_value, found.ratio) == ["103731.01", "2.31"]


def test_the_shares_are_multiplied_and_never_subtracted_together():
    assert pennies(calculate(INPUTS, EXAMPLE_A, FLAT).ratio) != ["1.83"]
    example_b = Outcome("b", D(50), D(8000), deadweight=D("0.2"), attribution=D("0.1"))
    found = calculate(D(100_000), [example_b], Discounting(D(0)))
    assert pennies(found.present_value, found.ratio) == ["288000.00", "2.88"]  # added up it would be 2.80


def test_s36_the_sensitivity_table():
    base = calculate(INPUTS, EXAMPLE_A, FLAT)
    found = sensitivity(base, FLAT, Steps())
    assert {change.told: pennies(change.ratio)[0] for change in found.changes} == {
        "Deadweight 10 points higher for each outcome": "1.93",
        "Attribution 10 points higher for each outcome": "1.92",
        "All proxies 20% lower": "1.78",
        "All quantities 10% lower": "2.00",
        "Without “less isolation”": "0.94",
        "Without “fewer visits”": "2.10",
        "Without “volunteers into work”": "1.41",
    }
    assert pennies(found.lowest, found.highest) == ["0.94", "2.23"]


def test_the_steps_of_the_sensitivity_table_can_be_chosen_and_never_pass_100_percent():
    base = calculate(INPUTS, EXAMPLE_A, FLAT)
    steps = Steps(deadweight=D(1), attribution=D("0.125"), proxies=D("0.5"), quantity=D(0))
    none_left, attribution, half, same = sensitivity(base, FLAT, steps).changes[:4]
    assert none_left.ratio == 0
    assert attribution.told == "Attribution 12.5 points higher for each outcome"
    assert half_up(half.ratio, 20) == half_up(base.ratio / 2, 20)
    assert same.ratio == base.ratio


def test_without_its_only_outcome_a_map_has_no_value():
    found = sensitivity(calculate(INPUTS, [O1], FLAT), FLAT, Steps())
    assert found.changes[-1].ratio == 0


@pytest.mark.parametrize(
    ("convention", "shown"),
    [
        (Convention.END_OF_YEAR, ["0.9662", "0.9335", "0.9019", "0.8714", "0.8420"]),
        (Convention.FIRST_YEAR_WHOLE, ["1.0000", "0.9662", "0.9335", "0.9019", "0.8714"]),
    ],
)
def test_discount_factors_by_the_table(convention, shown):
    factors = replace(FLAT, convention=convention).factors(5)
    assert [str(half_up(factor, 4)) for factor in factors] == shown


def test_the_green_books_rates_fall_after_year_30_and_year_75():
    assert [GREEN_BOOK.rate_of(year) for year in (1, 30, 31, 75, 76)] == [
        D("0.035"), D("0.035"), D("0.03"), D("0.03"), D("0.025"),
    ]  # fmt: skip
    factors = GREEN_BOOK.factors(76)
    assert factors[:30] == FLAT.factors(30)
    assert half_up(factors[29] / factors[30], 9) == D("1.03")
    assert half_up(factors[74] / factors[75], 9) == D("1.025")
    assert FLAT.rate_of(80) == D("0.035")


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"deadweight": D("1.01")}, "deadweight", "Deadweight is from 0% to 100%."),
        ({"displacement": D("-0.01")}, "displacement", "Displacement is from 0% to 100%."),
        ({"attribution": D(25)}, "attribution", "Attribution is from 0% to 100%."),
        ({"drop_off": D("-1")}, "drop_off", "Drop-off is from 0% to 100%."),
        ({"years": 0}, "years", "An outcome lasts from 1 to 60 years."),
        ({"years": 61}, "years", "An outcome lasts from 1 to 60 years."),
        ({"quantity": D(-1)}, "quantity", "The quantity cannot be below 0."),
        ({"proxy": D(-1)}, "proxy", "What one is worth cannot be below £0."),
    ],
)
def test_what_cannot_be_reckoned_with_is_told_by_field_and_refused(changed, field, told):
    wrong = replace(O1, **changed)
    assert faults(wrong) == {field: told}
    with pytest.raises(ValueError, match="“less isolation”"):
        calculate(INPUTS, [O2, wrong], FLAT)


def test_the_ends_of_the_scales_are_allowed():
    for share in SHARES:
        assert not faults(replace(O1, **{share: D(0)}))
        assert not faults(replace(O1, **{share: D(1)}))
    assert not faults(replace(O1, years=60))


@pytest.mark.parametrize("inputs", [D(0), D(-1)])
def test_without_inputs_there_is_no_ratio(inputs):
    with pytest.raises(ValueError, match="inputs must be more than £0"):
        calculate(inputs, EXAMPLE_A, FLAT)


def test_without_an_outcome_or_with_an_odd_rate_there_is_no_ratio():
    with pytest.raises(ValueError, match="no outcome"):
        calculate(INPUTS, [], FLAT)
    with pytest.raises(ValueError, match="rate is from 0% to 100%"):
        calculate(INPUTS, EXAMPLE_A, Discounting(D("3.5")))


def test_where_nothing_comes_back_there_is_neither_payback_nor_break_even():
    found = calculate(INPUTS, [replace(O1, deadweight=D(1))], FLAT)
    assert (found.present_value, found.ratio, found.payback_months, found.break_even) == (0, 0, None, None)


@pytest.mark.parametrize(("value", "shown"), [("2.225", "2.23"), ("-2.225", "-2.23"), ("2.2249", "2.22")])
def test_rounding_is_half_up_and_for_the_screen_only(value, shown):
    assert str(half_up(D(value), 2)) == shown
    assert len(str(calculate(INPUTS, EXAMPLE_A, FLAT).ratio)) > 40


def test_percent_is_written_without_noughts_that_say_nothing():
    assert [percent(D(share)) for share in ("0", "0.1", "0.125", "1", "0.3333")] == ["0", "10", "12.5", "100", "33.33"]


shares = st.decimals(0, 1, places=4)
outcomes = st.builds(
    Outcome,
    name=st.just("an outcome"),
    quantity=st.decimals(0, 100_000, places=2),
    proxy=st.decimals(0, 100_000, places=2),
    deadweight=shares,
    displacement=shares,
    attribution=shares,
    drop_off=shares,
    years=st.integers(1, 12),
)
maps = st.lists(outcomes, min_size=1, max_size=5)
rates = st.builds(Discounting, shares, convention=st.sampled_from(Convention.values))
quick = settings(max_examples=60, deadline=None)


def worth(found: list[Outcome], discounting: Discounting = FLAT) -> Calculation:
    return calculate(INPUTS, found, discounting)


@quick
@given(maps, st.integers(0, 4), st.sampled_from(SHARES), shares, rates)
def test_more_taken_off_is_never_worth_more(found, at, share, other, discounting):
    one = found[at % len(found)]
    low, high = sorted((getattr(one, share), other))
    others = [kept for kept in found if kept is not one]
    less, more = ([*others, replace(one, **{share: value})] for value in (low, high))
    assert worth(less, discounting).ratio >= worth(more, discounting).ratio


@quick
@given(outcomes, st.decimals(0, 1000, places=2), rates)
def test_the_value_grows_with_the_quantity_in_proportion(one, times, discounting):
    multiplied = worth([replace(one, quantity=one.quantity * times)], discounting).present_value
    expected = worth([one], discounting).present_value * times
    assert abs(multiplied - expected) <= D("1e-12") * max(D(1), expected)


@quick
@given(maps, st.randoms(use_true_random=False), rates)
def test_the_order_of_the_outcomes_does_not_matter_in_any_digit(found, chance, discounting):
    shuffled = list(found)
    chance.shuffle(shuffled)
    one, other = worth(found, discounting), worth(shuffled, discounting)
    assert (one.present_value, one.ratio, one.payback_months) == (
        other.present_value, other.ratio, other.payback_months,
    )  # fmt: skip


@quick
@given(maps, rates)
def test_the_figures_agree_with_each_other(found, discounting):
    result = worth(found, discounting)
    by_line = sum(line.present_value for line in result.lines)
    assert abs(by_line - result.present_value) <= D("1e-12")
    assert abs(result.npv - (result.present_value - INPUTS)) <= D("1e-12")
    assert abs(result.ratio - result.net_ratio - 1) <= D("1e-12")
    told = sensitivity(result, discounting, Steps())
    assert told.lowest <= result.ratio <= told.highest
