"""The line chart: round figures, honest gaps, and nothing outside the picture or on top of anything else."""

from datetime import date
from decimal import Decimal as D
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foundation.drawing.axis import axis_for, figure
from foundation.drawing.chart import Series, chart_table, line_chart
from tests.foundation.drawn import assert_inside, box_of_text, found, lines_of_text, read, touching

MONTHS = [date(2026 + (3 + at) // 12, (3 + at) % 12 + 1, 1) for at in range(36)]


def drawn(*series, unit="Days"):
    return line_chart(series, title="Waiting", unit=unit, id="chart")


def monthly(*values, label="Each month", style="solid"):
    return Series(
        label, [(month, None if v is None else D(v)) for month, v in zip(MONTHS, values, strict=False)], style
    )


days = st.sampled_from(MONTHS) | st.dates()
amounts = st.decimals(D("-1e9"), D("1e12"), allow_nan=False, places=3) | st.integers(-9, 200).map(D)
points = st.lists(st.tuples(days, st.none() | amounts), max_size=40)
series = st.builds(Series, st.text(max_size=60), points, st.sampled_from(["solid", "dashed"]))


@given(st.lists(series, max_size=12), st.sampled_from(["Per cent", "Pounds", "People or things, counted", ""]))
@example([Series("All equal", [(month, D(7)) for month in MONTHS])], "Days")
@example([Series("One", [(MONTHS[0], D(0))])], "Days")
@settings(deadline=None)
def test_nothing_leaves_the_picture_or_covers_a_word(series, unit):
    drawing = drawn(*series, unit=unit)
    if not any(value is not None for one in series for _, value in one.points):
        assert drawing == ""
        return
    assert_inside(drawing)
    assert touching([box_of_text(text) for text in found(drawing, "text")]) == []


@given(st.lists(amounts, min_size=1))
def test_the_axis_holds_every_value_and_zero_in_few_even_steps(values):
    ticks = axis_for(values).ticks
    assert ticks[0] <= min(*values, D(0))
    assert max(*values, D(0)) <= ticks[-1]
    assert 0 in ticks
    assert 2 <= len(ticks) <= 5
    assert {b - a for a, b in pairwise(ticks)} == {ticks[1] - ticks[0]}


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["100"], ["0", "25", "50", "75", "100"]),
        (["71"], ["0", "20", "40", "60", "80"]),
        (["10"], ["0", "3", "6", "9", "12"]),
        (["9.5"], ["0", "2.5", "5", "7.5", "10"]),
        (["0.3"], ["0", "0.1", "0.2", "0.3"]),
        (["1"], ["0", "1"]),
        (["0"], ["0", "1"]),
        (["-9", "1"], ["-9", "-6", "-3", "0", "3"]),
        (["-9.5", "1"], ["-10", "-5", "0", "5"]),
        (["1234567.5"], ["0", "500000", "1000000", "1500000"]),
    ],
)
def test_axes_worked_by_hand(values, ticks):
    assert axis_for([D(value) for value in values]).ticks == tuple(map(D, ticks))


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("65.8536585", "Per cent", "65.9%"),
        ("65.85", "Per cent", "65.9%"),
        ("40.0", "Days", "40"),
        ("1234567", "People or things, counted", "1,234,567"),
        ("1234.5", "Pounds", "£1,234.50"),
        ("1200", "Pounds", "£1,200"),
        ("-5", "Pounds", "−£5"),
        ("100", "Days", "100"),
        ("-0.04", "Days", "0"),
    ],
)
def test_figures_as_a_reader_writes_them(value, unit, told):
    assert figure(D(value), unit) == told


def test_ticks_carry_the_unit_and_no_rounding():
    texts = lines_of_text(drawn(monthly("0.1", "0.2", "0.3"), unit="Pounds"))
    assert texts[:5] == ["Pounds", "£0", "£0.10", "£0.20", "£0.30"]
    assert lines_of_text(drawn(monthly("71"), unit="Per cent"))[:3] == ["Per cent", "0%", "20%"]


def test_a_missing_figure_is_a_gap():
    drawing = drawn(monthly("1", "2", None, "4", "5", None, "7"))
    lines = found(drawing, "polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 2]
    assert len(found(drawing, "circle")) == 5 + 1, "each figure, and the legend's"


def test_points_in_any_order_are_joined_by_date():
    ordered = monthly("1", "2", "3")
    assert drawn(Series("Each month", ordered.points[::-1])) == drawn(ordered)


def test_lines_differ_without_their_colour():
    drawing = drawn(monthly("1", "2"), monthly("3", "3", label="Target", style="dashed"))
    texts = lines_of_text(drawing)
    assert texts[-2:] == ["Each month: solid line, round markers", "Target: dashed line, square markers"]
    assert {"Each month", "Target"} < set(texts), "and each is named where it ends"
    assert ["stroke-dasharray" in line.attrib for line in found(drawing, "polyline")] == [True, False]


def test_months_are_thinned_out_and_the_year_is_told_when_it_is_new():
    texts = lines_of_text(drawn(monthly(*map(str, range(36)))))
    months = [text for text in texts if text in {"Apr", "Aug", "Oct", "Dec"} or text[:3] == "202"]
    assert months == ["Apr", "2026", "Oct", "Apr", "2027", "Oct", "Apr", "2028", "Oct"]


def test_lines_ending_together_are_named_apart():
    drawing = drawn(*(monthly("1", "5", label=f"Line {at}") for at in range(6)))
    assert_inside(drawing)
    assert touching([box_of_text(text) for text in found(drawing, "text")]) == []
    assert {f"Line {at}" for at in range(6)} <= set(lines_of_text(drawing))


def test_the_description_sums_each_line_up():
    assert read(drawn(monthly("31.25", None, "40")))[1].text == (
        "Each month: from 31.3 on 1 April 2026 to 40 on 1 June 2026; lowest 31.3, highest 40."
    )


@pytest.mark.parametrize("empty", [(), (Series("None", []),), (monthly(None, None),)])
def test_no_figure_no_drawing(empty):
    assert drawn(*empty) == ""


def test_the_table_says_the_same():
    target = Series("Target", [(MONTHS[1], D(65))], "dashed")
    twin = chart_table([monthly("65.85", None), target], unit="Per cent")
    assert twin.headers == ("Date", "Each month (per cent)", "Target (per cent)")
    assert twin.rows == [("1 April 2026", "65.9%", "no figure"), ("1 May 2026", "no figure", "65%")]


def test_a_line_that_another_covers_is_drawn_wide_beneath_it_and_says_so():
    drawing = drawn(monthly("1", "2", "3", label="Started"), monthly("1", "2", "3", label="Improved"))
    beneath, paper, over = found(drawing, "polyline")
    assert float(beneath.get("stroke-width")) > float(paper.get("stroke-width")) > float(over.get("stroke-width"))
    assert paper.get("stroke") == "#ffffff"
    assert "wide because it runs beneath “Started”" in " ".join(lines_of_text(drawing))


@pytest.mark.parametrize("other", [("3", "2", "1"), ("2", "3", "4"), (None, None, None)])
def test_lines_that_are_seen_apart_stay_thin(other):
    drawing = drawn(monthly("1", "2", "3", label="Started"), monthly(*other, label="Improved"))
    assert {line.get("stroke-width") for line in found(drawing, "polyline")} == {"2.25"}
    assert "wide" not in " ".join(lines_of_text(drawing))
