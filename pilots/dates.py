"""When the pilot's returns are due, for calendars."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from partnerships.calendars import CalendarDate, Page
from partnerships.lifecycle import OVER
from partnerships.models import Partnership
from partnerships.permissions import Ability, where_may
from pilots.lifecycle import TO_FILL_IN
from pilots.models import MonthlyReturn

if TYPE_CHECKING:
    from accounts.models import Person


def returns(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """Each return's first version; sent ones as done. Two queries at most."""
    rows = MonthlyReturn.objects.filter(partnership__in=partnerships, due_on__gte=first, corrects=None)
    logs = set(where_may(person, Ability.LOG_PROGRESS))
    for row in rows.select_related("partnership"):
        here = row.partnership
        waits = row.state in TO_FILL_IN
        yield CalendarDate(
            key=f"return:{row.public_id}",
            on=row.due_on,
            title=f"Return due: {row.month}",
            to_do=f"Send the return: {row.month}",
            told="What the pilot did in that time, in figures and words.",
            partnership=here,
            page=_page(row, fills_in=waits and row.partnership_id in logs, waits=waits),
            about=(here.audit_scope, row.public_id),
            changes=row.version + here.version + (here.stage in OVER),
            created_at=row.created_at,
            mine=row.partnership_id in logs,
            done=not waits,
            cancelled=waits and here.stage in OVER,
        )


def _page(row: MonthlyReturn, *, fills_in: bool, waits: bool) -> Page:
    here = row.partnership.public_id
    if waits and not fills_in:
        return "pilots:pilot", [here]
    return "pilots:return_fill_in" if fills_in else "pilots:return", [here, row.period]
