"""The dated table of the real Living Wage. `domain.md` 3.1: each rate holds from a day on, and none is built in."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from pilots.models import LivingWage

if TYPE_CHECKING:
    from accounts.models import Person


@verb("living_wage.set", on="by")
def set_living_wage(*, since: date, hourly: Decimal, source: str, by: "Person") -> LivingWage:
    """Enter the rate that holds from a day on, or put right the one that is there for that day."""
    require(by, Ability.KEEP_REGISTER)
    found = {}
    if hourly <= 0:
        found["hourly"] = "Type an hourly rate above £0."
    if not source.strip():
        found["source"] = "Say where the rate was published."
    if found:
        raise ValidationError(found)
    row = LivingWage.objects.select_for_update().filter(since=since).first() or LivingWage(since=since, version=0)
    before = {"hourly": str(row.hourly), "source": row.source} if row.pk else None
    row.hourly, row.source, row.version = hourly, source, row.version + 1
    row.save()
    after = {"since": since.isoformat(), "hourly": str(hourly), "source": source}
    told = f"entered the real Living Wage: {row}"
    record("living_wage.set", on=row, by=by, summary=told, before=before, after=after)
    return row
