"""The monthly return: planned in advance, filled in by one side, accepted by the other. `domain.md` 3.1."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.lifecycle import THE_WAY
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.entry import TYPED, Entry
from pilots.lifecycle import SENT, TO_FILL_IN, ReturnState
from pilots.models.indicator import Indicator
from pilots.rollup import Figure

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Person


def _people() -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(null=True, blank=True)


def _pounds() -> Any:
    return models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)


class MonthlyReturnQuerySet(models.QuerySet["MonthlyReturn"]):
    def visible_to(self, person: "Person") -> "MonthlyReturnQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def accepted(self) -> "MonthlyReturnQuerySet":
        return self.filter(state=ReturnState.ACCEPTED)

    def sent(self) -> "MonthlyReturnQuerySet":
        """Submitted or accepted: its figures were checked."""
        return self.filter(state__in=SENT)

    def to_fill_in(self) -> "MonthlyReturnQuerySet":
        return self.filter(state__in=TO_FILL_IN)

    def begun(self, today: "date") -> "MonthlyReturnQuerySet":
        """Of months that have begun."""
        return self.filter(period__lte=today)

    def ahead(self, today: "date") -> dict[str, Any]:
        """How many months are planned that have not begun (`count`), and the `last` of them. One query."""
        return self.filter(period__gt=today).aggregate(count=models.Count("period"), last=models.Max("period"))


class MonthlyReturn(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="returns")
    period = models.DateField(help_text="The month, as its first day.")
    due_on = models.DateField(help_text="The tenth working day of the next month, as the holiday table stood then.")
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.PLANNED)

    referrals = _people()
    referrals_accepted = _people()
    active_at_start = _people()
    new_starts = _people()
    planned_exits = _people()
    unplanned_exits = _people()
    active_at_end = _people()
    waiting = _people()
    reach_explanation = models.TextField(blank=True, max_length=1000, help_text="Why the people do not add up.")

    reviewed = _people()
    improved = _people()
    same = _people()
    worse = _people()

    budget = _pounds()
    actual = _pounds()
    variance_reason = models.TextField(blank=True, max_length=1000)

    learned = models.TextField(blank=True, max_length=2000)
    learned_stage = models.CharField(max_length=10, choices=[(s.value, s.label) for s in THE_WAY], blank=True)
    learned_theme = models.CharField(max_length=100, blank=True)
    what_changed = models.TextField(blank=True, max_length=2000)
    risks = models.TextField(blank=True, max_length=2000)

    first_submitted_on = models.DateField(null=True, help_text="Lateness counts from it, not from sending again.")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    returned_note = models.TextField(blank=True, max_length=2000)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-period"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state__in=TO_FILL_IN), name="return_to_fill_in_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "period"], name="return_once_per_month"),
            models.CheckConstraint(condition=Q(period__day=1), name="return_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("period")), name="return_due_after_its_month_begins"
            ),
            models.CheckConstraint(
                condition=Q(submitted_by=None, submitted_at=None, first_submitted_on=None)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False, first_submitted_on__isnull=False),
                name="return_submitted_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None) & ~Q(state=ReturnState.ACCEPTED)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, state=ReturnState.ACCEPTED),
                name="return_accepted_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(*SENT, ReturnState.RETURNED)) | Q(submitted_at__isnull=False),
                name="return_is_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.RETURNED) | ~Q(returned_note=""), name="return_sent_back_with_a_note"
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=models.F("submitted_by")),
                name="return_accepted_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=(Q(budget=None) | Q(budget__gte=0)) & (Q(actual=None) | Q(actual__gte=0)),
                name="return_money_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"Return for {self.month}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def month(self) -> str:
        return f"{self.period:%B %Y}"

    @property
    def is_to_fill_in(self) -> bool:
        return self.state in TO_FILL_IN

    @property
    def is_late(self) -> bool:
        """Sent after its due date, or not sent and the date has passed."""
        return (self.first_submitted_on or clock.today()) > self.due_on

    def entry(self) -> Entry:
        """What has been typed so far, the indicators' figures among it. One query."""
        typed = {name: getattr(self, name) for name in TYPED}
        rows = self.values.values_list("indicator__code", "amount", "out_of")
        return Entry(**typed, figures={code: Figure(amount, out_of) for code, amount, out_of in rows})

    def keep(self, entry: Entry) -> None:
        """Take over what was typed, without the indicators' figures and without saving."""
        for column in fields(entry):
            if column.name in TYPED:
                setattr(self, column.name, getattr(entry, column.name))

    def month_before(self) -> "MonthlyReturn | None":
        """The return of the month just before, once it has been submitted (it may have been sent back since)."""
        rows = MonthlyReturn.objects.filter(partnership_id=self.partnership_id, first_submitted_on__isnull=False)
        return rows.filter(period=add_months(self.period, -1)).first()


class IndicatorValue(models.Model):
    """One indicator's figure in one month: `amount` alone, or out of something (see `rollup.Figure`)."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    out_of = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "indicator"], name="indicator_value_once_per_month"),
            models.CheckConstraint(condition=Q(out_of=None) | Q(out_of__gte=0), name="value_out_of_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.monthly_return.month}"
