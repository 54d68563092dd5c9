"""Going into the closed parts of a tender. Nothing changes, but whoever is turned away leaves a trace."""

from typing import TYPE_CHECKING

from foundation.audit.verbs import verb
from foundation.policy.refusals import stop_if
from procurement.actions.evaluation import blockers_to_read
from procurement.envelopes import price_blockers
from procurement.models import PanelMember, Tender
from procurement.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

SEALED = "Bids are sealed. Nobody can read them, not even an administrator, before two people have opened them."


@verb("tender.read", on="tender")
def enter(*, tender: Tender, ability: Ability, by: "Person") -> None:
    """Ask for a page of the tender file; a refusal is recorded (`domain.md` scenarios 44 and 58)."""
    require(by, ability, tender)


@verb("bid.read", on="tender")
def read_bids(*, tender: Tender, ability: Ability, by: "Person") -> None:
    """Ask for the bids themselves: the right people, and only after they were opened."""
    require(by, ability, tender)
    stop_if([] if tender.opened_at else [SEALED])


@verb("bid.score_reading", on="member")
def read_as_member(*, member: PanelMember, by: "Person") -> None:
    """Ask for the bids as a member of the panel: after declaring that there is no interest."""
    stop_if(blockers_to_read(member))


@verb("price.read", on="tender")
def read_prices(*, tender: Tender, ability: Ability, by: "Person") -> None:
    """Ask for prices and ranks: the right people, and only after the agreed quality scores are locked."""
    require(by, ability, tender)
    stop_if(price_blockers(tender))
