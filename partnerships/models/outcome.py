"""Sets of national outcomes, each with its dates, and what a partnership has chosen (`domain.md` 3.4)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.outcomes import Line

if TYPE_CHECKING:
    from accounts.models import Person


class OutcomeSetQuerySet(models.QuerySet["OutcomeSet"]):
    def visible_to(self, person: "Person") -> "OutcomeSetQuerySet":
        """National outcomes are no secret: everyone who is signed in reads every set."""
        return self if person.is_authenticated else self.none()

    def in_force(self, on: date) -> "OutcomeSet | None":
        """The set to choose from on a day: the newest that has begun and is not archived. One query."""
        begun = self.filter(archived_on=None, in_force_from__lte=on)
        return begun.order_by("-in_force_from", "-pk").first()


class OutcomeSet(Record):
    name = models.CharField(max_length=150)
    version_name = models.CharField(max_length=40, help_text="The year or the number it goes by.")
    in_force_from = models.DateField()
    source = models.URLField(max_length=300, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    archived_on = models.DateField(
        null=True, blank=True, help_text="Since when nobody chooses from it; what was chosen stays."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OutcomeSetQuerySet.as_manager()

    class Meta:
        ordering = ["-in_force_from", "-pk"]
        constraints = [models.UniqueConstraint(fields=["name", "version_name"], name="outcome_set_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version_name}"

    @property
    def audit_scope(self) -> str:
        return f"outcome_set:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("partnerships:outcome_set", args=[self.public_id])

    def lines(self) -> list[Line]:
        """Its outcomes as they were typed. One query."""
        return [Line(row.name, tuple(row.follows)) for row in self.outcomes.all()]

    def facts(self) -> dict[str, Any]:
        """Plain values for the audit trail."""
        names = ("name", "version_name", "in_force_from", "source", "note")
        return {name: str(getattr(self, name)) for name in names} | {"outcomes": [str(line) for line in self.lines()]}


class Outcome(Record):
    outcome_set = models.ForeignKey(OutcomeSet, on_delete=models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    follows = models.JSONField(default=list, help_text="Names of the earlier outcomes that went into this one.")

    class Meta:
        ordering = ["outcome_set", "number"]
        constraints = [models.UniqueConstraint(fields=["outcome_set", "number"], name="outcome_number_once_in_a_set")]

    def __str__(self) -> str:
        return self.name


class ChosenOutcome(models.Model):
    """What a partnership serves. All of a partnership's choices are of one set, the one in force when it chose."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="chosen_outcomes")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="choices")
    chosen_on = models.DateField()

    class Meta:
        ordering = ["outcome__number"]
        constraints = [models.UniqueConstraint(fields=["partnership", "outcome"], name="outcome_chosen_once")]

    def __str__(self) -> str:
        return str(self.outcome)


def chosen_by(partnership: Partnership) -> list[Outcome]:
    """What a partnership has chosen, each with its set. One query."""
    rows = Outcome.objects.filter(choices__partnership=partnership)
    return list(rows.select_related("outcome_set").order_by("number"))
