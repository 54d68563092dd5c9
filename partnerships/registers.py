"""The deadlines that the registers set: on the home page of their owner, and in the reminders (`domain.md` 1.5)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline, latest_day
from partnerships.lifecycle import OVER
from partnerships.models import (
    ActionPoint,
    Issue,
    Member,
    Milestone,
    Partner,
    Risk,
    RiskReview,
    SkillsAssessment,
    held_by,
)
from partnerships.own import present_partners
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1


def register() -> None:
    deadlines.add("partnerships.risks", risks_due, "Reviews of risks")
    deadlines.add("partnerships.action_points", action_points_due, "Action points of meetings")
    deadlines.add("partnerships.issues", issues_due, "Issues to settle")
    deadlines.add("partnerships.skills", skills_due, "Self-assessments of skills")
    todo.add("partnerships.skills", skills, "Registers")
    todo.add("partnerships.owned", owned, "Milestones and actions")


# Who is asked for a partner's self-assessment: the first of these that its organisation has.
MANAGERS = (PartnershipRole.PARTNER_MANAGER, PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PUBLIC_LEAD)


def _risks(last: date) -> "QuerySet[Risk]":
    """Open risks to be reviewed on or before `last`, whose owner is still in the partnership."""
    rows = Risk.objects.open().filter(_member("owner"), review_on__lte=last)
    return rows.exclude(partnership__stage__in=OVER)


def risks_due(last: date) -> Iterator[Deadline]:
    """One query. A date stands since the last review; when one is edited, the row does not say when."""
    reviews = RiskReview.objects.filter(risk=OuterRef("pk")).order_by("-reviewed_at")
    rows = _risks(last).annotate(reviewed_at=Subquery(reviews.values("reviewed_at")[:1]))
    for row in rows.select_related("owner", "partnership").iterator(chunk_size=500):
        title, path = OWNED["risk"].told(row.title), OWNED["risk"].path(row.partnership.public_id, row.public_id)
        yield Deadline(
            f"risk:{row.public_id}", title, row.review_on, row.owner, row.partnership, path,
            since=latest_day(row.created_at, row.reviewed_at),
        )  # fmt: skip


def _issues(last: date) -> "QuerySet[Issue]":
    """Open issues to be settled on or before `last`, whose owner is still in the partnership."""
    rows = Issue.objects.open().filter(_member("owner"), due_on__lte=last)
    return rows.exclude(partnership__stage__in=OVER)


def issues_due(last: date) -> Iterator[Deadline]:
    """One query. When a date is edited, the row does not say when."""
    for row in _issues(last).select_related("owner", "partnership").iterator(chunk_size=500):
        title, path = OWNED["issue"].told(row.title), OWNED["issue"].path(row.partnership.public_id, row.public_id)
        yield Deadline(
            f"issue:{row.public_id}", title, row.due_on, row.owner, row.partnership, path, since=row.opened_on
        )


def _action_points(last: date) -> "QuerySet[ActionPoint]":
    """Action points of meetings that are not done, due on or before `last`."""
    rows = ActionPoint.objects.open().filter(_member("owner", "meeting__partnership"), due_on__lte=last)
    return rows.exclude(meeting__partnership__stage__in=OVER)


def action_points_due(last: date) -> Iterator[Deadline]:
    """One query."""
    for row in _action_points(last).select_related("owner", "meeting__partnership").iterator(chunk_size=500):
        partnership = row.meeting.partnership
        path = OWNED["action_point"].path(partnership.public_id, row.public_id)
        yield Deadline(
            f"action-point:{row.public_id}", row.what, row.due_on, row.owner, partnership, path,
            since=latest_day(row.created_at),
        )  # fmt: skip


class Kind(NamedTuple):
    """A kind of thing that a person owns: its rows up to a day, the names of its columns, and how it is told."""

    rows: Callable[[date], "QuerySet[Any]"]
    title: str
    due_on: str
    partnership: str
    view: str
    sentence: str = "{}"

    def told(self, title: str) -> str:
        return self.sentence.format(title)

    def path(self, partnership: str, key: str) -> str:
        return reverse(f"partnerships:{self.view}", args=[partnership, key])


OWNED = {
    "milestone": Kind(
        lambda last: Milestone.objects.asked_for().filter(due_on__lte=last),
        "title", "due_on", "partnership", "milestone", "Complete “{}”",
    ),
    "risk": Kind(_risks, "title", "review_on", "partnership", "risk", "Review the risk “{}”"),
    "issue": Kind(_issues, "title", "due_on", "partnership", "issue", "Resolve the issue “{}”"),
    "action_point": Kind(_action_points, "what", "due_on", "meeting__partnership", "action_point_finish"),
}  # fmt: skip


def owned(person: "Person") -> list[Todo]:
    """The person's own milestones, risks, issues and action points, late or due within a month. One query for all."""
    until = add_months(clock.today(), SOON_MONTHS)
    parts = [
        kind.rows(until)
        .filter(owner=person)
        .order_by()
        .values_list(
            Value(name, output_field=CharField()), "public_id", Cast(kind.title, TextField()), kind.due_on,
            f"{kind.partnership}__public_id", f"{kind.partnership}__title",
        )
        for name, kind in OWNED.items()
    ]  # fmt: skip
    return [
        Todo(OWNED[name].told(title), OWNED[name].path(partnership, key), due_on, about)
        for name, key, title, due_on, partnership, about in parts[0].union(*parts[1:], all=True)
    ]


