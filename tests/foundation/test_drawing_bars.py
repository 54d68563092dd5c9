"""Bars of money: to scale, readable, escaped, told in a table too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.drawing.bars import Group, Row, bars, bars_table
from foundation.drawing.svg import WIDTH
from tests.foundation.drawn import assert_inside, box_of_text, found, lines_of_text, touching

D = Decimal
LEGEND = ("confirmed, cash", "confirmed, in kind", "hoped for")
COMES = Group(
    "Where it comes from", LEGEND, [Row("Grant", [D(60000), D(0), D(20000)]), Row("Trust", [D(0), D(40000), D(0)])]
)
GOES = Group("Where it goes", ("allocated", "", "open"), [Row("Delivery staff", [D(20000), D(0), D(0)])])


def drawn(*groups):
    return bars(groups, unit="Pounds", title="Money", id="m")


def test_bars_are_to_one_scale_and_say_their_sums():
    drawing = drawn(COMES, GOES)
    swatches = 4  # three fillings in use above, one below
    wide = sorted((float(bar.attrib["width"]) for bar in found(drawing, "rect")), reverse=True)[:-swatches]
    full = WIDTH - 4
    assert wide == pytest.approx([full * 0.75, full * 0.5, full * 0.25, full * 0.25])
    texts = lines_of_text(drawing)
    assert texts == [
        "Where it comes from", *LEGEND, "Grant", "£80,000", "Trust", "£40,000",
        "Where it goes", "allocated", "Delivery staff", "£20,000",
    ]  # fmt: skip
    fills = {bar.attrib["fill"] for bar in found(drawing, "rect")}
    assert len(fills) == 3, "parts differ by their filling"


def test_the_table_twin_holds_every_part_and_the_description_every_sum():
    twin = bars_table([COMES, GOES], unit="Pounds")
    assert [tuple(row) for row in twin.rows] == [
        ("Where it comes from: Grant", "confirmed, cash", "£60,000"),
        ("Where it comes from: Grant", "hoped for", "£20,000"),
        ("Where it comes from: Trust", "confirmed, in kind", "£40,000"),
        ("Where it goes: Delivery staff", "allocated", "£20,000"),
    ]
    assert "Grant £80,000; Trust £40,000. Where it goes: Delivery staff £20,000." in drawn(COMES, GOES)


def test_nothing_to_draw_is_no_drawing():
    assert drawn() == ""
    assert drawn(Group("A", LEGEND, [])) == ""
    assert drawn(Group("A", LEGEND, [Row("None", [D(0), D(0), D(0)])])) == ""


@given(
    st.lists(
        st.builds(
            Row, st.text(max_size=120), st.lists(st.decimals(0, D("9999999999.99"), places=2), min_size=3, max_size=3)
        ),
        max_size=6,
    )
)
def test_whatever_is_drawn_stays_inside_and_no_text_touches_another(rows):
    drawing = drawn(Group("Where it <goes>", LEGEND, rows))
    if drawing:
        assert_inside(drawing)
        assert touching([box_of_text(text) for text in found(drawing, "text")]) == []


def test_labels_are_escaped():
    drawing = drawn(Group("<b>", LEGEND, [Row("<script>", [D(1), D(0), D(0)])]))
    assert "<script>" not in drawing
    assert "<b>" not in drawing
