"""The memorandum of understanding: numbered versions, each signed by every partner. A new version asks all again."""

from django.conf import settings
from django.db import models

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership


class Memorandum(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memoranda")
    number = models.PositiveSmallIntegerField(help_text="1 for the first version; a change makes the next.")
    purpose = models.TextField(max_length=5000)
    how_we_work = models.TextField(
        max_length=10000, help_text="Roles, decisions, meetings, money, data, disputes, leaving."
    )
    review_on = models.DateField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "memoranda"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["partnership", "number"], name="memorandum_number_once")]

    def __str__(self) -> str:
        return f"Memorandum of understanding, version {self.number}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class Signature(models.Model):
    """One partner's signature under one version. Append-only."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="signatures")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="signatures")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["memorandum", "partner"], name="signature_once_per_partner")]

    def __str__(self) -> str:
        return f"{self.partner} signed {self.memorandum}"
