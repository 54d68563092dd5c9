"""The monthly return: planned in advance, filled in by one side, accepted by the other. `domain.md` 3.1."""

from dataclasses import fields, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.lifecycle import THE_WAY, Stage
from partnerships.models import Partner, Partnership
from partnerships.plan import add_months
from pilots.breakdown import Dimension
from pilots.entry import TYPED, Entry
from pilots.lifecycle import ONCE_ACCEPTED, SENT, TO_FILL_IN, ReturnState
from pilots.models.indicator import Indicator
from pilots.periods import PERIOD_MONTHS, month_of, months_from, name_of
from pilots.rollup import Figure

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Person
    from pilots.models.story import Story


def _people() -> "models.PositiveIntegerField[int | None, int | None]":
    return models.PositiveIntegerField(null=True, blank=True)


def _figure() -> Any:
    return models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)


def _words(most: int = 2000) -> "models.TextField[str, str]":
    return models.TextField(blank=True, max_length=most)


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

    def closed_by_month(self) -> "dict[date, MonthlyReturn]":
        """By month, the newest version of its return where that is sent: nothing noted goes in any more. One query."""
        newest = {month: row for row in self.order_by("revision") for month in months_from(row.period, row.months)}
        return {month: row for month, row in newest.items() if row.state in SENT}

    def begun(self, today: "date") -> "MonthlyReturnQuerySet":
        """Of months that have begun."""
        return self.filter(period__lte=today)

    def newest_and_open(self, today: "date", few: int) -> "list[MonthlyReturn]":
        """The `few` newest of the months that have begun, and the `few` oldest of those that wait for somebody.

        Newest first. Two queries, whatever there is.
        """
        begun = self.begun(today)
        newest = list(begun.order_by("-period", "-revision")[:few])
        waiting = begun.exclude(state__in=ONCE_ACCEPTED).order_by("period", "revision")[:few]
        found = {row.pk: row for row in (*newest, *waiting)}
        return sorted(found.values(), key=lambda row: (row.period, row.revision), reverse=True)

    def ahead(self, today: "date") -> dict[str, Any]:
        """How many months are planned that have not begun (`count`), and the `last` of them. One query."""
        rows = list(self.filter(period__gt=today).order_by("period").values_list("period", "months"))
        last = add_months(rows[-1][0], rows[-1][1] - 1) if rows else None
        return {"count": sum(months for _, months in rows), "last": last}

    def over(self, today: "date") -> "MonthlyReturnQuerySet":
        """Of periods that are over."""
        this = month_of(today)
        ended = [Q(months=n, period__lte=add_months(this, -n)) for n in PERIOD_MONTHS]
        return self.filter(reduce(or_, ended))

    def corrections(self) -> "MonthlyReturnQuerySet":
        """Those that correct an earlier revision."""
        return self.exclude(corrects=None)

    def current(self) -> "MonthlyReturnQuerySet":
        """Without those that a correction has replaced."""
        return self.exclude(state=ReturnState.SUPERSEDED)


