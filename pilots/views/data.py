"""The figures to download: of one pilot, or of every pilot that the portfolio's filter shows."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.sheets.download import CSV, FORMATS, Cell, Table, download
from partnerships.filters import PortfolioFilter, filter_in_words
from partnerships.models import Partnership
from partnerships.views.shared import partnership_for, partnership_page
from pilots import tidy
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, MonthlyReturn
from pilots.models.monthly_return import MonthlyReturnQuerySet
from pilots.permissions import sees_whole
from pilots.views.shared import indicators_of, returns_of

UNACCEPTED = "with-drafts"  # in the address: also what nobody has accepted yet
TO_SHARE = "to-share"  # in the address: small counts are hidden, also from whoever may see them
HIDES = (
    "Who the people are is counted. Counts of 1 to 4 are shown as “<5”, and what would give one away as “Not shown”, "
    "because such people could be recognised."
)
SHOWS = (
    "Who the people are is counted in full: you type or check these counts. Counts of 1 to 4 could tell who somebody "
    "is, so do not pass this file on."
)
ACCEPTED_ONLY = "Returns that a second person accepted, each as last corrected."
ALL_KINDS = "Accepted returns, and also those that may still change: drafts, and what is submitted or sent back."


def data(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    whole = sees_whole(person_of(request), partnership)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/data.html",
        columns=tidy.column_rows(),
        whole=whole,
        rule=SHOWS if whole else HIDES,
        count=returns_of(request, partnership).accepted().count(),
        more=f"?{UNACCEPTED}=1",
        to_share=f"?{TO_SHARE}=1",
    )


def data_file(request: HttpRequest, partnership_id: str, kind: str) -> HttpResponseBase:
    partnership = partnership_for(request, partnership_id)
    person = person_of(request)
    whole = sees_whole(person, partnership) and TO_SHARE not in request.GET
    everything = whole and UNACCEPTED in request.GET
    returns = returns_of(request, partnership)
    chosen = returns.current().exclude(state=ReturnState.PLANNED) if everything else returns.accepted()
    about = [
        ("Pilot", str(partnership)),
        ("Which returns", ALL_KINDS if everything else ACCEPTED_ONLY),
        ("Small counts", SHOWS if whole else HIDES),
    ]
    indicators = list(indicators_of(request, partnership).select_related("partnership"))
    return _file(request, kind, f"pilot-figures-{clock.today()}", chosen, indicators, about, whole=whole)


def all_data(request: HttpRequest) -> HttpResponse:
    """What the portfolio's filter shows, as one file. Its small counts are hidden from everybody."""
    chosen = _chosen(request)
    query = chosen.in_the_address()
    context = {
        "columns": tidy.column_rows(),
        "rule": HIDES,
        "filter_in_words": filter_in_words(query),
        "count": MonthlyReturn.objects.visible_to(person_of(request)).accepted().filter(**_of(chosen)).count(),
        "query": f"?{query}" if query else "",
        "portfolio": reverse("partnerships:portfolio"),
    }
    return render(request, "pilots/all_data.html", context)


def all_data_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    chosen, person = _chosen(request), person_of(request)
    returns = MonthlyReturn.objects.visible_to(person).accepted().filter(**_of(chosen))
    indicators = Indicator.objects.visible_to(person).filter(**_of(chosen), values__monthly_return__in=returns)
    about = [
        ("Pilots", "All that the filter of the portfolio shows and that have an accepted return."),
        ("Filter", filter_in_words(chosen.in_the_address()) or "None"),
        ("Which returns", ACCEPTED_ONLY),
        ("Small counts", HIDES),
    ]
    listed = indicators.distinct().select_related("partnership").order_by("partnership__title", "partnership", "code")
    return _file(request, kind, f"figures-of-pilots-{clock.today()}", returns, list(listed), about, whole=False)


def _chosen(request: HttpRequest) -> PortfolioFilter:
    return PortfolioFilter(request.GET, queryset=Partnership.objects.visible_to(person_of(request)))


def _of(chosen: PortfolioFilter) -> dict[str, object]:
    return {"partnership__in": chosen.qs.order_by().values("pk")}


def _file(
    request: HttpRequest,
    kind: str,
    name: str,
    returns: MonthlyReturnQuerySet,
    indicators: Sequence[Indicator],
    about: Sequence[tuple[str, str]],
    *,
    whole: bool,
) -> HttpResponseBase:
    """The data as CSV, or as a workbook that explains itself. The corrected periods are named in it."""
    if kind not in FORMATS:
        raise Http404
    rows = tidy.rows_of(returns, whole=whole)
    if kind == CSV:
        return download(kind, name, list(tidy.COLUMNS), rows)
    corrected = [f"{row.partnership}: {row.month}" for row in returns.corrections().select_related("partnership")]
    told: list[Sequence[Cell]] = [
        ("Made by", str(person_of(request))),
        ("Made on", clock.local(clock.now())),
        *about,
        ("Corrected figures", "; ".join(corrected) or "None"),
        ("Missing figures", "A figure that nobody typed has no row. It is not zero."),
    ]
    more = (
        Table("Columns", ("Column", "What it holds"), tidy.column_rows()),
        Table("Measures", tidy.DICTIONARY, tidy.measure_rows(indicators)),
        Table("About", ("What", "How it is"), told),
    )
    return download(kind, name, list(tidy.COLUMNS), rows, sheet="Data", more=more)
