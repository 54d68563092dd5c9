"""The portfolio: every partnership the reader has a part in, filtered by what the address says."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.permissions import Ability, can
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.sheets.download import FORMATS, download
from partnerships.filters import PortfolioFilter
from partnerships.models import Partnership
from partnerships.tables import COLUMNS, SHEET, portfolio_rows, portfolio_sheet

PER_PAGE = 50


def portfolio(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    page = Paginator(chosen.qs.values(*COLUMNS), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page_obj": page,
        "rows": portfolio_rows(page, clock.today()),
        "may_start": can(request.user, Ability.START_PARTNERSHIP),
        "downloads": [(f"{kind.upper()}", _export_address(request, kind)) for kind in FORMATS],
        "filtered": any(request.GET.get(name) for name in PortfolioFilter.base_filters),
    }
    return render(request, "partnerships/portfolio.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the filter in the address shows, whole, as a file."""
    if kind not in FORMATS:
        raise Http404
    rows = portfolio_sheet(_chosen(request).qs)
    return download(kind, f"partnerships-{clock.today().isoformat()}", list(SHEET), rows)


def _export_address(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return reverse("partnerships:export", args=[kind]) + (f"?{query.urlencode()}" if query else "")


def _chosen(request: HttpRequest) -> PortfolioFilter:
    mine = Partnership.objects.visible_to(person_of(request))
    return PortfolioFilter(request.GET, queryset=mine.order_by("title", "pk"))
