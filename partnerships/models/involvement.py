"""The involvement diary: what was done with people who use services, and what came of it (`domain.md` 3.1).

Counts and words only: no names of people who use services are asked for.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.involvement import ActivityKind, Standard
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    def visible_to(self, person: "Person") -> "InvolvementQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class Involvement(Record):
    """One activity with people who use services."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="involvement")
    held_on = models.DateField()
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    about = models.CharField(max_length=150)
    people = models.PositiveIntegerField(help_text="How many people who use services took part.")
    standard = models.CharField(max_length=20, choices=Standard.choices)
    access_needs = models.TextField(max_length=1000, blank=True, help_text="What was done so that everyone could come.")
    expenses_paid = models.BooleanField()
    heard = models.TextField(max_length=3000)
    we_did = models.TextField(max_length=3000, blank=True)
    we_could_not = models.TextField(max_length=3000, blank=True)
    is_public = models.BooleanField(default=False, help_text="Whether the public page tells what was said and done.")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name_plural = "involvement"
        indexes = [models.Index(fields=["partnership", "-held_on"], name="involvement_by_partnership")]
        constraints = [models.CheckConstraint(condition=Q(people__gte=1), name="involvement_of_somebody")]

    def __str__(self) -> str:
        return self.about

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope
