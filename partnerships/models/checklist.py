"""Checklists of the gates from version 2 on, and what people wrote because a gate asks for it (`domain.md` 1.7)."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from foundation.database import clock
from foundation.database.models import Record
from partnerships.checklist import ItemKind
from partnerships.lifecycle import Gate
from partnerships.models.partnership import Partnership

LONGEST_FRESH = 60


class Checklist(Record):
    """A later version of what a gate asks for. Never changed: the next version replaces it from a day on."""

    gate = models.CharField(max_length=2, choices=Gate.choices)
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(2)])
    in_force_from = models.DateField()
    why = models.TextField(max_length=1000)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["gate", "-number"]
        constraints = [models.UniqueConstraint(fields=["gate", "number"], name="checklist_version_once")]

    def __str__(self) -> str:
        return f"Checklist of gate {self.gate}, version {self.number}"

    @property
    def audit_scope(self) -> str:
        return "checklists"


class ChecklistItem(models.Model):
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=50, help_text="Keeps what was given from one version to the next.")
    name = models.CharField(max_length=80)
    asks = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    source = models.CharField(max_length=50, blank=True)
    fresh_months = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(LONGEST_FRESH)])
    variants = models.JSONField(default=list)

    class Meta:
        ordering = ["checklist", "order"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "key"], name="checklist_item_once"),
            models.UniqueConstraint(fields=["checklist", "order"], name="checklist_item_order_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GivenEvidence(Record):
    """A statement or a link that a gate asks for; what it said before is in the history."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="given_evidence")
    gate = models.CharField(max_length=2, choices=Gate.choices)
    key = models.SlugField(max_length=50)
    text = models.TextField(max_length=3000, blank=True)
    url = models.URLField(max_length=500, blank=True)
    design = models.PositiveSmallIntegerField(help_text="The design for which it was given or confirmed.")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(help_text="The day on which somebody last said that it holds.")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["gate", "key"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "gate", "key"], name="evidence_given_once"),
            models.CheckConstraint(condition=~models.Q(text="", url=""), name="evidence_is_something"),
        ]

    def __str__(self) -> str:
        return f"Evidence “{self.key}” for gate {self.gate}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope
