"""The deadlines that the registers set: on the home page of their owner, and in the reminders (`domain.md` 1.5)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline
from partnerships.lifecycle import OVER
from partnerships.models import ActionPoint, Member, Partner, Risk, held_by
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole
from partnerships.skills import next_due

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1

Source = Callable[[date, "Person | None"], Iterable[Deadline]]


def register() -> None:
    deadlines.add("partnerships.risks", risks_due)
    deadlines.add("partnerships.action_points", action_points_due)
    todo.add("partnerships.action_points", lambda person: _todos(person, _action_points))
    deadlines.add("partnerships.skills", skills_due)
    todo.add("partnerships.skills", lambda person: _todos(person, _skills))
    todo.add("partnerships.risks", lambda person: _todos(person, _risks))


# Who is asked for a partner's self-assessment: the first of these that its organisation has.
MANAGERS = (PartnershipRole.PARTNER_MANAGER, PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PUBLIC_LEAD)


def risks_due(last: date) -> Iterable[Deadline]:
    """Open risks to be reviewed on or before `last`, whose owner is still in the partnership. One query."""
    return _risks(last, None)


def _risks(last: date, owner: "Person | None") -> Iterator[Deadline]:
    rows = Risk.objects.open().filter(_member("owner"), review_on__lte=last).exclude(partnership__stage__in=OVER)
    if owner:
        rows = rows.filter(owner=owner)
    for row in rows.select_related("owner", "partnership").iterator(chunk_size=500):
        path = reverse("partnerships:risk", args=[row.partnership.public_id, row.public_id])
        yield Deadline(
            f"risk:{row.public_id}", f"Review the risk “{row}”", row.review_on, row.owner, row.partnership, path
        )


def action_points_due(last: date) -> Iterable[Deadline]:
    """Action points of meetings that are not done, due on or before `last`. One query."""
    return _action_points(last, None)


def _action_points(last: date, owner: "Person | None") -> Iterator[Deadline]:
    rows = ActionPoint.objects.open().filter(_member("owner", "meeting__partnership"), due_on__lte=last)
    rows = rows.exclude(meeting__partnership__stage__in=OVER)
    if owner:
        rows = rows.filter(owner=owner)
    for row in rows.select_related("owner", "meeting__partnership").iterator(chunk_size=500):
        partnership = row.meeting.partnership
        path = reverse("partnerships:action_point_finish", args=[partnership.public_id, row.public_id])
        yield Deadline(f"action-point:{row.public_id}", row.what, row.due_on, row.owner, partnership, path)


def skills_due(last: date) -> Iterable[Deadline]:
    """Self-assessments that present partners owe on or before `last`, each with its manager. Two queries."""
    return _skills(last, None)


def _skills(last: date, owner: "Person | None") -> Iterator[Deadline]:
    partners = Partner.objects.current().exclude(partnership__stage__in=OVER)
    if owner:
        mine = [pk for pk, roles in held_by(owner).items() if roles & set(MANAGERS)]
        if not mine:
            return
        partners = partners.filter(organisation=owner.organisation_id, partnership__in=mine)
    rows = list(partners.annotate(last=Max("skills__assessed_on")).select_related("organisation", "partnership"))
    managers = _managers({row.partnership_id for row in rows})
    for row in rows:
        due_on, manager = next_due(row.joined_on, row.last), managers.get((row.partnership_id, row.organisation_id))  # type: ignore[attr-defined]
        if manager and due_on <= last and owner in (None, manager):
            path = reverse("partnerships:skills_assess", args=[row.partnership.public_id, row.public_id])
            yield Deadline(
                f"skills:{row.public_id}", f"Assess the skills of {row}", due_on, manager, row.partnership, path
            )


def _managers(partnerships: set[int]) -> "dict[tuple[int, int | None], Person]":
    """Who manages an organisation's part: its partner's manager, else whoever leads for it."""
    members = Member.objects.current().filter(partnership__in=partnerships, role__in=MANAGERS).select_related("person")
    found: dict[tuple[int, int | None], Person] = {}
    for member in sorted(members, key=lambda m: (MANAGERS.index(PartnershipRole(m.role)), m.pk)):
        found.setdefault((member.partnership_id, member.person.organisation_id), member.person)
    return found


def _todos(person: "Person", source: Source) -> list[Todo]:
    """What of a source is this person's and late or due within a month."""
    until = add_months(clock.today(), SOON_MONTHS)
    return [Todo(d.title, d.path, d.due_on, d.partnership.title) for d in source(until, person)]


def _member(field: str, partnership: str = "partnership") -> Exists:
    """Whether the person in `field` has a part in the row's partnership today."""
    return Exists(Member.objects.current().filter(partnership=OuterRef(partnership), person=OuterRef(field)))
