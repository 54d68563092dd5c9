"""Who hears about a monthly return: the people who accept it, then the one who submitted it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.models import Person
from foundation.delivery.kinds import EACH, Kind
from foundation.delivery.outbox import enqueue
from partnerships.models import Instalment, Member
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from pilots.models import MonthlyReturn

RETURN = Kind(
    "return",
    label="Returns of a pilot",
    about="A return waits to be checked, is accepted, or comes back with a note.",
    choices=EACH,
)
ACCEPTING = [role for role in PartnershipRole if Ability.ACCEPT_PROGRESS in ABILITIES[role]]


def return_submitted(monthly_return: "MonthlyReturn") -> None:
    """Ask everyone who may accept it, but for the person who submitted it."""
    members = Member.objects.current().filter(partnership=monthly_return.partnership, role__in=ACCEPTING)
    asked = Person.objects.filter(pk__in=members.values("person"))
    for person in asked:
        if person == monthly_return.submitted_by:
            continue
        _tell(
            person,
            monthly_return,
            "emails/pilots/return_submitted",
            subject=f"Please check the return for {monthly_return.month}: {monthly_return.partnership}",
            why="You get this mail because you accept this partnership’s returns.",
        )


def return_accepted(monthly_return: "MonthlyReturn") -> None:
    if monthly_return.submitted_by:
        _tell(
            monthly_return.submitted_by,
            monthly_return,
            "emails/pilots/return_accepted",
            subject=f"Your return for {monthly_return.month} is accepted: {monthly_return.partnership}",
            why="You get this mail because you submitted this return.",
        )


def money_can_go(monthly_return: "MonthlyReturn", instalments: Sequence[Instalment], accepted_by: Person) -> None:
    """Ask whoever may release what this return held back, but for the person who accepted it and reads so there."""
    if not instalments:
        return
    partnership = monthly_return.partnership
    roles = [role for role in PartnershipRole if Ability.RELEASE_MONEY in ABILITIES[role]]
    members = Member.objects.current().filter(partnership=partnership, role__in=roles)
    for person in Person.objects.filter(pk__in=members.values("person")).exclude(pk=accepted_by.pk):
        _tell(
            person,
            monthly_return,
            "emails/pilots/money_can_go",
            subject=f"Money can be released: {partnership}",
            why="You get this mail because you may release what is tied to this partnership’s returns.",
            instalments=[f"{one} from {one.fund}" for one in instalments],
            many=len(instalments) > 1,
            path=_of_fund(instalments[0]),
        )


def _of_fund(one: Instalment) -> str:
    return reverse("partnerships:fund", args=[one.fund.partnership.public_id, one.fund.public_id])


def return_sent_back(monthly_return: "MonthlyReturn", by: Person) -> None:
    if monthly_return.submitted_by:
        _tell(
            monthly_return.submitted_by,
            monthly_return,
            "emails/pilots/return_sent_back",
            subject=f"Your return for {monthly_return.month} needs a change: {monthly_return.partnership}",
            why="You get this mail because you submitted this return.",
            sent_back_by=str(by),
            note=monthly_return.returned_note,
        )


def _tell(
    to: Person, monthly_return: "MonthlyReturn", template: str, *, subject: str, why: str, **context: Any
) -> None:
    """One mail for each version of the return: the same step taken twice in a row tells nobody twice."""
    partnership = monthly_return.partnership
    enqueue(
        kind="return",
        key=f"{template}:{monthly_return.public_id}:{monthly_return.version}:{to.public_id}",
        to=to,
        subject=subject,
        template=template,
        context={
            "partnership": partnership.title,
            "month": monthly_return.month,
            "submitted_by": str(monthly_return.submitted_by),
            "path": reverse("pilots:return", args=[partnership.public_id, monthly_return.period]),
            **context,
        },
        why=why,
        scope=partnership.audit_scope,
    )
