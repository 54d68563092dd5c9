"""Budget lines. Three of the headings are the model's own, and a budget without them does not pass the gate."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from foundation.database.models import Record
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership


class BudgetHeading(models.TextChoices):
    DEVELOPMENT_OFFICER = "development_officer", "Development officer and support for members"
    VISION_AND_VALUES = "vision_and_values", "Shared vision and values"
    ADMINISTRATION = "administration", "Administrative support"
    DELIVERY_STAFF = "delivery_staff", "Delivery staff"
    INVOLVEMENT = "involvement", "Involving people who use the service"
    EVALUATION = "evaluation", "Evaluation"
    TRAINING = "training", "Training"
    OVERHEADS = "overheads", "Overheads"
    OTHER = "other", "Other"


# What funding should cover; checked by name at gate G1.
NEEDED_HEADINGS = (BudgetHeading.DEVELOPMENT_OFFICER, BudgetHeading.VISION_AND_VALUES, BudgetHeading.ADMINISTRATION)


class BudgetLine(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="budget_lines")
    heading = models.CharField(max_length=20, choices=BudgetHeading.choices)
    note = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_line_above_zero")]

    def __str__(self) -> str:
        return self.get_heading_display()

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class Allocation(Record):
    """What of a budget line one partner is given to spend."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="allocations")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "partner"], name="allocation_once_for_a_partner"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="allocation_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: £{self.amount:,.2f} of “{self.line}”"

    @property
    def audit_scope(self) -> str:
        return self.line.audit_scope
