"""Do a month's figures add up (domain.md 3.1)? Vectors, properties, and what a submission lacks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.entry import MONEY, OUTCOMES, REACH, Entry, faults
from pilots.reconciliation import expected_at_end, outcomes_fault, reach_fault
from pilots.rollup import Figure
from tests.factories.pilots import whole_entry

people = st.integers(min_value=0, max_value=100_000)


def faults_of(entry, pairs=frozenset(), spent="0", budget="0"):
    return faults(entry, pairs=set(pairs), spent_before=Decimal(spent), budget_before=Decimal(budget))


def test_s24_30_and_8_minus_5_is_33():
    said = reach_fault(start=30, new_starts=8, planned_exits=4, unplanned_exits=1, end=34)
    assert "expected 33" in said
    assert reach_fault(start=30, new_starts=8, planned_exits=4, unplanned_exits=1, end=33) is None


def test_s25_6_and_3_and_1_is_not_11():
    assert "expected 10" in outcomes_fault(reviewed=11, improved=6, same=3, worse=1)
    assert outcomes_fault(reviewed=10, improved=6, same=3, worse=1) is None


@given(people, people, people, people, people)
def test_exactly_one_figure_at_the_end_adds_up(start, starts, planned, unplanned, end):
    parts = {"start": start, "new_starts": starts, "planned_exits": planned, "unplanned_exits": unplanned}
    expected = expected_at_end(**parts)
    assert (reach_fault(**parts, end=end) is None) == (end == expected)
    assert reach_fault(**parts, end=expected) is None


@given(people, people, people, people)
def test_everyone_reviewed_is_counted_once(reviewed, improved, same, worse):
    fault = outcomes_fault(reviewed=reviewed, improved=improved, same=same, worse=worse)
    assert (fault is None) == (reviewed == improved + same + worse)


def test_an_empty_month_is_told_every_figure_it_lacks():
    assert set(faults_of(Entry())) == {*REACH, *OUTCOMES, *MONEY}


def test_a_month_that_adds_up_has_no_faults():
    assert faults_of(whole_entry()) == {}


def test_an_explanation_lets_people_not_add_up_but_not_outcomes():
    assert "active_at_end" in faults_of(whole_entry(active_at_end=34))
    assert faults_of(whole_entry(active_at_end=34, reach_explanation="One person came back.")) == {}
    assert "reviewed" in faults_of(whole_entry(reviewed=11, reach_explanation="One person came back."))


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_blanks_explain_nothing(blank):
    assert "active_at_end" in faults_of(whole_entry(active_at_end=34, reach_explanation=blank))


def test_spend_more_than_5_per_cent_apart_for_the_year_needs_a_reason():
    assert faults_of(whole_entry(actual=Decimal(10_500))) == {}
    assert "variance_reason" in faults_of(whole_entry(actual=Decimal(10_501)))
    assert faults_of(whole_entry(actual=Decimal(10_501), variance_reason="A van broke down.")) == {}
    # The year's earlier months even it out.
    assert faults_of(whole_entry(actual=Decimal(10_501)), spent="50000", budget="50000") == {}


@pytest.mark.parametrize(
    ("figure", "field"),
    [
        (Figure(Decimal(4), None), "out_of-O1"),
        (Figure(None, Decimal(4)), "amount-O1"),
        (Figure(Decimal(4), Decimal(0)), "out_of-O1"),
    ],
)
def test_half_a_pair_is_refused_beside_the_empty_box(figure, field):
    assert set(faults_of(whole_entry(figures={"O1": figure}), pairs={"O1"})) == {field}


@pytest.mark.parametrize("figure", [Figure(), Figure(Decimal(0), Decimal(0)), Figure(Decimal(4), Decimal(5))])
def test_a_whole_pair_or_none_is_fine(figure):
    assert faults_of(whole_entry(figures={"O1": figure}), pairs={"O1"}) == {}
