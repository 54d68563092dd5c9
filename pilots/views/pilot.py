"""The pilot's page: how it stands, month by month, and what is to be reported next."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from foundation.database import clock
from foundation.workdays.models import holidays
from partnerships.views.shared import partnership_for, partnership_page
from pilots.standing import standing_of
from pilots.tables import chart_of, indicator_rows, return_rows, spend_row
from pilots.views.shared import evaluation_of, returns_of

PER_PAGE = 12


def pilot(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    standing, today = standing_of(partnership), clock.today()
    returns = returns_of(request, partnership)
    page = Paginator(returns.begun(today), PER_PAGE).get_page(request.GET.get("page"))
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/pilot.html",
        standing=standing,
        indicators=indicator_rows(standing),
        chart=chart_of(standing),
        spend=spend_row(standing.spend),
        page_obj=page,
        returns=return_rows(page, partnership, today=today, holidays=holidays()),
        next_to_fill_in=returns.to_fill_in().begun(today).order_by("period").first(),
        ahead=returns.ahead(today),
        evaluation=evaluation_of(request, partnership),
    )
