"""Workbooks with what does not belong there: a message beside the file or the row, and nothing kept."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.database import clock
from foundation.files.models import StoredFile
from pilots.models import WorkbookImport
from tests.factories.pilots import IndicatorFactory
from tests.pilots.workbooks import address, columns, downloaded, open_pilot, put, upload
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _december():
    with clock.at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def pilot(client):
    return open_pilot(client)


def test_figures_that_the_form_refuses_are_refused_by_row_and_column(client, pilot):
    bad = {
        "Referrals_in": "-1", "Referrals_accepted": -1, "New_starts": 10**30, "Planned_exits": "NaN",
        "Unplanned_exits": "1.000,00", "Improved": 2.5, "The_same": "1e3", "Worse": True, "V1": "inf",
        "Budget": "1.000,00", "Spent": 10**30, "R3": Decimal("1.234"),
    }  # fmt: skip
    book = downloaded(client, pilot)
    put(book["Returns"], 2, Active_at_the_start=30, **bad)
    response = upload(client, pilot, book)
    page = text(response)
    assert response.status_code == 200
    for heading in bad:
        assert f"<li>Row 2, {heading.replace('_', ' ')}" in page
    assert "Row 2, Active at the start" not in page
    assert f"Nothing is saved: {len(bad)} things have to be put right in the workbook first." in page
    assert not StoredFile.objects.exists()


def test_formulas_errors_and_dates_in_cells_are_named_by_cell(client, pilot):
    book = downloaded(client, pilot)
    sheet = book["Returns"]
    put(sheet, 2, Referrals_in="=6*2", Spent=datetime(2026, 3, 5))
    sheet.cell(3, columns(sheet)["New starts"]).value = "#REF!"
    page = text(upload(client, pilot, book))
    assert "Row 2, Referrals in: C2: this cell holds a formula. Type the figure itself" in page
    assert "your spreadsheet has made a date of this figure (5 March 2026)" in page
    assert "this cell shows the error #REF!" in page
    assert "Referrals in</th>" not in page, "what cannot be taken is no change to nothing"


def test_a_telephone_number_in_an_explanation_is_not_even_kept(client, pilot):
    book = downloaded(client, pilot)
    put(book["Returns"], 2, Explanation="Ask Ann on 07700 900123.")
    page = text(upload(client, pilot, book))
    assert "Row 2, Explanation: " in page
    assert not StoredFile.objects.exists()


def test_periods_that_cannot_be_filled_in_say_why(client, pilot):
    book = downloaded(client, pilot)
    sheet = book["Returns"]
    for row, period in ((4, "January 2027"), (5, "March 2031"), (6, "October 2026"), (7, "September 2026"), (8, None)):
        sheet.cell(row, 1).value = period
        put(sheet, row, New_starts=3)
    page = text(upload(client, pilot, book))
    for said in (
        "Row 4, January 2027: January 2027 has not begun.",
        "Row 5, Period: “March 2031” is no period of this pilot’s returns",
        "Row 6, Period: October 2026 stands in row 2 already.",
        "Row 7, September 2026: This return is “Submitted, waiting to be accepted”",
        "Row 8, Period: the period is missing",
    ):
        assert said in page


# Files that are something else


def rename(sheet):
    sheet["C1"].value = "Referals"


def add_a_column(sheet):
    sheet.cell(1, 60).value = "Notes"


def double_a_column(sheet):
    sheet["D1"].value = sheet["C1"].value


def far_too_long(sheet):
    for row in range(4, 700):
        sheet.cell(row, 1).value = "October 2026"


def stamped(place, value):
    def change(sheet):
        sheet.parent["Stamp"][place].value = value

    return change


SPOILED = [
    (lambda sheet: sheet.merge_cells("C2:C3"), "The cells C2:C3 are merged."),
    (rename, "The column “Referrals in” is missing or was renamed."),
    (add_a_column, "BH1: “Notes” is no heading of this workbook."),
    (double_a_column, "The column “Referrals in” is there twice."),
    (lambda sheet: setattr(sheet, "title", "Sheet1"), "This is not a workbook from this page"),
    (lambda sheet: sheet.parent.remove(sheet.parent["Stamp"]), "This is not a workbook from this page"),
    (stamped("B1", "0"), "This workbook is of an older kind."),
    (stamped("B2", "another"), "This workbook was downloaded for another pilot."),
    (far_too_long, "This workbook has more than 150 rows."),
]


def test_another_workbook_is_refused_beside_the_field(client, pilot):
    whole_file = b"".join(client.get(address("workbook_file", pilot)))
    for spoil, said in SPOILED:
        book = openpyxl.load_workbook(io.BytesIO(whole_file))
        spoil(book["Returns"])
        response = upload(client, pilot, book)
        assert response.status_code == 200
        assert said in text(response)
    IndicatorFactory(partnership=pilot, code="Q1", title="satisfaction")
    response = upload(client, pilot, SimpleUploadedFile("returns.xlsx", whole_file))
    assert "What the return asks has changed since this workbook was downloaded" in text(response)
    assert not WorkbookImport.objects.exists()


def packed(sheet):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<book/>", "xl/worksheets/sheet1.xml": sheet}
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


NO_WORKBOOKS = [
    ("returns.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, "“returns.xls” cannot be accepted. Upload Excel (.xlsx)."),
    ("returns.csv", b"Period,Referrals in\n", "“returns.csv” cannot be accepted. Upload Excel (.xlsx)."),
    ("returns.xlsx", b"", "is empty"),
    ("returns.xlsx", b"Period;Referrals", "damaged, or it is not the kind its name says"),
    ("returns.xlsx", packed(b" " * 60_000_000), "unpacks to far more than its size"),
    ("returns.xlsx", packed(b"<worksheet/>"), "This workbook cannot be read"),
]


def test_a_file_that_is_no_workbook_is_refused_beside_the_field(client, pilot):
    for name, content, said in NO_WORKBOOKS:
        response = upload(client, pilot, SimpleUploadedFile(name, content))
        assert response.status_code == 200
        assert said in text(response)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("told", ["[" * 30_000, "sNaN", '{"spent": "sNaN"}', '{"spent": "1e999999999"}', "1" * 9000])
def test_a_stamp_that_was_written_over_is_no_stamp(client, pilot, told):
    book = downloaded(client, pilot)
    for line in book["Stamp"].iter_rows():
        if line[0].value == "stood":
            line[2].value = told
    put(book["Returns"], 2, Spent="sNaN")
    page = text(upload(client, pilot, book))
    assert "Row 2, Spent" in page