class MonthlyReturn(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="returns")
    period = models.DateField(help_text="The month, as its first day; the first of several when `months` says so.")
    months = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(help_text="The tenth working day of the next month, as the holiday table stood then.")
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.PLANNED)
    revision = models.PositiveSmallIntegerField(default=1, help_text="Each correction after acceptance is one more.")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="correction", null=True, help_text="The revision before."
    )
    correction_reason = models.TextField(blank=True, max_length=1000)

    referrals = _people()
    referrals_accepted = _people()
    active_at_start = _people()
    new_starts = _people()
    planned_exits = _people()
    unplanned_exits = _people()
    active_at_end = _people()
    waiting = _people()
    longest_wait = _people()
    reach_explanation = models.TextField(blank=True, max_length=1000, help_text="Why the people do not add up.")

    reviewed = _people()
    improved = _people()
    same = _people()
    worse = _people()

    budget = _figure()
    actual = _figure()
    forecast = _figure()
    in_kind = _figure()
    variance_reason = models.TextField(blank=True, max_length=1000)

    posts_funded = _figure()
    in_post = _figure()
    vacancies = _figure()
    sickness_days = _figure()
    training_days = _figure()
    lowest_pay = _figure()
    volunteers = _people()
    volunteer_hours = _figure()

    safeguarding = _people()
    incidents = _people()
    reported = models.CharField(max_length=3, choices=[("yes", "Yes"), ("no", "No")], blank=True)
    incident_note = _words(1000)

    users_said = _words()
    changed_because = _words()
    learned = _words()
    learned_stage = models.CharField(
        max_length=10, choices=[(s.value, s.label) for s in THE_WAY if s != Stage.PROPOSED], blank=True
    )
    learned_theme = models.CharField(max_length=100, blank=True)
    what_changed = _words()
    risks = _words()

    first_submitted_on = models.DateField(null=True, help_text="Lateness counts from it, not from sending again.")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    returned_note = models.TextField(blank=True, max_length=2000)
    marks = models.JSONField(default=dict, help_text="A remark for each field that was marked when it was sent back.")
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-period"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state__in=TO_FILL_IN), name="return_to_fill_in_due"),
            models.Index(
                fields=["partnership", "-period"],
                condition=Q(state=ReturnState.ACCEPTED, revision__gt=1),
                name="return_corrected",
            ),
            # Without a value in its condition: SQLite compares that with the query's placeholders and finds no match.
            models.Index(
                fields=["partnership", "due_on"], condition=Q(first_submitted_on=None), name="return_unsent_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "period", "revision"], name="return_once_per_month"),
            models.UniqueConstraint(
                fields=["partnership", "period"],
                condition=Q(state=ReturnState.ACCEPTED),
                name="return_accepted_once_per_month",
            ),
            models.CheckConstraint(condition=Q(months__in=PERIOD_MONTHS), name="return_of_a_month_or_a_quarter"),
            models.CheckConstraint(
                condition=Q(revision=1, corrects=None, correction_reason="")
                | (Q(revision__gt=1, corrects__isnull=False) & ~Q(correction_reason="")),
                name="return_corrected_with_a_reason",
            ),
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
                condition=Q(accepted_by=None, accepted_at=None) & ~Q(state__in=ONCE_ACCEPTED)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, state__in=ONCE_ACCEPTED),
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
        return f"Return for {self.month}{f', correction {self.revision - 1}' if self.corrects_id else ''}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def month(self) -> str:
        """“October 2026”, or “October to December 2026” for a quarter."""
        return name_of(self.period, self.months)

    @property
    def over_on(self) -> "date":
        """The first day on which it can be submitted."""
        return add_months(self.period, self.months)

    @property
    def is_to_fill_in(self) -> bool:
        return self.state in TO_FILL_IN

    @property
    def waits_until(self) -> "date | None":
        """The day by which it is asked for. A correction has none: it is as late as what it corrects, never later."""
        return None if self.corrects_id else self.due_on

    @property
    def is_late(self) -> bool:
        """Sent after its due date, or not sent and the date has passed. A correction is as late as what it corrects."""
        if self.corrects_id and not self.first_submitted_on:
            return False
        return (self.first_submitted_on or clock.today()) > self.due_on

    def typed(self) -> Entry:
        """What stands in its own columns, without what has rows of its own. No query."""
        return Entry(**{name: getattr(self, name) for name in TYPED})

    def entry(self) -> Entry:
        """What has been typed so far, with the figures, counts, partners and story that belong to it. Four queries."""
        rows = self.values.values_list("indicator__code", "amount", "out_of")
        counts = self.breakdown.values_list("dimension", "category", "count")
        story = self.story()
        return replace(
            self.typed(),
            figures={code: Figure(amount, out_of, self.months) for code, amount, out_of in rows},
            counts={(dimension, category): count for dimension, category, count in counts},
            received=dict(self.receipts.values_list("partner__public_id", "received")),
            story=story.told() if story else None,
        )

    def keep(self, entry: Entry) -> None:
        """Take over what was typed, without what has rows of its own and without saving."""
        for column in fields(entry):
            if column.name in TYPED:
                setattr(self, column.name, getattr(entry, column.name))

    def as_kept(self, entry: Entry) -> Entry:
        """`entry` as the indicators are drawn from it: with whether it came in time."""
        return replace(entry, on_time=not self.is_late)

    def story(self) -> "Story | None":
        """The story told with it, unless it was withdrawn; a correction shares it with what it corrects."""
        from pilots.models.story import Story  # noqa: PLC0415  a story belongs to a return: it is loaded after it

        return (
            Story.objects.told()
            .filter(monthly_return__partnership_id=self.partnership_id, monthly_return__period=self.period)
            .first()
        )

    def before(self) -> "MonthlyReturn | None":
        """The return of the period just before, once it has been submitted (it may have been sent back since)."""
        rows = MonthlyReturn.objects.filter(partnership_id=self.partnership_id, first_submitted_on__isnull=False)
        ends_here = [Q(months=n, period=add_months(self.period, -n)) for n in PERIOD_MONTHS]
        return rows.filter(reduce(or_, ends_here)).order_by("-revision").first()


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


class Breakdown(models.Model):
    """How many of the people who started are of one category: a count, never a person."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.CASCADE, related_name="breakdown")
    dimension = models.CharField(max_length=10, choices=Dimension.choices)
    category = models.CharField(max_length=10)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "dimension", "category"], name="breakdown_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.category}: {self.count}"


class Receipt(models.Model):
    """Whether a partner's data had arrived when the return was filled in."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.CASCADE, related_name="receipts")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    received = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "partner"], name="receipt_once_per_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {'received' if self.received else 'not received'}"
