"""All pilots together: what is added up for whom, what is not shown, how many queries it takes, and the file."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.database import clock
from partnerships.models import Partnership
from pilots.breakdown import FEWER, HIDDEN
from pilots.rollup import Year
from pilots.together import Group, Grouping, Together, rolled_up
from pilots.together_rows import shown_rows, together_rows, together_sheet
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory
from tests.factories.pilots import ReturnFactory
from tests.reading import numbers_in, text

HERE = "/pilots/"


@pytest.fixture(autouse=True)
def _january():
    with clock.at(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def reader(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def pilot_of(person, area="fife", stage="pilot", **told):
    partnership = MemberFactory(person=person, partnership__area=area, partnership__stage=stage).partnership
    return ReturnFactory(partnership=partnership, accepted=True, **told)


def cells(client, query=""):
    return dict(client.get(f"{HERE}{query}").context["rows"])


@pytest.mark.django_db
def test_the_sums_are_divided_and_no_percentage_is_averaged(client, reader):
    """40 of 50 and 30 of 60 are 70 of 110, 63.6 per cent, never 65; £1,000 for 10 and £9,000 for 10 are £500 each."""
    pilot_of(reader, reviewed=50, improved=40, new_starts=10, actual=Decimal(1000), budget=Decimal(2000))
    late = pilot_of(
        reader, reviewed=60, improved=30, new_starts=10, actual=Decimal(9000), budget=Decimal(8000),
        first_submitted_on=date(2026, 11, 20),
    )  # fmt: skip
    ReturnFactory(partnership=late.partnership, period=date(2026, 11, 1))  # overdue since December
    ReturnFactory(partnership=late.partnership, period=date(2026, 12, 1), due_on=date(2027, 1, 21))  # not due yet
    pilot_of(PersonFactory(), new_starts=977)
    told = ["2", "20", "70 of 110 (63.6%)", "£10,000 of £10,000 (100%)", "£500", "1 of 3 (33.3%)"]
    assert cells(client) == {"Pilot": told, "All": told}
    assert "977" not in numbers_in(client.get(HERE))


@pytest.mark.django_db
def test_only_accepted_figures_count_but_a_sent_return_is_in_time(client, reader):
    row = MemberFactory(person=reader, partnership__in_pilot=True).partnership
    ReturnFactory(partnership=row, submitted=True)
    assert cells(client)["All"] == ["1", "0", "–", "–", "–", "1 of 1 (100%)"]


@pytest.mark.django_db
def test_rows_by_area_a_year_and_the_portfolios_filters(client, reader):
    pilot_of(reader, "fife", new_starts=20)
    pilot_of(reader, "moray", "tender", period=date(2026, 3, 1), new_starts=30)
    both, tender = {"Pilot": "20", "Tender": "30", "All": "50"}, {"Tender": "30", "All": "30"}
    for query, starts in {
        "": both,
        "?by=area": {"Fife": "20", "Moray": "30", "All": "50"},
        "?year=2025": tender,
        "?stage=tender": tender,
        "?area=fife&by=area": {"Fife": "20", "All": "20"},
        "?year=2020": {},
        "?by=stage&year=last": both,
        "?text=%00": both,
    }.items():
        assert {name: told[1] for name, told in cells(client, query).items()} == starts, query
    page = text(client.get(f"{HERE}?year=2020"))
    assert "No pilot of yours that matches has sent a return." in page


@pytest.mark.django_db
def test_what_an_ended_pilot_never_sent_is_waited_for_by_nobody(reader):
    row = pilot_of(reader, stage="stopped")
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1))
    found = rolled_up(Partnership.objects.all(), Grouping.STAGE, clock.today())
    assert (found.total.overdue, found.total.asked_for) == (0, 1)


@pytest.mark.django_db
def test_the_page_takes_the_same_few_queries_for_one_and_for_300(client, reader, django_assert_num_queries):
    for more in (1, 2, 297):
        for n in range(more):
            pilot_of(reader, ("fife", "moray", "angus")[n % 3])
        for query in ("", "?by=area&year=2026"):
            with django_assert_num_queries(5):  # session, person, and the three of `rolled_up`
                page = client.get(HERE + query)
            assert len(page.content) <= 60_000
    assert cells(client)["All"][:2] == ["300", "2,400"]


@pytest.mark.django_db
def test_the_page_is_empty_before_the_first_return_and_linked_from_the_portfolio_with_its_filter(client, reader):
    MemberFactory(person=reader, partnership__in_pilot=True)
    assert "once the first return of one of them is sent" in text(client.get(HERE))
    portfolio = text(client.get(reverse("partnerships:portfolio") + "?stage=pilot&order=title"))
    assert '<a href="/pilots/?stage=pilot&order=title">All pilots together</a>' in portfolio
    assert 'href="/partnerships/?stage=pilot"' in text(client.get(f"{HERE}?stage=pilot&year=2026"))


@pytest.mark.django_db
def test_the_file_holds_the_same_rows_as_numbers_and_nothing_that_is_not_shown(client, reader):
    pilot_of(reader, "fife", new_starts=3, reviewed=10, improved=6)
    pilot_of(reader, "moray", new_starts=30, reviewed=12, improved=6)
    pilot_of(reader, "angus", new_starts=33, reviewed=14, improved=7, budget=Decimal(0))
    address = reverse("pilots:together_export", args=["csv"]) + "?by=area"
    assert f'href="{address}"' in text(client.get(f"{HERE}?by=area&page=2"))
    lines = b"".join(client.get(address)).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Council area,Pilots,People started,People reviewed,People improved")
    # Angus alone shows its outcomes: 4 of Fife's did not improve, and Moray's numbers would give that away.
    assert lines[1:] == [
        "Angus,1,33,14,7,50.0,10400.00,0.00,,315.15,1,1,100.0",
        "Fife,1,<5,Not shown,Not shown,Not shown,10400.00,10000.00,104.0,Not shown,1,1,100.0",
        "Moray,1,Not shown,Not shown,Not shown,Not shown,10400.00,10000.00,104.0,Not shown,1,1,100.0",
        "All,3,66,36,19,52.8,31200.00,20000.00,156.0,472.73,3,3,100.0",
    ]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(reverse("pilots:together_export", args=["xlsx"])))))
    assert book.sheetnames == ["Pilots", "About"]
    about = dict(book["About"].iter_rows(min_row=2, values_only=True))
    assert about["Filter"] == "None"
    assert "pass on one table only" in about["Small numbers"]
    assert "pass on one table only" in text(client.get(HERE))
    assert client.get(reverse("pilots:together_export", args=["pdf"])).status_code == 404


@pytest.mark.django_db
def test_the_drawing_and_its_table_say_what_was_spent_of_the_budget(client, reader):
    pilot_of(reader, "fife", budget=Decimal(1000), actual=Decimal(1250))
    pilot_of(reader, "moray", budget=Decimal(1000), actual=Decimal(400))
    page = client.get(f"{HERE}?by=area")
    assert page.context["twin"].rows == [("Fife", "£1,000", "£250", "£0"), ("Moray", "£400", "£0", "£600")]
    assert "<svg" in page.content.decode()


def test_visitors_are_sent_to_the_sign_in_page(client):
    for address in (HERE, reverse("pilots:together_export", args=["csv"])):
        assert client.get(address).status_code == 302


# Small numbers: pure

years = st.builds(
    lambda starts, improved, others: Year(
        starts=starts, improved=improved, reviewed=improved + others, spent=Decimal(9)
    ),
    *[st.integers(0, 12)] * 3,
)


def together(*told):
    groups = [Group(str(n), 1, 0, year) for n, year in enumerate(told)]
    return Together(groups, Group("All", len(groups), 0, sum(told, Year())))


@given(st.lists(years, min_size=1, max_size=6))
@settings(max_examples=150)
def test_no_number_of_1_to_4_people_is_shown_nor_is_one_group_alone_left_out(told):
    rows = shown_rows(together(*told))
    groups = rows[:-1]
    for row in rows:
        starts = together_rows([row])[0][1][1]
        assert starts in (FEWER, HIDDEN) or int(starts.replace(",", "")) not in range(1, 5)
        if row.outcomes:
            assert row.group.year.improved not in range(1, 5)
            assert row.group.year.reviewed - row.group.year.improved not in range(1, 5)
        assert row.cost is None or starts.isdecimal()
        assert len(together_sheet([row])[0]) == 13
    total = rows[-1]
    hidden = [row for row in groups if not row.starts.isdecimal()]
    assert len(hidden) != 1 or not total.starts.isdecimal()
    hidden = [row for row in groups if not row.outcomes]
    assert len(hidden) != 1 or not total.outcomes
