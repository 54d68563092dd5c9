"""The recommended timeline, with the dates worked out by hand in the reference (1.3; section 9, rules 1 and 2)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.plan import (
    RECOMMENDED,
    Block,
    add_months,
    extended_in_words,
    from_today,
    in_months,
    lay_out,
    slip_in_words,
    time_in_stage,
    warnings,
)

DEFAULT = {block: RECOMMENDED[block].default for block in Block}


def test_the_defaults_from_1_april_2026_end_on_the_dates_worked_out_by_hand():
    ends = [span.ends_on for span in lay_out(date(2026, 4, 1), DEFAULT)]
    assert ends == [date(2026, 10, 1), date(2028, 10, 1), date(2029, 4, 1), date(2029, 10, 1)]


def test_a_twelve_month_design_moves_every_later_end():
    ends = [span.ends_on for span in lay_out(date(2026, 4, 1), DEFAULT | {Block.DESIGN: 12})]
    assert ends == [date(2027, 4, 1), date(2029, 4, 1), date(2029, 10, 1), date(2030, 4, 1)]


def test_the_recommended_total_is_42_to_48_months():
    assert sum(r.least for r in RECOMMENDED.values()) == 42
    assert sum(r.most or r.least for r in RECOMMENDED.values()) == 48


def test_month_ends_fall_on_the_last_day_there_is():
    assert add_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert add_months(date(2027, 10, 31), 4) == date(2028, 2, 29)


def test_a_short_block_is_named_in_the_warning_and_others_are_not():
    assert warnings(DEFAULT) == []
    [warning] = warnings(DEFAULT | {Block.PARTNERSHIP: 12})
    assert "12 months" in warning
    assert "24 months" in warning


@given(
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.lists(st.integers(1, 120), min_size=4, max_size=4),
)
def test_blocks_follow_each_other_without_gap_and_never_backwards(start, lengths):
    spans = lay_out(start, dict(zip(Block, lengths, strict=True)))
    assert spans[0].starts_on == start
    for before, after in pairwise(spans):
        assert before.ends_on == after.starts_on
        assert before.starts_on < before.ends_on


@pytest.mark.parametrize(
    ("moves", "due_on", "told"),
    [
        (0, date(2026, 10, 1), ""),
        (3, date(2026, 11, 11), "moved 3 times, 41 days later than first planned"),
        (1, date(2026, 10, 2), "moved 1 time, 1 day later than first planned"),
        (2, date(2026, 9, 30), "moved 2 times, 1 day earlier than first planned"),
        (2, date(2026, 10, 1), "moved 2 times, back to its first date"),
        (1, date(2030, 10, 1), "moved 1 time, 1,461 days later than first planned"),
    ],
)
def test_slip_is_told_in_words(moves, due_on, told):
    assert slip_in_words(moves, date(2026, 10, 1), due_on) == told


def test_months_are_told_in_words():
    assert [in_months(n) for n in (1, 31, -2)] == ["1 month", "31 months", "2 months earlier"]


@pytest.mark.parametrize(
    ("stage", "today", "told"),
    [
        ("pilot", date(2028, 11, 1), "in pilot for 31 months; the usual is 24"),
        ("pilot", date(2028, 10, 31), "in pilot for 30 months; the usual is 24"),
        ("design", date(2026, 5, 1), "in design for 1 month; the usual is 6 to 12"),
        ("tender", date(2026, 4, 2), "in tender since this month; the usual is 6"),
        ("redesign", date(2026, 11, 1), "in redesign for 7 months; the usual is 6"),
        ("live", date(2027, 4, 1), "live for 12 months"),
    ],
)
def test_time_in_stage_is_told_against_the_usual(stage, today, told):
    assert time_in_stage(stage, date(2026, 4, 1), today) == told


def test_extensions_are_told_in_words():
    assert [extended_in_words(*n) for n in ((0, 0), (1, 1), (2, 12), (3, 18))] == [
        "", "extended once, 1 month", "extended twice, 12 months", "extended 3 times, 18 months",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2028, 6, 5), "in 17 months"),
        (date(2027, 1, 13), "in 12 days"),
        (date(2027, 1, 2), "in 1 day"),
        (date(2027, 1, 1), "today"),
        (date(2026, 12, 29), "passed 3 days ago"),
        (date(2026, 10, 1), "passed 3 months ago"),
    ],
)
def test_how_near_a_planned_day_is(day, told):
    assert from_today(day, date(2027, 1, 1)) == told
