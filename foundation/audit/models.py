"""Who did what, when, to what, why, and whether it was allowed.

Events form one hash chain per `scope` (a partnership, a tender, an organisation), so that an edited, removed or
inserted row is found. Triggers refuse UPDATE and DELETE on both engines (migration 0002).
"""

from django.conf import settings
from django.db import models

from foundation.database import clock


class Outcome(models.TextChoices):
    ALLOWED = "allowed", "Done"
    REFUSED = "refused", "Refused"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of(self, scope: str) -> "AuditEventQuerySet":
        """Newest first."""
        return self.filter(scope=scope).order_by("-seq")


class AuditEvent(models.Model):
    scope = models.CharField(max_length=80, help_text="What the event belongs to: “partnership:<public id>”.")
    seq = models.PositiveIntegerField(help_text="1, 2, 3 … inside the scope, without gaps.")
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the portal."
    )
    actor_name = models.CharField(max_length=200, help_text="As it was then.")
    action = models.CharField(max_length=80, help_text="“milestone.move”: noun, full stop, verb.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=300)
    summary = models.CharField(max_length=500, help_text="One sentence for the history page.")
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    form_token = models.CharField(  # noqa: DJ001  unique where there is one
        max_length=40, null=True, unique=True, help_text="Of the form that caused it: a second sending finds it taken."
    )
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "seq"], name="audit_event_seq_once_per_scope")]
        indexes = [models.Index(fields=["actor", "-at"], name="audit_event_by_actor")]

    def __str__(self) -> str:
        return f"{self.action} ({self.outcome})"


class ChainHead(models.Model):
    """The last link of each scope's chain; its row lock puts writers in a queue. Take it last in a transaction."""

    scope = models.CharField(max_length=80, unique=True)
    seq = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.scope} #{self.seq}"
