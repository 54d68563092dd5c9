"""What each role may do in a partnership, as one table. Whether it is the *time* is asked in `gates` and actions."""

from collections.abc import Collection
from enum import Enum
from typing import TYPE_CHECKING

from foundation.policy.refusals import NotPermitted
from partnerships.models import Partnership, held_by, parts_of, roles_of
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
    COMMENT_ON_MEMORANDUM = "comment on the draft of the memorandum of understanding"
    PRINT_MEMORANDUM = "have the memorandum of understanding made as a PDF"
    SIGN_MEMORANDUM = "sign the memorandum of understanding"
    EDIT_BUDGET = "change the budget"
    RELEASE_MONEY = "release an instalment that is tied to a return"
    OVERRIDE_RELEASE = "release an instalment although its return is not accepted"
    DECIDE = "propose or sign a gate decision or an extension of the pilot"
    WRITE_CONTINGENCY_PLAN = "write a contingency plan"
    LOG_PROGRESS = "log the pilot's progress"
    ACCEPT_PROGRESS = "accept or return the pilot's returns"
    SIGN_EVALUATION = "sign off the pilot evaluation"
    PREPARE_TENDER = "prepare and run the tender"
    ADD_LESSON = "add a lesson"
    KEEP_REGISTERS = "write in the registers"
    GIVE_EVIDENCE = "give or confirm what a gate asks for"
    PUBLISH_VALUE = "publish an SROI map"
    PUBLISH_PAGE = "publish the public page or take it down"
    KEEP_WEBHOOKS = "keep the webhooks of this partnership"
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
         A.ADD_LESSON, A.KEEP_REGISTERS, A.PUBLISH_PAGE, A.KEEP_WEBHOOKS}
    ),
    R.PUBLIC_LEAD: frozenset(
        {A.EDIT_PARTNERSHIP, A.MANAGE_PARTNERS, A.EDIT_PLAN, A.WRITE_MEMORANDUM, A.SIGN_MEMORANDUM, A.EDIT_BUDGET,
         A.DECIDE, A.STEER, A.WRITE_CONTINGENCY_PLAN, A.ACCEPT_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS,
         A.PUBLISH_PAGE, A.PUBLISH_VALUE, A.RELEASE_MONEY, A.KEEP_WEBHOOKS}
    ),
    R.THIRD_SECTOR_LEAD: frozenset(
        {A.EDIT_PARTNERSHIP, A.MANAGE_PARTNERS, A.EDIT_PLAN, A.WRITE_MEMORANDUM, A.SIGN_MEMORANDUM, A.EDIT_BUDGET,
         A.DECIDE, A.STEER, A.WRITE_CONTINGENCY_PLAN, A.LOG_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS,
         A.PUBLISH_VALUE, A.KEEP_WEBHOOKS}
    ),
    R.PARTNER_MANAGER: frozenset(
        {A.SIGN_MEMORANDUM, A.WRITE_CONTINGENCY_PLAN, A.LOG_PROGRESS, A.ADD_LESSON, A.KEEP_REGISTERS}
    ),
    # The sponsor holds the budget: nobody else lets money go that a return holds back (domain.md 1.8, scenario 40).
    R.SPONSOR: frozenset({A.DECIDE, A.RELEASE_MONEY, A.OVERRIDE_RELEASE}),
    R.PROCUREMENT_OFFICER: frozenset({A.DECIDE, A.PREPARE_TENDER, A.ADD_LESSON, A.KEEP_REGISTERS}),
    R.EVALUATOR: frozenset({A.SIGN_EVALUATION, A.PUBLISH_VALUE, A.ADD_LESSON}),
    R.OBSERVER: frozenset(),
}  # fmt: skip

# Whoever has a part has to be able to say what they have to gain in it (domain.md 1.5).
EVERY_MEMBER = frozenset({A.DECLARE_INTEREST, A.PRINT_MEMORANDUM})
# Everybody who takes part is heard while the memorandum is drafted; an observer reads it.
WHO_TAKES_PART = frozenset({A.COMMENT_ON_MEMORANDUM})
# Whoever writes in the registers, or decides on what stands in them, may say what a gate asks for.
GIVERS = frozenset({A.KEEP_REGISTERS, A.DECIDE})


def _with_what_follows(role: PartnershipRole, own: frozenset[Ability]) -> frozenset[Ability]:
    takes_part = WHO_TAKES_PART if role != R.OBSERVER else frozenset()
    return own | EVERY_MEMBER | takes_part | (frozenset({A.GIVE_EVIDENCE}) if own & GIVERS else frozenset())


ABILITIES = {role: _with_what_follows(role, own) for role, own in BY_ROLE.items()}


def can(person: "Person", ability: Ability, partnership: Partnership) -> bool:
    """Whether one of the person's roles in the partnership includes `ability`. One query."""
    return any(ability in ABILITIES[role] for role in roles_of(person, partnership))


def abilities_of(person: "Person", partnership: Partnership) -> frozenset[Ability]:
    """Everything the person may do there: for a page that shows several buttons. One query."""
    return frozenset().union(*(ABILITIES[role] for role in roles_of(person, partnership)))


def require(person: "Person", ability: Ability, partnership: Partnership) -> None:
    """Refuse, naming who may, when the person may not."""
    if not can(person, ability, partnership):
        able = [role for role in R if ability in ABILITIES[role]]
        who = ", ".join(role.label for role in able)
        hint = set_aside(person, partnership, able)
        raise NotPermitted(f"You may not {ability.value}. These roles may: {who}.{hint}")


def set_aside(person: "Person", partnership: Partnership, wanted: Collection[PartnershipRole]) -> str:
    """For a refusal: that the person holds one of the wanted roles, but acts in another one, and how to change that."""
    parts = parts_of(person, partnership)
    mine = [role.label for role in parts.set_aside if role in wanted]
    if not mine:
        return ""
    now = ", ".join(role.label for role in parts.torn if role in parts.acting)
    told = f" You hold the role {' and '.join(mine)}, but act as {now} now"
    return f"{told}: change that at the top of the partnership’s page."


def require_own_or(person: "Person", owner_id: int | None, ability: Ability, partnership: Partnership) -> None:
    """As `require`, but a member may always do what was given to them by name."""
    if person.pk != owner_id or not roles_of(person, partnership):
        require(person, ability, partnership)


def where_may(person: "Person", ability: Ability) -> list[int]:
    """The ids of the partnerships in which the person's roles include `ability`: for lists of what waits."""
    return [pk for pk, roles in held_by(person).items() if any(ability in ABILITIES[role] for role in roles)]
