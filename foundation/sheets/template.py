"""A workbook to fill in: what is known stands in it already, each column says what it takes, and it knows itself again.

The columns' notes and limits help whoever types; what comes back is checked as if none of them had been there.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any

from foundation.sheets.download import Cell

ROOM_FOR_ROWS = 200  # the limits reach a little below the rows that are there
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # of a message when a limit is broken, as Excel has it


class Takes(Enum):
    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """`least` and `most` are of the number, or of the text's length; None for none."""

    heading: str
    takes: Takes
    note: str = ""
    least: float | None = None
    most: float | None = None


def workbook_to_fill_in(
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    guide: Sequence[str],
    stamp: tuple[str, Sequence[Sequence[Cell]]],
) -> IO[bytes]:
    """In an unnamed file, at its beginning. The first column names the rows; `stamp` is a hidden sheet and its name."""
    import xlsxwriter  # noqa: PLC0415  slow to import, and few requests need it

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 60)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 22 if column.takes == Takes.TEXT else 13)
            sheet.write_string(0, place, column.heading, heading)
            if column.note:
                sheet.write_comment(0, place, column.note, {"x_scale": 1.6})
            if place and (limit := _limit(column)):
                sheet.data_validation(1, place, ROOM_FOR_ROWS, place, limit)
        _write(sheet, rows, first=1)
        words = book.add_worksheet("How to use it")
        words.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        _write(words, [[sentence] for sentence in guide])
        hidden = book.add_worksheet(stamp[0])
        hidden.very_hidden()
        _write(hidden, stamp[1])
    file.seek(0)
    return file


def _write(sheet: Any, rows: Sequence[Sequence[Cell]], *, first: int = 0) -> None:
    for number, row in enumerate(rows, start=first):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif cell is not None:
                sheet.write_number(number, place, cell)


def _limit(column: Column) -> dict[str, Any] | None:
    if column.least is None and column.most is None:
        return None
    says = {
        "ignore_blank": True,
        "error_title": column.heading[:_LONGEST_TITLE],
        "error_message": f"This column takes {column.takes.value}. {column.note}"[:_LONGEST_MESSAGE],
    }
    kind = {Takes.WHOLE: "integer", Takes.NUMBER: "decimal", Takes.TEXT: "length"}[column.takes]
    if column.least is None or column.most is None:
        criteria, value = ("<=", column.most) if column.least is None else (">=", column.least)
        return says | {"validate": kind, "criteria": criteria, "value": value}
    return says | {"validate": kind, "criteria": "between", "minimum": column.least, "maximum": column.most}
