"""Who sees what: the seal in every surface, and every address for every part in the tender."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from partnerships.roles import PartnershipRole
from procurement.actions.bid import add_document, save_draft, submit_bid, take_part
from procurement.actions.panel import add_panel_member
from procurement.actions.question import ask_question
from procurement.models import Bid, Question
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import person_as
from tests.factories.procurement import DEADLINE, OPENED, PUBLISHED, open_tender, preparing, upload, worked_example
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db

CANARY = "Canarybird"
PRICE = "471113.27"
ANSWER = "zebra-answer-7f3a"
DOCUMENT = "walrus-document-9c1e"


@pytest.fixture
def story():
    return open_tender()


def canary_bid(story, at=PUBLISHED):
    """A bid whose every word is findable: names in clear only in the bidder's own rows, content nowhere."""
    person = PersonFactory(name=f"{CANARY} Person", organisation=OrganisationFactory(name=f"{CANARY} Trust"))
    with clock.at(at):
        bidder = take_part(box=story.tender.box, by=person)
        answers = {c.public_id: ANSWER for c in story.tender.criteria.all()}
        save_draft(bidder=bidder, answers=answers, price=Decimal(PRICE), by=person)
        add_document(bidder=bidder, upload=upload(f"{DOCUMENT}.pdf", ANSWER), by=person)
        submit_bid(bidder=bidder, by=person)
        ask_question(bidder=bidder, text=f"{CANARY} Trust asks: is travel paid?", by=person)
    return person


def people_without_a_bid(story):
    """Everybody who must not learn of a bid: the buyer's side, the partners, rivals, operators."""
    partnership, buyer = story.tender.partnership, story.tender.buyer
    inside = {role: person_as(role, partnership, organisation=buyer) for role in PartnershipRole}
    of_partners = (PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PARTNER_MANAGER, PartnershipRole.EVALUATOR)
    outside = {f"{role} of a partner": person_as(role, partnership) for role in of_partners}
    panel = PersonFactory(organisation=buyer)
    add_panel_member(tender=story.tender, person=panel, by=story.officer)
    rival = PersonFactory()
    with clock.at(PUBLISHED):
        take_part(box=story.tender.box, by=rival)
    operators = {role: PersonFactory(portal_role=role) for role in PortalRole}
    return {**inside, **outside, "panel": panel, "rival": rival, **operators}


def addresses(story):
    """Every GET address that could show something of the tender, its bids, or the people in it."""
    tender, bid = story.tender, Bid.objects.first()
    from procurement.urls import BUYER, PANEL

    question, document = Question.objects.first(), bid.documents.first()
    ids = {
        "tender_id": tender.public_id, "bid_id": bid.public_id, "document_id": document.public_id,
        "question_id": question.public_id, "partnership_id": tender.partnership.public_id,
        "criterion_id": tender.criteria.first().public_id, "paper_id": tender.papers.first().public_id,
        "member_id": "x" * 22, "letter_id": "x" * 22, "debrief_id": "x" * 22, "challenge_id": "x" * 22,
    }  # fmt: skip
    found = [reverse("procurement:notices"), reverse("procurement:notice", args=[tender.public_id])]
    for pattern in [*BUYER, *PANEL]:
        wanted = re.findall(r"<pid:(\w+)>", str(pattern.pattern))
        found.append(reverse(f"procurement:{pattern.name}", kwargs={name: ids[name] for name in wanted}))
    own = ("my_bid", "check_bid", "my_letter")
    found += [reverse(f"procurement:{name}", args=[tender.public_id]) for name in own]
    found += [
        reverse("procurement:receipt", args=[tender.public_id, bid.public_id]),
        reverse("procurement:my_document", args=[tender.public_id, document.public_id]),
        reverse("home"),
        reverse("ledger"),
        reverse("partnerships:history", args=[tender.partnership.public_id]),
        reverse("partnerships:gate", args=[tender.partnership.public_id]),
        reverse("partnerships:partnership", args=[tender.partnership.public_id]),
    ]
    return found


def test_before_the_opening_no_page_of_anybody_elses_shows_a_bid_or_who_sent_it(client, story):
    canary_bid(story)
    everybody = people_without_a_bid(story)
    with clock.at(DEADLINE - timedelta(hours=1)):
        for who, person in everybody.items():
            client.force_login(person)
            for address in addresses(story):
                response = client.get(address)
                page = b"".join(response).decode(errors="replace")
                assert response.status_code < 500, (who, address)
                for word in (CANARY, PRICE, "471,113", ANSWER, DOCUMENT):
                    assert word not in page, (who, address, word)
        client.logout()
        for address in addresses(story):
            assert CANARY not in client.get(address).content.decode(), address


