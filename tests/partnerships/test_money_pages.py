"""The money pages: who sees them, their buttons, their cost, bad input, and the file to take away."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from foundation.sheets.download import BYTE_ORDER_MARK
from partnerships.lifecycle import Stage
from partnerships.models import Fund, Instalment, Partnership
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    AllocationFactory,
    BudgetLineFactory,
    FundFactory,
    InstalmentFactory,
    PartnershipFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
OF_ONE = {
    "fund": FundFactory, "fund_change": FundFactory, "fund_remove": FundFactory, "instalment_add": FundFactory,
    "instalment_change": InstalmentFactory, "instalment_remove": InstalmentFactory,
    "instalment_receive": InstalmentFactory, "instalment_take_back": InstalmentFactory,
    "budget_allocate": BudgetLineFactory,
}  # fmt: skip
HOSTILE = ["", "x" * 5001, "\x00", "\u202eevil", "<script>alert(1)</script>", "1e309", "-1", "31/2/2027"]


def address(name, *args):
    return reverse(f"partnerships:{name}", args=[getattr(a, "public_id", a) for a in args])


def of_one(name, partnership):
    made = {"fund__partnership": partnership} if OF_ONE[name] is InstalmentFactory else {"partnership": partnership}
    return OF_ONE[name](**made)


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


def main_of(page):
    return page.content.decode().split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.parametrize("name", OF_ONE)
def test_strangers_learn_nothing_observers_change_nothing_and_rows_stay_in_their_partnership(client, partnership, name):
    mine, other = of_one(name, partnership), of_one(name, PartnershipFactory())
    for stranger in (PersonFactory(), PersonFactory(administrator=True)):
        client.force_login(stranger)
        assert client.get(address(name, partnership, mine)).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address(name, partnership, mine))
    assert page.status_code == (200 if name == "fund" else 403)
    assert "ds_button" not in main_of(page) if name == "fund" else "These roles may" in page.content.decode()
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    assert client.get(address(name, partnership, mine)).status_code == 200
    assert client.get(address(name, partnership, other)).status_code == 404


@pytest.mark.parametrize("name", ["fund_add", *(name for name in OF_ONE if name != "fund")])
def test_hostile_input_never_breaks_a_form_and_is_escaped(client, partnership, lead, name):
    url = address(name, partnership, *([of_one(name, partnership)] if name in OF_ONE else []))
    for value in HOSTILE:
        opened = client.get(url)
        if opened.status_code == 404:  # the confirmation before has removed it
            break
        fields = opened.context["form"].fields
        page = client.post(url, dict.fromkeys(fields, value))
        assert page.status_code in (200, 302)
        assert "<script>alert(1)" not in page.content.decode()


def test_the_way_of_the_money_in_the_browser(client, partnership, lead):
    data = {
        "source": "Tay <b>Trust", "kind": "trust", "comes_as": "cash", "amount": "£60,000", "what": "",
        "valued_how": "", "certainty": "confirmed", "from_on": "1/4/2026", "until_on": "31/3/2028", "conditions": "",
    }  # fmt: skip
    assert client.post(address("fund_add", partnership), data).status_code == 302
    fund = Fund.objects.get()
    planned = {"due_on": "1/10/2026", "amount": "60000.01", "condition": "Report is in"}
    page = client.post(address("instalment_add", partnership, fund), planned)
    assert "That is £0.01 too much" in page.content.decode()
    client.post(address("instalment_add", partnership, fund), planned | {"amount": "15000"})
    one = Instalment.objects.get()
    shown = client.get(address("fund", partnership, fund)).content.decode()
    assert "<strong>Late:</strong> not received" in shown
    assert "£45,000 is in no instalment yet" in shown
    assert (
        client.post(
            address("instalment_receive", partnership, one), {"received_on": "1/11/2026", "version": 1}
        ).status_code
        == 302
    )
    assert f"recorded by {lead}" in client.get(address("fund", partnership, fund)).content.decode()
    BudgetLineFactory(partnership=partnership, amount=Decimal("75000"))
    line, partner = partnership.budget_lines.get(), partnership.partners.first()
    share = {partner.public_id: "30,000", "version": 1}
    assert client.post(address("budget_allocate", partnership, line), share).status_code == 302
    page = client.get(address("budget", partnership)).content.decode()
    assert "£60,000 is promised; the budget needs £75,000: £15,000 is missing." in page
    assert "Not allocated yet: £45,000" in page
    assert "Tay &lt;b&gt;Trust" in page
    assert "<svg" in page
    kind = {"comes_as": "in_kind", "what": "Rooms", "valued_how": "Rent", "version": 1}
    page = client.post(address("fund_change", partnership, fund), data | kind)
    assert "It has instalments, so it is money" in page.content.decode()
    page = client.get(address("fund_remove", partnership, fund)).content.decode()
    assert "£15,000 of this fund was received, so it stays" in page
    back = {"reason": "Another grant", "version": 2}
    assert client.post(address("instalment_take_back", partnership, one), back).status_code == 302
    assert client.post(address("fund_remove", partnership, fund), {}).status_code == 302
    assert not Fund.objects.exists()


def test_buttons_go_when_the_partnership_is_over(client, partnership, lead):
    fund = InstalmentFactory(fund__partnership=partnership).fund
    BudgetLineFactory(partnership=partnership)
    for name, args in (("budget", []), ("fund", [fund])):
        Partnership.objects.update(stage=Stage.PILOT)
        assert "ds_button" in main_of(client.get(address(name, partnership, *args)))
        Partnership.objects.update(stage=Stage.CLOSED)
        page = main_of(client.get(address(name, partnership, *args)))
        assert "ds_button" not in page
        assert "/change/" not in page


def _fill(partnership, count):
    for _ in range(count):
        InstalmentFactory(fund__partnership=partnership)
        AllocationFactory(line__partnership=partnership)


@pytest.mark.parametrize("name", ["budget", "fund", "budget_allocate"])
def test_every_page_takes_the_same_few_queries_at_1_3_and_300_rows(client, partnership, name):
    fund, line = FundFactory(partnership=partnership), BudgetLineFactory(partnership=partnership)
    role = PartnershipRole.PROJECT_LEAD if name == "budget_allocate" else PartnershipRole.OBSERVER
    client.force_login(person_as(role, partnership))
    args = {"budget": [], "fund": [fund], "budget_allocate": [line]}[name]
    counts = []
    for rows in (1, 2, 297):
        if name == "fund":
            InstalmentFactory.create_batch(rows, fund=fund)
        else:
            _fill(partnership, rows)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, partnership, *args)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20


def test_the_file_holds_every_row_of_the_page_and_runs_no_formula(client, partnership):
    fund = FundFactory(partnership=partnership, source="=1+1", help_in_kind=True)
    InstalmentFactory(fund__partnership=partnership, amount=Decimal("12.50"), condition="Report")
    share = AllocationFactory(line__partnership=partnership)
    FundFactory(source="Of another partnership")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    answer = client.get(address("budget_export", partnership, "csv"))
    assert 'filename="budget-2026-11-02.csv"' in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode().removeprefix(BYTE_ORDER_MARK)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["What"] for row in rows] == ["Fund", "Fund", "Instalment", "Budget line", "Allocation"]
    assert (rows[0]["Name"], rows[0]["Cash or in kind"]) == ("'=1+1", "in kind")
    assert (rows[2]["Amount (£)"], rows[2]["Until or due"], rows[2]["Condition or note"]) == (
        "12.50", "2026-10-01", "Report",
    )  # fmt: skip
    assert (rows[4]["Partner"], rows[4]["Amount (£)"]) == (str(share.partner), "10000.00")
    assert client.get(address("budget_export", partnership, "xlsx")).status_code == 200
    assert client.get(address("budget_export", partnership, "pdf")).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(address("budget_export", partnership, "csv")).status_code == 404
    assert fund.partnership == partnership


def test_get_never_writes(client, partnership, lead):
    urls = [address(name, partnership, of_one(name, partnership)) for name in OF_ONE]
    urls += [address("budget", partnership), address("fund_add", partnership)]
    with CaptureQueriesContext(connection) as captured:
        assert {client.get(url).status_code for url in urls} == {200}
    assert [q["sql"] for q in captured if q["sql"].split(" ")[0] in ("INSERT", "UPDATE", "DELETE")] == []
