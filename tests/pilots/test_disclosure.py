"""Sums over months hide what a month hides: vectors by hand, and every table that fits what is shown, counted out."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.breakdown import FEWER, HIDDEN, suppressed
from pilots.disclosure import Block, Row, blocks_of_year, over_by, whole
from pilots.periods import months_from

APRIL = date(2025, 4, 1)
FIRST, SECOND = (APRIL, 3), (date(2025, 7, 1), 3)
THE_YEAR = (APRIL, 12)


def rows_of(*counts, since=APRIL):
    return [Row(period, 1, cells) for period, cells in zip(months_from(since, len(counts)), counts, strict=True)]


def test_s28_a_quarter_does_not_give_away_its_only_month_with_a_small_count():
    rows = rows_of((3, 12), (9, 10), (8, 11))
    assert suppressed(rows[0].cells) == [FEWER, HIDDEN]
    (quarter,) = blocks_of_year(rows, [FIRST])
    assert quarter.told == (HIDDEN, HIDDEN)  # 20 less 9 and 8 would be 3


def test_s28_a_quarter_is_shown_where_two_months_can_share_what_they_hide():
    rows = rows_of((3, 12), (2, 10), (8, 11))
    (quarter,) = blocks_of_year(rows, [FIRST])
    assert quarter.told == ("13", "33")


def test_s28_a_year_does_not_give_away_a_quarter_that_is_not_shown():
    """The first quarter is hidden and the others are not: the year less the three of them would be the first."""
    rows = rows_of((3, 12), (9, 10), (8, 11), *[(9, 9)] * 9)
    quarters = [(since, 3) for since in months_from(APRIL, 12)[::3]]
    told = blocks_of_year(rows, [*quarters, THE_YEAR])
    assert [block.is_shown for block in told] == [False, True, True, True, False]


def test_s28_months_without_small_counts_are_added_up():
    rows = rows_of((9, 12), (9, 10), (8, 11))
    assert blocks_of_year(rows, [FIRST])[0].told == ("26", "33")


def test_s28_small_sums_are_hidden_too():
    rows = rows_of((0, 12, 7), (1, 10, 7), (1, 11, 7))
    (quarter,) = blocks_of_year(rows, [FIRST])
    assert quarter.told[0] in (FEWER, HIDDEN)


def test_whole_years_are_added_up_where_each_of_them_shows_the_count():
    years = [Block(APRIL, 12, ("9", "12", FEWER)), Block(date(2026, 4, 1), 12, ("7", HIDDEN, "8"))]
    assert whole(years) == ("16", HIDDEN, HIDDEN)
    assert whole(years[:1]) == ("9", "12", HIDDEN)
    assert whole([]) == ()


def test_a_block_is_over_once_its_last_day_is_past_and_every_return_planned_in_it_is_accepted():
    accepted = dict.fromkeys(months_from(APRIL, 6), 1)
    planned = months_from(APRIL, 9)
    assert over_by(date(2025, 9, 30), accepted, planned) == [FIRST]
    assert over_by(date(2025, 10, 1), accepted, planned) == [FIRST, SECOND]
    assert over_by(date(2026, 4, 1), accepted, planned) == [FIRST, SECOND]  # three months are not accepted
    assert over_by(date(2026, 4, 1), accepted, months_from(APRIL, 6)) == [FIRST, THE_YEAR, SECOND]
    assert over_by(date(2026, 3, 31), accepted, months_from(APRIL, 6)) == [FIRST, SECOND]


def months(count, categories, most):
    cells = st.tuples(*[st.integers(0, most)] * categories)
    return st.lists(cells, min_size=count, max_size=count)


def fits(value, told):
    return 1 <= value <= 4 if told == FEWER else told == HIDDEN or str(value) == told


def worlds_of_month(cells):
    """Every row with this total that fits what its return shows."""
    total, told = sum(cells), suppressed(cells)
    allowed = [range(1, 5) if t == FEWER else range(total + 1) if t == HIDDEN else [int(t)] for t in told[:-1]]
    rows = ((*row, total - sum(row)) for row in product(*allowed))
    return [row for row in rows if row[-1] >= 0 and fits(row[-1], told[-1])]


def check(rows, blocks):
    """Each hidden count, of a month or a block, has at least two values among the tables that fit all that is shown."""
    worlds = []
    for world in product(*(worlds_of_month(row.cells) for row in rows)):
        sums = [
            [sum(cells) for cells in zip(*(w for w, r in zip(world, rows, strict=True) if inside(r, b)), strict=True)]
            for b in blocks
        ]
        told = zip(sums, (block.told for block in blocks), strict=True)
        if all(fits(value, t) for values, block in told for value, t in zip(values, block, strict=True)):
            worlds.append([*world, *sums])
    hidden = [suppressed(row.cells) for row in rows] + [block.told for block in blocks]
    for place, told_here in enumerate(hidden):
        for category, told in enumerate(told_here):
            if told in (FEWER, HIDDEN):
                assert len({world[place][category] for world in worlds}) > 1, (rows, blocks, place, category)


def inside(row, block):
    return row.period in months_from(block.since, block.months)


@settings(max_examples=120, deadline=None)
@given(months(3, 2, 9) | months(3, 3, 6))
def test_s28_no_hidden_count_can_be_computed_from_a_quarter(counts):
    rows = rows_of(*counts)
    check(rows, blocks_of_year(rows, [FIRST]))


@settings(max_examples=80, deadline=None)
@given(months(4, 2, 7))
def test_s28_no_hidden_count_can_be_computed_from_quarters_and_their_year(counts):
    """Two months in each of two quarters: a year's sums beside its quarters' and its months'."""
    periods = [*months_from(APRIL, 2), *months_from(SECOND[0], 2)]
    rows = [Row(period, 1, cells) for period, cells in zip(periods, counts, strict=True)]
    check(rows, blocks_of_year(rows, [FIRST, SECOND, THE_YEAR]))


@given(months(6, 3, 9))
def test_what_is_shown_of_a_quarter_does_not_change_when_later_months_arrive(counts):
    rows = rows_of(*counts)
    early = blocks_of_year(rows[:3], [FIRST])
    late = blocks_of_year(rows, [FIRST, SECOND, THE_YEAR])
    assert late[: len(early)] == early


@pytest.mark.parametrize("cells", [(0, 0), (12, 0), (5, 7, 0)])
def test_a_month_on_its_own_quarterly_return_is_shown_as_it_is(cells):
    row = Row(APRIL, 3, cells)
    assert list(blocks_of_year([row], [FIRST])[0].told) == suppressed(cells)
