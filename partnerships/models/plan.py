"""The plan: the length of each block, and the milestones with everything that moved them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.lifecycle import Stage
from partnerships.models.partnership import Partnership
from partnerships.plan import MADE_BY_DECISIONS, Block, MilestoneKind

if TYPE_CHECKING:
    from datetime import date


class PlanBlock(models.Model):
    """How many months one block of the plan takes."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="blocks")
    block = models.CharField(max_length=12, choices=Block.choices)
    months = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "block"], name="plan_block_once"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=120), name="plan_block_1_to_120_months"),
        ]

    def __str__(self) -> str:
        return f"{self.get_block_display()}: {self.months} months"


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def open(self) -> "MilestoneQuerySet":
        return self.filter(done_on=None)

    def asked_for(self) -> "MilestoneQuerySet":
        """Open, and still to be done: nothing once the partnership is closed, only exit tasks once it has stopped."""
        left_undone = Q(partnership__stage=Stage.STOPPED) & ~Q(kind=MilestoneKind.EXIT)
        return self.open().exclude(partnership__stage=Stage.CLOSED).exclude(left_undone)

    def overdue(self, today: "date") -> "MilestoneQuerySet":
        return self.open().filter(due_on__lt=today)


class Milestone(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="milestones")
    block = models.CharField(max_length=12, choices=Block.choices)
    title = models.CharField(max_length=150)
    kind = models.CharField(max_length=12, choices=MilestoneKind.choices, default=MilestoneKind.OTHER)
    decision = models.ForeignKey(
        "partnerships.GateDecision", on_delete=models.PROTECT, related_name="milestones", null=True, blank=True
    )
    ends_block = models.BooleanField(default=False, help_text="One of the four the plan itself draws.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="milestones", null=True, blank=True
    )
    baseline_on = models.DateField(help_text="The first date it was given. It never changes.")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    evidence = models.TextField(blank=True, max_length=3000, help_text="What shows that it is done.")
    agreed_days = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="By how much signed extensions moved it: no slip, because all agreed."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["partnership", "due_on"], name="milestone_by_partnership"),
            models.Index(fields=["due_on"], condition=Q(done_on=None), name="milestone_open_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MADE_BY_DECISIONS, decision__isnull=False)
                | (~Q(kind__in=MADE_BY_DECISIONS) & Q(decision=None)),
                name="milestone_from_a_decision_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class MilestoneWait(models.Model):
    """One milestone waits for another: it is not due before it, and a move of the other may move it along."""

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="waits")
    waits_for = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="waited_for_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "waits_for"], name="milestone_waits_once"),
            models.CheckConstraint(condition=~Q(milestone=models.F("waits_for")), name="milestone_not_for_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} waits for {self.waits_for}"


class MilestoneMove(models.Model):
    """One change of a milestone's date, with its reason. Append-only."""

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="moves")
    moved_from = models.DateField()
    moved_to = models.DateField()
    reason = models.CharField(max_length=500)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["moved_at", "pk"]

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"
