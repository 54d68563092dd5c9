"""What changed between two editions."""

from hypothesis import given
from hypothesis import strategies as st

from lessons.changed import FIELDS, between


def lesson(number, **words):
    return dict.fromkeys(FIELDS, "") | {"number": number, "title": f"L{number}", "path": f"/{number}/"} | words


def told(before, after):
    return [(change.number, change.told) for change in between(before, after)]


def test_the_same_lessons_are_no_change():
    assert told([lesson(1), lesson(2)], [lesson(1), lesson(2)]) == []


def test_added_left_out_reworded_and_moved_are_told_each_in_words():
    before = [lesson(1), lesson(2), lesson(3), lesson(4)]
    after = [lesson(3), lesson(2, advice="New", why="Also"), lesson(1), lesson(5)]
    assert told(before, after) == [
        (2, "has other words: why, what to do"),
        (5, "was added"),
        (4, "was left out"),
        (3, "stands in another place"),
        (1, "stands in another place"),
    ]


def test_what_only_moves_up_because_another_was_left_out_has_not_moved():
    assert told([lesson(1), lesson(2), lesson(3)], [lesson(2), lesson(3)]) == [(1, "was left out")]


@given(st.permutations(range(6)), st.permutations(range(6)))
def test_every_lesson_is_told_of_once_at_most(before, after):
    found = between([lesson(n) for n in before[:4]], [lesson(n) for n in after[:4]])
    numbers = [change.number for change in found]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) >= set(before[:4]) ^ set(after[:4])
