"""The timeline: what it says, and that nothing leaves the picture or covers anything else."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foundation.drawing.timeline import WORDS, Bar, Mark, timeline, timeline_table
from tests.foundation.drawn import assert_inside, box_of_shape, box_of_text, found, lines_of_text, read, touching

START, TODAY = date(2026, 4, 1), date(2026, 11, 22)
BARS = [
    Bar("Service design and development", START, date(2026, 10, 1), "done"),
    Bar("Pilot: build the partnership and support skills", date(2026, 10, 1), date(2028, 10, 1), "active"),
    Bar("Evaluation and redesign of the contract", date(2028, 10, 1), date(2029, 4, 1), "late"),
    Bar("Contract process, from tender to start of service", date(2029, 4, 1), date(2029, 10, 1), "planned"),
]
MARKS = [Mark("Service starts", date(2029, 10, 1), "planned"), Mark("Design agreed", date(2026, 10, 1), "done")]


def drawn(bars=(), marks=(), today=TODAY):
    return timeline(bars, marks, today=today, title="Plan", id="plan")


states = st.sampled_from(sorted(WORDS))
near = st.dates(date(2024, 1, 1), date(2034, 1, 1))
days = near | st.dates()
bars = st.lists(st.builds(Bar, st.text(max_size=80), days, days, states), max_size=6)
marks = st.lists(st.builds(Mark, st.text(max_size=80), days, states), max_size=25)


@given(bars, marks, st.none() | days)
@example([Bar("One day", START, START, "done")], [], START)
@example([Bar("Everything", date.min, date.max, "active")], [Mark("End", date.max, "late")], date.max)
@settings(deadline=None)
def test_nothing_leaves_the_picture_or_covers_a_word(bars, marks, today):
    drawing = drawn(bars, marks, today)
    if not bars and not marks:
        assert drawing == ""
        return
    assert_inside(drawing)
    assert touching([box_of_text(text) for text in found(drawing, "text")]) == []
    assert touching([box_of_shape(diamond) for diamond in found(drawing, "polygon")]) == []
    assert len(found(drawing, "polygon")) == len(marks)


def test_a_hundred_and_twenty_marks_keep_apart():
    drawing = drawn(marks=[Mark("Mark", START + timedelta(days=9 * at), "done") for at in range(120)])
    assert_inside(drawing)
    assert touching([box_of_shape(diamond) for diamond in found(drawing, "polygon")]) == []
    assert "120" in lines_of_text(drawing)


def test_each_bar_is_labelled_with_its_state():
    assert [text for text in lines_of_text(drawn(BARS)) if ":" in text] == [
        "Service design and development: done",
        "Pilot: build the partnership and support skills: now",
        "Evaluation and redesign of the contract: late",
        "Contract process, from tender to start of service: planned",
    ]


def test_states_differ_without_their_colour():
    """Two states may share a colour, never a filling: solid, two ways of stripes, pale."""
    fills = [rect.attrib["fill"] for rect in found(drawn(BARS), "rect") if "stroke" in rect.attrib]
    assert len(set(fills)) == len(WORDS)
    assert {"url(#plan-now)", "url(#plan-late)"} < set(fills)
    assert {part.get("id") for part in read(drawn(BARS)).iter() if part.tag.endswith("pattern")} == {
        "plan-now",
        "plan-late",
    }


def test_marks_are_numbered_by_date_and_listed():
    texts = lines_of_text(drawn(BARS, MARKS))
    at = texts.index("Design agreed, 1 October 2026, done")
    assert texts[at - 1 : at + 3] == [
        "1",
        "Design agreed, 1 October 2026, done",
        "2",
        "Service starts, 1 October 2029, planned",
    ]


def test_bars_lie_where_their_days_are():
    """The second bar begins where the first ends, and is four times as long."""
    first, second = [r for r in found(drawn(BARS[:2], today=None), "rect") if "stroke" in r.attrib]
    x, wide = float(first.attrib["x"]), float(first.attrib["width"])
    assert float(second.attrib["x"]) == pytest.approx(x + wide, abs=0.02)
    assert float(second.attrib["width"]) / wide == pytest.approx(731 / 183, abs=0.01)


def test_a_long_plan_is_labelled_with_years_alone_and_a_short_one_with_months():
    assert lines_of_text(drawn(BARS, today=None))[:4] == ["2026", "2027", "2028", "2029"]
    assert lines_of_text(drawn(BARS[:1], today=None))[:3] == ["Apr", "2026", "May"]


@pytest.mark.parametrize(
    ("today", "shown"),
    [(TODAY, True), (None, False), (date(2026, 3, 1), True), (date(2020, 1, 1), False), (date(2040, 1, 1), False)],
)
def test_today_is_drawn_where_it_is_near(today, shown):
    drawing = drawn(BARS, today=today)
    assert ("Today" in lines_of_text(drawing)) is shown
    assert len([line for line in found(drawing, "line") if "stroke-dasharray" in line.attrib]) == shown


def test_the_description_tells_everything():
    assert read(drawn(BARS[:1], MARKS[:1]))[1].text == (
        "Service design and development: 1 April 2026 to 1 October 2026, done; "
        "Service starts: 1 October 2029, planned; Today is 22 November 2026."
    )


def test_the_table_says_the_same():
    twin = timeline_table(BARS[:1], MARKS)
    assert all(len(row) == len(twin.headers) for row in twin.rows)
    assert twin.rows == [
        ("Service design and development", "1 April 2026", "1 October 2026", "done"),
        ("Design agreed", "1 October 2026", "1 October 2026", "done"),
        ("Service starts", "1 October 2029", "1 October 2029", "planned"),
    ]


def test_touching_would_be_noticed():
    """The properties above rest on it."""
    apart, over, beside = (0, 0, 5, 5), (4, 4, 9, 9), (5, 0, 9, 4)
    assert [bool(touching([a, b])) for a, b in combinations([apart, over, beside], 2)] == [True, False, False]
