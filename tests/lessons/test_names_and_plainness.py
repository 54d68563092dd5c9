"""Names that are looked at before publishing, and texts that everybody can read. Plain functions on plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.names import flags
from lessons.plainness import advice, problems, reading_age, syllables
from lessons.search.spelling import words_of

KNOWN = {"a person of the partnership": ["Anna Muir"], "a place": ["Fife", "Glasgow"], "a partner": ["Kingdom Wheels"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The first meeting was late.", []),
        ("Anna Muir was late.", ["Anna Muir"]),
        ("Then anna muir was late in fife.", ["anna muir", "fife"]),
        ("Ask Mrs Brown first.", ["Mrs Brown"]),
        ("We rang Jean MacLeod on 0141 496 0000.", ["Jean MacLeod", "0141 496 0000"]),
        ("Write to a.muir@example.org.", ["a.muir@example.org"]),
        ("It was held at Leith in March.", ["Leith"]),
        ("The hall (EH6 5AB) was cold.", ["EH6 5AB"]),
        ("Kingdom Wheels lent a bus.", ["Kingdom Wheels"]),
        ("The Scottish Government and Public Social Partnerships in Scotland.", []),
        ("In April and on Monday we met.", []),
        ("Anna Muir and Anna Muir again.", ["Anna Muir"]),
    ],
)
def test_names_of_people_and_places_are_flagged(text, found):
    assert [flag.text for flag in flags(text, KNOWN)] == found


def test_what_may_stay_is_not_flagged_again():
    text = "Anna Muir came from Leith."
    assert [flag.text for flag in flags(text, KNOWN, allowed=["Leith"])] == ["Anna Muir"]
    assert flags(text, KNOWN, allowed=["Leith", "Anna Muir"]) == []


@given(st.text(max_size=80))
def test_a_flag_is_always_a_piece_of_the_text_and_never_twice(text):
    found = [flag.text for flag in flags(text, KNOWN)]
    assert all(piece in text for piece in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("late", 1), ("meeting", 2), ("table", 2), ("partnership", 3), ("the", 1), ("tree", 1)],
)
def test_syllables(word, count):
    assert syllables(word) == count


def test_the_reading_age_by_hand():
    """Thirty words of one syllable in three sentences: 0.39 × 10 + 11.8 × 1 − 15.59 = 0.11; plus five is 5.11."""
    assert reading_age("The cat sat on the mat and saw a dog. " * 3) == pytest.approx(5.11)
    assert reading_age("Too short.") is None


def test_advice_never_stops_and_problems_say_where():
    hard = {
        "Why": "Interorganisational collaborative commissioning methodologies necessitate considerable deliberation "
        * 5
    }
    assert "reads as for people of" in advice(hard)[0]
    assert problems(hard) == []
    assert problems({"What to do": "See https://example.org now."}) == [
        "“What to do” shows a web address: say what it leads to, and put the address into the source."
    ]
    assert problems({"A": "A memorandum of understanding (MOU).", "B": "The MOU was late."}) == []


def test_the_words_of_a_text_are_plain():
    assert words_of("Còmhradh, it’s 3 PSPs!") == {"comhradh", "psps"}
