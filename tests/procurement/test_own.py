"""“Your tenders” on the home page: each role sees its own, with state, next step and a page it may open."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import desk
from foundation.database import clock
from partnerships.roles import PartnershipRole
from procurement.lifecycle import Interest, TenderState
from procurement.models import Tender
from procurement.own import MOST, tenders_of
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import person_as
from tests.factories.procurement import DEADLINE, OPENED, BidderFactory, TenderFactory, open_tender, worked_example

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def while_open():
    with clock.at(DEADLINE.replace(day=1)):
        yield


def opened(**fields) -> Tender:
    officer = PersonFactory()
    return TenderFactory(
        state=TenderState.OPEN, published_at=DEADLINE.replace(month=10), published_by=officer, **fields
    )


def officer_of(tender: Tender):
    buyer = tender.partnership.public_lead
    return person_as(PartnershipRole.PROCUREMENT_OFFICER, tender.partnership, organisation=buyer)


def told(person) -> list[tuple[str, str, str]]:
    part = tenders_of(person)
    return [(line.role, line.state, line.next) for line in part.lines] if part else []


def test_the_officer_sees_every_state_until_it_is_finished(client):
    tender = TenderFactory()
    officer = officer_of(tender)
    assert told(officer) == [("Procurement officer", "Being prepared", "Publication of the notice")]
    client.force_login(officer)
    (part,) = desk.of(officer)
    assert client.get(part.lines[0].url).status_code == 200
    assert "Your tenders" in client.get("/").content.decode()
    Tender.objects.filter(pk=tender.pk).update(
        state=TenderState.ABANDONED, abandoned_at=clock.now(), abandoned_by=officer
    )
    assert told(officer) == []


def test_an_officer_a_partner_employs_has_no_tender():
    tender = TenderFactory()
    outsider = person_as(PartnershipRole.PROCUREMENT_OFFICER, tender.partnership)
    assert told(outsider) == []
    assert told(person_as(PartnershipRole.OBSERVER, tender.partnership)) == []


def test_a_bidder_sees_its_own_and_when_bids_are_due(client):
    bidder = open_tender().bid().bidder
    opened()
    assert told(bidder.contact) == [("Bidder", "Open for bids", "Bids, due 5 November 2026 at 12:00:00 GMT")]
    client.force_login(bidder.contact)
    (part,) = desk.of(bidder.contact)
    assert client.get(part.lines[0].url).status_code == 200
    assert told(PersonFactory()) == []
    assert told(PersonFactory(organisation=None)) == []


@pytest.mark.parametrize(
    ("interest", "state", "page"),
    [
        (Interest.NONE, TenderState.OPEN, ""),
        (Interest.NONE, TenderState.EVALUATING, "panel/declare/"),
        (Interest.CLEAR, TenderState.EVALUATING, "panel/"),
        (Interest.CONFLICT, TenderState.EVALUATING, None),
        (Interest.NONE, TenderState.PREPARING, None),
    ],
)
def test_a_member_of_the_panel_is_led_to_what_can_be_done_now(interest, state, page):
    tender = opened() if state != TenderState.PREPARING else TenderFactory()
    member = tender.panel.create(
        person=PersonFactory(organisation=tender.partnership.public_lead),
        interest=interest,
        statement="s" if interest == Interest.CONFLICT else "",
        declared_at=clock.now() if interest != Interest.NONE else None,
    )
    Tender.objects.filter(pk=tender.pk).update(
        state=state, opened_at=DEADLINE if state == TenderState.EVALUATING else None
    )
    part = tenders_of(member.person)
    urls = [line.url for line in part.lines] if part else []
    assert urls == ([] if page is None else [f"/tenders/{tender.public_id}/{page}"])
    member.ended_at = clock.now()
    member.save()
    assert tenders_of(member.person) is None


def test_the_list_is_short_and_takes_two_queries_however_many_there_are():
    person = PersonFactory()
    counts = []
    for wanted in (1, 3, MOST + 2):
        for _ in range(len(Tender.objects.all()), wanted):
            BidderFactory(tender=opened(), organisation=person.organisation, contact=person)
        person.__dict__.pop("_held", None)
        with CaptureQueriesContext(connection) as asked:
            part = tenders_of(person)
        counts.append(len(asked))
    assert counts == [2, 2, 2]  # the roles, which other parts of the page ask too, and the tenders
    assert (len(part.lines), part.more) == (MOST, 1)


def test_the_day_of_signing_is_told_to_the_officer_once_the_letters_are_out():
    story, bids = worked_example()
    bidder = bids["A"].bidder
    award = story.award(bids["C"])
    after = "Signing of the contract, after the standstill"
    assert [told(person)[0][2] for person in (story.officer, bidder.contact)] == [after, after]
    story.send_letters(award, at=OPENED)
    assert told(story.officer)[0][2] == f"Signing of the contract, from {award.signable_on:%-d %B %Y}"
    assert told(bidder.contact)[0][2] == after
