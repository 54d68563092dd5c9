"""The memorandum of understanding: numbered versions of ordered sections, each version signed by every partner.

A new version asks all again. It is written in a draft (`models/draft.py`) and never changes once it is issued.
"""

from django.conf import settings
from django.db import models

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership
from partnerships.wording import Wording


class Memorandum(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memoranda")
    number = models.PositiveSmallIntegerField(help_text="1 for the first version; a change makes the next.")
    review_on = models.DateField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who issued it for signature."
    )

    class Meta:
        verbose_name_plural = "memoranda"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["partnership", "number"], name="memorandum_number_once")]

    def __str__(self) -> str:
        return f"Memorandum of understanding, version {self.number}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    def wording(self) -> list[Wording]:
        """Its sections as plain values, in order. One query unless they were prefetched."""
        return [section.wording for section in self.sections.all()]


class SectionText(models.Model):
    """What a section of a version and one of a draft have in common."""

    key = models.CharField(max_length=22, help_text="The same through every version, whatever the heading becomes.")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=100)
    text = models.TextField(max_length=10000, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading

    @property
    def wording(self) -> Wording:
        return Wording(self.key, self.heading, self.text)


class MemorandumSection(SectionText):
    """One section of an issued version. Append-only."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="sections")

    class Meta(SectionText.Meta):
        constraints = [models.UniqueConstraint(fields=["memorandum", "key"], name="memorandum_section_once")]


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
