"""Questions of bidders, answered to all; and every change of the deadline, told to all."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from procurement.models.bid import Bidder
from procurement.models.tender import Tender


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> "QuestionQuerySet":
        return self.exclude(published_at=None)

    def waiting(self) -> "QuestionQuerySet":
        return self.filter(published_at=None)


class Question(Record):
    """`text` is as it was asked; the public reads `published_text`, which names nobody."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="questions")
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=3000)
    published_text = models.TextField(max_length=3000, blank=True)
    answer = models.TextField(max_length=5000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(null=True)
    late_reason = models.CharField(
        max_length=1000, blank=True, help_text="Why an answer given late in the day needs no more time for bidders."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["tender", "published_at"], name="question_by_tender")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, answered_by=None)
                | (Q(published_at__isnull=False, answered_by__isnull=False) & ~Q(answer="") & ~Q(published_text="")),
                name="question_published_with_its_answer",
            ),
        ]

    def __str__(self) -> str:
        return "A question"

    @property
    def audit_scope(self) -> str:
        return self.tender.audit_scope


class DeadlineChange(models.Model):
    """One extension. Append-only."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="deadline_changes")
    moved_from = models.DateTimeField()
    moved_to = models.DateTimeField()
    reason = models.CharField(max_length=1000)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["moved_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(moved_to__gt=models.F("moved_from")), name="deadline_only_moves_later")
        ]

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"
