"""Notes: what is jotted down between two returns, and how it goes into the next one. Pure. `domain.md` 3.1.

A number adds to its field while that is empty or holds nothing but notes. Where somebody typed a figure the number may
be in it already: whoever brings it in says so, or that it is to be added, and until then both stay as they are. A quote
is appended to what users said; a lesson is the one thing learned where none is told yet; a photo goes with the return.
What cannot go in stays listed, with the reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import models

from pilots.entry import MONEY, MORE_MONEY, Entry, Part
from pilots.rollup import Figure

MOST_WORDS = 2000  # characters, of `Entry.users_said` and `Entry.learned`
MOST_PEOPLE = 1_000_000
MOST_FIGURE = Decimal("9999999999.99")


class Counting(models.TextChoices):
    """Whether a noted number is in the figure that somebody typed in its field."""

    ADD = "add", "Not counted yet: add it"
    COUNTED = "counted", "Counted already: leave the figure as it is"


class NoteKind(models.TextChoices):
    NUMBER = "number", "Number"
    QUOTE = "quote", "Quote"
    LESSON = "lesson", "Lesson"
    PHOTO = "photo", "Photo"


# What happens on a day and is added up over the period. How many are active, waiting or in post is not: it is counted
# at the period's end, and two notes of it must not be added.
PEOPLE = (
    "referrals", "referrals_accepted", "new_starts", "planned_exits", "unplanned_exits", "reviewed", "improved", "same",
    "worse", "safeguarding", "incidents",
)  # fmt: skip
AMOUNTS = (MONEY[1], MORE_MONEY[1], "sickness_days", "training_days", "volunteer_hours")
COUNTED = (*PEOPLE, *AMOUNTS)


@dataclass(frozen=True)
class Jotted:
    """A note as plain values. `in_time`: it is of the return's own period, not of an earlier one.

    `counting` is a `Counting`, or empty while nobody has said.
    """

    key: str
    kind: str
    text: str = ""
    number: Decimal | None = None
    goes_to: str = ""
    in_time: bool = True
    counting: str = ""


@dataclass(frozen=True)
class BroughtIn:
    """The return with the notes in it, the keys of those that went in, and why each other one did not.

    `asked` are those of the latter that a `Counting` lets in.
    """

    entry: Entry
    used: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()


def bring_in(
    entry: Entry, notes: Iterable[Jotted], fields: Collection[str], before: Mapping[str, Decimal] | None = None
) -> BroughtIn:
    """`entry` with `notes` in it, one after another. `fields` are those the return asks for, indicators' included.

    `before`: by field, the sum of the numbers that were brought into this return earlier.
    """
    so_far = BroughtIn(entry)
    for note in notes:
        typed = _typed(entry, note.goes_to, before or {}) if note.kind == NoteKind.NUMBER else None
        after = _with(so_far.entry, note, fields, typed)
        if isinstance(after, Entry):
            so_far = replace(so_far, entry=after, used=(*so_far.used, note.key))
            continue
        asks = isinstance(after, _Ask)
        so_far = replace(
            so_far,
            left=(*so_far.left, (note.key, str(after))),
            asked=(*so_far.asked, note.key) if asks else so_far.asked,
        )
    return so_far


class _Ask(str):
    """Why a note stays listed until somebody says."""


def _typed(entry: Entry, goes_to: str, before: Mapping[str, Decimal]) -> Decimal | None:
    """The figure in a note's field, if somebody typed it: nothing and 0 hide no note, nor does a sum of notes."""
    there = _there(entry, goes_to)
    return None if not there or there == before.get(goes_to) else there


def _with(entry: Entry, note: Jotted, fields: Collection[str], typed: Decimal | None) -> Entry | str:
    match note.kind:
        case NoteKind.NUMBER:
            return _added(entry, note, fields, typed)
        case NoteKind.QUOTE:
            said = "\n".join(filter(None, [entry.users_said.rstrip(), f"“{note.text.strip()}”"]))
            too_long = "There is no room left in “What people who use the service said”."
            return too_long if len(said) > MOST_WORDS else replace(entry, users_said=said)
        case NoteKind.LESSON:
            told = "“One thing you learned” is told already."
            return told if entry.learned.strip() else replace(entry, learned=note.text.strip())
    return entry


def _added(entry: Entry, note: Jotted, fields: Collection[str], typed: Decimal | None) -> Entry | str:
    number = note.number or Decimal(0)
    if not note.in_time:
        return (
            "It is of an earlier month, whose return is sent: its figure would be counted in the wrong one. Correct "
            "that return if it lacks it; if not, set the note aside among the pilot’s notes."
        )
    if note.goes_to not in fields:
        return "This return does not ask for the figure it was noted for."
    if typed is not None and note.counting == Counting.COUNTED:
        return entry
    if typed is not None and note.counting != Counting.ADD:
        return _Ask(
            f"The return says {_plain(typed)} there already. Say whether the {_plain(number)} of this note is in it."
        )
    total = (_there(entry, note.goes_to) or Decimal(0)) + number
    if total > (MOST_PEOPLE if note.goes_to in PEOPLE else MOST_FIGURE):
        return "Together with what is typed already it would be too large."
    if note.goes_to in COUNTED:
        kept: dict[str, Any] = {note.goes_to: int(total) if note.goes_to in PEOPLE else total}
        return replace(entry, **kept)
    code = _code(note.goes_to)
    figure = replace(entry.figures.get(code, Figure()), amount=total)
    return replace(entry, figures={**entry.figures, code: figure})


def _there(entry: Entry, goes_to: str) -> Decimal | None:
    if goes_to in COUNTED:
        value = getattr(entry, goes_to)
        return None if value is None else Decimal(value)
    return entry.figures.get(_code(goes_to), Figure()).amount


def _plain(figure: Decimal) -> str:
    """“1,250”, “7.5”."""
    return f"{figure:,.2f}".removesuffix(".00")


def _code(goes_to: str) -> str:
    """The indicator's code in the name of its box: “amount-S2” is S2."""
    return goes_to.removeprefix(Part.AMOUNT.field_of(""))
