"""What waits in the papers that partners agree on: the memorandum's review, comments on its draft, contingency plans.

On the home page of whoever may write them; the review date is a deadline too, with reminders (`domain.md` 1.5, 1.11).
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import todo
from accounts.models import SECTOR_OF, Sector
from accounts.todo import Todo
from foundation.database import clock
from partnerships import deadlines
from partnerships.deadlines import Deadline, latest_day
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Member, Memorandum, MemorandumDraft
from partnerships.own import newest_memoranda, present_partners
from partnerships.permissions import Ability, where_may
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1
# Who is reminded of the review: the first of these that the partnership has.
REMINDED = (PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)


def register() -> None:
    todo.add("partnerships.memorandum_reviews", reviews, "Agreements")
    todo.add("partnerships.draft_comments", comments, "Agreements")
    todo.add("partnerships.contingency_plans", contingency_plans, "Agreements")
    deadlines.add("partnerships.memorandum_reviews", reviews_due, "Reviews of the memorandum")


def _to_review(last: date) -> QuerySet[Memorandum]:
    """Newest versions whose review date is on or before `last`: issuing the next version sets the next date."""
    newer = Memorandum.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    rows = Memorandum.objects.filter(~Exists(newer), review_on__lte=last)
    return rows.exclude(partnership__stage__in=OVER).select_related("partnership")


def _title(row: Memorandum) -> str:
    return f"Review the memorandum, version {row.number}"


def _address(row: Memorandum | MemorandumDraft) -> str:
    name = "draft" if isinstance(row, MemorandumDraft) else "memorandum"
    return reverse(f"partnerships:{name}", args=[row.partnership.public_id])


def reviews(person: "Person") -> list[Todo]:
    """Memoranda whose review date is near or has passed, for those who may write them. One query at most."""
    if not (mine := where_may(person, Ability.WRITE_MEMORANDUM)):
        return []
    last = add_months(clock.today(), SOON_MONTHS)
    return [
        Todo(_title(row), _address(row), row.review_on, row.partnership.title)
        for row in newest_memoranda(person)
        if row.partnership_id in mine and row.review_on <= last
    ]


def reviews_due(last: date) -> Iterable[Deadline]:
    """The same as deadlines, each of one person, so that not everybody is mailed. Two queries."""
    rows = list(_to_review(last))
    owners = _reminded({row.partnership_id for row in rows})
    for row in rows:
        if owner := owners.get(row.partnership_id):
            yield Deadline(
                f"memorandum:{row.public_id}", _title(row), row.review_on, owner, row.partnership, _address(row),
                since=latest_day(row.created_at),
            )  # fmt: skip


def _reminded(partnerships: set[int]) -> "dict[int, Person]":
    members = Member.objects.current().filter(partnership__in=partnerships, role__in=REMINDED).select_related("person")
    found: dict[int, Person] = {}
    for member in sorted(members, key=lambda m: (REMINDED.index(PartnershipRole(m.role)), m.pk)):
        found.setdefault(member.partnership_id, member.person)
    return found


def comments(person: "Person") -> list[Todo]:
    """Open comments on a draft, for whoever has its pen; while nobody has it, for those who may take it. One query."""
    if not (mine := where_may(person, Ability.WRITE_MEMORANDUM)):
        return []
    waiting = Count("sections__comments", filter=Q(sections__comments__resolved_at=None))
    rows = (
        MemorandumDraft.objects.open()
        .filter(Q(pen=person) | Q(pen=None), partnership__in=mine)
        .exclude(partnership__stage__in=OVER)
        .annotate(waiting=waiting)
        .filter(waiting__gt=0)
        .select_related("partnership")
    )
    return [
        Todo(_answer(row.waiting), _address(row), None, row.partnership.title)  # type: ignore[attr-defined]
        for row in rows
    ]


def _answer(count: int) -> str:
    return f"Answer {count} {'comment' if count == 1 else 'comments'} on the draft of the memorandum"


def contingency_plans(person: "Person") -> list[Todo]:
    """In design: the plan that the first gate will ask of a third sector partner, for its people. One query at most."""
    if not (mine := where_may(person, Ability.WRITE_CONTINGENCY_PLAN)):
        return []
    third = [kind for kind, sector in SECTOR_OF.items() if sector == Sector.THIRD]
    return [
        Todo("Write your contingency plan",
             reverse("partnerships:contingency_plan", args=[row.partnership.public_id, row.public_id]), None,
             row.partnership.title)
        for row in present_partners(person)
        if row.partnership_id in mine and row.partnership.stage == Stage.DESIGN and not row.contingency_plan
        and row.organisation.kind in third
    ]  # fmt: skip
