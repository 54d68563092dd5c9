"""Bidders and what they send: everything that could tell the buyer something is sealed until bids are opened."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from foundation.database.models import Record
from procurement.models.tender import Tender

if TYPE_CHECKING:
    from accounts.models import Person


class BidderQuerySet(models.QuerySet["Bidder"]):
    def visible_to(self, person: "Person") -> "BidderQuerySet":
        """A person's own organisation's part in tenders: nobody else's."""
        return self.filter(organisation=person.organisation_id) if person.organisation_id else self.none()


class Bidder(Record):
    """An organisation that takes part in a tender: it is told the news, asks questions, drafts and sends a bid.

    Its name is never part of an event, a mail to the buyer or a page of the buyer's before bids are opened.
    """

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bidders")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tenders")
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who gets the mails."
    )
    sealed_draft = models.BinaryField(null=True)
    draft_saved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(
        default=0, help_text="Grows with every saving and sending: a stale tab is seen."
    )

    objects = BidderQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "organisation"], name="bidder_once_per_tender"),
            models.CheckConstraint(
                condition=Q(sealed_draft=None, draft_saved_at=None)
                | Q(sealed_draft__isnull=False, draft_saved_at__isnull=False),
                name="draft_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return "A bidder"

    @property
    def audit_scope(self) -> str:
        return self.tender.sealed_scope


class BidDocument(Record):
    """A file of a bid: its name and its bytes are sealed before they are stored."""

    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="documents")
    sealed_name = models.BinaryField()
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes, before sealing.")
    sha256 = models.CharField(max_length=64, help_text="Of the sealed bytes.")
    stored = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, help_text="Taken out of the draft; sent bids keep it.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return "A document of a bid"

    @property
    def audit_scope(self) -> str:
        return self.bidder.audit_scope


class BidQuerySet(models.QuerySet["Bid"]):
    def counting(self) -> "BidQuerySet":
        """The bids in the competition: each bidder's last one, unless it was withdrawn."""
        return self.filter(superseded_at=None, withdrawn_at=None)


class Bid(Record):
    """One sending. Only the last one of a bidder counts; earlier ones stay as a trail and stay sealed."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="bids")
    number = models.PositiveIntegerField(help_text="1 for the bidder's first sending.")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_quality = models.BinaryField()
    sealed_price = models.BinaryField()
    documents = models.ManyToManyField(BidDocument, related_name="bids")
    received_at = models.DateTimeField(help_text="By the database's clock, under the tender's lock.")
    receipt_hash = models.CharField(max_length=64)
    superseded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = BidQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bidder", "number"], name="bid_number_once"),
            models.UniqueConstraint(
                fields=["bidder"],
                condition=Q(superseded_at=None, withdrawn_at=None),
                name="one_counting_bid_per_bidder",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(withdrawn_at=None), name="bid_superseded_or_withdrawn_not_both"
            ),
        ]

    def __str__(self) -> str:
        return f"Bid received {self.received_at:%H:%M:%S} UTC on {self.received_at:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.tender.sealed_scope

    @property
    def counts(self) -> bool:
        return self.superseded_at is None and self.withdrawn_at is None

    @property
    def organisation(self) -> Organisation:
        return self.bidder.organisation
