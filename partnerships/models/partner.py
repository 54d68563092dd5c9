"""Who takes part: organisations as partners, people as members, each with dates."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.roles import PartnerPart, PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person


def _current() -> Q:
    today = clock.today()
    return Q(joined_on__lte=today) & (Q(left_on=None) | Q(left_on__gte=today))


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

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> "MemberQuerySet":
        return self.filter(_current(), person__is_active=True)


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


def roles_of(person: "Person", partnership: Partnership) -> frozenset[PartnershipRole]:
    """The roles a person holds in a partnership today."""
    held = Member.objects.current().filter(person=person, partnership=partnership).values_list("role", flat=True)
    return frozenset(PartnershipRole(role) for role in held)


def held_by(person: "Person") -> dict[int, frozenset[PartnershipRole]]:
    """The roles a person holds today, by the id of the partnership.

    Asked once and kept on the object: for a page that lists what waits in many partnerships, never to permit anything.
    """
    kept: dict[int, frozenset[PartnershipRole]] | None = person.__dict__.get("_held")
    if kept is None:
        kept = {}
        for partnership_id, role in (
            Member.objects.current().filter(person=person).values_list("partnership_id", "role")
        ):
            kept[partnership_id] = kept.get(partnership_id, frozenset()) | {PartnershipRole(role)}
        person.__dict__["_held"] = kept
    return kept
