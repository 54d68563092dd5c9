"""Who the people are: counts that cannot exceed the people, what a reader may see of them, and what is personal."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.breakdown import FEWER, HIDDEN, NOT_TOLD, rows, suppressed, too_many
from pilots.comparison import changes, differs_a_lot
from pilots.personal import personal_detail


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([3, 12, 20], [FEWER, HIDDEN, "20"]),  # one small count: its neighbour would give it away beside the total
        ([0, 12, 20], ["0", "12", "20"]),
        ([2, 4, 20], [FEWER, FEWER, "20"]),
        ([1, 1, 20, 9], [FEWER, FEWER, "20", HIDDEN]),  # two hidden people in two cells can only be one each
        ([1, 2, 0], [HIDDEN] * 3),  # fewer than five people altogether
        ([3, 0], [HIDDEN] * 2),
        ([5, 5], ["5", "5"]),
    ],
)
def test_s28_small_counts_are_hidden_and_so_is_what_gives_them_away(cells, shown):
    assert suppressed(cells) == shown


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_s28_no_total_lets_the_reader_work_out_a_small_count(cells):
    """Every small count could be another one, given the total and all that is shown."""
    told = suppressed(cells)
    hidden = sum(c for c, t in zip(cells, told, strict=True) if t in (FEWER, HIDDEN))
    allowed = [range(1, 5) if t == FEWER else range(hidden + 1) for t in told if t in (FEWER, HIDDEN)]
    worlds = [world for world in product(*allowed) if sum(world) == hidden]
    for place, index in enumerate(n for n, t in enumerate(told) if t in (FEWER, HIDDEN)):
        if 1 <= cells[index] <= 4:
            assert len({world[place] for world in worlds}) > 1, (cells, told)


def test_those_who_did_not_tell_are_the_rest():
    counts = {("sex", "female"): 12, ("sex", "male"): 6}
    assert rows(counts, 20, whole=True) == [("Sex", [("Female", "12"), ("Male", "6"), (NOT_TOLD, "2")])]
    assert rows(counts, 20, whole=False) == [("Sex", [("Female", "12"), ("Male", HIDDEN), (NOT_TOLD, FEWER)])]


def test_a_dimension_may_not_count_more_people_than_started():
    counts = {("sex", "female"): 5, ("sex", "male"): 4, ("age", "65_up"): 8}
    assert too_many(counts, 9) == {}
    assert too_many(counts, 8) == {"who_sex_female": ["Sex adds up to 9, but 8 people started. Nobody counts twice."]}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to a.person@example.org", "an e-mail address"),
        ("Call 01592 550 123 please", "a telephone number"),
        ("Mobile +44 7700 900123", "a telephone number"),
        ("CHI 0104561234", "a CHI number"),
        ("010456 1234 came back", "a CHI number"),
        ("NI QQ 12 34 56 C", None),  # QQ is never given out
        ("NI AB123456C", "a National Insurance number"),
    ],
)
def test_what_points_at_one_person_is_told_by_its_kind(text, what):
    said = personal_detail(text)
    assert (said is None) if what is None else f"This looks like {what}." in said


@pytest.mark.parametrize(
    "text", ["£10,400 of £10,000 by 31 March 2026", "12 of 30 people, 4.5 hours each", "2026-27: 1,234,567.89", ""]
)
def test_ordinary_figures_are_not_taken_for_a_person(text):
    assert personal_detail(text) is None


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(40, 20, True), (29, 20, False), (3, 1, False), (5, 0, True), (10, 20, True)]
)
def test_by_a_lot_is_half_of_it_and_at_least_five(now, before, expected):
    assert differs_a_lot(now, before) is expected


def test_a_missing_figure_is_no_change():
    told = changes(["a", "b", "c"], {"a": 40, "b": None, "c": 9}, {"a": 20, "b": 50, "c": 8})
    assert [(change.name, change.now, change.before) for change in told] == [("a", 40, 20)]
