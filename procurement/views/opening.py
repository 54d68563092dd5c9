"""The opening: before it, a page that says the same whether there are no bids or fifty."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.database.clock import local
from procurement.actions.opening import blockers_to_open, open_bids, waiting_first
from procurement.lifecycle import TenderState
from procurement.models import Opening, Tender
from procurement.permissions import Ability
from procurement.views.shared import file_for, file_page


def opening(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.READ_FILE)
    person = person_of(request)
    done = Opening.objects.filter(tender=tender).exclude(second_at=None).first()
    now = clock.database_now()
    overdue = tender.state == TenderState.OPEN and tender.deadline_at is not None and now > tender.deadline_at
    return file_page(
        request,
        tender,
        "opening",
        "procurement/opening.html",
        opening=done,
        bids=_bids(done) if done else [],
        late=done.record["late"] if done else [],
        first=None if done else waiting_first(tender),
        blockers=[] if overdue else blockers_to_open(tender, person),
        clock=local(now),
    )


def _bids(opening: Opening) -> list[dict[str, object]]:
    """The record's bids with their moments as people read them."""
    return [bid | {"received": local(datetime.fromisoformat(bid["received_at"]))} for bid in opening.record["bids"]]


def open_now(request: HttpRequest, tender_id: str) -> HttpResponse:
    """One press by each of two people."""
    tender: Tender = file_for(request, tender_id, Ability.OPEN_BIDS)
    opened = open_bids(tender=tender, by=person_of(request))
    messages.success(
        request,
        "The bids are open."
        if opened.is_complete
        else "You have opened as the first of two. A second, different person must open within 30 minutes.",
    )
    return redirect("procurement:opening", tender.public_id)
