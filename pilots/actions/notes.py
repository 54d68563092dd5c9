"""Notes: added in the middle of a month, brought into a return, set aside. `domain.md` 3.1: ten minutes a month."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from foundation.audit.events import new_form_token, record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.files import store
from foundation.policy.refusals import stop_if
from partnerships.actions.document import room_left
from partnerships.lifecycle import Stage, has_reached, over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.actions.returns import blockers_to_fill_in, save_draft
from pilots.entry import Entry, Part
from pilots.measures import Rollup
from pilots.models import Indicator, MonthlyReturn, Note, plan_of
from pilots.noted import COUNTED, MOST_FIGURE, MOST_PEOPLE, PEOPLE, BroughtIn, Counting, NoteKind, bring_in
from pilots.periods import month_of
from pilots.personal import personal_detail
from pilots.sections import fields_asked

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Person
    from foundation.files.models import StoredFile

MOST_WORDS = 1000
# A note typed without signal arrives later, and keeps its day; what comes later than this was not typed then.
LONGEST_ON_THE_WAY = timedelta(days=62)


def blockers_to_note(partnership: Partnership) -> list[str]:
    """Why no note can be added now."""
    found = over_blockers(partnership.stage, "Its notes")
    if not has_reached(partnership.stage, Stage.PILOT):
        found.append("The pilot is not running. Notes can be added once gate G1 has been passed.")
    return found


def blockers_to_set_aside(note: Note) -> list[str]:
    """Why a note cannot be set aside now."""
    found = over_blockers(note.partnership.stage, "Its notes")
    if note.used_in is not None:
        found.append(f"This note was used in the return for {note.used_in.month}.")
    if note.set_aside_at:
        found.append("This note was set aside already.")
    return found


def countable(partnership: Partnership) -> list[str]:
    """The return's fields that a number can be noted for: what is added up over its period. Two queries."""
    return countable_among(Indicator.objects.filter(partnership=partnership), plan_of(partnership).form)


def countable_among(indicators: Iterable[Indicator], form: str) -> list[str]:
    """The same, for a partnership's indicators and the form of its returns."""
    asked = fields_asked(form)
    added_up = [i.code for i in indicators if i.rollup == Rollup.SUM and not i.drawn_from]
    return [name for name in COUNTED if name in asked] + [Part.AMOUNT.field_of(code) for code in added_up]


@verb("note.add", on="partnership")
def add_note(
    *,
    partnership: Partnership,
    kind: str,
    by: "Person",
    text: str = "",
    number: Decimal | None = None,
    goes_to: str = "",
    photo: "UploadedFile[bytes] | None" = None,
    period: date | None = None,
    noted_on: date | None = None,
    client_key: str = "",
) -> Note:
    """Keep a note for the next return. The same `client_key` from the same person again is the same note."""
    partnership = locked(partnership)
    require(by, Ability.LOG_PROGRESS, partnership)
    if client_key and (kept := Note.objects.filter(noted_by=by, client_key=client_key).first()):
        return kept
    stop_if(blockers_to_note(partnership))
    note = Note(
        partnership=partnership,
        kind=kind,
        period=period or month_of(clock.today()),
        noted_on=noted_on or clock.today(),
        noted_by=by,
        text=text.strip(),
        number=number if kind == NoteKind.NUMBER else None,
        goes_to=goes_to if kind == NoteKind.NUMBER else "",
        client_key=client_key or new_form_token(),
    )
    if found := _faults(note):
        raise ValidationError(found)
    note.photo = _kept(photo, partnership, by) if kind == NoteKind.PHOTO else None
    note.save()
    facts = {"kind": kind, "period": note.period.isoformat(), "goes_to": goes_to, "number": note.number}
    record(
        "note.add", on=note, by=by, summary=f"noted a {note.get_kind_display().lower()} for {note.month}", after=facts
    )
    return note


@verb("note.set_aside", on="note")
def set_aside_note(*, note: Note, by: "Person") -> None:
    """Leave a note out of every return. Its words stay readable; its photo, which nobody could look at any more, is
    deleted: a picture of a place or of people is kept no longer than it is needed."""
    partnership = locked(note.partnership)
    note = locked(note)
    note.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_set_aside(note))
    note.set_aside_by, note.set_aside_at = by, clock.now()
    gone, note.photo = note.photo, None
    note.save(update_fields=["set_aside_by", "set_aside_at", "photo"])
    if gone:
        store.remove(gone)
    told = f"set aside a {note.get_kind_display().lower()} for {note.month}{' and deleted its file' if gone else ''}"
    record("note.set_aside", on=note, by=by, summary=told)


