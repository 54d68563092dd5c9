"""The training log (`domain.md` 1.10): what was taught, by whom, and how many people of which partners were there."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership
from partnerships.skills import Topic

if TYPE_CHECKING:
    from accounts.models import Person


class TrainingQuerySet(models.QuerySet["Training"]):
    def visible_to(self, person: "Person") -> "TrainingQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class Training(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="trainings")
    held_on = models.DateField()
    topic = models.CharField(max_length=25, choices=Topic.choices)
    title = models.CharField(max_length=150)
    given_by = models.CharField(max_length=150, help_text="Who taught: a person or an organisation.")
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["partnership", "-held_on"], name="training_by_partnership")]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="training_takes_time")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class TrainingAttendance(models.Model):
    """How many people of one partner took part."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="attendances")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="trainings")
    people = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["training", "partner"], name="training_partner_once"),
            models.CheckConstraint(condition=Q(people__gt=0), name="training_counts_people"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.people}"
