"""What each part in a tender may do, as one table. Whether it is the *time* is asked in the actions.

The buyer's parts are held only by people the buying authority itself employs: a partner's employee who holds a role in
the partnership stays outside the tender file, because their employer may bid (`domain.md` 1.6, 4.8).
"""

from enum import Enum
from typing import TYPE_CHECKING

from foundation.policy.refusals import NotPermitted
from partnerships.models import Partnership, roles_of
from partnerships.permissions import set_aside
from partnerships.roles import PartnershipRole
from procurement.models import BUYER_ROLES, Bidder, Tender
from procurement.roles import TenderRole

if TYPE_CHECKING:
    from accounts.models import Person


class Ability(Enum):
    """The value finishes the sentence “You may not …”."""

    READ_FILE = "read the tender file"
    PREPARE = "prepare or change the tender"
    ANSWER = "answer bidders' questions"
    OPEN_BIDS = "open the bids"
    KEEP_PANEL = "choose the panel"
    DECLARE = "declare an interest"
    SCORE = "read or score the bids"
    MODERATE = "write down the panel's agreed scores"
    SEE_RESULTS = "see prices and ranks"
    AWARD = "decide the award, send letters, or sign"
    BID = "bid for this contract"


A, R = Ability, TenderRole

DESCRIPTION: dict[TenderRole, str] = {
    R.OFFICER: "Procurement officer of the buying authority: keeps the tender fair, lawful and recorded.",
    R.AUTHORITY: "Sponsor or public sector lead of the buying authority: reads the file and may be one of two openers.",
    R.PANEL: "Member of the panel: declares first, then reads the quality answers and scores them; never sees a price.",
    R.BIDDER: "Anybody of another organisation: reads the notice, asks, and sends one bid for the organisation.",
}

ABILITIES: dict[TenderRole, frozenset[Ability]] = {
    R.OFFICER: frozenset(
        {A.READ_FILE, A.PREPARE, A.ANSWER, A.OPEN_BIDS, A.KEEP_PANEL, A.MODERATE, A.SEE_RESULTS, A.AWARD}
    ),
    R.AUTHORITY: frozenset({A.READ_FILE, A.OPEN_BIDS, A.SEE_RESULTS}),
    R.PANEL: frozenset({A.DECLARE, A.SCORE}),
    R.BIDDER: frozenset({A.BID}),
}

# Those who do not run the partnership day by day; at least one of the two openers is one of them (domain.md 4.6).
OUTSIDE_THE_PROJECT = (PartnershipRole.PROCUREMENT_OFFICER, PartnershipRole.SPONSOR)


def works_for_buyer(person: "Person", partnership: Partnership) -> bool:
    return person.organisation_id is not None and person.organisation_id == partnership.public_lead_id


def buyer_roles(person: "Person", partnership: Partnership) -> frozenset[TenderRole]:
    """The buyer's parts a person holds in every tender of the partnership. At most one query."""
    if not works_for_buyer(person, partnership):
        return frozenset()
    held = roles_of(person, partnership) & set(BUYER_ROLES)
    officer = {R.OFFICER} if PartnershipRole.PROCUREMENT_OFFICER in held else set()
    return frozenset(officer | ({R.AUTHORITY} if held else set()))


def roles_in(person: "Person", tender: Tender) -> frozenset[TenderRole]:
    """Every part a person holds in a tender today. Two queries."""
    panel = {R.PANEL} if tender.panel.filter(person=person, ended_at=None).exists() else set()
    outside = person.organisation_id is not None and not works_for_buyer(person, tender.partnership)
    return buyer_roles(person, tender.partnership) | panel | ({R.BIDDER} if outside and person.is_active else set())


def abilities_in(person: "Person", tender: Tender) -> frozenset[Ability]:
    """Everything the person may do there: for a page that shows several buttons."""
    return frozenset().union(*(ABILITIES[role] for role in roles_in(person, tender)))


def can(person: "Person", ability: Ability, tender: Tender) -> bool:
    return ability in abilities_in(person, tender)


def require(person: "Person", ability: Ability, tender: Tender) -> None:
    """Refuse, naming who may, when the person may not."""
    if not can(person, ability, tender):
        raise NotPermitted(_refusal(ability) + set_aside(person, tender.partnership, BUYER_ROLES))


def require_to_prepare(person: "Person", partnership: Partnership) -> None:
    """Before there is a tender: the same table, asked of the partnership."""
    if not any(Ability.PREPARE in ABILITIES[role] for role in buyer_roles(person, partnership)):
        raise NotPermitted(_refusal(Ability.PREPARE) + set_aside(person, partnership, BUYER_ROLES))


def require_own(person: "Person", bidder: Bidder) -> None:
    """Only people of the bidding organisation act for it, and never while it is the buyer."""
    if person.organisation_id != bidder.organisation_id:
        raise NotPermitted("Only people of the bidding organisation may do this.")
    require(person, Ability.BID, bidder.tender)


def _refusal(ability: Ability) -> str:
    who = "; ".join(role.label.lower() for role in R if ability in ABILITIES[role])
    return f"You may not {ability.value}. Who may: {who}."
