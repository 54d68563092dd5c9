"""How people are reminded: the rules that were set, with the day each began, and what somebody has put off and why."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.reminding import Choice, Rule

if TYPE_CHECKING:
    from accounts.models import Person


class ReminderRule(Record):
    """A rule from a day on, until a later row follows it. Append-only, so that every mail can be explained.

    Without a partnership and a person it is the whole portal's.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reminder_rules", null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_rules", null=True
    )
    kind = models.CharField(max_length=60, blank=True, help_text="Of the registry of deadlines; empty: every kind.")
    from_on = models.DateField()
    as_usual = models.BooleanField(default=False, help_text="Back to what would hold without a rule of its own.")
    before = models.JSONField(default=list, help_text="Working days before the day.")
    on_the_day = models.BooleanField(default=True)
    weekly = models.BooleanField(default=True)
    one_lead_after = models.PositiveSmallIntegerField(null=True, help_text="Working days late; empty: no lead is told.")
    both_leads_after = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(partnership=None) | Q(person=None), name="reminder_rule_of_one"),
        ]
        indexes = [models.Index(fields=["partnership", "-from_on"], name="reminder_rule_here")]

    def __str__(self) -> str:
        return f"Rule for reminders from {self.from_on:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        if self.partnership:
            return self.partnership.audit_scope
        return str(self.person.audit_scope) if self.person else "reminders"

    @property
    def rule(self) -> Rule | None:
        """Its values; None when it goes back to the usual."""
        if self.as_usual:
            return None
        return Rule(tuple(self.before), self.on_the_day, self.weekly, self.one_lead_after, self.both_leads_after)

    @property
    def whose(self) -> str:
        """Whose rule it is, in a mail's words."""
        if self.person_id:
            return "your own rule"
        where = "this partnership’s" if self.partnership_id else "the portal’s"
        return f"{where} rule since {self.from_on:%-d %B %Y}"

    @property
    def choice(self) -> Choice:
        return Choice(
            self.from_on, self.pk, self.kind, self.partnership_id, self.person_id, self.rule, self.whose
        )  # fmt: skip


class PauseQuerySet(models.QuerySet["ReminderPause"]):
    def open(self) -> "PauseQuerySet":
        """Not ended by anybody. One that was put off until a day is over by itself when that day comes."""
        return self.filter(ended_at=None)

    def visible_to(self, person: "Person") -> "PauseQuerySet":
        """One's own: what others put off is read on their partnership's page."""
        return self.filter(person=person)

    def quiet(self, today: date) -> "PauseQuerySet":
        """Those that keep a reminder back today."""
        return self.open().filter(Q(until_on=None) | Q(until_on__gt=today))


class ReminderPause(Record):
    """One person's reminders of one deadline put off until a day, or muted; everybody there can read why."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="reminder_pauses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_pauses")
    deadline = models.CharField(max_length=120, help_text="The deadline's key.")
    title = models.CharField(max_length=250, help_text="What was due, as it was called then.")
    due_on = models.DateField(help_text="A pause is about this date: one that is moved is reminded of anew.")
    until_on = models.DateField(null=True, help_text="The day reminders begin again; empty: muted.")
    reason = models.CharField(max_length=500)
    ended_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "deadline"], condition=Q(ended_at=None), name="reminder_paused_once"
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.title}” put off by {self.person}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    def is_quiet(self, today: date, due_on: date) -> bool:
        """Whether it keeps back a reminder of that date today."""
        return self.due_on == due_on and (self.until_on is None or self.until_on > today)

    @property
    def in_words(self) -> str:
        """“put off until 5 March 2027: waiting for the council’s minutes”."""
        until = f"put off until {self.until_on:%-d %B %Y}" if self.until_on else "muted"
        return f"{until}: {self.reason}"


def choices_of(partnerships: "list[int] | None" = None, person: "Person | None" = None) -> list[Choice]:
    """Every rule that was ever set; for a page only those that concern some partnerships and one person. One query."""
    rows = ReminderRule.objects.order_by()
    if partnerships is not None:
        everywhere = Q(partnership=None, person=None)
        rows = rows.filter(everywhere | Q(partnership__in=partnerships) | Q(person=person, person__isnull=False))
    return [row.choice for row in rows]
