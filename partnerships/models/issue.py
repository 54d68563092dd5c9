"""The register of issues (`domain.md` 1.5): what has happened and needs settling. A risk only may happen."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.models.risk import Risk

if TYPE_CHECKING:
    from accounts.models import Person


class IssueImpact(models.IntegerChoices):
    LOW = 1, "Low"
    MEDIUM = 2, "Medium"
    HIGH = 3, "High"


COLOUR = {IssueImpact.LOW: "green", IssueImpact.MEDIUM: "amber", IssueImpact.HIGH: "red"}


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, person: "Person") -> "IssueQuerySet":
        """Every member of a partnership may read its issues."""
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def open(self) -> "IssueQuerySet":
        return self.filter(resolved_on=None)

    def worst_first(self) -> "IssueQuerySet":
        """Open before resolved, highest impact first; among equals, the one that is due soonest."""
        return self.order_by(F("resolved_on").desc(nulls_first=True), "-impact", "due_on", "pk")


class Issue(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="issues")
    title = models.CharField(max_length=150)
    what_happened = models.TextField(max_length=3000)
    impact = models.PositiveSmallIntegerField(choices=IssueImpact.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="issues")
    opened_on = models.DateField(default=clock.today)
    due_on = models.DateField(help_text="By when it should be settled.")
    resolution = models.TextField(blank=True, max_length=2000)
    resolved_on = models.DateField(null=True)
    risk = models.OneToOneField(
        Risk, null=True, on_delete=models.PROTECT, related_name="issue", help_text="The risk that happened."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["opened_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(resolved_on=None), name="issue_open_due")]
        constraints = [
            models.CheckConstraint(condition=Q(impact__gte=1, impact__lte=3), name="issue_impact_1_to_3"),
            models.CheckConstraint(
                condition=Q(resolved_on=None, resolution="") | (Q(resolved_on__isnull=False) & ~Q(resolution="")),
                name="issue_is_resolved_by_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def colour(self) -> str:
        return COLOUR[IssueImpact(self.impact)]

    @property
    def is_late(self) -> bool:
        return self.resolved_on is None and self.due_on < clock.today()
