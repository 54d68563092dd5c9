"""The figures to download: tidy, explained, harmless, and no small count for whoever may not see it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots import tidy
from pilots.entry import NUMBERS
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from pilots.periods import months_from
from tests.factories.partnerships import MemberFactory, PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _december():
    with clock.at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def pilot():
    """September corrected, October accepted, November only begun; a title that would be a formula."""
    partnership = PartnershipFactory(in_pilot=True, title="=2+5 Befriending")
    old = ReturnFactory(partnership=partnership, period=date(2026, 9, 1), accepted=True, state=ReturnState.SUPERSEDED)
    new = ReturnFactory(
        partnership=partnership,
        period=date(2026, 9, 1),
        accepted=True,
        corrects=old,
        revision=2,
        referrals=99,
        correction_reason="Wrong month.",
    )
    october = ReturnFactory(partnership=partnership, period=date(2026, 10, 1), accepted=True)
    ReturnFactory(partnership=partnership, period=date(2026, 11, 1), draft=True)
    october.breakdown.create(dimension="sex", category="female", count=6)
    october.breakdown.create(dimension="sex", category="male", count=2)
    share = IndicatorFactory(partnership=partnership, code="R2", percent=True, title="@referrals that start")
    days = IndicatorFactory(partnership=partnership, code="R3", days=True)
    ValueFactory(monthly_return=october, indicator=share, amount=Decimal(1), out_of=Decimal(3))
    ValueFactory(monthly_return=new, indicator=days, amount=Decimal("7.5"), out_of=Decimal(4))
    ValueFactory(monthly_return=october, indicator=days, amount=None)
    return partnership


def read(response):
    told = b"".join(response).decode().removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(told)))


def book_of(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


def get(client, role, partnership, kind="csv", query="", **member):
    client.force_login(person_as(role, partnership, **member))
    return client.get(reverse("pilots:data_file", args=[partnership.public_id, kind]) + query)


def of(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_each_row_is_one_figure_of_one_period(client, pilot):
    rows = read(get(client, PartnershipRole.OBSERVER, pilot))
    assert list(rows[0]) == list(tidy.COLUMNS)
    assert {row["period_start"] for row in rows} == {"2026-09-01", "2026-10-01"}, "only what is accepted"
    [september] = of(rows, measure="referrals", period_start="2026-09-01")
    assert (september["value"], september["corrected"], september["period_end"]) == ("99", "yes", "2026-09-30")
    [october] = of(rows, measure="actual", period_start="2026-10-01")
    assert (october["value"], october["unit"], october["corrected"]) == ("10400.00", "pounds", "no")
    [share] = of(rows, measure="R2")
    assert (share["value"], share["part"], share["whole"]) == ("33.333333", "1.00", "3.00")
    [days] = of(rows, measure="R3")
    assert (days["value"], days["part"], days["whole"]) == ("7.5", "7.50", "4.00")
    assert not of(rows, measure="forecast"), "nobody typed it: no row, and no nought"
    assert rows[0]["partnership"] == "'=2+5 Befriending"


def test_small_counts_are_hidden_from_whoever_may_not_see_them(client, pilot):
    wanted = {"measure": "new_starts", "breakdown": "Sex"}
    hidden = of(read(get(client, PartnershipRole.OBSERVER, pilot)), **wanted)
    assert [(row["category"], row["value"], row["hidden"]) for row in hidden] == [
        ("Female", "", "Not shown"), ("Male", "", "<5"), ("Not told", "0", ""),
    ]  # fmt: skip
    shown = of(read(get(client, PartnershipRole.PARTNER_MANAGER, pilot)), **wanted)
    assert [(row["category"], row["value"], row["hidden"]) for row in shown] == [
        ("Female", "6", ""), ("Male", "2", ""), ("Not told", "0", ""),
    ]  # fmt: skip


def test_whoever_sees_every_count_is_warned_and_can_have_a_file_to_share(client, pilot):
    client.force_login(person_as(PartnershipRole.PARTNER_MANAGER, pilot))
    page = text(client.get(reverse("pilots:data", args=[pilot.public_id])))
    assert "Counted in full: do not pass this file on." in page
    wanted = {"measure": "new_starts", "breakdown": "Sex", "category": "Male"}
    [male] = of(read(get(client, PartnershipRole.PARTNER_MANAGER, pilot, query="?to-share=1")), **wanted)
    assert (male["value"], male["hidden"]) == ("", "<5")
    client.force_login(person_as(PartnershipRole.OBSERVER, pilot))
    assert "do not pass this file on" not in text(client.get(reverse("pilots:data", args=[pilot.public_id])))


def test_only_the_two_sides_of_a_return_take_away_what_is_not_accepted(client, pilot):
    query = "?with-drafts=1"
    assert not of(read(get(client, PartnershipRole.OBSERVER, pilot, query=query)), period_start="2026-11-01")
    rows = of(read(get(client, PartnershipRole.PUBLIC_LEAD, pilot, query=query)), period_start="2026-11-01")
    assert [(row["measure"], row["value"], row["state"]) for row in rows] == [("referrals", "12", "Draft")]


def test_the_workbook_explains_itself_and_numbers_are_numbers(client, pilot):
    book = book_of(get(client, PartnershipRole.OBSERVER, pilot, "xlsx"))
    assert book.sheetnames == ["Data", "Columns", "Measures", "About"]
    heads = [cell.value for cell in book["Data"][1]]
    first = dict(zip(heads, book["Data"][2], strict=True))
    assert (first["partnership"].value, first["partnership"].data_type) == ("=2+5 Befriending", "s")
    assert (first["value"].value, first["value"].data_type) == (99, "n")
    assert first["period_start"].value == datetime(2026, 9, 1)
    assert [cell.value for cell in book["Columns"]["A"]][1:] == heads
    measures = {row[0]: row for row in book["Measures"].iter_rows(min_row=2, values_only=True)}
    assert set(NUMBERS) | {"R2", "R3"} == set(measures)
    assert measures["active_at_end"][6] == "The latest month counts"
    assert measures["R3"][3:8] == (
        "Days", "0 or more, at most two decimal places", "Lower is better",
        "Average of all months, each counted by its number of people", "Typed in the return",
    )  # fmt: skip
    about = dict(book["About"].iter_rows(min_row=2, values_only=True))
    assert about["Corrected figures"] == "=2+5 Befriending: September 2026"
    assert "Counts of 1 to 4 are shown as “<5”" in about["Small counts"]
    assert about["Made on"].startswith("3 December 2026")


def test_the_portfolios_filter_chooses_the_pilots_and_their_small_counts_stay_hidden(client, pilot):
    person = person_as(PartnershipRole.THIRD_SECTOR_LEAD, pilot)
    other = ReturnFactory(accepted=True, partnership__title="Repair").partnership
    MemberFactory(person=person, partnership=other, role=PartnershipRole.OBSERVER)
    ReturnFactory(accepted=True, partnership__title="Somebody else’s")
    client.force_login(person)
    address = reverse("pilots:all_data_file", args=["csv"])
    rows = read(client.get(address))
    assert {row["partnership"] for row in rows} == {"'=2+5 Befriending", "Repair"}
    assert of(rows, category="Male")[0]["hidden"] == "<5"
    assert {row["partnership"] for row in read(client.get(f"{address}?text=repair"))} == {"Repair"}
    book = book_of(client.get(reverse("pilots:all_data_file", args=["xlsx"]) + "?text=befriending&stage=pilot"))
    about = dict(book["About"].iter_rows(min_row=2, values_only=True))
    assert about["Filter"] == "Words in the title, need or leads: befriending; Stage: Pilot"
    page = text(client.get(reverse("pilots:all_data") + "?text=repair"))
    assert "1 accepted return of the partnerships you have a part in, with the filter" in page
    portfolio = text(client.get(reverse("partnerships:portfolio") + "?text=repair"))
    assert '<a href="/pilots/figures/?text=repair">Every figure of their pilots</a>' in portfolio


def test_the_pages_say_what_is_in_the_file_and_other_kinds_are_not_found(client, pilot):
    client.force_login(person_as(PartnershipRole.OBSERVER, pilot))
    page = text(client.get(reverse("pilots:data", args=[pilot.public_id])))
    assert "2 accepted returns, each as last corrected." in page
    assert "with-drafts" not in page
    assert client.get(reverse("pilots:data_file", args=[pilot.public_id, "ods"])).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, PartnershipFactory(in_pilot=True)))
    assert client.get(reverse("pilots:data_file", args=[pilot.public_id, "csv"])).status_code == 404


def test_as_many_queries_for_one_return_as_for_three_hundred(client, pilot):
    person = person_as(PartnershipRole.OBSERVER, pilot)
    client.force_login(person)
    addresses = [
        reverse("pilots:data_file", args=[pilot.public_id, "csv"]),
        reverse("pilots:data_file", args=[pilot.public_id, "xlsx"]),
        reverse("pilots:all_data_file", args=["xlsx"]),
    ]

    def count():
        with CaptureQueriesContext(connection) as queries:
            for address in addresses:
                b"".join(client.get(address))
        return len(queries)

    counts = []
    sides = {"submitted_by": person_as("partner_manager", pilot), "accepted_by": person_as("public_lead", pilot)}
    rows = [
        MonthlyReturn(
            partnership=pilot, period=period, due_on=period + timedelta(days=45), state=ReturnState.ACCEPTED,
            referrals=1, submitted_at=clock.now(), accepted_at=clock.now(), first_submitted_on=period, **sides,
        )
        for period in months_from(date(1998, 1, 1), 300)
    ]  # fmt: skip
    for some in (rows[:1], rows[1:3], rows[3:]):
        MonthlyReturn.objects.bulk_create(some)
        counts.append(count())
    assert counts[0] == counts[1] == counts[2]


def test_every_figure_of_a_return_is_in_the_dictionary():
    assert set(tidy.FIELDS) == set(NUMBERS)
