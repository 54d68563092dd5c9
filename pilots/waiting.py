"""What of the pilots waits for a person: to-dos for the home page, deadlines for the reminders. Constant queries."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Member
from partnerships.permissions import Ability, where_may
from partnerships.roles import PartnershipRole
from pilots.lifecycle import ReturnState
from pilots.models import Evaluation, MonthlyReturn
from pilots.periods import month_of

if TYPE_CHECKING:
    from accounts.models import Person

# Who is reminded of a return: the first of these roles that somebody holds, and of them the longest in it.
REMINDED = (PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD)
NOT_REPORTING = (Stage.DESIGN, *OVER)


def register() -> None:
    todo.add("pilots.returns_to_fill_in", returns_to_fill_in)
    todo.add("pilots.returns_to_accept", returns_to_accept)
    todo.add("pilots.evaluations_to_sign", evaluations_to_sign)
    deadlines.add("pilots.returns", returns_due)


def returns_to_fill_in(person: "Person") -> list[Todo]:
    """Months that are over and not sent, and returns that were sent back, where the person logs progress."""
    if not (mine := where_may(person, Ability.LOG_PROGRESS)):
        return []
    rows = MonthlyReturn.objects.to_fill_in().filter(
        Q(period__lt=month_of(clock.today())) | Q(state=ReturnState.RETURNED),
        partnership__in=mine,
    )
    return [
        Todo(_to_do(row), _address("pilots:return_fill_in", row), row.due_on, row.partnership.title)
        for row in _open(rows)
    ]


def returns_to_accept(person: "Person") -> list[Todo]:
    """Submitted returns that the person may accept; never their own."""
    if not (mine := where_may(person, Ability.ACCEPT_PROGRESS)):
        return []
    rows = MonthlyReturn.objects.filter(state=ReturnState.SUBMITTED, partnership__in=mine).exclude(submitted_by=person)
    return [
        Todo(f"Check the return for {row.month}", _address("pilots:return", row), None, row.partnership.title)
        for row in rows.select_related("partnership").exclude(partnership__stage__in=OVER)
    ]


def evaluations_to_sign(person: "Person") -> list[Todo]:
    if not (mine := where_may(person, Ability.SIGN_EVALUATION)):
        return []
    rows = Evaluation.objects.unsigned().filter(partnership__in=mine)
    return [
        Todo("Read and sign off the evaluation", reverse("pilots:evaluation", args=[row.partnership.public_id]), None,
             row.partnership.title)
        for row in rows.select_related("partnership").exclude(partnership__stage__in=NOT_REPORTING)
    ]  # fmt: skip


def returns_due(last: date) -> Iterable[Deadline]:
    """Returns due by `last` and not sent, each with the person to remind; with nobody to remind, none. Two queries."""
    rows = list(_open(MonthlyReturn.objects.to_fill_in().filter(due_on__lte=last)))
    owners = _reminded({row.partnership_id for row in rows})
    for row in rows:
        if owner := owners.get(row.partnership_id):
            yield Deadline(
                key=f"return:{row.public_id}",
                title=str(row),
                due_on=row.due_on,
                owner=owner,
                partnership=row.partnership,
                path=_address("pilots:return_fill_in", row),
            )


def _reminded(partnerships: set[int]) -> "dict[int, Person]":
    members = list(
        Member.objects.current()
        .filter(partnership__in=partnerships, role__in=REMINDED)
        .select_related("person")
        .order_by("joined_on", "pk")
    )
    found: dict[int, Person] = {}
    for role in REMINDED:
        for member in members:
            if member.role == role:
                found.setdefault(member.partnership_id, member.person)
    return found


def _open(rows: QuerySet[MonthlyReturn]) -> QuerySet[MonthlyReturn]:
    return rows.select_related("partnership").exclude(partnership__stage__in=NOT_REPORTING).order_by("due_on")


def _to_do(row: MonthlyReturn) -> str:
    return f"{'Put right' if row.state == ReturnState.RETURNED else 'Fill in'} the return for {row.month}"


def _address(name: str, row: MonthlyReturn) -> str:
    return reverse(name, args=[row.partnership.public_id, row.period])
