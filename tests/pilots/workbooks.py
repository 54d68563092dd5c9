"""A pilot with open returns, and its workbook as somebody fills it in, for the tests of both."""

import io
from datetime import date

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.roles import PartnershipRole
from pilots.models import MonthlyReturn
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import WHOLE, IndicatorFactory, ReturnFactory


def open_pilot(client):
    """A pilot with September sent, October begun, November open and January ahead; whoever logs it is signed in."""
    partnership = PartnershipFactory(in_pilot=True)
    ReturnFactory(partnership=partnership, period=date(2026, 9, 1), submitted=True)
    ReturnFactory(partnership=partnership, period=date(2026, 10, 1), draft=True)
    ReturnFactory(partnership=partnership, period=date(2026, 11, 1))
    ReturnFactory(partnership=partnership, period=date(2027, 1, 1))
    IndicatorFactory(partnership=partnership, code="R3", days=True)
    IndicatorFactory(partnership=partnership, code="V1", title="people involved")
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership))
    return partnership


def row_of(partnership, month):
    return MonthlyReturn.objects.get(partnership=partnership, period=date(2026, month, 1))


def address(name, partnership, *more):
    return reverse(f"pilots:{name}", args=[partnership.public_id, *more])


def downloaded(client, partnership):
    response = client.get(address("workbook_file", partnership))
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


def columns(sheet):
    return {cell.value: cell.column for cell in sheet[1]}


def put(sheet, row, **figures):
    """Figures by the beginning of their heading, underscores for spaces."""
    for name, value in figures.items():
        [column] = [place for heading, place in columns(sheet).items() if heading.startswith(name.replace("_", " "))][
            :1
        ]
        sheet.cell(row, column).value = value


def whole(sheet, row, **changes):
    """A row that adds up, but for `changes`."""
    names = {
        "Active_at_the_start": "active_at_start", "Referrals_in": "referrals", "Referrals_accepted":
        "referrals_accepted", "New_starts": "new_starts", "Planned_exits": "planned_exits", "Unplanned_exits":
        "unplanned_exits", "Active_at_the_end": "active_at_end", "On_the_waiting": "waiting", "People_reviewed":
        "reviewed", "Improved": "improved", "The_same": "same", "Worse": "worse", "Budget": "budget", "Spent": "actual",
    }  # fmt: skip
    put(sheet, row, **{heading: WHOLE[name] for heading, name in names.items()} | changes)


def as_file(book, name="returns.xlsx"):
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile(name, kept.getvalue())


def upload(client, partnership, book, **more):
    file = book if isinstance(book, SimpleUploadedFile) else as_file(book)
    return client.post(address("workbook", partnership), {"file": file, "form_token": "", **more})


def save(client, found):
    return client.post(address("workbook_save", found.partnership, found.public_id), {"version": found.version})
