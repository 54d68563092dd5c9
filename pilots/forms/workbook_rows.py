"""Reading a workbook of returns: is it this pilot's, what does each row change? Every “no” names its row and column.

Whatever is wrong with the workbook as a whole is a ValidationError; whatever is wrong with a row stands with the row.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.forms import IntegerField

from foundation.audit.events import last_change
from foundation.database import clock
from foundation.sheets.reading import Line, ReadCell, ReadSheet, read_sheets
from pilots.actions.returns import blockers_to_fill_in, faults_of
from pilots.actions.workbook import Draft
from pilots.entry import NUMBERS, Entry, Faults, unfit_words
from pilots.forms.workbook import LAYOUT, PERIOD, SHEET, STAMP, Asking, RowForm, names_of
from pilots.models import MonthlyReturn

MOST_ROWS = 150  # ten years of months, and some to spare
MOST_STAMPS = 400
FIRST_DAY = date(1899, 12, 30)  # a spreadsheet's day 0
SERIALS = range(32874, 109575)  # the days of 1990 to 2199: anything else in the first column is no date

NOT_OURS = (
    "This is not a workbook from this page, or its sheets were renamed or taken out. Download the workbook again, copy "
    "your figures into it and upload that."
)
OTHER_PILOT = "This workbook was downloaded for another pilot. Go to that pilot’s page to upload it."
OLD_LAYOUT = "This workbook is of an older kind. Download it again, copy your figures into it and upload that."
ASKED_DIFFERENTLY = (
    "What the return asks has changed since this workbook was downloaded ({what}). Download it again, copy your "
    "figures into it and upload that."
)
TOO_MANY = f"This workbook has more than {MOST_ROWS} rows. Leave one row for each period and upload it again."


@dataclass(frozen=True)
class RowRead:
    """One row. `faults` keep the workbook from being saved; `remarks` only keep the return from being submitted."""

    number: int
    name: str
    draft: Draft | None = None
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        return [(one[0], one[1], one[2]) for one in self.draft.changes] if self.draft else []


@dataclass(frozen=True)
class Reading:
    rows: list[RowRead]

    @property
    def drafts(self) -> list[Draft]:
        """What there is to save: the rows that change something."""
        return [row.draft for row in self.rows if row.draft and row.draft.changes]


@dataclass(frozen=True)
class Stamp:
    """Headings by field; the version each return had, and what stood in its row, by its public id."""

    headings: dict[str, str]
    versions: dict[str, int]
    stood: dict[str, dict[str, str]]


def read_workbook(file: IO[bytes], asking: Asking) -> Reading:
    """Every row of an uploaded workbook against the returns as they are now. Eight queries for each row."""
    sheets = read_sheets(file, (SHEET, STAMP), most_lines=MOST_STAMPS)
    if set(sheets) != {SHEET, STAMP}:
        raise ValidationError(NOT_OURS)
    returns = {row.month: row for row in _returns(asking)}
    stamp = _stamp(sheets[STAMP], asking)
    places = _columns(sheets[SHEET], stamp)
    lines = sheets[SHEET].lines[1:]
    if sheets[SHEET].more or len(lines) > MOST_ROWS:
        raise ValidationError(TOO_MANY)
    _asks_the_same(asking, stamp, returns)
    rows, seen = [], dict[str, int]()
    for line in lines:
        row = _row(line, places, stamp, asking, returns)
        if row.name and (first := seen.setdefault(row.name, row.number)) != row.number:
            said = f"Row {row.number}, {PERIOD}: {row.name} stands in row {first} already. Leave one of them."
            row = RowRead(row.number, row.name, faults=[said])
        rows.append(row)
    return Reading(rows)


def _returns(asking: Asking) -> list[MonthlyReturn]:
    """The newest revision of every period, in one query."""
    rows = MonthlyReturn.objects.filter(partnership=asking.partnership).select_related("corrects")
    newest = {row.period: row for row in rows.order_by("period", "revision")}
    for row in newest.values():
        row.partnership = asking.partnership
    return list(newest.values())


def _stamp(sheet: ReadSheet, asking: Asking) -> Stamp:
    told = [[cell.typed for _, cell in sorted(line.cells.items())] for line in sheet.lines]
    facts = {words[0]: words[1] for words in told if len(words) == 2}
    if facts.get("layout") != str(LAYOUT):
        raise ValidationError(OLD_LAYOUT if facts.get("layout", "").isdigit() else NOT_OURS)
    if facts.get("partnership") != asking.partnership.public_id:
        raise ValidationError(OTHER_PILOT)
    rest = [words for words in told if len(words) == 3]
    versions = {key: int(number) for kind, key, number in rest if kind == "return" and re.fullmatch(r"\d{1,9}", number)}
    stood = {key: known for kind, key, told in rest if kind == "stood" and (known := _stood(told)) is not None}
    return Stamp({key: heading for kind, key, heading in rest if kind == "column"}, versions, stood)


def _stood(told: str) -> dict[str, str] | None:
    """What stood in a row when it was downloaded; None when its stamp was written over."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):  # the second: thousands of brackets within brackets
        return None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else None


