"""What every page of a tender begins with: who is reading, which tender, and the frame around the buyer's file."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.policy.refusals import NotNow
from partnerships.permissions import Ability as Lessons
from partnerships.permissions import where_may
from procurement.actions.reading import enter
from procurement.lifecycle import TenderState
from procurement.models import Bidder, PanelMember, Tender
from procurement.permissions import Ability, abilities_in, require

View = Callable[..., HttpResponse]
# What the lessons of the library are looked for with, beside the tender's title, on the pages where the work is done.
LEARNED = {
    "tender": "",
    "papers": "papers specification disclosure TUPE staff",
    "questions": "questions answers clarification bidders",
    "panel": "panel evaluation interest users",
    "award": "award feedback standstill mobilisation contract",
}
# The pages of the file, as tabs: address name, label, and the ability each asks for.
FILE = (
    ("tender", "Overview", Ability.READ_FILE),
    ("papers", "Papers", Ability.READ_FILE),
    ("questions", "Questions", Ability.ANSWER),
    ("panel", "Panel", Ability.READ_FILE),
    ("opening", "Opening", Ability.READ_FILE),
    ("agreed", "Agreed scores", Ability.MODERATE),
    ("results", "Results", Ability.SEE_RESULTS),
    ("award", "Award", Ability.SEE_RESULTS),
    ("history", "History", Ability.READ_FILE),
)


def _tender(tender_id: str) -> Tender:
    found = (
        Tender.objects.filter(public_id=tender_id)
        .select_related("partnership__public_lead", "partnership__third_sector_lead", "key")
        .first()
    )
    if found is None:
        raise Http404
    return found


def notice_for(tender_id: str) -> Tender:
    """A tender whose notice has gone out: anybody's. 404 before that."""
    tender = _tender(tender_id)
    if tender.published_at is None:
        raise Http404
    return tender


def file_for(request: HttpRequest, tender_id: str, ability: Ability, *, through: Callable[..., None] = enter) -> Tender:
    """A tender for the buyer's side: 404 for whoever may not know it, 403 (recorded) for whoever may not enter.

    `through` is the door: `enter` for the file, `read_bids` and `read_prices` for what is sealed at first.
    """
    person = person_of(request)
    tender = _tender(tender_id)
    if not Tender.objects.visible_to(person).filter(pk=tender.pk).exists():
        raise Http404
    through(tender=tender, ability=ability, by=person)
    return tender


def bidder_of(person: Person, tender: Tender) -> Bidder | None:
    """The person's own organisation's part in the tender, if it has one. 403 for the buyer's own people."""
    require(person, Ability.BID, tender)
    return (
        Bidder.objects.visible_to(person)
        .filter(tender=tender)
        .select_related("tender__partnership__public_lead", "tender__key", "organisation")
        .first()
    )


def own_bidder(request: HttpRequest, tender: Tender) -> Bidder:
    found = bidder_of(person_of(request), tender)
    if found is None:
        raise Http404
    return found


def seat_of(request: HttpRequest, tender_id: str) -> PanelMember:
    """The reader's place on the panel, or 404."""
    found = (
        PanelMember.objects.of(person_of(request))
        .filter(tender__public_id=tender_id)
        .select_related("tender__partnership__public_lead", "tender__key", "person__organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def file_page(
    request: HttpRequest, tender: Tender, here: str, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page in the file's frame: its tabs, and what the reader may do."""
    abilities = abilities_in(person_of(request), tender)
    frame = {
        "tender": tender,
        "here": here,
        "pages": [(name, label) for name, label, needed in FILE if needed in abilities],
        "may": {ability.name.lower(): True for ability in abilities} | _learning(request, tender),
        "learned": f"{tender.title} {LEARNED[here]}" if here in LEARNED else "",
        "is_preparing": tender.state == TenderState.PREPARING,
    }
    return render(request, template, frame | context, status=status)


def _learning(request: HttpRequest, tender: Tender) -> dict[str, bool]:
    """Whoever may write lessons down in the partnership may do so from its tender, too: one query a request."""
    return {"add_lesson": tender.partnership_id in where_may(person_of(request), Lessons.ADD_LESSON)}


def or_not_yet(here: str, heading: str) -> Callable[[View], View]:
    """For a page of what is sealed at first: while it is not the time, the file's frame says so in its place, with 409.

    Only what is refused at the door comes here: a form tells its own refusals.
    """

    def decorate(page: View) -> View:
        @wraps(page)
        def shown(request: HttpRequest, tender_id: str, **more: str) -> HttpResponse:
            try:
                return page(request, tender_id, **more)
            except NotNow as refusal:
                context = {"heading": heading, "blockers": refusal.reasons}
                return file_page(request, _tender(tender_id), here, "procurement/not_yet.html", 409, **context)

        return shown

    return decorate


def file_form(
    request: HttpRequest, tender: Tender, here: str, form: PortalForm, heading: str, **context: Any
) -> HttpResponse:
    """One form below one heading, in the file's frame."""
    return file_page(request, tender, here, "procurement/form.html", form=form, heading=heading, **context)
