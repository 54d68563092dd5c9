"""What changed between two wordings: by hand, and for any two texts."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.wording import Fate, Kind, Wording, changes, in_words, pieces, sentence

TEXTS = st.text(alphabet="ab \n.", max_size=60)


def test_one_word_changed_by_hand():
    told = pieces("Notice of one month is given.", "Notice of three months is given.")
    assert [(piece.kind.value, piece.text) for piece in told] == [
        ("same", "Notice of "), ("removed", "one month "), ("added", "three months "), ("same", "is given."),
    ]  # fmt: skip


def test_nothing_changed_is_one_piece_and_nothing_at_all_is_none():
    assert [p.kind for p in pieces("As it was.", "As it was.")] == [Kind.SAME]
    assert pieces("", "") == ()


@given(before=TEXTS, after=TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_pieces_put_together_are_both_texts_again(before, after):
    told = pieces(before, after)
    assert "".join(p.text for p in told if p.kind != Kind.ADDED) == before
    assert "".join(p.text for p in told if p.kind != Kind.REMOVED) == after


@pytest.mark.parametrize("word", ["a ", "w{n} "])
def test_the_longest_texts_are_compared_in_a_moment(word):
    before = "".join(word.format(n=n) for n in range(1600))
    after = "".join(word.format(n=n + n % 3) for n in range(1600)) + "end"
    began = time.process_time()
    pieces(before, after)
    assert time.process_time() - began < 5


def test_sections_are_known_by_their_key_and_renamed_added_and_left_out_are_told():
    before = [
        Wording("a", "Roles", "Each its own."),
        Wording("b", "Money", "None."),
        Wording("c", "Term", "Two years."),
    ]
    after = [
        Wording("a", "Who does what", "Each its own."),
        Wording("d", "Data", "Kept."),
        Wording("c", "Term", "Two years."),
    ]
    told = changes(before, after)
    assert [(c.heading, c.fate, c.was) for c in told] == [
        ("Who does what", Fate.CHANGED, "Roles"), ("Data", Fate.ADDED, ""), ("Term", Fate.SAME, ""),
        ("Money", Fate.LEFT_OUT, ""),
    ]  # fmt: skip
    assert sentence(told) == "changed “Who does what”; added “Data”; left out “Money”"
    assert sentence(changes(before, before)) == ""


def test_many_names_are_counted():
    assert in_words(["A"]) == "A"
    assert in_words(["A", "B", "C"]) == "A, B and C"
    assert in_words(list("ABCDEF")) == "A, B, C, D and 2 more"
