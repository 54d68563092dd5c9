"""Keeping the pilot's summary rows right: part of every action that changes what they are worked out from.

Call it inside the action, with the partnership locked, before `summary.refresh` reads them.
"""

from dataclasses import fields
from datetime import date
from typing import Any

from django.db import transaction

from foundation.database.locks import locked
from partnerships.actions.summary import refresh
from partnerships.models import Partnership
from pilots import tallies
from pilots.models import IndicatorTally, YearTally
from pilots.periods import financial_year_of
from pilots.rollup import Tally, Year
from pilots.tallies import Difference

_OF_INDICATOR = [*(f.name for f in fields(Tally)), "profile"]
_OF_YEAR = [f.name for f in fields(Year)]


def keep_indicators(partnership: Partnership) -> None:
    """The row of each indicator: after a return was accepted, or what is measured has changed."""
    _write(
        IndicatorTally,
        [IndicatorTally(indicator=row, **told) for row, told in tallies.of_indicators([partnership.pk]).items()],
        ["indicator"],
        _OF_INDICATOR,
    )


def keep_year(partnership: Partnership, period: date) -> None:
    """The row of the financial year `period` lies in: after its return was sent or accepted."""
    right = tallies.of_years([partnership.pk], financial_year_of(period))
    _write_years(partnership, right)


def seen_under_lock(partnership_id: int) -> list[Difference]:
    """What differs in one partnership while nobody can change it."""
    with transaction.atomic():
        return list(tallies.differences([locked(Partnership(pk=partnership_id)).pk]))


def put_right(partnership_id: int) -> list[Difference]:
    """What differed in one partnership, under its lock: every row of it is written as the returns say."""
    with transaction.atomic():
        partnership = locked(Partnership(pk=partnership_id))
        found = list(tallies.differences([partnership.pk]))
        if found:
            YearTally.objects.filter(partnership=partnership).delete()
            _write_years(partnership, tallies.of_years([partnership.pk]))
            keep_indicators(partnership)
            refresh(partnership)
    return found


def _write_years(partnership: Partnership, right: dict[tuple[int, date], tallies.Columns]) -> None:
    rows = [YearTally(partnership=partnership, since=since, **told) for (_, since), told in right.items()]
    _write(YearTally, rows, ["partnership", "since"], _OF_YEAR)


def _write(model: Any, rows: list[Any], unique: list[str], columns: list[str]) -> None:
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=columns)
