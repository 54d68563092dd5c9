"""What a bidder asks after the letter, and by when it must be answered (r85(6): within 15 days of receipt)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from procurement.models.award import StandstillLetter


class Debrief(Record):
    """One written request of one bidder. `due_on` is stored as the holiday table stood on the day it was recorded."""

    letter = models.ForeignKey(StandstillLetter, on_delete=models.PROTECT, related_name="debriefs")
    asked_on = models.DateField(help_text="The day the request arrived.")
    due_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    answer = models.TextField(max_length=5000, blank=True, help_text="What the bidder was told, and how it went.")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on=None, answered_by=None, answer="")
                | (Q(answered_on__gte=models.F("asked_on"), answered_by__isnull=False) & ~Q(answer="")),
                name="debrief_answered_by_somebody",
            ),
            models.UniqueConstraint(fields=["letter"], condition=Q(answered_on=None), name="debrief_one_open_each"),
        ]

    def __str__(self) -> str:
        return f"Debrief of {self.letter.bid.organisation}"

    @property
    def audit_scope(self) -> str:
        return self.letter.audit_scope
