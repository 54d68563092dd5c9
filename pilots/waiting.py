"""What of the pilots waits for a person: to-dos for the home page, deadlines for the reminders. Constant queries."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline, latest_day
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Member, Partnership
from partnerships.money import pounds
from partnerships.permissions import Ability, where_may
from partnerships.roles import PartnershipRole
from pilots.lifecycle import ReturnState
from pilots.models import Evaluation, MonthlyReturn
from pilots.ties import releasable

if TYPE_CHECKING:
    from accounts.models import Person

# Who is reminded of a return: the first of these roles that somebody holds, and of them the longest in it.
REMINDED = (PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD)
NOT_REPORTING = (Stage.PROPOSED, Stage.DESIGN, *OVER)


def register() -> None:
    todo.add("pilots.returns_to_fill_in", returns_to_fill_in, "Returns")
    todo.add("pilots.returns_to_accept", returns_to_accept, "Returns")
    todo.add("pilots.money_to_release", money_to_release, "Money")
    todo.add("pilots.evaluations_to_sign", evaluations_to_sign, "Signatures")
    deadlines.add("pilots.returns", returns_due, "Returns of the pilot")


def returns_to_fill_in(person: "Person") -> list[Todo]:
    """Months that are over and not sent, and returns that were sent back, where the person logs progress."""
    if not (mine := where_may(person, Ability.LOG_PROGRESS)):
        return []
    over, back = (MonthlyReturn.objects.to_fill_in() for _ in range(2))
    rows = (over.over(clock.today()) | back.filter(state=ReturnState.RETURNED)).filter(partnership__in=mine)
    return [
        Todo(_to_do(row), _address("pilots:return_fill_in", row), row.waits_until, row.partnership.title)
        for row in _open(rows)
    ]


def returns_to_accept(person: "Person") -> list[Todo]:
    """Submitted returns that the person may accept; never their own."""
    if not (mine := where_may(person, Ability.ACCEPT_PROGRESS)):
        return []
    rows = MonthlyReturn.objects.filter(state=ReturnState.SUBMITTED, partnership__in=mine).exclude(submitted_by=person)
    return [
        Todo(f"Check the {_noun(row)} for {row.month}", _address("pilots:return", row), None, row.partnership.title)
        for row in rows.select_related("partnership").exclude(partnership__stage__in=OVER)
    ]


def money_to_release(person: "Person") -> list[Todo]:
    """Instalments that an accepted return no longer holds back, where the person may release them."""
    if not (mine := where_may(person, Ability.RELEASE_MONEY)):
        return []
    return [
        Todo(f"Release {pounds(one.amount)} from {one.fund}",
             reverse("partnerships:fund", args=[one.fund.partnership.public_id, one.fund.public_id]), one.due_on,
             one.fund.partnership.title)
        for one in releasable(mine)
    ]  # fmt: skip


def where_to_note(person: "Person") -> list[Partnership]:
    """The running pilots whose progress the person logs, by title. Two queries."""
    if not (mine := where_may(person, Ability.LOG_PROGRESS)):
        return []
    running = Partnership.objects.filter(pk__in=mine).exclude(stage__in=NOT_REPORTING)
    return list(running.only("public_id", "title").order_by("title", "pk"))


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
    rows = list(_open(MonthlyReturn.objects.to_fill_in().filter(due_on__lte=last, corrects=None)))
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
                since=latest_day(row.created_at),
                # Where it is filled in opens only for whoever logs progress; a lead may be on the other side.
                others_path=reverse("pilots:pilot", args=[row.partnership.public_id]),
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
    return f"{'Put right' if row.state == ReturnState.RETURNED else 'Fill in'} the {_noun(row)} for {row.month}"


def _noun(row: MonthlyReturn) -> str:
    return "correction" if row.corrects_id else "return"


def _address(name: str, row: MonthlyReturn) -> str:
    return reverse(name, args=[row.partnership.public_id, row.period])
