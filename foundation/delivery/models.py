"""The outbox: every mail the portal owes somebody is a row, written in the transaction that causes it.

A row is the truth about its mail; Celery only rings the bell. The states make one promise: no mail is lost in silence
and none is sent twice in silence. What may or may not have arrived is `held`, and a person decides.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from foundation.delivery import kinds
from foundation.delivery.kinds import How


class MailState(models.TextChoices):
    UNSORTED = "unsorted", "Waiting to be sorted"
    GATHERED = "gathered", "Waiting to be folded into one mail"
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    DATA = "data", "Being handed to the mail server"
    SENT = "sent", "Sent"
    HELD = "held", "Held: it may or may not have arrived"
    DEAD = "dead", "Could not be sent"
    FOLDED = "folded", "Folded into another mail"
    PORTAL = "portal", "In the portal only"
    SKIPPED = "skipped", "Skipped"


TO_SORT = (MailState.UNSORTED, MailState.GATHERED)
IN_HAND = (MailState.SENDING, MailState.DATA)
# A scope that begins like this tells nobody who gets a mail or that there is one: a tender's before bids are opened.
SEALED_SCOPES = "sealed:"


class OutboxQuerySet(models.QuerySet["OutboxMail"]):
    def for_operators(self) -> "OutboxQuerySet":
        """What the ledger may show."""
        return self.exclude(scope__startswith=SEALED_SCOPES)

    def inbox_of(self, person: Any, now: datetime) -> "OutboxQuerySet":
        """What one person reads in the portal: each message by itself, whichever way it was mailed, if it was at all.

        Without what is planned for later or was skipped, what holds a key, and the mails that only tell others.
        """
        keys = [name for name, kind in kinds.everyone().items() if kind.private]
        mails = self.filter(Q(not_before=None) | Q(not_before__lte=now), to=person)
        return mails.exclude(kind__in=[*keys, kinds.DIGEST]).exclude(state=MailState.SKIPPED)

    def unread(self) -> "OutboxQuerySet":
        return self.filter(read_at=None)


class OutboxMail(Record):
    kind = models.CharField(max_length=20, help_text="Decides what happens in doubt: see `kinds`.")
    key = models.CharField(max_length=200, unique=True, help_text="Names the occasion for ever: one mail each.")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, help_text="Empty: no account."
    )
    to_address = models.EmailField(
        max_length=254, blank=True, help_text="As it was when the mail was written; empty once it is forgotten."
    )
    subject = models.CharField(max_length=300)
    template = models.CharField(max_length=120, help_text="Path below `templates/`, without its extension.")
    context = models.JSONField(default=dict)
    why = models.CharField(max_length=500, help_text="Why this person gets it, as the mail's last sentence.")
    scope = models.CharField(max_length=80, blank=True, help_text="What it is about: “partnership:<public id>”.")
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Counted before the work: a crash counts too.")
    lease_until = models.DateTimeField(null=True, help_text="Until then the process that took it is left in peace.")
    next_try_at = models.DateTimeField(null=True, help_text="Empty: as soon as possible.")
    not_before = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, help_text="The same for every try, so that a repeat can be seen.")
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    body = models.TextField(blank=True, help_text="The text as it went out.")
    folded_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="parts", null=True, help_text="The one mail that tells it."
    )
    skipped_because = models.CharField(max_length=300, blank=True, help_text="Why it was never to be sent.")
    read_at = models.DateTimeField(null=True, help_text="When its reader said in the portal that it is read.")

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "next_try_at"], condition=Q(state__in=["pending", *IN_HAND]), name="outbox_to_do"
            ),
            models.Index(fields=["state", "next_try_at"], condition=Q(state__in=TO_SORT), name="outbox_to_sort"),
            models.Index(fields=["to", "-id"], name="outbox_by_person"),
            models.Index(fields=["to"], condition=Q(read_at=None), name="outbox_unread"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False) | (~Q(state=MailState.SENT) & Q(sent_at=None)),
                name="outbox_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=IN_HAND, lease_until__isnull=False)
                | (~Q(state__in=IN_HAND) & Q(lease_until=None)),
                name="outbox_lease_while_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.FOLDED, folded_into__isnull=False)
                | (~Q(state=MailState.FOLDED) & Q(folded_into=None)),
                name="outbox_folded_into_one",
            ),
            models.CheckConstraint(
                condition=(Q(state=MailState.SKIPPED) & ~Q(skipped_because=""))
                | (~Q(state=MailState.SKIPPED) & Q(skipped_because="")),
                name="outbox_skipped_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def recipient(self) -> str:
        """Who it is for, in words."""
        return str(self.to) if self.to else "somebody without an account"

    @property
    def audit_scope(self) -> str:
        """What operators do with mails is one history of its own."""
        return "mail"


class MailChoice(models.Model):
    """How one person gets one kind of mail; without a row, the kind's own default."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=20)
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        ordering = ["person", "kind"]
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_for_each_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_how_display()}"
