"""Meetings, the action points they give out, and the decisions register (`domain.md` 1.5)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: "Person") -> "MeetingQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def with_counts(self) -> "MeetingQuerySet":
        """How many decisions each made, and how many of its action points are still open."""
        still_open = Count("action_points", filter=Q(action_points__done_on=None), distinct=True)
        return self.annotate(decided=Count("decisions", distinct=True), still_open=still_open).order_by(
            "-held_on", "-pk"
        )


class Meeting(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=150)
    held_on = models.DateField()
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    others = models.TextField(blank=True, max_length=1000, help_text="Who else was there, by name.")
    agenda = models.TextField(blank=True, max_length=5000)
    minutes = models.TextField(blank=True, max_length=20000)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["partnership", "-held_on"], name="meeting_by_partnership")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    def open(self) -> "ActionPointQuerySet":
        return self.filter(done_on=None)


class ActionPoint(Record):
    """What somebody took on at a meeting. Its due date is a deadline until it is done."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="action_points")
    what = models.CharField(max_length=150)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="action_points")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True, max_length=1000, help_text="How it went.")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="action_point_open_due")]

    def __str__(self) -> str:
        return self.what

    @property
    def audit_scope(self) -> str:
        return self.meeting.audit_scope

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.due_on < clock.today()


class MeetingDecision(Record):
    """What a meeting decided and why. Gate decisions are another thing: two people sign those."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    what = models.TextField(max_length=1000)
    reasons = models.TextField(max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.what[:80]

    @property
    def audit_scope(self) -> str:
        return self.meeting.audit_scope


class Dissent(models.Model):
    """“X asked that it be noted that …”. Append-only."""

    decision = models.ForeignKey(MeetingDecision, on_delete=models.PROTECT, related_name="dissents")
    who = models.CharField(max_length=150)
    noted = models.TextField(max_length=1000)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.who} asked that it be noted that {self.noted}"
