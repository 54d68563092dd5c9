"""A table to take away, as CSV or as a workbook, with memory that does not grow with its length.

A cell is text, a number or a date. What people typed never becomes a formula: a spreadsheet runs a CSV cell that begins
with `=`, `+`, `-` or `@`, so such text gets an apostrophe before it (OWASP, “CSV injection”); a workbook's cells carry
their type, so there it stays as it was typed.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

Cell = str | int | Decimal | date | None
Rows = Iterable[Sequence[Cell]]

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
TYPE_OF = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Without it a spreadsheet reads UTF-8 as something else, and “Dùn Èideann” falls apart.
BYTE_ORDER_MARK = "\ufeff"
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDEST = 60
MOST_ROWS = 1_048_575  # below the header: all that a sheet of a workbook has


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook."""

    name: str
    headers: Sequence[str]
    rows: Rows


def download(
    kind: str, name: str, headers: Sequence[str], rows: Rows, *, sheet: str = "", more: Sequence[Table] = ()
) -> HttpResponseBase:
    """The answer that saves the table as `name` plus its extension. `kind` is one of `FORMATS`.

    Only a workbook has a place for `more` sheets after the first, which is called `sheet`.
    """
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == CSV:
        return StreamingHttpResponse(csv_lines(headers, rows), content_type=TYPE_OF[CSV], headers=disposition)
    return FileResponse(workbook(sheet or name, headers, rows, more), content_type=TYPE_OF[XLSX], headers=disposition)


def csv_lines(headers: Sequence[str], rows: Rows) -> Iterator[str]:
    """The file, line by line. Dates are ISO 8601, so that they sort and no spreadsheet swaps day and month."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(headers)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Cell) -> str | int | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(RUNS):
        return f"'{cell}"
    return cell


class _Echo:
    """A file that gives back what is written to it, so that the writer's line can be yielded."""

    def write(self, line: str) -> str:
        return line


def workbook(name: str, headers: Sequence[str], rows: Rows, more: Sequence[Table] = ()) -> IO[bytes]:
    """The workbook in an unnamed file on disk, at its beginning; it is gone when it is closed."""
    import xlsxwriter  # noqa: PLC0415  slow to import, and few requests need it

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "d mmm yyyy", "align": "left"})
        for table in (Table(name, headers, rows), *more):
            _fill(book, table, bold, day)
    file.seek(0)
    return file


def _fill(book: Any, table: Table, bold: Any, day: Any) -> None:
    """One sheet, or as many as the rows need: a spreadsheet would drop what lies below its last row."""
    left, part = iter(table.rows), 1
    while True:
        name = table.name[:31] if part == 1 else f"{table.name[:26]} {part}"
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, header in enumerate(table.headers):
            sheet.set_column(column, column, min(WIDEST, max(12, len(header) + 2)))
            sheet.write_string(0, column, header, bold)
        for number, row in enumerate(islice(left, MOST_ROWS), start=1):
            _write(sheet, number, row, day)
        first = next(left, None)
        if first is None:
            return
        left, part = chain([first], left), part + 1


def _write(sheet: Any, number: int, row: Sequence[Cell], day: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, date):
            sheet.write_datetime(number, column, cell, day)
        elif isinstance(cell, str):
            sheet.write_string(number, column, cell)
        elif cell is not None:
            sheet.write_number(number, column, cell)
