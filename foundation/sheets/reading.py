"""Reading a workbook that somebody filled in: values only, row by row, each with its place, and never more than asked.

The file has passed `foundation.files` before: what bursts, is disguised or defines entities does not come here. No
formula is computed and no remembered result believed: whoever reads is told in which cell one stands.
"""

import warnings
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError

Value = str | int | Decimal | date | None

MOST_UNPACKED = 5 * 1024 * 1024  # ten times what a workbook of ten years' months takes
DAMAGED = "This workbook cannot be read: it is damaged. Open it in your spreadsheet program, save it as .xlsx again."
TOO_BIG = "This workbook holds far more than the figures it was made for. Take out whatever was added to it."
FORMULA = "this cell holds a formula. Type the figure itself, or paste the cell back as a value."
PERCENTAGE = "this cell holds a percentage. Give it the format “number” and type the figure itself: 75 for 75%."
NO_NUMBER = "this cell holds something that is neither text nor a number. Type the figure itself."


@dataclass(frozen=True)
class ReadCell:
    """What stands in a cell, or the `fault` that keeps it from being taken."""

    place: str
    value: Value = None
    fault: str = ""

    @property
    def typed(self) -> str:
        """As a person would have typed it into a form: no exponent, no digits that only the machine sees."""
        if isinstance(self.value, date):
            return f"{self.value:%-d %B %Y}"
        return f"{self.value:f}" if isinstance(self.value, Decimal) else "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Line:
    """A row that holds something, with its number and its cells by column: 1 is A."""

    number: int
    cells: dict[int, ReadCell]


@dataclass(frozen=True)
class ReadSheet:
    """`more`: there are further rows than were asked for. `merged`: the ranges that are one cell, such as “B2:C4”."""

    lines: list[Line] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    more: bool = False


def read_sheets(file: IO[bytes], names: Collection[str], *, most_lines: int) -> dict[str, ReadSheet]:
    """The sheets called `names`, as far as they are there; ValidationError with a sentence when nothing can be read."""
    import openpyxl  # noqa: PLC0415  slow to import, and few requests need it

    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise ValidationError(TOO_BIG, code="big")
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            return {sheet.title: _read(sheet, most_lines) for sheet in book.worksheets if sheet.title in names}
    except ValidationError:
        raise
    except Exception:  # noqa: BLE001  openpyxl answers a malformed part with whatever it stumbled over
        raise ValidationError(DAMAGED, code="damaged") from None


def _read(sheet: Any, most_lines: int) -> ReadSheet:
    """openpyxl's own loop over a sheet's rows, without the empty ones it would put before a row numbered a billion."""
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415  as above

    book = sheet.parent
    lines: list[Line] = []
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source, sheet._shared_strings, epoch=book.epoch, date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for number, found in parser.parse():
            cells = {one["column"]: _cell(sheet, one) for one in found if one["value"] not in (None, "")}
            if cells and len(lines) == most_lines:
                return ReadSheet(lines, more=True)
            if cells:
                lines.append(Line(number, cells))
        merged = [str(part.ref) for part in parser.merged_cells.mergeCell] if parser.merged_cells else []
    return ReadSheet(lines, merged)


def _cell(sheet: Any, found: dict[str, Any]) -> ReadCell:
    from openpyxl.cell.read_only import ReadOnlyCell  # noqa: PLC0415  as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  as above

    place, value, kind = f"{get_column_letter(found['column'])}{found['row']}", found["value"], found["data_type"]
    if kind == "f":
        return ReadCell(place, fault=FORMULA)
    if kind == "e":
        return ReadCell(place, fault=f"this cell shows the error {value}. Type the figure itself.")
    if kind == "b":
        return ReadCell(place, str(value).upper())
    if kind == "n" and "%" in ReadOnlyCell(sheet, **found).number_format:
        return ReadCell(place, fault=PERCENTAGE)  # 75% is kept as 0.75
    return _plain(place, value)


def _plain(place: str, value: Any) -> ReadCell:
    """A float is what its cell shows: 0.1 + 0.2 stands there as 0.3."""
    match value:
        case datetime():
            return ReadCell(place, value.date())
        case str() | int() | date():
            return ReadCell(place, value)
        case float() if value - value == 0:  # neither infinite nor “not a number”
            return ReadCell(place, Decimal(f"{value:.15g}"))
    return ReadCell(place, fault=NO_NUMBER)