def skills_due(last: date) -> Iterable[Deadline]:
    """Self-assessments that present partners owe on or before `last`, each with its manager. Two queries."""
    partners = Partner.objects.current().exclude(partnership__stage__in=OVER).filter(skills_due_on__lte=last)
    before = SkillsAssessment.objects.filter(partner=OuterRef("pk")).order_by("-assessed_on")
    partners = partners.annotate(assessed_on=Subquery(before.values("assessed_on")[:1]))
    rows = list(partners.select_related("organisation", "partnership"))
    since = {f"skills:{row.public_id}": latest_day(row.created_at, row.assessed_on) for row in rows}  # type: ignore[attr-defined]
    return (replace(deadline, since=since[deadline.key]) for deadline in _skills(rows))


def _skills(rows: Sequence[Partner]) -> Iterator[Deadline]:
    """One query, none for no rows."""
    managers = _managers({row.partnership_id for row in rows}) if rows else {}
    for row in rows:
        manager = managers.get((row.partnership_id, row.organisation_id))
        if manager and row.skills_due_on:
            path = reverse("partnerships:skills_assess", args=[row.partnership.public_id, row.public_id])
            yield Deadline(
                f"skills:{row.public_id}",
                f"Assess the skills of {row}",
                row.skills_due_on,
                manager,
                row.partnership,
                path,
            )


def _managers(partnerships: set[int]) -> "dict[tuple[int, int | None], Person]":
    """Who manages an organisation's part: its partner's manager, else whoever leads for it."""
    members = Member.objects.current().filter(partnership__in=partnerships, role__in=MANAGERS).select_related("person")
    found: dict[tuple[int, int | None], Person] = {}
    for member in sorted(members, key=lambda m: (MANAGERS.index(PartnershipRole(m.role)), m.pk)):
        found.setdefault((member.partnership_id, member.person.organisation_id), member.person)
    return found


def skills(person: "Person") -> list[Todo]:
    """The self-assessments that this person is asked for, late or due within a month."""
    mine = [pk for pk, roles in held_by(person).items() if roles & set(MANAGERS)]
    if not mine:
        return []
    until = add_months(clock.today(), SOON_MONTHS)
    rows = [
        row
        for row in present_partners(person)
        if row.partnership_id in mine and row.partnership.stage not in OVER
        and row.skills_due_on and row.skills_due_on <= until
    ]  # fmt: skip
    return [Todo(d.title, d.path, d.due_on, d.partnership.title) for d in _skills(rows) if d.owner == person]


def _member(field: str, partnership: str = "partnership") -> Exists:
    """Whether the person in `field` has a part in the row's partnership today."""
    return Exists(Member.objects.current().filter(partnership=OuterRef(partnership), person=OuterRef(field)))
