"""The outbox: every mail the portal owes somebody is a row, written in the transaction that causes it.

A row is the truth about its mail; Celery only rings the bell. The states make one promise: no mail is lost in silence
and none is sent twice in silence. What may or may not have arrived is `held`, and a person decides.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record


class MailState(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    DATA = "data", "Being handed to the mail server"
    SENT = "sent", "Sent"
    HELD = "held", "Held: it may or may not have arrived"
    DEAD = "dead", "Could not be sent"


IN_HAND = (MailState.SENDING, MailState.DATA)
# A scope that begins like this tells nobody who gets a mail or that there is one: a tender's before bids are opened.
SEALED_SCOPES = "sealed:"


class OutboxQuerySet(models.QuerySet["OutboxMail"]):
    def for_operators(self) -> "OutboxQuerySet":
        """What the ledger may show."""
        return self.exclude(scope__startswith=SEALED_SCOPES)


class OutboxMail(Record):
    kind = models.CharField(max_length=20, help_text="Decides what happens in doubt: see `kinds`.")
    key = models.CharField(max_length=200, unique=True, help_text="Names the occasion for ever: one mail each.")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_address = models.EmailField(max_length=254, help_text="As it was when the mail was written.")
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

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "next_try_at"], condition=Q(state__in=["pending", *IN_HAND]), name="outbox_to_do"
            ),
            models.Index(fields=["to", "-id"], name="outbox_by_person"),
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
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def audit_scope(self) -> str:
        """What operators do with mails is one history of its own."""
        return "mail"
