"""Gate decisions: proposed by one signer, signed by the other, kept with the evidence as it was."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models.partnership import Partnership
from partnerships.roles import PartnershipRole


class GateDecision(Record):
    """`decided_at` is empty while a signature is missing; `withdrawn_at` ends a proposal that was not signed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="decisions")
    gate = models.CharField(max_length=2, choices=Gate.choices)
    outcome = models.CharField(max_length=10, choices=GateOutcome.choices)
    leaves = models.CharField(max_length=10, choices=Stage.choices)
    enters = models.CharField(max_length=10, choices=Stage.choices)
    reason = models.TextField(max_length=3000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checklist = models.PositiveSmallIntegerField(null=True, help_text="The version of the gate's checklist.")
    evidence = models.JSONField(default=list, help_text="The evidence list as it stood when the decision took effect.")
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(decided_at=None, withdrawn_at=None),
                name="one_open_decision_per_partnership",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(withdrawn_at=None), name="decision_not_both_taken_and_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()}: {self.get_outcome_display()}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None


class DecisionSignature(models.Model):
    """One signer's agreement. Append-only: two roles, two different people."""

    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20, choices=PartnershipRole.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "role"], name="decision_signed_once_per_role"),
            models.UniqueConstraint(fields=["decision", "signed_by"], name="decision_signed_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.signed_by} as {self.get_role_display()}"


class DecisionCondition(models.Model):
    """What has to be done although the gate is passed. It becomes a milestone when the decision takes effect."""

    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(max_length=150)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.text}, {self.owner}, due {self.due_on:%-d %B %Y}"
