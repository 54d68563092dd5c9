"""The evaluation of the pilot: written once, changed as often as needed, and signed off by the evaluator."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from foundation.files.models import StoredFile
from partnerships.models import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, person: "Person") -> "EvaluationQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def unsigned(self) -> "EvaluationQuerySet":
        return self.filter(signed_off_at=None)


class Evaluation(Record):
    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="evaluation")
    summary = models.TextField(max_length=3000)
    findings = models.TextField(max_length=20000)
    unit_cost = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="What one person's support cost."
    )
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    signed_off_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_off_by=None, signed_off_at=None)
                | Q(signed_off_by__isnull=False, signed_off_at__isnull=False),
                name="evaluation_signed_off_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost=None) | Q(unit_cost__gte=0), name="evaluation_unit_cost_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return "Evaluation of the pilot"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope
