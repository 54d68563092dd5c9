"""The holiday table: days are added to it, for everybody or for one's own organisation, and never taken out."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Person
from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.workdays.arithmetic import is_working_day
from foundation.workdays.models import Holiday, Sort


@verb("working_day.add", on="by")
def add_holiday(*, on: date, name: str, sort: str, source: str = "", by: Person) -> Holiday:
    """Say that nobody works on a day. Dates that are stored already stay as they are."""
    require(by, Ability.KEEP_OWN_DAYS if sort == Sort.OWN else Ability.KEEP_WORKING_DAYS)
    if sort not in Sort.values:
        raise ValidationError({"sort": "Choose whose day it is."})
    if sort == Sort.OWN and by.organisation is None:
        raise ValidationError({"sort": "You act for no organisation, so you have no days of your own to add."})
    if sort == Sort.STATUTORY and not source.strip():
        raise ValidationError({"source": "Say where the bank holiday was announced: it lengthens periods of the law."})
    scope = by.organisation.audit_scope if sort == Sort.OWN and by.organisation else ""
    _check_day(on, scope)
    day = Holiday(
        on=on, name=name, source=source, scope=scope, statutory=sort == Sort.STATUTORY, added_by=by,
        added_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            day.save(force_insert=True)
    except IntegrityError:  # two people at once
        _check_day(on, scope)
        raise
    told = f"added {day} as {Sort(sort).label[:1].lower()}{Sort(sort).label[1:]}"
    record("working_day.add", on=day, by=by, summary=told, reason=source, after={"on": on.isoformat(), "sort": sort})
    return day


def _check_day(on: date, scope: str) -> None:
    if on <= clock.today():
        raise ValidationError({"on": "Choose a day that is still to come: what has passed was reckoned without it."})
    if not is_working_day(on, frozenset()):
        raise ValidationError({"on": f"This is a {on:%A}, which is no working day anyway."})
    if known := Holiday.objects.filter(on=on, scope__in=["", scope]).first():
        raise ValidationError({"on": f"This day is in the table already: {known.name}."})
