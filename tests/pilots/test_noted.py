"""Notes brought into a return, and figures carried over: pure arithmetic, worked by hand and by property."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilots.carried import CARRIED, as_expected, carried_over
from pilots.comparison import changes, differs
from pilots.entry import NUMBERS, Entry
from pilots.noted import AMOUNTS, COUNTED, MOST_PEOPLE, MOST_WORDS, PEOPLE, Counting, Jotted, NoteKind, bring_in
from pilots.rollup import Figure

FIELDS = (*COUNTED, "amount-S2")


def number(key, value, goes_to, **more):
    return Jotted(key, NoteKind.NUMBER, number=Decimal(value), goes_to=goes_to, **more)


def test_numbers_add_to_the_figure_they_were_noted_for():
    entry = Entry(new_starts=3, figures={"S2": Figure(Decimal("10.5"))})
    before = {"new_starts": Decimal(3), "amount-S2": Decimal("10.50")}  # nothing but earlier notes
    notes = [
        number("a", 2, "new_starts"), number("b", 1, "referrals"), number("c", "1.25", "training_days"),
        number("d", "2.5", "amount-S2"),
    ]  # fmt: skip
    brought = bring_in(entry, notes, FIELDS, before)
    assert (brought.entry.new_starts, brought.entry.referrals, brought.entry.training_days) == (5, 1, Decimal("1.25"))
    assert brought.entry.figures["S2"] == Figure(Decimal("13.0"))
    assert type(brought.entry.new_starts) is int
    assert (brought.used, brought.left) == (("a", "b", "c", "d"), ())


@pytest.mark.parametrize(
    ("counting", "figure", "used", "asked"),
    [
        ("", 3, (), ("a", "b")),
        ("nonsense", 3, (), ("a", "b")),
        (Counting.COUNTED, 3, ("a", "b"), ()),
        (Counting.ADD, 6, ("a", "b"), ()),
    ],
)
def test_a_figure_that_somebody_typed_is_never_counted_twice_unasked(counting, figure, used, asked):
    notes = [number("a", 2, "new_starts", counting=counting), number("b", 1, "new_starts", counting=counting)]
    for before in ({}, {"new_starts": Decimal(2)}):
        brought = bring_in(Entry(new_starts=3), notes, FIELDS, before)
        assert (brought.entry.new_starts, brought.used, brought.asked) == (figure, used, asked)
        assert [key for key, _ in brought.left] == list(asked)
    if not used:
        assert dict(brought.left)["a"].startswith("The return says 3 there already. Say whether the 2 of this note")


def test_a_typed_0_hides_no_note_and_several_notes_fill_an_empty_field_together():
    notes = [number("a", 2, "new_starts"), number("b", 1, "new_starts")]
    for there in (0, None):
        brought = bring_in(Entry(new_starts=there), notes, FIELDS)
        assert (brought.entry.new_starts, brought.used, brought.asked) == (3, ("a", "b"), ())


def test_quotes_are_appended_and_one_lesson_is_told():
    notes = [
        Jotted("q", NoteKind.QUOTE, "Sundays are long."), Jotted("l", NoteKind.LESSON, "Pairs save time."),
        Jotted("m", NoteKind.LESSON, "Ring first."), Jotted("p", NoteKind.PHOTO, "A tea table."),
    ]  # fmt: skip
    brought = bring_in(Entry(users_said="Said before.\n"), notes, FIELDS)
    assert brought.entry.users_said == "Said before.\n“Sundays are long.”"
    assert brought.entry.learned == "Pairs save time."
    assert brought.used == ("q", "l", "p")
    assert brought.left == (("m", "“One thing you learned” is told already."),)
    assert bring_in(Entry(learned="Typed."), notes[1:2], FIELDS).entry.learned == "Typed."


@pytest.mark.parametrize(
    ("note", "because"),
    [
        (number("x", 1, "new_starts", in_time=False), "counted in the wrong one"),
        (number("x", 1, "amount-GONE"), "does not ask for"),
        (number("x", MOST_PEOPLE, "new_starts", counting=Counting.ADD), "too large"),
        (Jotted("x", NoteKind.QUOTE, "y" * 1000), "no room left"),
    ],
)
def test_what_cannot_go_in_says_why_and_changes_nothing(note, because):
    entry = Entry(new_starts=1, users_said="z" * (MOST_WORDS - 1000))
    brought = bring_in(entry, [note], FIELDS)
    assert brought.entry == entry
    assert [key for key, _ in brought.left] == ["x"]
    assert because in brought.left[0][1]


people = st.builds(number, st.uuids().map(str), st.integers(0, MOST_PEOPLE), st.sampled_from(PEOPLE))
amounts = st.builds(
    number, st.uuids().map(str), st.decimals(0, 10**9, places=2), st.sampled_from((*AMOUNTS, "amount-S2"))
)
kinds = st.sampled_from([NoteKind.QUOTE, NoteKind.LESSON])
words = st.builds(Jotted, st.uuids().map(str), kinds, st.text("ab ", min_size=1, max_size=900))


@settings(max_examples=60)
@given(st.lists(st.one_of(people, amounts, words), max_size=12, unique_by=lambda note: note.key))
def test_every_note_is_used_or_left_and_the_sums_are_the_used_numbers(notes):
    brought = bring_in(Entry(), notes, FIELDS)
    assert {*brought.used, *(key for key, _ in brought.left)} == {note.key for note in notes}
    assert len(brought.used) + len(brought.left) == len(notes)
    for name in COUNTED:
        added = sum(n.number for n in notes if n.goes_to == name and n.key in brought.used)
        assert (getattr(brought.entry, name) or 0) == added
    assert len(brought.entry.users_said) <= MOST_WORDS


# Carried over


def test_what_stands_still_is_offered_where_nothing_is_typed():
    before = Entry(active_at_end=33, budget=Decimal(4000), posts_funded=Decimal("3.5"), new_starts=9, waiting=2)
    offered = carried_over(Entry(posts_funded=Decimal(3)), before, same_length=True)
    assert offered == {"active_at_start": 33, "budget": Decimal(4000)}
    assert "budget" not in carried_over(Entry(), before, same_length=False)
    assert carried_over(Entry(active_at_start=0), before, same_length=True) == {
        "budget": 4000,
        "posts_funded": Decimal("3.5"),
    }


def test_a_change_of_what_stands_still_counts_however_small():
    before, now = Entry(active_at_end=33, volunteers=18), Entry(active_at_start=33, volunteers=19, new_starts=9)
    found = changes(CARRIED, now.numbers(), as_expected(before), differs)
    assert [(change.name, change.before, change.now) for change in found] == [("volunteers", 18, 19)]


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 50)),
    st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 50)),
)
def test_nothing_typed_is_ever_replaced_and_nothing_is_counted_for_anybody(typed, before):
    offered = carried_over(Entry(**typed), Entry(**before), same_length=True)
    assert not offered.keys() & typed.keys()
    assert offered.keys() <= CARRIED.keys()
    assert not set(COUNTED) & CARRIED.keys()