def _columns(sheet: ReadSheet, stamp: Stamp) -> dict[str, int]:
    """The column of each field, by the headings in row 1; ValidationError with all that is wrong about them."""
    found = sheet.lines[0] if sheet.lines and sheet.lines[0].number == 1 else Line(1, {})
    there = {column: " ".join(cell.typed.split()) for column, cell in found.cells.items()}
    wanted = {PERIOD: PERIOD} | {name: " ".join(heading.split()) for name, heading in stamp.headings.items()}
    merged = f"The cells {', '.join(sheet.merged)} are merged. Split them, so that each figure has its own cell."
    wrong = [merged] if sheet.merged else []
    for heading in wanted.values():
        count = list(there.values()).count(heading)
        if count != 1:
            said = "missing or was renamed" if count == 0 else "there twice"
            wrong.append(f"The column “{heading}” is {said}. Make the headings what they were in the download.")
    for column, heading in there.items():
        if heading not in wanted.values():
            place = found.cells[column].place
            wrong.append(f"{place}: “{heading[:80]}” is no heading of this workbook. Rename or remove it.")
    if wrong:
        raise ValidationError(wrong)
    by_heading = {heading: column for column, heading in there.items()}
    return {name: by_heading[heading] for name, heading in wanted.items()}


def _asks_the_same(asking: Asking, stamp: Stamp, returns: dict[str, MonthlyReturn]) -> None:
    if not returns:
        return
    now = names_of(asking.row_form(next(iter(returns.values()))))
    added = [name for name in now if name not in stamp.headings]
    gone = [heading for name, heading in stamp.headings.items() if name not in now]
    if added or gone:
        what = f"“{gone[0]}” is no longer asked" if gone else f"{len(added)} more columns are asked"
        raise ValidationError(ASKED_DIFFERENTLY.format(what=what))


def _row(
    line: Line, places: dict[str, int], stamp: Stamp, asking: Asking, returns: dict[str, MonthlyReturn]
) -> RowRead:
    at, first = f"Row {line.number}", line.cells.get(places[PERIOD], ReadCell(""))
    name = _period(first, returns)
    found = returns.get(name)
    if found is None:
        said = f"“{name}” is no period of this pilot’s returns" if name else first.fault or "the period is missing"
        return RowRead(line.number, "", faults=[f"{at}, {PERIOD}: {said.rstrip('.')}. Write it like “October 2026”."])
    astray = [cell.place for column, cell in line.cells.items() if column not in places.values()]
    if astray:
        return RowRead(line.number, name, faults=[f"{at}: {', '.join(astray)} stands under no heading. Remove it."])
    cells = {key: line.cells[places[key]] for key in stamp.headings if places[key] in line.cells}
    data = {key: cell.typed for key, cell in cells.items()}
    form = asking.row_form(found, data | {"version": str(stamp.versions.get(found.public_id, found.version))})
    unfit = {key: said for key, cell in cells.items() if (said := _unfit(form, key, cell))}
    if not unfit and (_is_left_alone(form, data, stamp, found) or not set(form.changed_data) - {"version"}):
        return RowRead(line.number, name)
    if blocked := _blocked(at, found, stamp):
        return RowRead(line.number, name, faults=blocked)
    return _checked(line.number, found, form, stamp, unfit)


def _is_left_alone(form: RowForm, data: dict[str, str], stamp: Stamp, row: MonthlyReturn) -> bool:
    """Whether every cell holds what was downloaded in it, also where the portal would offer another figure by now."""
    stood = stamp.stood.get(row.public_id)
    return stood is not None and all(
        _read(form, name, stood.get(name, "")) == _read(form, name, data.get(name, "")) for name in stamp.headings
    )


def _read(form: RowForm, name: str, typed: str) -> Any:
    """The figure as its field reads it; as it was typed where the field cannot."""
    try:
        return form.fields[name].to_python(typed)
    except ValidationError:
        return typed


