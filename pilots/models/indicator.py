"""Indicators: what the partners agreed to measure, from which baseline, towards which target."""

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.measures import ROLLUPS_IN_PAIRS, ROLLUPS_OF_PERCENT, Direction, Rollup, Unit
from pilots.sources import Source

if TYPE_CHECKING:
    from accounts.models import Person

code_shape = RegexValidator(
    r"^[A-Z][A-Z0-9-]{0,9}\Z", "A code is a capital letter, then capital letters, digits or hyphens: R1 or O-W."
)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, person: "Person") -> "IndicatorQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def typed(self) -> "IndicatorQuerySet":
        """Those whose figure somebody types each month; the others are drawn from the return."""
        return self.filter(drawn_from="")


class Indicator(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=10, validators=[code_shape])
    title = models.CharField(max_length=150)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    direction = models.CharField(max_length=5, choices=Direction.choices, default=Direction.UP)
    rollup = models.CharField(max_length=15, choices=Rollup.choices)
    drawn_from = models.CharField(
        max_length=20, choices=Source.choices, blank=True, help_text="Empty: somebody types the figure each month."
    )
    baseline = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    baseline_on = models.DateField(null=True)
    target = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="Of each month, when the months are added up."
    )
    is_headline = models.BooleanField(default=False, help_text="The one the pilot's chart shows.")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="indicator_code_once_per_partnership"),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(is_headline=True), name="one_headline_indicator_per_partnership"
            ),
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_on=None) | Q(baseline__isnull=False, baseline_on__isnull=False),
                name="baseline_has_its_date",
            ),
            models.CheckConstraint(condition=Q(target=None) | Q(target__gte=0), name="target_not_below_zero"),
            models.CheckConstraint(
                condition=~Q(unit=Unit.PERCENT) | Q(rollup__in=ROLLUPS_OF_PERCENT), name="per_cent_is_never_averaged"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def in_pairs(self) -> bool:
        return self.rollup in ROLLUPS_IN_PAIRS

    @property
    def higher_is_better(self) -> bool:
        return self.direction == Direction.UP
