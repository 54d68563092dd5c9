"""Workbooks read back: values as they stand there, oddities with their place, and no file that takes long."""

import io
import time
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from foundation.sheets import reading
from foundation.sheets.reading import read_sheets
from foundation.sheets.template import Column, Takes, workbook_to_fill_in


def file_of(rows, title="Figures"):
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept


def read(rows, **more):
    return read_sheets(file_of(rows), ("Figures",), most_lines=more.get("most_lines", 50))["Figures"]


def test_values_are_taken_as_they_stand_and_oddities_say_what_they_are():
    sheet = read([["Name", 12, 0.1 + 0.2, datetime(2026, 10, 5)], [], [None, True, "=1+1", "#N/A"]])
    first, third = sheet.lines
    assert (first.number, third.number) == (1, 3)
    assert [cell.value for cell in first.cells.values()] == ["Name", 12, Decimal("0.3"), date(2026, 10, 5)]
    assert [cell.typed for cell in first.cells.values()] == ["Name", "12", "0.3", "5 October 2026"]
    assert [(cell.place, cell.typed) for cell in third.cells.values()] == [("B3", "TRUE"), ("C3", ""), ("D3", "")]
    assert "formula" in third.cells[3].fault
    assert "#N/A" in third.cells[4].fault


def test_a_percentage_is_not_taken_for_a_figure_a_hundred_times_smaller():
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for place, shown in (("A1", "0%"), ("B1", '0.0" %"'), ("C1", "£#,##0.00"), ("D1", "General")):
        book.active[place].value, book.active[place].number_format = 0.75, shown
    book.save(kept)
    cells = read_sheets(kept, ("Sheet",), most_lines=5)["Sheet"].lines[0].cells
    assert ["75 for 75%" in cell.fault for cell in cells.values()] == [True, True, False, False]


def test_only_the_sheets_that_are_asked_for_are_read():
    assert read_sheets(file_of([["x"]], title="Else"), ("Figures",), most_lines=5) == {}


def test_a_sheet_is_read_no_further_than_asked():
    sheet = read([[n] for n in range(100)], most_lines=10)
    assert (len(sheet.lines), sheet.more) == (10, True)


def doctored(old, new):
    """A workbook with one row, in whose sheet `old` is replaced."""
    import zipfile

    kept = io.BytesIO()
    with zipfile.ZipFile(file_of([["a", 7]])) as source, zipfile.ZipFile(kept, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            target.writestr(part, content.replace(old, new) if part.endswith("sheet1.xml") else content)
    return kept


def test_a_row_numbered_a_billion_takes_no_longer_than_any_other():
    started = time.process_time()
    file = doctored('<row r="1"', '<row r="999999999"')
    assert read_sheets(file, ("Figures",), most_lines=5)["Figures"].lines[0].number == 999_999_999
    assert time.process_time() - started < 5


@pytest.mark.parametrize("wrong", ["<v>NaN</v>", "<v>1.5.5</v>", "<v>7</v></oops>", '<v xmlns:x="y"'])
def test_what_no_spreadsheet_writes_is_damaged_and_nothing_worse(wrong):
    with pytest.raises(ValidationError, match="it is damaged"):
        read_sheets(doctored("<v>7</v>", wrong), ("Figures",), most_lines=5)


def test_a_workbook_that_holds_far_too_much_is_not_opened(monkeypatch):
    monkeypatch.setattr(reading, "MOST_UNPACKED", 100)
    with pytest.raises(ValidationError, match="far more than the figures"):
        read([["x"]])


def test_a_workbook_to_fill_in_comes_back_with_texts_as_texts_and_numbers_as_numbers():
    columns = [
        Column("Period", Takes.TEXT),
        Column("People", Takes.WHOLE, "0 or more.", 0, 9),
        Column("£", Takes.NUMBER),
    ]
    rows = [["=cmd()", 3, Decimal("10.50")], ["@x", None, None]]
    with workbook_to_fill_in("Figures", columns, rows, guide=["Type."], stamp=("Stamp", [["v", "1"]])) as file:
        found = read_sheets(file, ("Figures", "Stamp"), most_lines=5)
        book = openpyxl.load_workbook(file)
    values = [[cell.value for cell in line.cells.values()] for line in found["Figures"].lines]
    assert values == [["Period", "People", "£"], ["=cmd()", 3, Decimal("10.5")], ["@x"]]
    assert book["Figures"]["A2"].data_type == "s"
    assert book["Figures"]["B1"].comment.text == "0 or more."
    assert book["Stamp"].sheet_state == "veryHidden"
