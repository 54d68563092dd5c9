"""Opening the bids: two different people, one after the other, and a record of what they found."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from foundation.audit.events import record
from foundation.audit.models import AuditEvent, Outcome
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.models import roles_of
from procurement import envelopes
from procurement.actions.publication import close
from procurement.lifecycle import TenderState
from procurement.models import Bid, Opening, Tender
from procurement.permissions import OUTSIDE_THE_PROJECT, Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

SECOND_WITHIN = timedelta(minutes=30)


def waiting_first(tender: Tender) -> Opening | None:
    """The opening a second person could complete now; None when nobody has begun, or too long ago."""
    opening = Opening.objects.filter(tender=tender, second_at=None).first()
    return opening if opening and clock.database_now() - opening.first_at <= SECOND_WITHIN else None


def blockers_to_open(tender: Tender, by: "Person") -> list[str]:
    """Why this person cannot take part in the opening now."""
    if tender.state == TenderState.OPEN:
        return ["Bids are still being received. They can be opened after the deadline."]
    if tender.state != TenderState.CLOSED:
        return [f"This tender is “{tender.get_state_display()}”: there is nothing to open."]
    first = waiting_first(tender)
    if first is None:
        return []
    if first.first_opener_id == by.pk:
        return ["You opened first. A second, different person must open now, within 30 minutes of you."]
    openers = (first.first_opener, by)
    if not any(roles_of(opener, tender.partnership) & set(OUTSIDE_THE_PROJECT) for opener in openers):
        return ["At least one of the two openers must be a procurement officer or the sponsor."]
    return []


@verb("tender.open_bids", on="tender")
def open_bids(*, tender: Tender, by: "Person") -> Opening:
    """The first call begins; the second, by somebody else within half an hour, completes and writes the record."""
    tender = locked(tender)
    require(by, Ability.OPEN_BIDS, tender)
    if tender.state == TenderState.OPEN and tender.deadline_at and clock.database_now() > tender.deadline_at:
        tender = close(tender=tender, by=by)
    stop_if(blockers_to_open(tender, by))
    first, now = waiting_first(tender), clock.database_now()
    if first is None:
        opening, _ = Opening.objects.update_or_create(tender=tender, defaults={"first_opener": by, "first_at": now})
        record("tender.open_bids", on=tender, by=by, summary="opened as the first of two")
        return opening
    first.second_opener, first.second_at = by, now
    first.record = _found(tender, first)
    first.save()
    tender.state, tender.opened_at, tender.version = TenderState.EVALUATING, now, tender.version + 1
    tender.save(update_fields=["state", "opened_at", "version"])
    count = len(first.record["bids"])
    record(
        "tender.open_bids",
        on=tender,
        by=by,
        summary=f"opened as the second of two: {count} bid{'' if count == 1 else 's'}",
        after=first.record,
    )
    return first


def _found(tender: Tender, opening: Opening) -> dict[str, Any]:
    bids = tender.bids.counting().select_related("bidder__organisation", "tender")
    return {
        "openers": [str(opening.first_opener), str(opening.second_opener)],
        "bids": [_entry(bid) for bid in bids.prefetch_related("documents")],
        "late": _late(tender),
    }


def _entry(bid: Bid) -> dict[str, Any]:
    documents = list(bid.documents.all())
    return {
        "bidder": bid.organisation.name,
        "received_at": bid.received_at.isoformat(),
        "version": bid.number,
        "documents": len(documents),
        "receipt_hash": bid.receipt_hash,
        "intact": envelopes.receipt_hash(bid, documents) == bid.receipt_hash,
    }


def _late(tender: Tender) -> list[dict[str, str]]:
    """Sendings the portal refused after the deadline, from the sealed history."""
    events = AuditEvent.objects.of(tender.sealed_scope).filter(
        action="bid.submit", outcome=Outcome.REFUSED, at__gt=tender.deadline_at
    )
    organisations = events.values_list("at", "actor__organisation__name", "reason")
    return [{"at": at.isoformat(), "bidder": name or "", "reason": reason} for at, name, reason in organisations]
