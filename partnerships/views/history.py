"""The history of a partnership: first as a story in sentences, one click away every event of its chain."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from foundation.audit import history as audit
from partnerships import story
from partnerships.forms.story import OLDEST_FIRST, StoryFilter
from partnerships.views.shared import partnership_for, partnership_page

PER_PAGE = 40


def history(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    form = StoryFilter(request.GET)
    kind, oldest_first = form.chosen("kind"), form.chosen("order") == OLDEST_FIRST
    moves = story.moves_of(partnership)
    events = story.events_of(partnership, kind, moves, oldest_first=oldest_first)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return partnership_page(
        request,
        partnership,
        "history",
        "partnerships/history.html",
        form=form,
        page_obj=page,
        chapters=story.chapters(page.object_list, partnership, moves),
        filtered=bool(kind),
        tells_others=settings.WEBHOOKS,
    )


def events(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    shown = audit.history(partnership.audit_scope, before=request.GET.get("before"))
    return partnership_page(request, partnership, "history", "partnerships/history_all.html", history=shown)
