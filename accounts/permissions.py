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
    KEEP_OUTCOMES = "keep the sets of national outcomes"
    PUBLISH_LESSONS = "publish lessons and learning points"
    KEEP_CHECKLISTS = "publish what a gate asks for"
    KEEP_WORKING_DAYS = "add bank holidays and other days on which nobody works"
    KEEP_OWN_DAYS = "add days on which your own organisation does not work"
    KEEP_REMINDERS = "set how the whole portal reminds people"
    WATCH_OPERATIONS = "see the mail ledger and the worker's health"


ABILITIES: dict[PortalRole, frozenset[Ability]] = {
    PortalRole.NONE: frozenset(),
    PortalRole.COMMISSIONER: frozenset(
        {Ability.START_PARTNERSHIP, Ability.INVITE, Ability.KEEP_REGISTER, Ability.KEEP_OWN_DAYS}
    ),
    PortalRole.PUBLISHER: frozenset({Ability.PUBLISH_LESSONS}),
    PortalRole.ADMINISTRATOR: frozenset(
        {Ability.KEEP_REGISTER, Ability.INVITE, Ability.MANAGE_PEOPLE, Ability.WATCH_OPERATIONS,
         Ability.PUBLISH_LESSONS, Ability.KEEP_OUTCOMES, Ability.KEEP_CHECKLISTS,
         Ability.KEEP_WORKING_DAYS, Ability.KEEP_OWN_DAYS, Ability.KEEP_REMINDERS}
    ),
}  # fmt: skip


def can(person: Any, ability: Ability) -> bool:
    """Whether a signed-in, active person's portal role includes `ability`."""
    return isinstance(person, Person) and person.is_active and ability in ABILITIES[PortalRole(person.portal_role)]


def require(person: Any, ability: Ability) -> None:
    """Refuse with the ability's own words when the person may not."""
    if not can(person, ability):
        raise NotPermitted(f"You may not {ability.value}. Ask a portal administrator if you need to.")
