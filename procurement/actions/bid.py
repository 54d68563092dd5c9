"""What a bidder does: take part, save a draft, add documents, send, replace, withdraw.

The deadline is decided in one short transaction: share the tender's row, read the database's
clock, compare, insert. Closing takes the same row for itself, so it waits for every bid that is being received.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.clock import local
from foundation.database.locks import locked, shared
from foundation.files import checks
from foundation.files.names import label
from foundation.policy.refusals import stop_if
from procurement import envelopes, notifications
from procurement.envelopes import Content
from procurement.lifecycle import TenderState
from procurement.models import Bid, BidBox, Bidder, BidDocument, Tender
from procurement.permissions import Ability, require, require_own

if TYPE_CHECKING:
    from accounts.models import Person

MOST_DOCUMENTS = 20


def blockers_to_bid(tender: Tender, at: datetime) -> list[str]:
    """Why nothing can be drafted, sent or withdrawn at that instant of the database's clock."""
    if tender.state not in (TenderState.OPEN, TenderState.CLOSED) or tender.deadline_at is None:
        return [f"This tender is “{tender.get_state_display()}”: it takes no bids."]
    if tender.state == TenderState.CLOSED or at > tender.deadline_at:
        return [f"Too late: bids closed at {local(tender.deadline_at)}, and this reached the portal at {local(at)}."]
    return []


@verb("bidder.take_part", on="box")
def take_part(*, box: BidBox, by: "Person") -> Bidder:
    """The organisation's part in a tender, made when it is first needed: from then on it is told the news."""
    tender = shared(box.tender)
    require(by, Ability.BID, tender)
    organisation = by.organisation
    assert organisation is not None
    if found := Bidder.objects.filter(tender=tender, organisation=organisation).first():
        return found
    stop_if(blockers_to_bid(tender, clock.database_now()))
    bidder, is_new = Bidder.objects.get_or_create(tender=tender, organisation=organisation, defaults={"contact": by})
    if is_new:
        record("bidder.take_part", on=bidder, by=by, summary="began to take part in the tender")
    return bidder


@verb("bid.save_draft", on="bidder")
def save_draft(
    *, bidder: Bidder, answers: Mapping[str, str], price: Decimal | None, by: "Person", version: int | None = None
) -> Bidder:
    """Keep what has been written, sealed. `answers` are by the criterion's public id."""
    bidder = locked(bidder, version=version)
    require_own(by, bidder)
    stop_if(blockers_to_bid(bidder.tender, clock.database_now()))
    if price is not None and price <= 0:
        raise ValidationError({"price": "Give a price above £0."})
    known = {criterion.public_id for criterion in bidder.tender.criteria.all()}
    content = Content({key: text for key, text in answers.items() if key in known}, price)
    bidder.sealed_draft, bidder.draft_saved_at = envelopes.seal_draft(bidder, content), clock.now()
    bidder.version += 1
    bidder.save(update_fields=["sealed_draft", "draft_saved_at", "version"])
    record("bid.save_draft", on=bidder, by=by, summary="saved the draft of the bid")
    return bidder


@verb("bid.add_document", on="bidder")
def add_document(*, bidder: Bidder, upload: "UploadedFile[bytes]", by: "Person") -> BidDocument:
    """Check a file and keep it sealed, in the draft. It is part of the bid once the bid is sent."""
    bidder = locked(bidder)
    require_own(by, bidder)
    stop_if(blockers_to_bid(bidder.tender, clock.database_now()))
    if bidder.documents.filter(removed_at=None).count() >= MOST_DOCUMENTS:
        raise ValidationError({"file": f"A bid may have {MOST_DOCUMENTS} documents. Remove one first."})
    document = BidDocument(bidder=bidder, content_type=checks.content_type_of(upload), added_by=by)
    upload.seek(0)
    envelopes.seal_document(bidder, document, label(upload.name or ""), upload.read())
    document.save()
    record("bid.add_document", on=bidder, by=by, summary="added a document", after={"sha256": document.sha256})
    return document


@verb("bid.remove_document", on="document")
def remove_document(*, document: BidDocument, by: "Person") -> None:
    """Take a document out of the draft. Bids that were sent with it keep it."""
    bidder = locked(document.bidder)
    require_own(by, bidder)
    stop_if(blockers_to_bid(bidder.tender, clock.database_now()))
    document.removed_at = clock.now()
    document.save(update_fields=["removed_at"])
    record("bid.remove_document", on=bidder, by=by, summary="removed a document", before={"sha256": document.sha256})


@verb("bid.submit", on="bidder")
def submit_bid(*, bidder: Bidder, by: "Person", version: int | None = None) -> Bid:
    """Send the saved draft. The bid counts if the database received it at or before the closing instant."""
    bidder = locked(bidder, version=version)
    require_own(by, bidder)
    content = envelopes.draft_of(bidder)
    number = bidder.bids.count() + 1
    quality, price = envelopes.seal_bid(bidder, number, content)
    documents = list(bidder.documents.filter(removed_at=None))
    tender = shared(bidder.tender)
    received_at = clock.database_now()
    stop_if(blockers_to_bid(tender, received_at))
    stop_if(content.missing(tender))
    bidder.bids.counting().update(superseded_at=received_at)
    bid = Bid(
        tender=tender, bidder=bidder, number=number, submitted_by=by, sealed_quality=quality, sealed_price=price,
        received_at=received_at,
    )  # fmt: skip
    bid.receipt_hash = envelopes.receipt_hash(bid, documents)
    bid.save(force_insert=True)
    bid.documents.set(documents)
    _out_of_date(bidder)
    notifications.bid_received(bid)
    record(
        "bid.submit",
        on=bid,
        by=by,
        summary=f"sent the bid, version {number}, received at {local(received_at)}",
        after={"number": number, "received_at": received_at.isoformat(), "receipt_hash": bid.receipt_hash},
    )
    return bid


def _out_of_date(bidder: Bidder) -> None:
    """The same page in another tab shows what is no longer so: what it sends is refused."""
    bidder.version += 1
    bidder.save(update_fields=["version"])


@verb("bid.withdraw", on="bidder")
def withdraw_bid(*, bidder: Bidder, by: "Person", version: int | None = None) -> Bid:
    """Take the bid back before the deadline. It stays sealed for ever, and a new one may be sent."""
    bidder = locked(bidder, version=version)
    require_own(by, bidder)
    tender = shared(bidder.tender)
    now = clock.database_now()
    bid = bidder.bids.counting().first()
    stop_if(blockers_to_bid(tender, now) or ([] if bid else ["You have no bid in the competition to withdraw."]))
    assert isinstance(bid, Bid)
    bid.withdrawn_at = now
    bid.save(update_fields=["withdrawn_at"])
    _out_of_date(bidder)
    record("bid.withdraw", on=bid, by=by, summary=f"withdrew the bid, version {bid.number}")
    return bid
