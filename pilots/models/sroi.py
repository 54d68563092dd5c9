"""SROI maps: what a pilot is worth to whom, with every figure's source (`domain.md` 3.5).

A partnership has at most one draft. Once published a map stays as it is; its change is the next number.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.models.indicator import Indicator
from pilots.sroi import LONGEST, Convention

if TYPE_CHECKING:
    from accounts.models import Person


class MapState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"


class InputKind(models.TextChoices):
    CASH = "cash", "Cash"
    IN_KIND = "in_kind", "In kind"
    VOLUNTEERS = "volunteers", "Volunteers’ time"


PERCENTAGES = ("deadweight", "displacement", "attribution", "drop_off")
LATER_RATES = ("rate_after_30", "rate_after_75")
STEPS = ("step_deadweight", "step_attribution", "step_proxies", "step_quantity")


def _percent(default: str | None = None) -> "models.DecimalField[Decimal, Decimal]":
    """Per cent, as people say it: 25 is a quarter."""
    value = Decimal(default) if default is not None else None
    return models.DecimalField(max_digits=5, decimal_places=2, null=value is None, default=value)


def _from_0_to_100(*names: str) -> Q:
    found = Q()
    for name in names:
        found &= Q(**{f"{name}__gte": 0, f"{name}__lte": 100})
    return found


CONTENTS = ("inputs", "stakeholders__outcomes__indicator")


class SroiMapQuerySet(models.QuerySet["SroiMap"]):
    def visible_to(self, person: "Person") -> "SroiMapQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def drafts(self) -> "SroiMapQuerySet":
        return self.filter(state=MapState.DRAFT)

    def published(self) -> "SroiMapQuerySet":
        return self.filter(state=MapState.PUBLISHED)

    def with_contents(self) -> "SroiMapQuerySet":
        """With everything the arithmetic needs: four more queries, however many maps."""
        return self.prefetch_related(*CONTENTS)


class SroiMap(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="sroi_maps")
    number = models.PositiveSmallIntegerField(help_text="1 is the first map of the partnership.")
    title = models.CharField(max_length=150)
    scope = models.TextField(blank=True, max_length=3000, help_text="What is counted and what is left out.")
    period_from = models.DateField()
    period_until = models.DateField(help_text="The last day of the work whose inputs are counted.")
    rate = _percent("3.5")
    rate_after_30 = _percent()
    rate_after_75 = _percent()
    convention = models.CharField(max_length=16, choices=Convention.choices, default=Convention.END_OF_YEAR)
    step_deadweight = _percent("10")
    step_attribution = _percent("10")
    step_proxies = _percent("20")
    step_quantity = _percent("10")
    state = models.CharField(max_length=9, choices=MapState.choices, default=MapState.DRAFT)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SroiMapQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="sroi_map_number_once"),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state=MapState.DRAFT), name="one_sroi_draft_per_partnership"
            ),
            models.CheckConstraint(
                condition=Q(state=MapState.DRAFT, published_by=None, published_at=None)
                | Q(state=MapState.PUBLISHED, published_by__isnull=False, published_at__isnull=False),
                name="sroi_map_published_by_and_at",
            ),
            models.CheckConstraint(condition=Q(period_until__gte=F("period_from")), name="sroi_map_period_in_order"),
            models.CheckConstraint(condition=_from_0_to_100("rate", *STEPS), name="sroi_map_percentages"),
            models.CheckConstraint(
                condition=Q(rate_after_30=None, rate_after_75=None)
                | (Q(rate_after_30__isnull=False, rate_after_75__isnull=False) & _from_0_to_100(*LATER_RATES)),
                name="sroi_map_schedule_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"SROI map {self.number}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def is_published(self) -> bool:
        return self.state == MapState.PUBLISHED


class SroiInput(models.Model):
    """What somebody puts in: money, things, or time, in pounds."""

    sroi_map = models.ForeignKey(SroiMap, on_delete=models.PROTECT, related_name="inputs")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=150)
    whose = models.CharField(max_length=150)
    kind = models.CharField(max_length=10, choices=InputKind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sroi_map", "position"], name="sroi_input_position_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="sroi_input_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.what


class SroiStakeholder(Record):
    """People or a body for whom something changes. Without an outcome: considered, and `about` says why not counted."""

    sroi_map = models.ForeignKey(SroiMap, on_delete=models.PROTECT, related_name="stakeholders")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    about = models.TextField(blank=True, max_length=1000)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["sroi_map", "name"], name="sroi_stakeholder_once_per_map")]

    def __str__(self) -> str:
        return self.name


class SroiOutcome(Record):
    """What changes for a stakeholder. Source and year of the proxy may wait while the map is a draft."""

    stakeholder = models.ForeignKey(SroiStakeholder, on_delete=models.PROTECT, related_name="outcomes")
    title = models.CharField(max_length=150)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", null=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=50, help_text="What is counted: people, visits.")
    proxy_name = models.CharField(max_length=200, help_text="What stands for the value of one.")
    proxy = models.DecimalField(max_digits=12, decimal_places=2, help_text="Pounds, for one of it in a year.")
    source = models.CharField(max_length=300, blank=True)
    source_year = models.PositiveSmallIntegerField(null=True)
    deadweight = _percent("0")
    displacement = _percent("0")
    attribution = _percent("0")
    drop_off = _percent("0")
    years = models.PositiveSmallIntegerField(default=1)
    evidence = models.TextField(blank=True, max_length=2000, help_text="How quantity and percentages are known.")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_from_0_to_100(*PERCENTAGES), name="sroi_outcome_percentages"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=LONGEST), name="sroi_outcome_1_to_60_years"),
            models.CheckConstraint(condition=Q(quantity__gte=0, proxy__gte=0), name="sroi_outcome_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.stakeholder.sroi_map.audit_scope

    @property
    def lacks(self) -> str:
        """What the proxy still needs before the ratio may be published: “source and year”, or nothing."""
        missing = [word for word, there in (("source", self.source.strip()), ("year", self.source_year)) if not there]
        return " and ".join(missing)
