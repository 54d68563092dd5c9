"""The dated holiday table. Days are added, never removed: what was reckoned with one of them must stay to be explained.

Three sorts. *Statutory*: bank holidays in Scotland, the only days that lengthen a period of the law. *Of the portal*
and *of one organisation*: days on which nobody works there, which only move reminders and the portal's own dates.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class Sort(models.TextChoices):
    """Whose day it is, in the words of the page."""

    STATUTORY = "statutory", "Bank holiday in Scotland"
    PORTAL = "portal", "Day off for everybody in this portal"
    OWN = "own", "Day off of one organisation"


class Holiday(models.Model):
    on = models.DateField()
    name = models.CharField(max_length=100)
    statutory = models.BooleanField(
        default=False, help_text="A bank holiday in Scotland under the 1971 Act, its substitute, or a proclaimed day."
    )
    scope = models.CharField(
        max_length=80, blank=True, help_text="Empty: for everybody. “organisation:<public id>”: that one's own day."
    )
    source = models.CharField(max_length=300, blank=True, help_text="Where the day was announced.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, help_text="Empty: the portal."
    )
    added_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "scope"]
        constraints = [
            models.UniqueConstraint(fields=["on", "scope"], name="holiday_once_per_scope"),
            models.CheckConstraint(condition=Q(statutory=False) | Q(scope=""), name="holiday_statutory_for_everybody"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%-d %B %Y}: {self.name}"

    @property
    def public_id(self) -> Any:
        """What its history calls it: the day, and whose it is (at most 33 characters)."""
        return f"{self.on.isoformat()} {self.scope.partition(':')[2]}".strip()

    @property
    def sort(self) -> Sort:
        return Sort.STATUTORY if self.statutory else Sort.OWN if self.scope else Sort.PORTAL

    @property
    def audit_scope(self) -> str:
        """The table has one history of its own, for the days of everybody; an organisation's days are in its own."""
        return self.scope or "workdays"


def bank_holidays() -> frozenset[date]:
    """The statutory days: what a period of the law is reckoned with. One query; hand the set to `arithmetic`."""
    return frozenset(Holiday.objects.filter(statutory=True).values_list("on", flat=True))


def holidays() -> frozenset[date]:
    """Every day that is a holiday for everybody: what the portal's own dates are reckoned with. One query."""
    return frozenset(Holiday.objects.filter(scope="").values_list("on", flat=True))


def holidays_by_scope() -> dict[str, frozenset[date]]:
    """For "" and for each scope with days of its own: all its holidays. One query."""
    days: dict[str, set[date]] = {"": set()}
    for scope, on in Holiday.objects.order_by().values_list("scope", "on"):
        days.setdefault(scope, set()).add(on)
    return {scope: frozenset(days[""] | own) for scope, own in days.items()}
