"""How a partnership's pilot reports and is judged, and where a person set the overall colour. `domain.md` 3.1, 3.3."""

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.health import Health
from partnerships.models import Partnership
from pilots.periods import Rhythm
from pilots.rag import DEFAULT, Thresholds
from pilots.sections import ReturnForm

if TYPE_CHECKING:
    from datetime import date

NOT_SET = 0  # the version of a plan that nobody has changed: the defaults


def _limit(default: Decimal) -> Any:
    return models.DecimalField(max_digits=5, decimal_places=1, default=default)


class PilotPlan(Record):
    """A partnership without a row has the defaults: `plan_of` gives them."""

    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="pilot_plan")
    form = models.CharField(max_length=5, choices=ReturnForm.choices, default=ReturnForm.SHORT)
    rhythm = models.CharField(max_length=7, choices=Rhythm.choices, default=Rhythm.MONTH)
    up_green = _limit(DEFAULT.up_green)
    up_amber = _limit(DEFAULT.up_amber)
    down_green = _limit(DEFAULT.down_green)
    down_amber = _limit(DEFAULT.down_amber)
    spend_green = _limit(DEFAULT.spend_green)
    spend_amber = _limit(DEFAULT.spend_amber)
    late_amber = models.PositiveSmallIntegerField(default=DEFAULT.late_amber)
    version = models.PositiveIntegerField(default=NOT_SET, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    up_amber__gt=0, up_amber__lt=F("up_green"), down_green__gt=0, down_green__lt=F("down_amber"),
                    spend_green__gte=0, spend_green__lt=F("spend_amber"), late_amber__gte=1,
                ),
                name="thresholds_in_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return "How the pilot reports"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(**{name: getattr(self, name) for name in asdict(DEFAULT)})


def plan_of(partnership: Partnership) -> PilotPlan:
    """How this partnership's pilot reports; the defaults, unsaved, where nobody has changed them. One query."""
    return PilotPlan.objects.filter(partnership=partnership).first() or PilotPlan(partnership=partnership)


class HealthOverrideQuerySet(models.QuerySet["HealthOverride"]):
    def standing(self) -> "HealthOverrideQuerySet":
        """Not ended: at most one for each partnership."""
        return self.filter(ended_at=None)


class HealthOverride(Record):
    """The overall colour a person set over the calculated one, by one step, until the next return is accepted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="health_overrides")
    calculated = models.CharField(max_length=5, choices=Health.choices)
    judged = models.CharField(max_length=5, choices=Health.choices)
    reason = models.TextField(max_length=1000)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = HealthOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(ended_at=None), name="health_override_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(judged=F("calculated")), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_judged_display()} instead of {self.get_calculated_display()}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class LivingWageQuerySet(models.QuerySet["LivingWage"]):
    def on(self, day: "date") -> "LivingWage | None":
        """The rate in force on `day`; None before the first that is in the table."""
        return self.filter(since__lte=day).order_by("-since").first()


class LivingWage(Record):
    """The real Living Wage from a day on: a dated table that administrators keep. Nothing is built in."""

    since = models.DateField(unique=True)
    hourly = models.DecimalField(max_digits=5, decimal_places=2)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LivingWageQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        constraints = [models.CheckConstraint(condition=Q(hourly__gt=0), name="living_wage_above_zero")]

    def __str__(self) -> str:
        return f"£{self.hourly} an hour from {self.since:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return "living-wage"
