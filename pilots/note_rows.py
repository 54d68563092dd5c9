"""Rows for lists of notes, with every word and address prepared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from partnerships.models import Partnership
from pilots.forms.notes import COUNTING, name_of_field
from pilots.lifecycle import ReturnState
from pilots.measures import Unit, shown
from pilots.models import MonthlyReturn, Note
from pilots.noted import BroughtIn, Counting, NoteKind


@dataclass(frozen=True)
class NoteRow:
    """`photo` and `set_aside` are addresses, empty where there is nothing to see or to set aside; `sets_aside` is what
    the button says.

    `left` says why the note cannot go into the return it is shown with; the question `name` lets it in, with `choices`
    (value, label) and what was `chosen`. `missed` is the month whose return was sent without it: `read` is that
    return's page, `correct` where its correction begins.
    """

    kind: str
    told: str
    about: str
    state: str
    photo: str
    set_aside: str
    sets_aside: str
    left: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    name: str = ""
    chosen: str = ""
    missed: str = ""
    read: str = ""
    correct: str = ""


def note_rows(
    notes: Sequence[Note],
    partnership: Partnership,
    titles: dict[str, str],
    brought: BroughtIn | None = None,
    chosen: Mapping[str, str] | None = None,
    closed: Mapping[date, MonthlyReturn] | None = None,
) -> list[NoteRow]:
    """`titles` are the indicators' names by code; with `brought` each note says whether it can go in.

    `chosen` is what was answered on the page that is shown again, by the notes' public ids. `closed`: by month, the
    return that is sent.
    """
    left = dict(brought.left) if brought else {}
    asked = brought.asked if brought else ()
    rows = [_note_row(note, partnership, titles, (closed or {}).get(note.period)) for note in notes]
    return [
        replace(
            row,
            left=left.get(note.public_id, ""),
            choices=tuple((value, str(label)) for value, label in Counting.choices) if note.public_id in asked else (),
            name=f"{COUNTING}{note.public_id}",
            chosen=(chosen or {}).get(note.public_id, ""),
        )
        for note, row in zip(notes, rows, strict=True)
    ]


def _note_row(note: Note, partnership: Partnership, titles: dict[str, str], closed: MonthlyReturn | None) -> NoteRow:
    ids = [partnership.public_id, note.public_id]
    missed = closed if note.kind == NoteKind.NUMBER and note.is_waiting else None
    there = [partnership.public_id, missed.period] if missed else []
    return NoteRow(
        note.get_kind_display(),
        _told(note, titles),
        f"For {note.month}. {note.noted_by}, {note.noted_on:%-d %B %Y}.",
        "" if missed else _state(note),
        reverse("pilots:note_photo", args=ids) if note.photo_id else "",
        reverse("pilots:note_set_aside", args=ids) if note.is_waiting else "",
        "Set aside and delete the photo" if note.photo_id else "Set aside",
        missed=missed.month if missed else "",
        read=reverse("pilots:return", args=there) if missed else "",
        correct=reverse("pilots:return_correct", args=there) if missed and missed.state == ReturnState.ACCEPTED else "",
    )


def _told(note: Note, titles: dict[str, str]) -> str:
    if note.kind == NoteKind.QUOTE:
        return f"“{note.text}”"
    if note.kind != NoteKind.NUMBER:
        return note.text
    counted = f"{name_of_field(note.goes_to, titles)}: {shown(note.number, Unit.COUNT)}"
    return f"{counted}. {note.text}" if note.text else counted


def _state(note: Note) -> str:
    if note.used_in is not None:
        return f"Used in the return for {note.used_in.month}"
    if note.set_aside_at:
        return f"Set aside by {note.set_aside_by}" + (", photo deleted" if note.kind == NoteKind.PHOTO else "")
    return "Waits for the return"
