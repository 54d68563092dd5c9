"""The workbook of a pilot's open returns: its columns, what stands in it when it is downloaded, and its upload.

Each row is the form of one return (`RowForm`), so that a workbook takes what the page takes, and says the same.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django import forms

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from foundation.sheets.template import Column, Takes, workbook_to_fill_in
from partnerships.models import Partnership
from pilots.forms.numbers import MOST_PEOPLE, PeopleField
from pilots.forms.returns import FillInForm
from pilots.models import Indicator, MonthlyReturn
from pilots.sections import Section, sections_of

if TYPE_CHECKING:
    from pilots.forms.workbook_rows import Reading

LAYOUT = 1  # of the workbook itself; a change that an older workbook does not fit makes it one more
SHEET, STAMP, PERIOD = "Returns", "Stamp", "Period"
ASKED = (Section.PEOPLE, Section.OUTCOMES, Section.MONEY, Section.STAFF)
GUIDE = (
    "Fill in the sheet “Returns”: one row is one period. Leave a cell empty if you do not have its figure yet.",
    "Type figures, not formulas. Type 0 where there was nobody or nothing. Name no person anywhere.",
    "Leave the headings and the first column as they are. Rows that you leave alone, or take out, change nothing.",
    "Hold the pointer over a heading to read what belongs there.",
    "Then upload the workbook where you downloaded it. You see row by row what would change before anything is saved,"
    " and what is saved are drafts: nobody is asked to check them until you submit them.",
)


class RowForm(FillInForm):
    """One row of the workbook, as the form of its return. What is not asked in it is kept as it was."""


@dataclass(frozen=True)
class Asking:
    """What a pilot's workbook asks: the form in use and the indicators whose figure is typed."""

    partnership: Partnership
    form: str
    indicators: Sequence[Indicator] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        return [section for section in ASKED if section in sections_of(self.form)]

    def row_form(self, row: MonthlyReturn, data: dict[str, str] | None = None) -> RowForm:
        return RowForm(
            data, monthly_return=row, indicators=self.indicators, partners=[], sections=self.sections, form=self.form
        )


def names_of(form: RowForm) -> list[str]:
    """The fields of a row in the order of the columns."""
    return [name for name in form.fields if name not in ("form_token", "version")]


def the_workbook(asking: Asking, rows: Sequence[MonthlyReturn]) -> IO[bytes]:
    """The workbook to download: a row for each of `rows`, of which there is one at least. Five queries for each."""
    drafts = [asking.row_form(row) for row in rows]
    names = names_of(drafts[0])
    columns = [_column(drafts[0], name) for name in names]
    period = Column(PERIOD, Takes.TEXT, "Leave the periods as they are.")
    return workbook_to_fill_in(
        SHEET,
        [period, *columns],
        [[row.month, *_typed(form, names)] for row, form in zip(rows, drafts, strict=True)],
        guide=GUIDE,
        stamp=(STAMP, _stamp(asking, names, columns, rows, drafts)),
    )


def _stamp(
    asking: Asking, names: list[str], columns: list[Column], rows: Sequence[MonthlyReturn], drafts: Sequence[RowForm]
) -> list[list[Any]]:
    """What lets the portal know its own workbook: whose it is, its columns, and of each return its version and what
    stood in its row, carried-over figures too: so that a row left alone is known, whatever has changed since."""
    return [
        ["layout", str(LAYOUT)],
        ["partnership", asking.partnership.public_id],
        *(["column", name, column.heading] for name, column in zip(names, columns, strict=True)),
        *(["return", row.public_id, str(row.version)] for row in rows),
        *(["stood", row.public_id, _as_json(form, names)] for row, form in zip(rows, drafts, strict=True)),
    ]


def _typed(form: RowForm, names: list[str]) -> list[str | int | Decimal | None]:
    return [form.get_initial_for_field(form.fields[name], name) for name in names]


def _as_json(form: RowForm, names: list[str]) -> str:
    stood = zip(names, _typed(form, names), strict=True)
    return json.dumps({name: str(value) for name, value in stood if value not in (None, "")})


def _column(form: RowForm, name: str) -> Column:
    own = form.fields[name]
    stock = FillInForm.base_fields.get(name, own)  # without what this month's page adds to it
    heading, note = str(own.label), str(stock.help_text)
    if isinstance(own, PeopleField):
        return Column(heading, Takes.WHOLE, f"{note} A whole number, 0 or more.".strip(), 0, MOST_PEOPLE)
    if isinstance(own, forms.DecimalField):
        least = None if own.min_value is None else 0.0  # the only least there is on this form
        kind = "A number with at most two decimal places" + (", 0 or more." if least == 0 else ".")
        return Column(heading, Takes.NUMBER, f"{note} {kind}".strip(), least, 9_999_999_999.0)
    return Column(heading, Takes.TEXT, note, None, getattr(own, "max_length", None))


class WorkbookForm(PortalForm):
    """The filled-in workbook. `reading` tells, once it was read, what each row would change and what is wrong."""

    button = "Check the workbook"
    file = UploadField(
        label="The workbook, filled in", only=("xlsx",), help_text="Nothing is saved yet. Accepted:"
    )  # fmt: skip

    def __init__(self, *args: Any, read: "Callable[[IO[bytes]], Reading]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = read
        self.reading: Reading | None = None

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.reading = self.read(upload.file)
        upload.seek(0)
        wrong = sum(len(row.faults) for row in self.reading.rows)
        if wrong:
            things = "one thing has" if wrong == 1 else f"{wrong} things have"
            raise forms.ValidationError(
                f"Nothing is saved: {things} to be put right in the workbook first. They are listed below, row by row."
            )
        return upload
