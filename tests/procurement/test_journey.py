"""The whole thread through the pages, as the people would walk it: prepare, publish, bid, open, score, award, sign."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from foundation.database import clock
from partnerships.lifecycle import Gate, Stage
from partnerships.roles import PartnershipRole
from procurement.lifecycle import TenderState
from procurement.models import Award, Bid, Tender
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.gates import passed
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.procurement import CRITERIA, DEADLINE, OPENED, PUBLISHED, upload

pytestmark = pytest.mark.django_db


def url(name, *things):
    return reverse(f"procurement:{name}", args=[getattr(thing, "public_id", thing) for thing in things])


class Browser:
    """A signed-in client that posts what a person would type and fails on any refused form."""

    def __init__(self, client, person):
        self.client, self.person = client, person
        client.force_login(person)

    def get(self, address):
        self.client.force_login(self.person)
        response = self.client.get(address)
        assert response.status_code == 200, (address, response.status_code, response.content.decode()[-800:])
        return response

    def fill(self, address, **data):
        """Open the page, keep its hidden fields, type `data`, send."""
        page = self.get(address).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        response = self.client.post(address, hidden | data)
        assert response.status_code == 302, re.findall(r"(?s)error[^<]*<[^>]*>[^<]*", response.content.decode())[:8]
        return response

    def press(self, address):
        self.client.force_login(self.person)
        response = self.client.post(address)
        assert response.status_code == 302, response.content.decode()[-500:]
        return response


@pytest.fixture
def browse(client):
    return lambda person: Browser(client, person)


def test_the_whole_thread_through_the_pages(browse):
    partnership = PartnershipFactory(stage=Stage.REDESIGN)
    buyer = partnership.public_lead
    officer = browse(person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership, organisation=buyer))
    sponsor = browse(person_as(PartnershipRole.SPONSOR, partnership, organisation=buyer))

    with clock.at(PUBLISHED):
        tender = _prepare(officer, partnership)
        partnership.stage = Stage.TENDER
        partnership.save()
        officer.fill(url("publish", tender))
    bidders = [browse(PersonFactory(organisation=OrganisationFactory())) for _ in range(2)]
    with clock.at(PUBLISHED + timedelta(days=3)):
        _ask_and_answer(bidders[0], officer, tender)
        _send(bidders[0], tender, 480_000)
        _send(bidders[1], tender, 450_000)
        officer.get(url("tender", tender))
    with clock.at(OPENED):
        officer.press(url("open_bids", tender))
        sponsor.press(url("open_bids", tender))
        assert Bid.objects.first().organisation.name in officer.get(url("opening", tender)).content.decode()
        _evaluate(browse, officer, tender)
        passed(Gate.G5, partnership)
        officer.fill(url("award_decide", tender), bid=Bid.objects.first().public_id, reasons="Ranked first.")
    with clock.at(datetime(2026, 11, 12, 10, tzinfo=UTC)):
        _send_letters(officer, bidders, tender)
    with clock.at(datetime(2026, 11, 23, 23, tzinfo=UTC)):
        assert "can be signed from 24 November 2026" in officer.get(url("award", tender)).content.decode()
    with clock.at(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        officer.fill(url("sign", tender))
        officer.fill(url("award_notice", tender), published_on="24/11/2026", reference="NOV1")
    tender.refresh_from_db()
    assert (tender.state, Award.objects.get().notice_due_on.isoformat()) == (TenderState.AWARDED, "2026-12-24")
    assert "signed the contract" in officer.get(url("history", tender)).content.decode()
    assert "sent the bid" in officer.get(url("history", tender) + "?of=bidders").content.decode()


def _prepare(officer, partnership):
    officer.get(url("tender_of", partnership))
    officer.fill(
        url("prepare", partnership), title="Befriending", summary="Befriending for people over 65.",
        estimated_value="600000", contract_starts_on="1/4/2027", contract_ends_on="31/3/2030",
    )  # fmt: skip
    tender = Tender.objects.get()
    officer.fill(
        url("edit", tender), title="Befriending", summary="Befriending for people over 65.",
        estimated_value="600000", contract_starts_on="1/4/2027", contract_ends_on="31/3/2030",
        specification="Find, train and support befrienders.", how_to_bid="Write to us.", route="light_touch",
        question_deadline_at="20/10/2026 12:00", deadline_at="5/11/2026 12:00", tie_break="higher_quality",
        lots_reason="One small area.",
    )  # fmt: skip
    weights = {f"weight_{n}": str(weight) for n, (_, weight) in enumerate(CRITERIA)}
    titles = {f"title_{n}": title for n, (title, _) in enumerate(CRITERIA)}
    officer.fill(url("criteria", tender), price_weight="40", **titles, **weights)
    officer.fill(url("paper_add", tender), title="Pilot evaluation", source="The evaluator")
    paper = tender.papers.get()
    officer.fill(
        url("paper_decide", tender, paper), decision="release", reason="All need it.", file=upload("evaluation.pdf")
    )
    officer.get(url("papers", tender))
    return tender


def _ask_and_answer(bidder, officer, tender):
    name = bidder.person.organisation.name
    bidder.fill(url("ask", tender), text=f"We at {name} ask: is travel paid?")
    desk = officer.get(url("questions", tender)).content.decode()
    assert "is travel paid" in desk
    assert name not in desk
    question = tender.questions.get()
    officer.fill(
        url("answer", tender, question), published_text="Is travel paid?", answer="Yes, in the price.", late_reason=""
    )
    bidder.client.logout()
    assert "Yes, in the price." in bidder.client.get(url("notice", tender)).content.decode()


def _send(bidder, tender, price):
    answers = {f"answer_{c.public_id}": f"How we do {c.title}." for c in tender.criteria.all()}
    bidder.fill(url("my_bid", tender), **answers, price=str(price))
    bidder.fill(url("my_documents", tender), file=upload("our plan.pdf"))
    page = bidder.get(url("check_bid", tender)).content.decode()
    assert "How we do Outcomes." in page
    assert "our plan.pdf" in page
    receipt = bidder.fill(url("check_bid", tender), checked="on")
    bid = Bid.objects.get(bidder__organisation=bidder.person.organisation)
    kept = bidder.get(receipt.url).content.decode()
    assert bid.receipt_hash in kept
    assert "How we do Outcomes." in kept
    assert f"£{price:,}" in kept


def _evaluate(browse, officer, tender):
    members = [browse(PersonFactory(organisation=tender.buyer)) for _ in range(2)]
    bids = list(tender.bids.all())
    for member in members:
        officer.fill(url("panel_add", tender), email=member.person.email)
        member.fill(url("declare", tender), interest="clear", statement="")
        assert "0 of 2 scored" in member.get(url("scoring", tender)).content.decode()
        for criterion in tender.criteria.all():
            member.fill(url("score", tender, criterion), **_marks(bids))
        assert "2 of 2 scored" in member.get(url("scoring", tender)).content.decode()
    document = bids[0].documents.get()
    assert b"our plan" in b"".join(members[0].get(url("bid_document", tender, bids[0], document)))
    for criterion in tender.criteria.all():
        officer.fill(url("agree", tender, criterion), **_marks(bids))
    officer.get(url("agreed", tender))
    officer.fill(url("lock_quality", tender))
    assert "£450,000" in officer.get(url("results", tender)).content.decode()


def _marks(bids):
    return {f"score_{bid.public_id}": str(4 - n) for n, bid in enumerate(bids)} | {
        f"comment_{bid.public_id}": "As it says." for bid in bids
    }


def _send_letters(officer, bidders, tender):
    for letter in Award.objects.get().letters.all():
        officer.fill(url("letter", tender, letter), advantages="Stronger on outcomes.", means="electronic")
        officer.fill(url("letter_send", tender, letter))
        officer.get(url("letter", tender, letter))
    for bidder in bidders:
        assert "24 November 2026" in bidder.get(url("my_letter", tender)).content.decode()


def test_a_sent_bid_is_withdrawn_and_sent_again_through_the_pages(browse):
    from tests.factories.procurement import open_tender

    tender = open_tender().tender
    bidder = browse(PersonFactory())
    with clock.at(DEADLINE - timedelta(hours=1)):
        _send(bidder, tender, 450_000)
        bidder.fill(url("withdraw_bid", tender))
        bidder.fill(url("check_bid", tender), checked="on")
    assert [bid.counts for bid in Bid.objects.order_by("number")] == [False, True]
