"""The mails of a tender. Before bids are opened every mail to a bidder belongs to the sealed scope.

Keys are built from what happened, so that one occasion is one mail however often the action is tried.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from foundation.database.clock import local
from foundation.delivery import outbox
from foundation.delivery.kinds import EACH, Kind
from partnerships.models import Member
from partnerships.roles import PartnershipRole
from procurement.models import Award, Bid, Bidder, DeadlineChange, PanelMember, Question, StandstillLetter, Tender

if TYPE_CHECKING:
    from accounts.models import Person

MAILS = "emails/procurement"
TENDER = Kind(
    "tender",
    label="News of tenders",
    about="A question waits, you were named to a panel, a contract was signed. Legal notices are a kind of their own.",
    choices=EACH,
)


def officers(tender: Tender) -> list["Person"]:
    """The procurement officers the buying authority employs."""
    members = Member.objects.current().filter(
        partnership=tender.partnership,
        role=PartnershipRole.PROCUREMENT_OFFICER,
        person__organisation=tender.partnership.public_lead_id,
    )
    return [member.person for member in members.select_related("person")]


def answer_published(question: Question) -> None:
    """To every bidder at once; nobody is named."""
    tender = question.tender
    _tell_bidders(
        tender,
        tender.bidders.select_related("contact"),
        key=f"question:{question.public_id}",
        subject=f"A question was answered: {tender}",
        template="answer_published",
        context={"question": question.published_text, "answer": question.answer},
    )


def deadline_extended(change: DeadlineChange) -> None:
    tender = change.tender
    _tell_bidders(
        tender,
        tender.bidders.select_related("contact"),
        key=f"deadline:{tender.public_id}:{change.moved_to.isoformat()}",
        subject=f"The deadline has moved: {tender}",
        template="deadline_extended",
        context={
            "old": local(change.moved_from),
            "new": local(change.moved_to),
            "reason": change.reason,
            "answers_by": f"{tender.last_answer_on:%A %-d %B %Y}",
        },
        kind="legal",
    )


def abandoned(tender: Tender) -> None:
    """To every bidder, with the reasons, whatever the state was."""
    _tell_bidders(
        tender,
        tender.bidders.select_related("contact"),
        key=f"abandoned:{tender.public_id}",
        subject=f"The tender has been abandoned: {tender}",
        template="abandoned",
        context={"reason": tender.abandoned_because},
        kind="legal",
    )


def question_waits(question: Question) -> None:
    """To the officers: that a question waits, not who asked."""
    _tell_buyers(
        question.tender,
        key=f"question-waits:{question.public_id}",
        subject=f"A question waits for an answer: {question.tender}",
        template="question_waits",
        context={},
    )


def invited_to_panel(member: PanelMember) -> None:
    tender = member.tender
    outbox.enqueue(
        kind="tender",
        key=f"panel:{member.public_id}",
        to=member.person,
        subject=f"You are on the panel: {tender}",
        template="emails/procurement/invited_to_panel",
        context={"title": str(tender), "path": reverse("procurement:declare", args=[tender.public_id])},
        why="You get this mail because you were named to the panel of this tender.",
        scope=tender.audit_scope,
    )


def substitute_needed(member: PanelMember) -> None:
    """To the officers: somebody has left the panel. What the interest is stays in the file."""
    _tell_buyers(
        member.tender,
        key=f"substitute:{member.public_id}",
        subject=f"The panel needs a substitute: {member.tender}",
        template="substitute_needed",
        context={"name": str(member.person)},
    )


def letter_sent(letter: StandstillLetter) -> None:
    bid = letter.bid
    tender = bid.tender
    outbox.enqueue(
        kind="legal",
        key=f"letter:{letter.public_id}",
        to=bid.bidder.contact,
        subject=f"The result of the tender: {tender}",
        template="emails/procurement/standstill_letter",
        context={"letter": letter.content, "path": reverse("procurement:my_letter", args=[tender.public_id])},
        why="You get this mail because your organisation sent a bid.",
        scope=tender.audit_scope,
    )


def standstill_dates(award: Award) -> None:
    """To every bidder who got a letter: the dates as they are now that the last letter has gone."""
    bidders = Bidder.objects.filter(bids__letters__award=award).select_related("contact")
    assert award.standstill_ends_on is not None
    assert award.signable_on is not None
    _tell_bidders(
        award.tender,
        bidders,
        key=f"standstill:{award.public_id}",
        subject=f"Standstill dates: {award.tender}",
        template="standstill_dates",
        context={
            "days": award.standstill_days,
            "ends_on": f"{award.standstill_ends_on:%A %-d %B %Y}",
            "signable_on": f"{award.signable_on:%A %-d %B %Y}",
        },
        kind="legal",
    )


def bid_received(bid: Bid) -> None:
    """The receipt, to the person who sent the bid. It belongs to the sealed scope."""
    outbox.enqueue(
        kind="legal",
        key=f"receipt:{bid.public_id}",
        to=bid.submitted_by,
        subject=f"Receipt for your bid: {bid.tender}",
        template="emails/procurement/bid_received",
        context={
            "title": str(bid.tender),
            "path": reverse("procurement:receipt", args=[bid.tender.public_id, bid.public_id]),
            "number": bid.number,
            "received_at": local(bid.received_at),
            "receipt_hash": bid.receipt_hash,
        },
        why="You get this mail because you sent this bid.",
        scope=bid.tender.sealed_scope,
    )


def signed(award: Award) -> None:
    """To every bidder whose bid counted."""
    bidders = Bidder.objects.filter(bids__in=award.tender.bids.counting()).select_related("contact")
    _tell_bidders(
        award.tender,
        bidders,
        key=f"signed:{award.public_id}",
        subject=f"The contract has been signed: {award.tender}",
        template="signed",
        context={"winner": award.bid.organisation.name},
    )


def _tell_bidders(
    tender: Tender,
    bidders: Iterable[Bidder],
    *,
    key: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    kind: str = "tender",
) -> None:
    for bidder in bidders:
        outbox.enqueue(
            kind=kind if tender.opened_at else "legal",  # what the ledger does not show must not wait for an operator
            key=f"{key}:{bidder.public_id}",
            to=bidder.contact,
            subject=subject,
            template=f"{MAILS}/{template}",
            context={"title": str(tender), "path": tender.get_absolute_url(), **context},
            why="You get this mail because your organisation takes part in this tender.",
            scope=tender.audit_scope if tender.opened_at else tender.sealed_scope,
        )


def _tell_buyers(tender: Tender, *, key: str, subject: str, template: str, context: dict[str, Any]) -> None:
    for officer in officers(tender):
        outbox.enqueue(
            kind="tender",
            key=f"{key}:{officer.public_id}",
            to=officer,
            subject=subject,
            template=f"{MAILS}/{template}",
            context={"title": str(tender), "path": reverse("procurement:tender", args=[tender.public_id]), **context},
            why="You get this mail because you are a procurement officer of this tender.",
            scope=tender.audit_scope,
        )