def test_before_the_opening_no_row_and_no_file_holds_the_content(story, settings):
    canary_bid(story)
    words = [word.encode() for word in (PRICE, ANSWER, DOCUMENT)]
    for model in apps.get_models():
        for row in model._base_manager.values_list():
            text = b" ".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
            assert not any(word in text for word in words), model
    for path in Path(settings.FILES_DIR).rglob("*"):
        if path.is_file():
            assert not any(word in path.read_bytes() for word in words), path


def test_mails_and_events_that_name_a_bidder_are_in_the_sealed_scope_until_the_opening(story):
    person = canary_bid(story)
    for event in AuditEvent.objects.exclude(scope=story.tender.sealed_scope):
        assert event.actor != person
        assert CANARY not in f"{event.summary} {event.object_name} {event.reason} {event.before} {event.after}"
    for mail in OutboxMail.objects.for_operators():
        assert mail.to != person
        assert CANARY not in f"{mail.subject} {mail.why} {mail.context}"
    assert OutboxMail.objects.filter(to=person).exists()


def test_the_buyers_pages_are_the_same_with_no_bid_and_with_seven(client, story):
    names = ("tender", "opening", "panel", "papers", "history", "agreed", "results", "award")
    pages = [reverse(f"procurement:{name}", args=[story.tender.public_id]) for name in names]

    def seen():
        client.force_login(story.officer)
        with clock.at(DEADLINE - timedelta(minutes=1)):
            bodies = [client.get(page).content.decode() for page in pages[:5]]
        return [re.sub(r'name="(csrfmiddlewaretoken|form_token)" value="[^"]*"', "", body) for body in bodies]

    before = seen()
    for _ in range(7):
        story.bid()
    assert seen() == before


def test_s58_an_administrators_try_to_read_a_bid_is_refused_and_kept(client, story):
    canary_bid(story)
    admin = PersonFactory(administrator=True)
    client.force_login(admin)
    bid = Bid.objects.get()
    document = bid.documents.get()
    address = reverse("procurement:bid_document", args=[story.tender.public_id, bid.public_id, document.public_id])
    assert client.get(address).status_code == 403
    assert client.get(reverse("procurement:agreed", args=[story.tender.public_id])).status_code == 403
    refused = AuditEvent.objects.filter(actor=admin, outcome=Outcome.REFUSED, scope=story.tender.audit_scope)
    assert [event.action for event in refused] == ["bid.read", "bid.read"]


def test_s44_partners_are_kept_out_of_the_draft_and_the_try_is_logged(client):
    story = preparing().with_criteria()
    partner = person_as(PartnershipRole.THIRD_SECTOR_LEAD, story.tender.partnership)
    client.force_login(partner)
    for name in ("tender", "papers", "panel", "history", "criteria", "edit"):
        response = client.get(reverse(f"procurement:{name}", args=[story.tender.public_id]))
        assert response.status_code == 403
        assert "Outcomes" not in response.content.decode()
    assert AuditEvent.objects.filter(actor=partner, outcome=Outcome.REFUSED).count() == 6
    tab = client.get(reverse("procurement:tender_of", args=[story.tender.partnership.public_id]))
    assert tab.status_code == 200
    assert story.tender.title not in tab.content.decode()


def test_before_the_notice_a_stranger_does_not_even_learn_that_there_is_a_tender(client):
    story = preparing()
    client.force_login(PersonFactory(administrator=True))
    for name in ("tender", "notice", "my_bid", "ask", "scoring"):
        assert client.get(reverse(f"procurement:{name}", args=[story.tender.public_id])).status_code == 404


def test_s94_another_bidders_addresses_are_not_found(client, story):
    canary_bid(story)
    bid = Bid.objects.get()
    rival = PersonFactory()
    client.force_login(rival)
    with clock.at(PUBLISHED):
        take_part(box=story.tender.box, by=rival)
    for address in (
        reverse("procurement:receipt", args=[story.tender.public_id, bid.public_id]),
        reverse("procurement:my_document", args=[story.tender.public_id, bid.documents.get().public_id]),
        reverse("procurement:my_letter", args=[story.tender.public_id]),
        reverse("procurement:scoring", args=[story.tender.public_id]),
    ):
        assert client.get(address).status_code == 404, address


def test_s46_the_released_paper_is_there_for_everybody_with_the_notice_and_not_before(client):
    story = preparing().with_criteria().with_papers()
    address = reverse("procurement:paper", args=[story.tender.public_id, story.tender.papers.get().public_id])
    assert client.get(address).status_code == 404
    story.published()
    response = client.get(address)
    assert response.status_code == 200
    assert b"evaluation" in b"".join(response)
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_paper_that_is_not_relevant_is_never_handed_out(client, story):
    story.tender.papers.update(decision="not_relevant")
    address = reverse("procurement:paper", args=[story.tender.public_id, story.tender.papers.get().public_id])
    assert client.get(address).status_code == 404


