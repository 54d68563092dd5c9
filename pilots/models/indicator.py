"""Indicators: what the partners agreed to measure, from which baseline, towards which target."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.measures import ROLLUPS_IN_PAIRS, ROLLUPS_OF_PERCENT, Direction, Rollup, Unit
from pilots.profile import Profile, kept_as
from pilots.rollup import Figure, Targets
from pilots.sources import Source
from pilots.tools import Scale, Tool, scale_of, shipped

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
    profile = models.JSONField(
        default=dict, blank=True, help_text="A target that changes on the way, by month: see `pilots.profile`."
    )
    profile_rises = models.BooleanField(default=False, help_text="Evenly from one month of the profile to the next.")
    tool = models.CharField(max_length=20, blank=True, help_text="What it is measured with: see `pilots.tools`.")
    of_change = models.BooleanField(default=False, help_text="The figure is how much the tool's scores changed.")
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
        return self.title if self._title_begins_with_code else f"{self.code} {self.title}"

    @property
    def _title_begins_with_code(self) -> bool:
        """“M2 Cost per person” was typed as the title: its code is not told twice."""
        return re.match(rf"{re.escape(self.code)}(?![\w-])", self.title) is not None

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def in_pairs(self) -> bool:
        return self.rollup in ROLLUPS_IN_PAIRS

    @property
    def higher_is_better(self) -> bool | None:
        """None where neither more nor less is better, but what is near the target."""
        return None if self.direction == Direction.NEAR else self.direction == Direction.UP

    @property
    def measured_with(self) -> Tool | None:
        return shipped().get(self.tool)

    @property
    def scale(self) -> Scale | None:
        """What a figure may be; None where no tool bounds it. A percentage of people has no scale of its own."""
        return scale_of(self.tool, of_change=self.of_change) if self.unit == Unit.POINTS else None

    @property
    def changing_target(self) -> Profile | None:
        return kept_as(self.profile, rises=self.profile_rises)

    @property
    def has_target(self) -> bool:
        return self.target is not None or bool(self.profile)

    def target_over(self, period: date, months: int = 1) -> Decimal | None:
        """The target of one return's period."""
        added_up, changing = self.rollup == Rollup.SUM, self.changing_target
        if changing:
            return changing.over(period, months, added_up=added_up)
        return self.target * months if self.target is not None and added_up else self.target

    def targets_of(self, figures: Mapping[date, Figure]) -> Targets | None:
        """Each figure's own target, in their order, for `rollup.profile`; None while it is one and the same."""
        if not self.profile:
            return None
        return [self.target_over(period, figure.months) for period, figure in figures.items()]
