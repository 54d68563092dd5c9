"""The award, the letters that tell it, the standstill they start, and any challenge that stops the signing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from procurement.lifecycle import Means
from procurement.models.bid import Bid
from procurement.models.tender import Tender


class Award(Record):
    """The decision. `signable_on` is known once the last letter has gone (or at once when no standstill is due)."""

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="award")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="awards")
    reasons = models.TextField(max_length=5000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    results = models.JSONField(default=list, help_text="The ranking as it was published, to the last decimal.")
    has_standstill = models.BooleanField(default=True)
    standstill_starts_on = models.DateField(null=True, help_text="The day the last letter went.")
    standstill_days = models.PositiveSmallIntegerField(null=True)
    standstill_ends_on = models.DateField(null=True)
    signable_on = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    notice_due_on = models.DateField(null=True)
    notice_published_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_on=None, signed_by=None, notice_due_on=None)
                | Q(signed_on__gte=models.F("signable_on"), signed_by__isnull=False, notice_due_on__isnull=False),
                name="signed_only_after_standstill",
            ),
        ]

    def __str__(self) -> str:
        return f"Award of {self.tender}"

    @property
    def audit_scope(self) -> str:
        return self.tender.audit_scope


class StandstillLetter(Record):
    """The letter to one bidder. `content` is frozen when it is sent: the page, the mail and the PDF all show that."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="letters")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="letters")
    means = models.CharField(max_length=10, choices=Means.choices, default=Means.ELECTRONIC)
    advantages = models.TextField(
        max_length=5000,
        blank=True,
        help_text="What was good in this bid, and the characteristics and relative advantages of the winning one.",
    )
    content = models.JSONField(default=dict)
    sent_on = models.DateField(null=True, help_text="The day the mail went, or the day it was posted.")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    render_job = models.ForeignKey("rendering.RenderJob", on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["award", "bid"], name="one_letter_per_bid"),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_on=None, sent_by=None)
                | Q(sent_at__isnull=False, sent_on__isnull=False, sent_by__isnull=False),
                name="letter_sent_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Letter to {self.bid.organisation}"

    @property
    def audit_scope(self) -> str:
        return self.award.audit_scope


class Challenge(Record):
    """A legal challenge served before signing: while one is open the contract cannot be signed (r89)."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="challenges")
    received_on = models.DateField()
    summary = models.TextField(max_length=3000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    ended_how = models.TextField(max_length=3000, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_how="")
                | (Q(ended_on__gte=models.F("received_on"), ended_by__isnull=False) & ~Q(ended_how="")),
                name="challenge_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Challenge received on {self.received_on:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.award.audit_scope
