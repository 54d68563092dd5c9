"""Who takes part: organisations as partners, people as members, each with dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import Organisation
from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.roles import PartnerPart, PartnershipRole, acting, torn
from partnerships.skills import next_due

if TYPE_CHECKING:
    from accounts.models import Person


def _current() -> Q:
    today = clock.today()
    return Q(Q(left_on=None) | Q(left_on__gte=today), joined_on__lte=today)


class PartnerQuerySet(models.QuerySet["Partner"]):
    def current(self) -> "PartnerQuerySet":
        """Joined and not left, as of today; the leaving day still counts."""
        return self.filter(_current())


class Partner(Record):
    """An organisation in a partnership. The two leads are partners too."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    part = models.CharField(max_length=20, choices=PartnerPart.choices)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    notice_on = models.DateField(null=True, help_text="When it gave notice.")
    leaves_because = models.CharField(max_length=500, blank=True)
    contingency_plan = models.TextField(
        blank=True, max_length=5000, help_text="What the organisation will do if it does not win the contract."
    )
    contingency_plan_on = models.DateField(null=True)
    skills_due_on = models.DateField(
        null=True, editable=False, help_text="When its next self-assessment is due: set on joining and by each of them."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation"], condition=Q(left_on=None), name="partner_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")), name="partner_leaves_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(contingency_plan="", contingency_plan_on=None)
                | (~Q(contingency_plan="") & Q(contingency_plan_on__isnull=False)),
                name="contingency_plan_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new partner is asked for its first self-assessment on the day it joins."""
        if self._state.adding and self.skills_due_on is None:
            self.skills_due_on = next_due(self.joined_on, None)
        super().save(*args, **kwargs)

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> "MemberQuerySet":
        return self.filter(_current(), person__is_active=True)

    def of(self, person: "Person") -> "MemberQuerySet":
        """One person's own today. A closed account has none: the person at hand says so, without a join."""
        if not person.is_active:
            return self.none()
        today = clock.today()
        return self.filter(Q(left_on=None) | Q(left_on__gte=today), person_id=person.pk, joined_on__lte=today)


class Member(Record):
    """A person's role in a partnership. One person may hold several roles if they have the capacity."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=PartnershipRole.choices)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "person", "role"], condition=Q(left_on=None), name="member_role_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class ActingRole(Record):
    """Which of two conflicting roles (`roles.CONFLICTING`) a person has chosen to act in, in one partnership."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="acting_roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acting_roles")
    role = models.CharField(max_length=20, choices=PartnershipRole.choices)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="acting_role_once_in_a_partnership"),
        ]

    def __str__(self) -> str:
        return f"{self.person} acts as {self.get_role_display().lower()}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


@dataclass(frozen=True)
class Parts:
    """What a person is in one partnership: every role held, the first one first, and those acted in now."""

    held: tuple[PartnershipRole, ...] = ()
    acting: frozenset[PartnershipRole] = frozenset()

    @property
    def torn(self) -> list[PartnershipRole]:
        """The conflicting roles held, to choose one of; none for almost everybody."""
        return torn(self.held)

    @property
    def set_aside(self) -> list[PartnershipRole]:
        """Held, but not acted in: they permit nothing now."""
        return [role for role in dict.fromkeys(self.held) if role not in self.acting]


def parts_of(person: "Person", partnership: Partnership) -> Parts:
    """The roles a person holds in a partnership today, and those they act in. One query."""
    return _parts(Member.objects.of(person).filter(partnership_id=partnership.pk)).get(partnership.pk, Parts())


def joined_by(own: int, day: str, partnership: str = "partnership") -> Q:
    """Whether the organisation `own` had joined by the `day` of a row, so that it reads what was shared then.

    The two leads read everything. Who belongs to no partner (an observer, for one) counts from the first day on which
    anybody of the organisation had a role. Source: `domain.md` section 8, scenario 22.
    """
    rows = Partner.objects.current().filter(partnership=OuterRef(partnership), organisation=own)
    people = Member.objects.filter(partnership=OuterRef(partnership), person__organisation=own)
    return (
        Q(**{f"{partnership}__public_lead": own})
        | Q(**{f"{partnership}__third_sector_lead": own})
        | Exists(rows.filter(joined_on__lte=OuterRef(day)))
        | (~Exists(rows) & Exists(people.filter(joined_on__lte=OuterRef(day))))
    )


def roles_of(person: "Person", partnership: Partnership) -> frozenset[PartnershipRole]:
    """The roles a person acts in, in a partnership today. One query."""
    return parts_of(person, partnership).acting


def held_by(person: "Person") -> dict[int, frozenset[PartnershipRole]]:
    """The roles a person acts in today, by the id of the partnership.

    Asked once and kept on the object: for a page that lists what waits in many partnerships, never to permit anything.
    """
    kept: dict[int, frozenset[PartnershipRole]] | None = person.__dict__.get("_held")
    if kept is None:
        kept = {pk: parts.acting for pk, parts in _parts(Member.objects.of(person)).items()}
        person.__dict__["_held"] = kept
    return kept


def found_for(person: "Person", public_id: str) -> tuple[Partnership, Parts] | None:
    """The partnership with this public id and what the person is in it; None where `visible_to` hides it. One query."""
    members = Member.objects.of(person).filter(partnership__public_id=public_id)
    rows = list(_choosing(members).select_related("partnership__public_lead", "partnership__third_sector_lead"))
    if not rows:
        return None
    found = rows[0].partnership
    held = [(row.joined_on, row.pk, found.pk, row.role, row.chosen) for row in rows]  # type: ignore[attr-defined]
    return found, _gathered(held)[found.pk]


def _parts(members: MemberQuerySet) -> dict[int, Parts]:
    """By partnership, from the memberships of one person."""
    rows: models.QuerySet[Any, Any] = _choosing(members)
    return _gathered(rows.values_list("joined_on", "pk", "partnership_id", "role", "chosen"))


def _choosing(members: MemberQuerySet) -> MemberQuerySet:
    """The memberships of one person, each with the role `chosen` to act in there."""
    mine = ActingRole.objects.filter(partnership=OuterRef("partnership"), person=OuterRef("person"))
    return members.order_by().annotate(chosen=Subquery(mine.values("role")[:1]))


def _gathered(rows: Iterable[tuple[date, int, int, str, str | None]]) -> dict[int, Parts]:
    """By partnership, from (joined on, number, partnership, role, chosen role): the first role held comes first."""
    held: dict[int, list[PartnershipRole]] = {}
    choices: dict[int, str | None] = {}
    for _, _, partnership_id, role, chosen in sorted(rows):
        held.setdefault(partnership_id, []).append(PartnershipRole(role))
        choices[partnership_id] = chosen
    return {
        pk: Parts(tuple(roles), acting(roles, PartnershipRole(chosen) if (chosen := choices[pk]) else None))
        for pk, roles in held.items()
    }