def test_s63_a_declared_conflict_closes_every_page_of_the_bids(client):
    from procurement.actions.panel import declare_interest
    from procurement.lifecycle import Interest

    story = open_tender()
    canary_bid(story)
    story.closed().opened().with_panel()
    member, bid = story.panel[0], Bid.objects.get()
    tender, criterion = story.tender, story.tender.criteria.first()
    pages = [
        reverse("procurement:score", args=[tender.public_id, criterion.public_id]),
        reverse("procurement:bid_document", args=[tender.public_id, bid.public_id, bid.documents.get().public_id]),
    ]
    client.force_login(member.person)
    assert [client.get(page).status_code for page in pages] == [200, 200]
    declare_interest(member=member, interest=Interest.CONFLICT, statement="My sister.", by=member.person)
    for page in pages:
        response = client.get(page)
        assert response.status_code == 409
        assert ANSWER not in response.content.decode()


@pytest.mark.parametrize("declares", [True, False])
def test_s63_the_lock_of_the_scores_opens_nothing_to_a_member_who_may_not_read(client, declares):
    story, _ = worked_example()
    member = story.panel[0]
    member.interest, member.declared_at = "none", None
    if declares:
        member.interest, member.declared_at, member.statement = "conflict", clock.now(), "My sister."
    member.save()
    client.force_login(member.person)
    for criterion in story.tender.criteria.all():
        page = client.get(reverse("procurement:score", args=[story.tender.public_id, criterion.public_id]))
        assert page.status_code == 409
        assert "bids" in page.content.decode()


def test_the_panel_never_meets_a_price_even_after_the_lock(client):
    story, _ = worked_example()
    client.force_login(story.panel[0].person)
    for name in ("results", "award", "tender", "agreed"):
        assert client.get(reverse(f"procurement:{name}", args=[story.tender.public_id])).status_code == 403
    for criterion in story.tender.criteria.all():
        page = client.get(reverse("procurement:score", args=[story.tender.public_id, criterion.public_id]))
        assert page.status_code == 200
        assert not any("540" in number for number in numbers_in(page))


def test_s65_the_results_page_is_shut_until_the_lock_and_says_why(client):
    story = open_tender()
    story.bid(471_113)
    story.closed().opened()
    client.force_login(story.officer)
    response = client.get(reverse("procurement:results", args=[story.tender.public_id]))
    assert response.status_code == 409
    assert "agreed quality scores are locked" in response.content.decode()
    assert not any("471" in number for number in numbers_in(response))


@pytest.mark.parametrize(
    ("name", "heading"),
    [("opening", "Opening of bids"), ("agreed", "Agreed scores"), ("results", "Results"), ("award", "Award"),
     ("award_decide", "Decide the award")],
)  # fmt: skip
def test_what_is_still_sealed_says_so_in_the_file_with_its_tabs(client, name, heading):
    story = preparing().with_criteria()
    client.force_login(story.officer)
    page = client.get(reverse(f"procurement:{name}", args=[story.tender.public_id])).content.decode()
    assert f"<h2>{heading}</h2>" in page
    assert "This cannot be done yet" in page
    for tab in ("papers", "opening", "agreed", "results", "award", "history"):
        assert reverse(f"procurement:{tab}", args=[story.tender.public_id]) in page, tab
    assert "Outcomes" not in page, "and nothing of the page itself is there"


def test_after_the_opening_the_losers_bid_is_for_the_buyer_not_for_the_winner(client):
    story, bids = worked_example()
    award = story.award(bids["C"])
    story.send_letters(award, OPENED)
    winner, loser = bids["C"].bidder, bids["A"].bidder
    client.force_login(winner.contact)
    letter = client.get(reverse("procurement:my_letter", args=[story.tender.public_id])).content.decode()
    assert loser.organisation.name not in letter
    client.force_login(loser.contact)
    letter = client.get(reverse("procurement:my_letter", args=[story.tender.public_id])).content.decode()
    assert winner.organisation.name in letter
    assert bids["B"].organisation.name not in letter


@pytest.mark.parametrize("page", ["tender", "papers", "questions", "panel"])
def test_what_others_learned_stands_in_the_file_and_whoever_may_writes_a_lesson_from_it(client, page):
    story = preparing()
    address = reverse(f"procurement:{page}", args=[story.tender.public_id])
    add = f"/lessons/of/{story.tender.partnership.public_id}/?from=tender#add"
    for person, may in ((story.officer, True), (story.sponsor, False)):
        if page == "questions" and not may:
            continue  # an officer's page
        client.force_login(person)
        answer = client.get(address)
        assert "What others learned" in text(answer)
        assert (add in text(answer), "We used this" in text(answer)) == (may, may)


def test_what_others_learned_keeps_out_of_the_opening_the_scores_and_the_history(client):
    story = preparing()
    client.force_login(story.officer)
    for page in ("opening", "history"):
        answer = client.get(reverse(f"procurement:{page}", args=[story.tender.public_id]))
        assert answer.status_code == 200
        assert "What others learned" not in text(answer)
