"""The logic model: what the partners believe leads to what, column by column, linked to the indicators that show it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.logic import LONGEST, Column, Statement
from pilots.models.indicator import Indicator

if TYPE_CHECKING:
    from accounts.models import Person

NOT_WRITTEN = 0  # the version of a model that nobody has written yet


class LogicModelQuerySet(models.QuerySet["LogicModel"]):
    def visible_to(self, person: "Person") -> "LogicModelQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class LogicModel(Record):
    """A partnership without a row has written none: `logic_model_of` gives an empty one."""

    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="logic_model")
    version = models.PositiveIntegerField(default=NOT_WRITTEN, editable=False)

    objects = LogicModelQuerySet.as_manager()

    def __str__(self) -> str:
        return "Logic model"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    def columns(self) -> dict[Column, list["LogicStatement"]]:
        """Every column with its statements and their indicators. Two queries, none while nothing is written."""
        found: dict[Column, list[LogicStatement]] = {column: [] for column in Column}
        if self.version != NOT_WRITTEN:
            for row in self.statements.prefetch_related("indicators"):
                found[Column(row.column)].append(row)
        return found


class LogicStatement(models.Model):
    logic_model = models.ForeignKey(LogicModel, on_delete=models.CASCADE, related_name="statements")
    column = models.CharField(max_length=10, choices=Column.choices)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=LONGEST)
    indicators = models.ManyToManyField(Indicator, related_name="+", help_text="Those that show it.")

    class Meta:
        ordering = ["column", "position"]
        constraints = [
            models.UniqueConstraint(fields=["logic_model", "column", "position"], name="one_statement_a_place"),
            models.CheckConstraint(condition=~Q(text=""), name="logic_statement_says_something"),
        ]

    def __str__(self) -> str:
        return self.text

    def told(self) -> Statement:
        return Statement(self.text, tuple(indicator.code for indicator in self.indicators.all()))


def logic_model_of(partnership: Partnership) -> LogicModel:
    """What the partners have written; an empty one, unsaved, where nobody has. One query."""
    return LogicModel.objects.filter(partnership=partnership).first() or LogicModel(partnership=partnership)
