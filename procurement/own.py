"""The tenders a person has a hand in, for the home page: as buyer, on the panel, or for a bidder. One query."""

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.desk import Line, Part
from foundation.database.clock import local
from partnerships.models import held_by
from partnerships.roles import PartnershipRole
from procurement.lifecycle import FINISHED, Interest, TenderState
from procurement.models import Bidder, PanelMember, Tender

if TYPE_CHECKING:
    from accounts.models import Person

MOST = 10
# A panel has work from here on; before, a member is not told of a tender that is not public yet.
_FOR_THE_PANEL = ~Q(state=TenderState.PREPARING)


def tenders_of(person: "Person") -> Part | None:
    """Those that are not finished, the next deadline first."""
    held = [pk for pk, roles in held_by(person).items() if PartnershipRole.PROCUREMENT_OFFICER in roles]
    on_panel = PanelMember.objects.of(person).filter(tender=OuterRef("pk")).exclude(interest=Interest.CONFLICT)
    bidder = Bidder.objects.visible_to(person).filter(tender=OuterRef("pk"))
    is_buyer = Q(partnership__in=held, partnership__public_lead=person.organisation_id)
    found = (
        Tender.objects.exclude(state__in=FINISHED)
        .annotate(declared=Subquery(on_panel.values("interest")[:1]), bids_here=Exists(bidder))
        .filter(is_buyer | (Q(declared__isnull=False) & _FOR_THE_PANEL) | Q(bids_here=True))
        .select_related("partnership", "award")
        .only("public_id", "title", "state", "deadline_at", "partnership__public_lead", "award__signable_on")
        .order_by("deadline_at", "pk")
    )
    tenders = list(found[: MOST + 1])
    lines = [_line(tender, person, held) for tender in tenders[:MOST]]
    return Part("tenders", "Your tenders", lines, more=len(tenders) - len(lines)) if lines else None


def _line(tender: Tender, person: "Person", held: list[int]) -> Line:
    buys = tender.partnership_id in held and tender.partnership.public_lead_id == person.organisation_id
    if buys:
        role, page = "Procurement officer", "tender"
    elif tender.bids_here:  # type: ignore[attr-defined]
        role, page = "Bidder", "my_bid"
    else:
        role, page = "Member of the panel", _panel_page(tender)
    url = reverse(f"procurement:{page}", args=[tender.public_id])
    return Line(tender.title, url, role, tender.get_state_display(), _next(tender, buys=buys))


def _panel_page(tender: Tender) -> str:
    if tender.state != TenderState.EVALUATING:
        return "notice"
    return "declare" if tender.declared == Interest.NONE else "scoring"  # type: ignore[attr-defined]


def _next(tender: Tender, *, buys: bool) -> str:
    """What comes next and when, as far as everybody in that role may know it."""
    match TenderState(tender.state):
        case TenderState.PREPARING:
            return "Publication of the notice"
        case TenderState.OPEN:
            assert tender.deadline_at is not None
            return f"Bids, due {local(tender.deadline_at)}"
        case TenderState.CLOSED:
            return "Opening of the bids by two people"
        case TenderState.EVALUATING:
            return "Scoring by the panel"
        case _:
            award = getattr(tender, "award", None)
            if buys and award and award.signable_on:
                return f"Signing of the contract, from {award.signable_on:%-d %B %Y}"
            return "Signing of the contract, after the standstill"
