"""What anybody may read without signing in: the list of notices, a notice, the papers released with it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django_filters.views import FilterView

from accounts.models import Person
from foundation.database import clock
from foundation.database.clock import local
from foundation.files import store
from procurement.actions.question import blockers_to_ask
from procurement.filters import NoticeFilter
from procurement.lifecycle import RELEASED, TenderState
from procurement.models import Bidder, DisclosureItem, StandstillLetter, Tender
from procurement.permissions import Ability, can, works_for_buyer
from procurement.timetable import DEADLINE_FOR_BIDS, DEADLINE_FOR_QUESTIONS, LAST_DAY_FOR_ANSWERS
from procurement.views.shared import notice_for


class Notices(FilterView):
    filterset_class = NoticeFilter
    template_name = "procurement/notices.html"
    paginate_by = 20
    strict = False

    def get_queryset(self) -> QuerySet[Tender]:
        notices = Tender.objects.published().select_related("partnership__public_lead")
        return notices.defer("specification", "how_to_bid").order_by("-published_at", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rows": [row(tender) for tender in context["object_list"]],
            "filtered": any(self.request.GET.get(name) for name in NoticeFilter.base_filters),
        }


def row(tender: Tender) -> dict[str, Any]:
    """One notice of the list, ready to print."""
    assert tender.deadline_at is not None
    return {
        "title": tender.title,
        "url": tender.get_absolute_url(),
        "summary": tender.summary,
        "buyer": tender.buyer.name,
        "area": tender.partnership.get_area_display(),
        "deadline": local(tender.deadline_at),
        "state": tender.get_state_display(),
        "is_open": tender.state == TenderState.OPEN and clock.now() <= tender.deadline_at,
    }


def notice(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    assert tender.deadline_at is not None
    assert tender.question_deadline_at is not None
    assert tender.published_at is not None
    now = clock.database_now()
    context = {
        "tender": tender,
        "criteria": tender.criteria.all(),
        "questions": tender.questions.published(),
        "papers": tender.papers.filter(decision__in=RELEASED).select_related("file"),
        "changes": [(local(c.moved_from), local(c.moved_to), c.reason) for c in tender.deadline_changes.all()],
        "dates": _dates(tender),
        "clock": local(now),
        "is_open": tender.state == TenderState.OPEN and now <= tender.deadline_at,
        "may_ask": not blockers_to_ask(tender),
        **_reader(request, tender),
    }
    return render(request, "procurement/notice.html", context)


def _dates(tender: Tender) -> list[tuple[str, str]]:
    assert tender.deadline_at is not None
    assert tender.question_deadline_at is not None
    assert tender.published_at is not None
    return [
        ("Notice published", local(tender.published_at)),
        (DEADLINE_FOR_QUESTIONS, local(tender.question_deadline_at)),
        (LAST_DAY_FOR_ANSWERS, f"{tender.last_answer_on:%-d %B %Y}"),
        (DEADLINE_FOR_BIDS, local(tender.deadline_at)),
        ("Contract starts", f"{tender.contract_starts_on:%-d %B %Y}"),
        ("Contract ends", f"{tender.contract_ends_on:%-d %B %Y}"),
    ]


def _reader(request: HttpRequest, tender: Tender) -> dict[str, Any]:
    """What the page offers this reader: nothing personal for a visitor, no bidding for the buyer's own people."""
    person = request.user
    if not isinstance(person, Person):
        return {"is_visitor": True}
    mine = Bidder.objects.visible_to(person).filter(tender=tender).first()
    return {
        "may_bid": person.organisation_id is not None and not works_for_buyer(person, tender.partnership),
        "mine": mine,
        "has_letter": mine and StandstillLetter.objects.filter(bid__bidder=mine).exclude(sent_at=None).exists(),
        "is_buyer": works_for_buyer(person, tender.partnership),
        "may_read_file": can(person, Ability.READ_FILE, tender),
    }


def paper(request: HttpRequest, tender_id: str, paper_id: str) -> HttpResponseBase:
    """A paper released to all bidders: free, full and direct, from the moment the notice is out."""
    tender = notice_for(tender_id)
    found = (
        DisclosureItem.objects.filter(tender=tender, public_id=paper_id, decision__in=RELEASED)
        .select_related("file")
        .first()
    )
    if found is None or found.file is None:
        raise Http404
    return store.respond(found.file)
