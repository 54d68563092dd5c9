"""The portfolio: every partnership the reader has a part in, filtered by what the address says."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.permissions import Ability, can
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.sheets.download import FORMATS, download
from partnerships import counts, links
from partnerships.filters import PortfolioFilter
from partnerships.links import Place
from partnerships.models import Partnership, SavedView
from partnerships.tables import COLUMNS, SHEET, counts_rows, portfolio_rows, portfolio_sheet

PER_PAGE = 50


def portfolio(request: HttpRequest) -> HttpResponse:
    views = SavedView.objects.visible_to(person_of(request)).by_name()
    opens_with = next((view for view in views if view.is_default), None)
    if opens_with and not request.GET:
        return redirect(opens_with)
    chosen = _chosen(request)
    counted = counts.count(chosen.besides_the_counted())
    paginator = Paginator(chosen.qs.values_list(*COLUMNS), PER_PAGE)
    paginator.count = counts.of(counted, chosen.said("stage"), chosen.said("health"))
    page = paginator.get_page(request.GET.get("page"))
    asked = _asked(request)
    context = {
        "filter": chosen,
        "page_obj": page,
        "counts": counts_rows(counts.by_stage_and_health(counted, _addresses(request))),
        "healths": [health.label for health in counts.COLUMNS],
        "views": views,
        "query": chosen.in_the_address(),
        "clear_url": f"{request.path}?all=1" if opens_with else request.path,
        "rows": portfolio_rows(page.object_list, clock.today()),
        "may_start": can(request.user, Ability.START_PARTNERSHIP),
        "downloads": [(kind.upper(), reverse("partnerships:export", args=[kind]) + asked) for kind in FORMATS],
        "more_to_take": [(one.label, reverse(one.url_name) + asked) for one in links.at(Place.TAKE_AWAY)],
        "beside": [(one.label, reverse(one.url_name)) for one in links.at(Place.BESIDE_THE_PORTFOLIO)],
        "filtered": any(request.GET.get(name) for name in PortfolioFilter.base_filters),
    }
    return render(request, "partnerships/portfolio.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the filter in the address shows, whole, as a file."""
    if kind not in FORMATS:
        raise Http404
    rows = portfolio_sheet(_chosen(request).qs)
    return download(kind, f"partnerships-{clock.today().isoformat()}", list(SHEET), rows)


def _asked(request: HttpRequest) -> str:
    """This very filter, as the end of an address."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"?{query.urlencode()}" if query else ""


def _addresses(request: HttpRequest) -> counts.Address:
    """This very filter, but for the stage and the health."""
    query = request.GET.copy()
    for name in ("page", "all", "stage", "health"):
        query.pop(name, None)
    rest = query.urlencode()

    def address(stage: str, health: str) -> str:
        chosen = [f"stage={stage}"] * bool(stage) + [f"health={health}"] * bool(health)
        return f"{request.path}?{'&'.join([rest] * bool(rest) + (chosen or ['all=1']))}"

    return address


def _chosen(request: HttpRequest) -> PortfolioFilter:
    mine = Partnership.objects.visible_to(person_of(request))
    return PortfolioFilter(request.GET, queryset=mine.order_by("title", "pk"))
