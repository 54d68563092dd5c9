"""The deadlines that the registers set: on the home page of their owner, and in the reminders (`domain.md` 1.5)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline
from partnerships.lifecycle import Stage
from partnerships.models import Member, Risk
from partnerships.plan import add_months

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1

Source = Callable[[date, "Person | None"], Iterable[Deadline]]


def register() -> None:
    deadlines.add("partnerships.risks", risks_due)
    todo.add("partnerships.risks", lambda person: _todos(person, _risks))


def risks_due(last: date) -> Iterable[Deadline]:
    """Open risks to be reviewed on or before `last`, whose owner is still in the partnership. One query."""
    return _risks(last, None)


def _risks(last: date, owner: "Person | None") -> Iterator[Deadline]:
    rows = Risk.objects.open().filter(_member("owner"), review_on__lte=last).exclude(partnership__stage=Stage.CLOSED)
    if owner:
        rows = rows.filter(owner=owner)
    for row in rows.select_related("owner", "partnership").iterator(chunk_size=500):
        path = reverse("partnerships:risk", args=[row.partnership.public_id, row.public_id])
        yield Deadline(
            f"risk:{row.public_id}", f"Review the risk “{row}”", row.review_on, row.owner, row.partnership, path
        )


def _todos(person: "Person", source: Source) -> list[Todo]:
    """What of a source is this person's and late or due within a month."""
    until = add_months(clock.today(), SOON_MONTHS)
    return [Todo(d.title, d.path, d.due_on, d.partnership.title) for d in source(until, person)]


def _member(field: str) -> Exists:
    """Whether the person in `field` has a part in the row's partnership today."""
    return Exists(Member.objects.current().filter(partnership=OuterRef("partnership"), person=OuterRef(field)))