def _period(cell: ReadCell, returns: dict[str, MonthlyReturn]) -> str:
    """The period's name, however the spreadsheet keeps it: “October 2026”, one of its days, or that day's number."""
    day = cell.value
    if isinstance(day, int | Decimal) and int(day) in SERIALS:
        day = FIRST_DAY + timedelta(days=int(day))
    if isinstance(day, date):
        first = day.replace(day=1)
        return next((name for name, row in returns.items() if row.period == first), f"{first:%B %Y}")
    typed = " ".join(cell.typed.split())
    return next((name for name in returns if name.casefold() == typed.casefold()), typed[:80])


def _unfit(form: RowForm, name: str, cell: ReadCell) -> str:
    """Why a cell cannot be taken at all: a formula, an error, or a day where a figure belongs."""
    if cell.fault:
        return f"{cell.place}: {cell.fault}"
    if isinstance(cell.value, date) and isinstance(form.fields[name], IntegerField):
        return (
            f"{cell.place}: your spreadsheet has made a date of this figure ({cell.typed}). Give the cell the format "
            "“number” and type the figure again."
        )
    return ""


def _blocked(at: str, row: MonthlyReturn, stamp: Stamp) -> list[str]:
    """Why nothing can be saved in this row's return."""
    if blockers := blockers_to_fill_in(row):
        return [f"{at}, {row.month}: {said}" for said in blockers]
    known = stamp.versions.get(row.public_id)
    again = "Download the workbook again and copy your figures into it, or take this row out."
    if known is None:
        return [f"{at}, {row.month}: this period was not open when the workbook was downloaded. {again}"]
    if known != row.version:
        change = last_change(row)
        who = f" ({change.actor_name}, on {clock.local(change.at)})" if change else ""
        return [f"{at}, {row.month}: a newer draft was saved since the workbook was downloaded{who}. {again}"]
    return []


def _checked(number: int, row: MonthlyReturn, form: RowForm, stamp: Stamp, unfit: dict[str, str]) -> RowRead:
    """The row as the form of its return sees it. `unfit` cells say so once."""
    at = f"Row {number}"
    found = {name: [str(text) for text in texts] for name, texts in form.errors.items()} | {
        name: [said] for name, said in unfit.items()
    }
    if found:
        return RowRead(number, row.month, _seen(row, form, stamp, None, but=unfit), list(_told(at, found, stamp)))
    entry = form.entry()
    faults = list(_told(at, unfit_words(entry), stamp))
    remarks = [] if faults else list(_remarks(at, form, entry, stamp))
    return RowRead(number, row.month, _seen(row, form, stamp, entry), faults, remarks)


def _told(at: str, faults: Faults, stamp: Stamp) -> Iterator[str]:
    for name, texts in faults.items():
        yield from (f"{at}, {stamp.headings.get(name, name)}: {text}" for text in texts)


def _seen(row: MonthlyReturn, form: RowForm, stamp: Stamp, entry: Entry | None, but: Collection[str] = ()) -> Draft:
    """What would change, told from what is kept now; of an unfit row as much as can be read."""
    before = _kept(form)
    changes = [
        (stamp.headings[name], _words(before.get(name)), _words(form.cleaned_data[name]))
        for name in names_of(form)
        if name not in but and name in form.cleaned_data and form.cleaned_data[name] != before.get(name)
    ]
    return Draft(row, entry or form.kept, stamp.versions[row.public_id], changes)


def _kept(form: RowForm) -> dict[str, Any]:
    """What the return holds now, by field: what its form begins with, but for what it only offers."""
    begun = {name: form.get_initial_for_field(form.fields[name], name) for name in names_of(form)}
    return begun | {name: getattr(form.kept, name) for name in form.offered if name in begun}


def _words(value: Any) -> str:
    if value in (None, ""):
        return "empty"
    return value if isinstance(value, str) else f"{value:,}"


def _remarks(at: str, form: RowForm, entry: Entry, stamp: Stamp) -> Iterator[str]:
    """What still keeps the return from being submitted, as far as the workbook asks for it; empty cells in one line."""
    mine = {
        name: texts
        for name, texts in faults_of(form.monthly_return, entry, form.indicators).items()
        if name in stamp.headings
    }
    empty = [name for name in stamp.headings if name in mine and name in NUMBERS and getattr(entry, name) is None]
    yield from _told(at, {name: texts for name, texts in mine.items() if name not in empty}, stamp)
    if empty:
        yield f"{at}: still to be typed: {'; '.join(stamp.headings[name] for name in empty)}"
