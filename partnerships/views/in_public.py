"""What anybody may read without signing in: the list of published partnerships, a page of one, and its short form."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_filters.views import FilterView

from accounts.views.shared import network_address
from foundation.forms.submit import carry_out, posted
from foundation.published.caching import for_visitors
from partnerships import in_public
from partnerships.actions.idea import blockers_to_send, send_idea
from partnerships.filters import PublicFilter
from partnerships.forms.ideas import IdeaForm
from partnerships.models import PublicPage
from partnerships.said import page_of_said

PER_PAGE = 20


class Listed(FilterView):
    filterset_class = PublicFilter
    template_name = "partnerships/in_public/list.html"
    paginate_by = PER_PAGE
    strict = False

    def get_queryset(self) -> Any:
        leads = ("partnership__public_lead", "partnership__third_sector_lead")
        return PublicPage.objects.published().select_related(*leads).order_by("partnership__title", "pk")

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Any, Any, bool]:
        """The nearest page, as everywhere: an old link to a page that is no more still leads to the list."""
        found = Paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return found.paginator, found, found.object_list, found.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"filtered": any(self.request.GET.get(name) for name in PublicFilter.base_filters)}


listed = for_visitors(Listed.as_view())


def page(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The page, and on POST the idea that somebody sends through it."""
    found = _published(partnership_id)
    partnership = found.partnership
    blockers = blockers_to_send(partnership)
    form = IdeaForm(posted(request), page=partnership.public_id)

    def action() -> None:
        send_idea(partnership=partnership, **form.values(), sender=network_address(request), by=None)

    if request.method == "POST" and blockers:
        for sentence in blockers:
            form.add_error(None, sentence)
    elif request.method == "POST" and carry_out(request, form, action, done="Thank you. It has arrived."):
        return redirect("partnerships:idea_sent", partnership.public_id)
    context = in_public.seen_by_visitors(found)
    asked = request.method == "POST" or not blockers
    return render(
        request, "partnerships/in_public/page.html", context | {"form": form if asked else "", "blockers": blockers}
    )


@for_visitors
def said(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Everything people said and what came of it, a page at a time."""
    found = _published(partnership_id)
    shown = page_of_said(found.partnership, request.GET.get("page"), in_public=True, size=PER_PAGE)
    return render(request, "partnerships/in_public/said.html", {"page": found, "page_obj": shown})


def sent(request: HttpRequest, partnership_id: str) -> HttpResponse:
    return render(request, "partnerships/in_public/sent.html", {"page": _published(partnership_id)})


def kept(request: HttpRequest) -> HttpResponse:
    """What is kept of an idea, for how long, and who sees it."""
    return render(request, "partnerships/in_public/kept.html", {"days": settings.IDEA_DETAILS_DAYS})


def _published(partnership_id: str) -> PublicPage:
    leads = ("partnership__public_lead", "partnership__third_sector_lead")
    pages = PublicPage.objects.published().select_related(*leads)
    found = pages.filter(partnership__public_id=partnership_id).first()
    if found is None:
        raise Http404
    return found
