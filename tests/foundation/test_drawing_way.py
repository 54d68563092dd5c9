"""The way through the stages: what it says, and that nothing leaves the picture or covers a word."""

from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.drawing.way import WORDS, Step, way, way_table
from tests.foundation.drawn import assert_inside, box_of_text, found, lines_of_text, touching

STEPS = [
    Step("Design", "done", "from 1 April 2026"),
    Step("Pilot", "now", "from 1 October 2026"),
    Step("Redesign", "ahead"),
]
steps = st.lists(
    st.builds(Step, st.text(max_size=80), st.sampled_from(sorted(WORDS)), st.text(max_size=120)), min_size=1, max_size=9
)


def drawn(steps):
    return way(steps, title="The way", id="way")


@given(steps)
@settings(deadline=None, max_examples=50)
def test_nothing_leaves_the_picture_or_covers_a_word(steps):
    drawing = drawn(steps)
    assert_inside(drawing)
    assert touching([box_of_text(text) for text in found(drawing, "text")]) == []
    assert len(found(drawing, "circle")) == len(steps)
    assert len(found(drawing, "line")) == len(steps) - 1


def test_each_step_tells_its_state_in_a_word():
    assert lines_of_text(drawn(STEPS)) == [
        "1", "Design: done", "from 1 April 2026", "2", "Pilot: now", "from 1 October 2026", "3", "Redesign: to come",
    ]  # fmt: skip
    assert way_table(STEPS).rows == [
        ("Design", "done", "from 1 April 2026"), ("Pilot", "now", "from 1 October 2026"), ("Redesign", "to come", ""),
    ]  # fmt: skip


def test_no_steps_no_drawing_and_text_is_escaped():
    assert drawn([]) == ""
    assert "<script>" not in drawn([Step("<script>", "now", "<b>")])
