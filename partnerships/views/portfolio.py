"""The portfolio: every partnership the reader has a part in, filtered by what the address says."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.permissions import Ability, can
from accounts.views.shared import person_of
from foundation.database import clock
from partnerships.filters import PortfolioFilter
from partnerships.models import Partnership
from partnerships.tables import COLUMNS, portfolio_rows

PER_PAGE = 50


def portfolio(request: HttpRequest) -> HttpResponse:
    mine = Partnership.objects.visible_to(person_of(request))
    chosen = PortfolioFilter(request.GET, queryset=mine.order_by("title", "pk"))
    page = Paginator(chosen.qs.values(*COLUMNS), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": chosen,
        "page_obj": page,
        "rows": portfolio_rows(page, clock.today()),
        "may_start": can(request.user, Ability.START_PARTNERSHIP),
        "filtered": any(request.GET.get(name) for name in PortfolioFilter.base_filters),
    }
    return render(request, "partnerships/portfolio.html", context)
