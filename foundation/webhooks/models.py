"""Webhooks: addresses of other systems that are told what happens, and a log of every message to them.

A message is a row before it is sent, like a mail (`foundation.delivery`). It may arrive twice: it carries the same id
each time, and its receiver drops the repeat.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.audit.models import AuditEvent
from foundation.database.models import Record


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def open(self) -> "WebhookQuerySet":
        return self.filter(removed_at=None)

    def failing(self, since: datetime) -> "WebhookQuerySet":
        """Those in use with a message written since then that could not be sent, or not at the last try."""
        failed = Q(state=MessageState.DEAD) | Q(state=MessageState.PENDING, attempts__gt=0)
        mine = WebhookMessage.objects.filter(failed, webhook=OuterRef("pk"), created_at__gte=since)
        return self.open().filter(Exists(mine))


class Webhook(Record):
    scope = models.CharField(max_length=80, help_text="Whose events it is told: “partnership:<public id>”.")
    name = models.CharField(max_length=80)
    address = models.URLField(max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField(help_text="The last event of the scope that was looked at.")
    removed_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["scope"], condition=Q(removed_at=None), name="webhook_open_by_scope")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.scope


class MessageState(models.TextChoices):
    PENDING = "pending", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Accepted"
    DEAD = "dead", "Could not be sent"


class WebhookMessage(Record):
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="messages")
    event = models.ForeignKey(
        AuditEvent, on_delete=models.PROTECT, related_name="+", null=True, help_text="Empty: a test."
    )
    action = models.CharField(max_length=80)
    body = models.TextField(help_text="As it goes out, each time.")
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Counted before the work: a crash counts too.")
    lease_until = models.DateTimeField(null=True, help_text="Until then the process that took it is left in peace.")
    next_try_at = models.DateTimeField(null=True, help_text="Empty: as soon as possible.")
    answer = models.PositiveSmallIntegerField(null=True, help_text="The last status code.")
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "next_try_at"], condition=Q(state__in=["pending", "sending"]), name="webhook_to_do"
            ),
            models.Index(fields=["created_at"], name="webhook_message_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="webhook_message_once_per_event"),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENT, sent_at__isnull=False)
                | (~Q(state=MessageState.SENT) & Q(sent_at=None)),
                name="webhook_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENDING, lease_until__isnull=False)
                | (~Q(state=MessageState.SENDING) & Q(lease_until=None)),
                name="webhook_lease_while_in_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} to {self.webhook}"

    @property
    def audit_scope(self) -> str:
        return self.webhook.scope
