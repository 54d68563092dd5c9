"""The workbook of open returns: out with what is there, in again checked like the form, saved and undone at once."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.files.models import StoredFile
from partnerships.roles import PartnershipRole
from pilots.actions.returns import save_draft, submit
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import ImportState, MonthlyReturn, PilotPlan, WorkbookImport
from pilots.rollup import Figure
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import ReturnFactory, the_two_sides
from tests.pilots.workbooks import address, columns, downloaded, open_pilot, put, row_of, save, upload, whole
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _december():
    with clock.at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def pilot(client):
    return open_pilot(client)


def undo(client, found):
    found.refresh_from_db()
    return client.post(
        address("workbook_undo", found.partnership, found.public_id), {"version": found.version}, follow=True
    )


# Out


def test_the_workbook_has_the_open_periods_with_what_is_there(client, pilot):
    book = downloaded(client, pilot)
    assert book.sheetnames == ["Returns", "How to use it", "Stamp"]
    assert book["Stamp"].sheet_state == "veryHidden"
    sheet = book["Returns"]
    assert [cell.value for cell in sheet["A"]] == ["Period", "October 2026", "November 2026"]
    where = columns(sheet)
    referrals = sheet.cell(2, where["Referrals in"])
    assert (referrals.value, referrals.data_type) == (12, "n")
    # What September ended with is proposed, as the form does.
    assert [sheet.cell(row, where["Active at the start of the month"]).value for row in (2, 3)] == [33, None]
    assert {"Budget of this month (£)", "R3 days to start: mean of the month", "V1 people involved"} <= set(where)
    assert "Posts funded" not in where, "the short form does not ask for staff"
    assert sheet.freeze_panes == "B2"
    assert "Active at the start, plus new starts" in sheet.cell(1, where["Active at the end of the month"]).comment.text
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"whole", "decimal", "textLength"}


def test_the_full_form_asks_for_staff_too(client, pilot):
    PilotPlan.objects.create(partnership=pilot, form="full", version=1)
    row = row_of(pilot, 10)
    row.lowest_pay = Decimal("13.45")
    row.save()
    sheet = downloaded(client, pilot)["Returns"]
    assert sheet.cell(2, columns(sheet)["Lowest hourly pay (£)"]).value == 13.45


def test_the_workbook_that_was_only_downloaded_changes_nothing(client, pilot):
    response = upload(client, pilot, downloaded(client, pilot))
    assert "Nothing in this workbook differs from what the portal has" in text(response)
    assert not WorkbookImport.objects.exists()
    assert not StoredFile.objects.exists()


# In again


def test_what_is_filled_in_is_previewed_saved_as_drafts_and_undone(client, pilot):
    october, november = row_of(pilot, 10), row_of(pilot, 11)
    book = downloaded(client, pilot)
    whole(book["Returns"], 2, Referrals_in=14, V1=7, Explanation="A room was full.")
    put(book["Returns"], 2, R3=Decimal("7.5"))
    put(book["Returns"], 3, Referrals_in=9)
    response = upload(client, pilot, book)
    found = WorkbookImport.objects.get()
    assert response["Location"] == address("workbook_import", pilot, found.public_id)
    page = text(client.get(response["Location"]))
    assert "Row 2: October 2026" in page
    assert re.search(r"Referrals in</th><td[^>]*>12</td><td[^>]*>14</td>", page)
    assert "Row 3: still to be typed: Active at the start of the month; Referrals accepted" in page
    october.refresh_from_db()
    assert (october.referrals, october.version) == (12, 1), "looking changes nothing"

    save(client, found)
    october.refresh_from_db()
    november.refresh_from_db()
    assert (october.state, october.referrals, october.active_at_end, october.actual) == ("draft", 14, 33, 10_400)
    assert october.entry().figures["V1"] == Figure(Decimal(7))
    assert october.entry().figures["R3"] == Figure(Decimal("7.5"))
    assert (november.state, november.referrals) == ("draft", 9)
    events = AuditEvent.objects.filter(action="workbook.save").values_list("summary", flat=True)
    assert list(events) == ["saved 2 returns from the workbook “returns.xlsx” as drafts"]

    assert "The import is undone" in text(undo(client, found))
    october.refresh_from_db()
    november.refresh_from_db()
    assert (october.state, october.referrals, october.active_at_end, october.values.count()) == ("draft", 12, None, 0)
    assert (november.state, november.referrals) == (ReturnState.PLANNED, None)
    found.refresh_from_db()
    assert found.state == ImportState.UNDONE


def test_s24_a_row_that_does_not_add_up_says_so_as_the_form_does_and_is_kept_as_a_draft(client, pilot):
    book = downloaded(client, pilot)
    whole(book["Returns"], 2, Active_at_the_end=34)
    page = text(client.get(upload(client, pilot, book)["Location"]))
    assert (
        "Row 2, Active at the end of the month: You typed 34; expected 33 (at the start 30, plus new starts 8" in page
    )
    save(client, WorkbookImport.objects.get())
    assert row_of(pilot, 10).active_at_end == 34


def test_undoing_leaves_what_was_changed_or_submitted_since_and_says_why(client, pilot):
    third, _ = the_two_sides(pilot)
    book = downloaded(client, pilot)
    whole(book["Returns"], 2)
    put(book["Returns"], 3, Referrals_in=9)
    upload(client, pilot, book)
    found = WorkbookImport.objects.get()
    save(client, found)
    submit(monthly_return=row_of(pilot, 10), by=third)
    page = text(client.get(address("workbook_import", pilot, found.public_id)))
    assert "October 2026 is “Submitted, waiting to be accepted”, so its figures are fixed." in page
    assert "It stayed as it was when the import was undone" in text(undo(client, found))
    assert row_of(pilot, 10).state == ReturnState.SUBMITTED
    assert row_of(pilot, 11).state == ReturnState.PLANNED


def test_a_period_that_became_a_date_is_still_the_period(client, pilot):
    book = downloaded(client, pilot)
    book["Returns"]["A2"].value, book["Returns"]["A3"].value = datetime(2026, 10, 31), 46327  # 1 November 2026
    for row in (2, 3):
        put(book["Returns"], row, Referrals_in=14)
    upload(client, pilot, book)
    save(client, WorkbookImport.objects.get())
    assert (row_of(pilot, 10).referrals, row_of(pilot, 11).referrals) == (14, 14)


def test_a_draft_saved_since_the_download_is_not_overwritten(client, pilot):
    third, _ = the_two_sides(pilot)
    book = downloaded(client, pilot)
    put(book["Returns"], 2, Referrals_in=14)
    save_draft(monthly_return=row_of(pilot, 10), entry=Entry(referrals=5), by=third)
    page = text(upload(client, pilot, book))
    assert f"Row 2, October 2026: a newer draft was saved since the workbook was downloaded ({third}" in page
    assert row_of(pilot, 10).referrals == 5


def offered(client, partnership, month, before):
    """The workbook as downloaded while the month before ended with 33 people, which then became `before`."""
    assert row_of(partnership, month).active_at_start is None
    book = downloaded(client, partnership)
    assert book["Returns"].cell(2, columns(book["Returns"])["Active at the start of the month"]).value == 33
    MonthlyReturn.objects.filter(pk=row_of(partnership, month - 1).pk).update(active_at_end=before)
    return book


def test_a_row_left_alone_changes_nothing_though_the_month_before_changed_since(client, pilot):
    book = offered(client, pilot, 10, before=31)
    put(book["Returns"], 3, Referrals_in=14)
    page = text(client.get(upload(client, pilot, book).url))
    assert "November 2026" in page
    assert "Nothing changes in October 2026." in page
    assert save(client, WorkbookImport.objects.get()).status_code == 302
    assert (row_of(pilot, 10).version, row_of(pilot, 10).active_at_start) == (1, None)
    assert row_of(pilot, 11).referrals == 14


def test_a_stamp_that_was_written_over_is_no_way_past_the_check(client, pilot):
    book = offered(client, pilot, 10, before=31)
    for row in book["Stamp"].iter_rows():
        if row[0].value == "stood":
            row[2].value = "[}"
    page = text(client.get(upload(client, pilot, book).url))
    assert "October 2026" in page
    assert "Active at the start" in page


def test_a_draft_saved_after_the_preview_stops_the_whole_import(client, pilot):
    third, _ = the_two_sides(pilot)
    book = downloaded(client, pilot)
    put(book["Returns"], 2, Referrals_in=14)
    put(book["Returns"], 3, Referrals_in=9)
    upload(client, pilot, book)
    found = WorkbookImport.objects.get()
    save_draft(monthly_return=row_of(pilot, 10), entry=Entry(referrals=5), by=third)
    assert "a newer draft was saved since" in text(save(client, found))
    assert "This workbook cannot be saved any more" in text(
        client.get(address("workbook_import", pilot, found.public_id))
    )
    assert (row_of(pilot, 10).referrals, row_of(pilot, 11).referrals) == (5, None)


# Who, and how many queries


def test_only_whoever_logs_the_pilot_reaches_the_pages(client, pilot):
    book = downloaded(client, pilot)
    put(book["Returns"], 2, Referrals_in=14)
    upload(client, pilot, book)
    found = WorkbookImport.objects.get()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, pilot))
    for name, more in (("workbook", []), ("workbook_file", []), ("workbook_import", [found.public_id])):
        assert client.get(address(name, pilot, *more)).status_code == 403
    assert save(client, found).status_code == 403
    other = PartnershipFactory(in_pilot=True)
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, other))
    assert client.get(address("workbook_import", other, found.public_id)).status_code == 404
    assert client.get(address("workbook_file", other)).status_code == 404, "nothing is open there"


def test_the_page_takes_as_many_queries_for_one_period_as_for_many(client, pilot):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("workbook", pilot)).status_code == 200
        return len(queries)

    count()
    few = count()
    for month in range(1, 8):
        ReturnFactory(partnership=pilot, period=date(2026, month, 1))
    assert count() == few
