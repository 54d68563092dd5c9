"""The pilot's summary rows: what its pages read instead of its whole history.

`actions.tallying` keeps them right in the transaction of every change, `manage.py tally_verify` works them out again.
The columns are those of `rollup.Tally` and `rollup.Year`.
"""

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

from partnerships.models import Partnership
from pilots.models.indicator import Indicator
from pilots.rollup import Tally, Year

if TYPE_CHECKING:
    _MaybeDecimal = models.Field[Decimal | None, Decimal | None]
    _Decimal = models.Field[Decimal, Decimal]
else:
    _MaybeDecimal = _Decimal = models.Field

PENCE = 2


class ExactField(_MaybeDecimal):
    """A decimal kept as its digits, however many: SQLite would keep a long number as a binary fraction."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *args: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else f"{value:f}"


class PoundsField(_Decimal):
    """Pounds kept as whole pence: either database adds them up without losing one."""

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: int | Decimal | None, *args: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-PENCE)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else int(Decimal(value).scaleb(PENCE))


def _exact(*, null: bool = False) -> Any:
    return ExactField(null=null, default=None if null else Decimal(0))


def _counted() -> Any:
    return models.BigIntegerField(default=0)


class IndicatorTally(models.Model):
    """One for each indicator: the accepted figures of all its periods, and what they should have reached by now."""

    indicator = models.OneToOneField(Indicator, on_delete=models.CASCADE, related_name="tally", primary_key=True)
    periods = models.PositiveIntegerField(default=0)
    months = models.PositiveIntegerField(default=0)
    amount = _exact()
    part = _exact()
    whole = _exact()
    weighted = _exact()
    latest_period = models.DateField(null=True)
    latest_amount = _exact(null=True)
    last_period = models.DateField(null=True)
    last_amount = _exact(null=True)
    last_out_of = _exact(null=True)
    profile = _exact(null=True)

    def __str__(self) -> str:
        return f"Tally of {self.indicator}"

    @property
    def tally(self) -> Tally:
        return Tally(*(getattr(self, f.name) for f in fields(Tally)))


class YearTally(models.Model):
    """One for each financial year in which a partnership sent a return: its people, its money, its punctuality."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="year_tallies")
    since = models.DateField(help_text="The 1 April the year begins on.")
    sent = _counted()
    on_time = _counted()
    accepted = _counted()
    last_period = models.DateField(null=True)
    starts = _counted()
    reviewed = _counted()
    improved = _counted()
    budget = PoundsField(default=Decimal(0))
    spent = PoundsField(default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "since"], name="year_tallied_once"),
            models.CheckConstraint(condition=models.Q(since__month=4, since__day=1), name="year_begins_in_april"),
        ]

    def __str__(self) -> str:
        return f"The financial year from {self.since:%-d %B %Y}"

    @property
    def year(self) -> Year:
        return Year(*(getattr(self, f.name) for f in fields(Year)))
