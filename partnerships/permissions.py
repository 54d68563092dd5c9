"""What each role may do in a partnership, as one table. Whether it is the *time* is asked in `gates` and actions."""

from enum import Enum
from typing import TYPE_CHECKING

from foundation.policy.refusals import NotPermitted
from partnerships.models import Partnership, held_by, roles_of
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person


class Ability(Enum):
    """The value finishes the sentence “You may not …”."""

    EDIT_PARTNERSHIP = "edit the description of this partnership"
    MANAGE_PARTNERS = "add partners and people to this partnership"
    STEER = "pause or resume this partnership or name a successor lead"
    EDIT_PLAN = "change the plan and its milestones"
    WRITE_MEMORANDUM = "write the memorandum of understanding"
    SIGN_MEMORANDUM = "sign the memorandum of understanding"
    EDIT_BUDGET = "change the budget"
    DECIDE = "propose or sign a gate decision or an extension of the pilot"
    WRITE_CONTINGENCY_PLAN = "write a contingency plan"
    LOG_PROGRESS = "log the pilot's progress"
    ACCEPT_PROGRESS = "accept or return the pilot's returns"
    SIGN_EVALUATION = "sign off the pilot evaluation"
    PREPARE_TENDER = "prepare and run the tender"
    ADD_LESSON = "add a lesson"
    KEEP_REGISTERS = "write in the registers"
    DECLARE_INTEREST = "declare an interest in this partnership's decisions"


A, R = Ability, PartnershipRole

DESCRIPTION: dict[PartnershipRole, str] = {
    R.PROJECT_LEAD: "Co-ordinates all partners: keeps the plan, the people and the papers. Decides nothing alone.",
    R.PUBLIC_LEAD: "Leads for the public body: one of the two equal leads who sign each gate decision.",
    R.THIRD_SECTOR_LEAD: "Leads for the third sector: the other of the two equal leads.",
    R.PARTNER_MANAGER: "Manages one partner's part: logs progress, signs the memorandum, writes the contingency plan.",
    R.SPONSOR: "Holds the budget and answers for the partnership in the public body.",
    R.PROCUREMENT_OFFICER: "Keeps the tender fair, lawful and recorded.",
    R.EVALUATOR: "Judges the pilot and signs its evaluation.",
    R.OBSERVER: "Reads, and changes nothing but the list of their own interests.",
}

BY_ROLE: dict[PartnershipRole, frozenset[Ability]] = {
    R.PROJECT_LEAD: frozenset(
        {A.EDIT_PARTNERSHIP, A.MANAGE_PARTNERS, A.EDIT_PLAN, A.WRITE_MEMORANDUM, A.EDIT_BUDGET, A.LOG_PROGRESS,
         A.ADD_LESSON, A.KEEP_REGISTERS}
    ),
    R.PUBLIC_LEAD: frozenset(
        {A.EDIT_PARTNERSHIP, A.MANAGE_PARTNERS, A.EDIT_PLAN, A.WRITE_MEMORANDUM, A.SIGN_MEMORANDUM, A.EDIT_BUDGET,
         A.DECIDE, A.STEER, A.WRITE_CONTINGENCY_PLAN, A.ACCEPT_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS}
    ),
    R.THIRD_SECTOR_LEAD: frozenset(
        {A.EDIT_PARTNERSHIP, A.MANAGE_PARTNERS, A.EDIT_PLAN, A.WRITE_MEMORANDUM, A.SIGN_MEMORANDUM, A.EDIT_BUDGET,
         A.DECIDE, A.STEER, A.WRITE_CONTINGENCY_PLAN, A.LOG_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS}
    ),
    R.PARTNER_MANAGER: frozenset(
        {A.SIGN_MEMORANDUM, A.WRITE_CONTINGENCY_PLAN, A.LOG_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS}
    ),
    R.SPONSOR: frozenset({A.DECIDE}),
    R.PROCUREMENT_OFFICER: frozenset({A.DECIDE, A.PREPARE_TENDER, A.ADD_LESSON, A.KEEP_REGISTERS}),
    R.EVALUATOR: frozenset({A.SIGN_EVALUATION, A.ADD_LESSON}),
    R.OBSERVER: frozenset(),
}  # fmt: skip

# Whoever has a part has to be able to say what they have to gain in it (domain.md 1.5).
EVERY_MEMBER = frozenset({A.DECLARE_INTEREST})
ABILITIES = {role: own | EVERY_MEMBER for role, own in BY_ROLE.items()}


def can(person: "Person", ability: Ability, partnership: Partnership) -> bool:
    """Whether one of the person's roles in the partnership includes `ability`. One query."""
    return any(ability in ABILITIES[role] for role in roles_of(person, partnership))


def abilities_of(person: "Person", partnership: Partnership) -> frozenset[Ability]:
    """Everything the person may do there: for a page that shows several buttons. One query."""
    return frozenset().union(*(ABILITIES[role] for role in roles_of(person, partnership)))


def require(person: "Person", ability: Ability, partnership: Partnership) -> None:
    """Refuse, naming who may, when the person may not."""
    if not can(person, ability, partnership):
        who = ", ".join(role.label for role in R if ability in ABILITIES[role])
        raise NotPermitted(f"You may not {ability.value}. These roles may: {who}.")


def require_own_or(person: "Person", owner_id: int | None, ability: Ability, partnership: Partnership) -> None:
    """As `require`, but a member may always do what was given to them by name."""
    if person.pk != owner_id or not roles_of(person, partnership):
        require(person, ability, partnership)


def where_may(person: "Person", ability: Ability) -> list[int]:
    """The ids of the partnerships in which the person's roles include `ability`: for lists of what waits."""
    return [pk for pk, roles in held_by(person).items() if any(ability in ABILITIES[role] for role in roles)]