@verb("note.bring_in", on="monthly_return")
def bring_in_notes(
    *,
    monthly_return: MonthlyReturn,
    by: "Person",
    entry: Entry | None = None,
    version: int | None = None,
    counting: Mapping[str, str] | None = None,
) -> BroughtIn:
    """Put the waiting notes into the return's draft; `entry` is what has been typed and is saved with them.

    `counting`: a `Counting` for notes, by their public id, whose field holds a figure that somebody typed.
    """
    partnership = locked(monthly_return.partnership)
    row = locked(monthly_return, version=version)
    row.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    notes = Note.objects.waiting_for(row)
    counting = {key: said for key, said in (counting or {}).items() if said in Counting.values}
    stop_if(blockers_to_fill_in(row) or ([] if notes else [f"No note waits for the return for {row.month}."]))
    brought = brought_into(row, entry or row.entry(), notes, countable(partnership), counting)
    save_draft(monthly_return=row, entry=brought.entry, by=by, version=row.version)
    used = [note for note in notes if note.public_id in brought.used]
    for note in used:
        note.used_in, note.used_at = row, clock.now()
    Note.objects.bulk_update(used, ["used_in", "used_at"])
    stay = f", {len(brought.left)} not" if brought.left else ""
    record(
        "note.bring_in",
        on=row,
        by=by,
        summary=f"brought {len(used)} note{'' if len(used) == 1 else 's'} into the return for {row.month}{stay}",
        after={
            "notes": list(brought.used),
            "counting": {key: counting[key] for key in brought.used if key in counting},
        },
    )
    return brought


def brought_into(
    row: MonthlyReturn,
    entry: Entry,
    notes: list[Note],
    fields: Collection[str],
    counting: Mapping[str, str] | None = None,
) -> BroughtIn:
    """What `entry` would be with the notes in it; changes nothing. `fields` are the countable ones. One query."""
    jotted = [note.jotted(row, (counting or {}).get(note.public_id, "")) for note in notes]
    return bring_in(entry, jotted, fields, Note.objects.sums_in(row))


def _faults(note: Note) -> dict[str, str]:
    """What cannot be kept, by field of the form."""
    today = clock.today()
    found = {}
    if note.kind not in NoteKind.values:
        found["kind"] = "Choose a number, a quote, a lesson or a photo."
    if note.period != month_of(note.period) or note.period > month_of(today):
        found["period"] = "Choose a month that has begun: a note is of something that has happened."
    elif note.period < month_of(note.partnership.starts_on):
        found["period"] = f"The partnership starts on {note.partnership.starts_on:%-d %B %Y}. Choose a later month."
    if not today - LONGEST_ON_THE_WAY <= note.noted_on <= today:
        found["noted_on"] = "The day on which this was typed cannot be right. Open the page again and type it there."
    return found | (_fault_of_number(note) if note.kind == NoteKind.NUMBER else {}) | _fault_of_words(note)


def _fault_of_number(note: Note) -> dict[str, str]:
    if note.goes_to not in countable(note.partnership):
        return {"goes_to": "Choose what you counted from the list."}
    most = Decimal(MOST_PEOPLE) if note.goes_to in PEOPLE else MOST_FIGURE
    if note.number is None or not note.number.is_finite() or not 0 <= note.number <= most:
        return {"number": f"Type a number from 0 to {most:,}."}
    if note.goes_to in PEOPLE and note.number != note.number.to_integral_value():
        return {"number": "Type a whole number: people are counted."}
    return {}


def _fault_of_words(note: Note) -> dict[str, str]:
    if not note.text and note.kind != NoteKind.NUMBER:
        return {"text": "Say what the photo shows." if note.kind == NoteKind.PHOTO else "Type the words."}
    if len(note.text) > MOST_WORDS:
        return {"text": f"Use at most {MOST_WORDS:,} characters."}
    said = personal_detail(note.text)
    return {"text": said} if said else {}


def _kept(photo: "UploadedFile[bytes] | None", partnership: Partnership, by: "Person") -> "StoredFile":
    if photo is None:
        raise ValidationError({"photo": "Choose the photo."})
    room = room_left(partnership)
    if (photo.size or 0) > room:
        left = filesizeformat(room)
        raise ValidationError({"photo": f"The partnership has {left} left for files, and this photo is larger."})
    try:
        return store.keep_photo(photo, scope=partnership.audit_scope, by=by)
    except ValidationError as error:
        raise ValidationError({"photo": error.messages}) from None
