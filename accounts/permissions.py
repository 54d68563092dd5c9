"""Portal-wide abilities: what each portal role may do, as one table."""

from enum import Enum
from typing import Any

from accounts.models import Person
from accounts.roles import PortalRole
from foundation.policy.refusals import NotPermitted


class Ability(Enum):
    """The value finishes the sentence “You may not …”."""

    START_PARTNERSHIP = "start a partnership"
    KEEP_REGISTER = "change the register of organisations and people"
    INVITE = "invite people to the portal"
    MANAGE_PEOPLE = "close accounts or give portal-wide roles"
    PUBLISH_LESSONS = "publish lessons and learning points"
    WATCH_OPERATIONS = "see the mail ledger and the worker's health"


ABILITIES: dict[PortalRole, frozenset[Ability]] = {
    PortalRole.NONE: frozenset(),
    PortalRole.COMMISSIONER: frozenset({Ability.START_PARTNERSHIP, Ability.INVITE, Ability.KEEP_REGISTER}),
    PortalRole.PUBLISHER: frozenset({Ability.PUBLISH_LESSONS}),
    PortalRole.ADMINISTRATOR: frozenset(
        {Ability.KEEP_REGISTER, Ability.INVITE, Ability.MANAGE_PEOPLE, Ability.WATCH_OPERATIONS,
         Ability.PUBLISH_LESSONS}
    ),
}  # fmt: skip


def can(person: Any, ability: Ability) -> bool:
    """Whether a signed-in, active person's portal role includes `ability`."""
    return isinstance(person, Person) and person.is_active and ability in ABILITIES[PortalRole(person.portal_role)]


def require(person: Any, ability: Ability) -> None:
    """Refuse with the ability's own words when the person may not."""
    if not can(person, ability):
        raise NotPermitted(f"You may not {ability.value}. Ask a portal administrator if you need to.")
