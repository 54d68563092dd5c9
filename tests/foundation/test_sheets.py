"""Tables to take away: read back by another program, harmless whatever people typed, small in memory."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.sheets import download as download_module
from foundation.sheets.download import BYTE_ORDER_MARK, CSV, XLSX, Table, csv_lines, download, workbook

HEADERS = ("Partnership", "Began", "Amount")
HOSTILE = ('=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1")


def read_back(rows, headers=HEADERS):
    text = "".join(csv_lines(headers, rows))
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_text_dates_numbers_and_nothing_are_told_apart():
    rows = [('Dùn Èideann, “well”\nand "so"', date(2026, 4, 1), Decimal("1250.50")), ("", None, -3)]
    assert read_back(rows) == [
        list(HEADERS), ["Dùn Èideann, “well”\nand \"so\"", "2026-04-01", "1250.50"], ["", "", "-3"],
    ]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_typed_never_becomes_a_formula(typed):
    assert read_back([(typed, None, 1)])[1][0] == f"'{typed}"


@given(st.text())
def test_no_text_at_all_begins_a_formula(typed):
    cell = next(csv_lines_of(typed))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") == typed.removeprefix("'")


def csv_lines_of(typed):
    lines = csv_lines(("x", "y"), [(typed, "end")])
    next(lines)
    yield next(csv.reader(io.StringIO(next(lines), newline="")))[0]


def sheet_of(rows):
    with workbook("partnerships", HEADERS, rows) as file, zipfile.ZipFile(file) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("typed", [*HOSTILE, "https://example.org", "007"])
def test_a_workbook_keeps_text_as_text(typed):
    sheet = sheet_of([(typed, date(2026, 4, 1), Decimal("1250.50"))])
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 't="inlineStr"' in sheet
    assert "<v>46113</v>" in sheet, "a date is a date: days since 30 December 1899"
    assert "<v>1250.50</v>" in sheet


def test_the_answer_is_a_file_with_its_name():
    answer = download(CSV, "partnerships-2026-11-22", HEADERS, [])
    assert answer["Content-Disposition"] == 'attachment; filename="partnerships-2026-11-22.csv"'
    answer = download(XLSX, "partnerships", HEADERS, [("a", None, 1)])
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer)))


@pytest.mark.parametrize(
    "make", [lambda rows: sum(map(len, csv_lines(HEADERS, rows))), lambda rows: workbook("x", HEADERS, rows)]
)
def test_a_hundred_times_the_rows_take_no_more_memory(make):
    def most(count: int) -> int:
        tracemalloc.start()
        make((f"Partnership {n}", date(2026, 4, 1), n) for n in range(count))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(1)  # whatever is imported on first use
    assert most(5000) < most(50) + 2_000_000


def test_a_workbook_may_have_more_sheets_and_no_row_is_dropped_below_the_last(monkeypatch):
    monkeypatch.setattr(download_module, "MOST_ROWS", 2)
    more = [Table("About", ("What", "How"), [("Filter", "None")])]
    with workbook("Data", ("n",), [(n,) for n in range(5)], more) as file:
        book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Data", "Data 2", "Data 3", "About"]
    assert [[cell.value for cell in sheet["A"]] for sheet in book] == [
        ["n", 0, 1], ["n", 2, 3], ["n", 4], ["What", "Filter"],
    ]  # fmt: skip
