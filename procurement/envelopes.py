"""The only place that seals and unseals what bidders send, and that says when each part may be read.

A bid has two envelopes. The quality envelope (answers and documents) can be read once bids are opened; the price
envelope only once the agreed quality scores are locked (`domain.md` 4.6). A bid that was withdrawn or replaced is
never read by the buyer. A bidder may always read its own.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from foundation.files import store
from foundation.policy.refusals import stop_if
from procurement import sealing
from procurement.lifecycle import TenderState
from procurement.models import Bid, Bidder, BidDocument, Tender, TenderKey
from procurement.sealing import Context

SEALED_TYPE = "application/octet-stream"
SEALED_NAME = "sealed document"


@dataclass(frozen=True)
class Content:
    """What a bidder has written: an answer to each criterion (by its public id), and a price."""

    answers: dict[str, str] = field(default_factory=dict)
    price: Decimal | None = None

    def missing(self, tender: Tender) -> list[str]:
        """What has to be filled in before sending, one sentence each."""
        missing = [
            f"Answer “{criterion}”."
            for criterion in tender.criteria.all()
            if not self.answers.get(criterion.public_id, "").strip()
        ]
        return missing if self.price else [*missing, "Give your price."]


def make_key(tender: Tender) -> None:
    """A key for the tender, kept only wrapped."""
    wrapped = sealing.wrap(sealing.new_key(), settings.SECRET_KEY, tender.public_id)
    TenderKey.objects.create(tender=tender, wrapped=wrapped)


def reading_blockers(bid: Bid) -> list[str]:
    """Why the buyer's side cannot read a bid now."""
    if bid.tender.state == TenderState.ABANDONED:
        return ["This tender was abandoned, so its bids stay sealed."]
    if bid.tender.opened_at is None:
        return ["Bids are sealed. Nobody at the buying authority can read them before two people have opened them."]
    if not bid.counts:
        return ["This bid was withdrawn or replaced by its bidder, so it stays sealed."]
    return []


def price_blockers(tender: Tender) -> list[str]:
    """Why prices cannot be read now."""
    if tender.opened_at is None:
        return ["Bids are sealed, and their prices with them."]
    if tender.quality_locked_at is None:
        return ["Prices stay sealed until the panel's agreed quality scores are locked."]
    return []


def answers_of(bid: Bid) -> dict[str, str]:
    """The quality envelope: for the panel and the officer, after opening."""
    stop_if(reading_blockers(bid))
    return _answers(bid, _key(bid.tender))


def price_of(bid: Bid) -> Decimal:
    """The price envelope: after quality is locked."""
    stop_if(reading_blockers(bid) + price_blockers(bid.tender))
    return _price(bid, _key(bid.tender))


def documents_of(bid: Bid) -> list[tuple[BidDocument, str]]:
    """The bid's documents with their names, after opening."""
    stop_if(reading_blockers(bid))
    return named(bid.documents.all(), bid.bidder)


def own_content(bid: Bid) -> Content:
    """Both envelopes, for the bidder itself: the caller has checked that it is theirs."""
    key = _key(bid.tender)
    return Content(_answers(bid, key), _price(bid, key))


def named(documents: Iterable[BidDocument], bidder: Bidder) -> list[tuple[BidDocument, str]]:
    """Documents with their names unsealed: for the bidder, or after opening."""
    key = _key(bidder.tender)
    return [
        (document, sealing.unseal(key, bytes(document.sealed_name), _name_context(document, bidder)).decode())
        for document in documents
    ]


def document_bytes(document: BidDocument) -> bytes:
    """The file itself. The caller has checked that it may be read."""
    bidder = document.bidder
    sealed = store.path_of(document.stored).read_bytes()
    return sealing.unseal(_key(bidder.tender), sealed, _context(bidder, f"document/{document.public_id}"))


def seal_draft(bidder: Bidder, content: Content) -> bytes:
    return sealing.seal(_key(bidder.tender), _packed(content), _context(bidder, "draft"))


def draft_of(bidder: Bidder) -> Content:
    """What the bidder saved last; empty when nothing was."""
    if bidder.sealed_draft is None:
        return Content()
    raw = sealing.unseal(_key(bidder.tender), bytes(bidder.sealed_draft), _context(bidder, "draft"))
    kept: dict[str, Any] = json.loads(raw)
    return Content(kept["answers"], Decimal(kept["price"]) if kept["price"] else None)


def seal_bid(bidder: Bidder, number: int, content: Content) -> tuple[bytes, bytes]:
    """The quality and the price envelope of the bidder's `number`-th sending."""
    key = _key(bidder.tender)
    answers = json.dumps(content.answers).encode()
    return (
        sealing.seal(key, answers, _context(bidder, f"bid/{number}/quality")),
        sealing.seal(key, str(content.price).encode(), _context(bidder, f"bid/{number}/price")),
    )


def seal_document(bidder: Bidder, document: BidDocument, name: str, content: bytes) -> None:
    """Fill the sealed fields of an unsaved document and keep its sealed bytes."""
    key = _key(bidder.tender)
    document.sealed_name = sealing.seal(key, name.encode(), _name_context(document, bidder))
    sealed = sealing.seal(key, content, _context(bidder, f"document/{document.public_id}"))
    document.size = len(content)
    document.stored = store.keep_bytes(
        sealed, name=SEALED_NAME, content_type=SEALED_TYPE, scope=bidder.tender.sealed_scope, by=None
    )
    document.sha256 = document.stored.sha256


def receipt_hash(bid: Bid, documents: Iterable[BidDocument]) -> str:
    """SHA-256 over what was received: bidder and opener can work it out again and find the same."""
    parts = [
        bid.tender.public_id, bid.bidder.public_id, str(bid.number), bid.received_at.isoformat(),
        hashlib.sha256(bytes(bid.sealed_quality)).hexdigest(), hashlib.sha256(bytes(bid.sealed_price)).hexdigest(),
        *sorted(document.sha256 for document in documents),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _key(tender: Tender) -> bytes:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return sealing.unwrap(bytes(tender.key.wrapped), secrets, tender.public_id)


def _context(bidder: Bidder, part: str) -> Context:
    return Context(bidder.tender.public_id, bidder.public_id, part)


def _name_context(document: BidDocument, bidder: Bidder) -> Context:
    return _context(bidder, f"document/{document.public_id}/name")


def _packed(content: Content) -> bytes:
    return json.dumps({"answers": content.answers, "price": str(content.price or "")}).encode()


def _answers(bid: Bid, key: bytes) -> dict[str, str]:
    raw = sealing.unseal(key, bytes(bid.sealed_quality), _context(bid.bidder, f"bid/{bid.number}/quality"))
    answers: dict[str, str] = json.loads(raw)
    return answers


def _price(bid: Bid, key: bytes) -> Decimal:
    raw = sealing.unseal(key, bytes(bid.sealed_price), _context(bid.bidder, f"bid/{bid.number}/price"))
    return Decimal(raw.decode())
