"""Columns of statements: what they say, and that nothing leaves the picture or covers a word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.drawing.steps import Box, Column, steps, steps_table
from tests.foundation.drawn import assert_inside, box_of_text, found, lines_of_text, touching

COLUMNS = [
    Column("Need", [Box("People see nobody for days.", ["For: people over 65"], from_elsewhere=True)]),
    Column("Activities", []),
    Column("Outputs", [Box("Weekly visits", ["R1 People starting: 12 so far, on track"])]),
]
boxes = st.builds(Box, st.text(max_size=120), st.lists(st.text(max_size=80), max_size=3), st.booleans())
columns = st.lists(st.builds(Column, st.text(max_size=20), st.lists(boxes, max_size=3)), min_size=1, max_size=5)


@given(columns)
@settings(deadline=None, max_examples=50)
def test_nothing_leaves_the_picture_or_covers_a_word(columns):
    drawing = steps(columns, title="Logic model", id="logic")
    if not any(column.boxes for column in columns):
        assert drawing == ""
        return
    assert_inside(drawing)
    assert touching([box_of_text(text) for text in found(drawing, "text")]) == []
    assert len(found(drawing, "polygon")) == len(columns) - 1


def test_a_column_with_nothing_says_so_and_what_comes_from_elsewhere_has_a_dashed_edge():
    drawing = steps(COLUMNS, title="Logic model", id="logic")
    assert lines_of_text(drawing) == [
        "Need", "People see nobody for days.", "For: people over 65", "Activities", "Nothing written yet", "Outputs",
        "Weekly visits", "R1 People starting: 12 so far, on track",
    ]  # fmt: skip
    dashed = [rect for rect in found(drawing, "rect") if rect.get("stroke-dasharray")]
    assert len(dashed) == 1


def test_the_table_has_a_row_for_each_box():
    assert steps_table(COLUMNS).rows == [
        ("Need", "People see nobody for days.", "For: people over 65"),
        ("Activities", "Nothing written yet", ""),
        ("Outputs", "Weekly visits", "R1 People starting: 12 so far, on track"),
    ]
