"""All pilots together: what the pilots the reader may see have reached and cost, filtered as the portfolio is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.sheets.download import FORMATS, Table, download
from partnerships.filters import filter_in_words, filter_of
from partnerships.models import Partnership
from pilots.filters import TogetherFilter, year_in_words
from pilots.together import Together, rolled_up
from pilots.together_rows import (
    CAPTION,
    HEADERS,
    ONE_ONLY,
    SHEET,
    shown_rows,
    spend_drawing,
    together_rows,
    together_sheet,
)


def together(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    found = _found(chosen)
    drawing, twin = spend_drawing(found.groups, chosen.grouping.label)
    query = chosen.in_the_address()
    rest = f"?{query}" if query else ""
    context = {
        "filter": chosen,
        "grouping": chosen.grouping.label,
        "headers": HEADERS,
        "rows": together_rows(shown_rows(found)),
        "drawing": drawing,
        "twin": twin,
        "drawn": CAPTION,
        "downloads": [(kind.upper(), reverse("pilots:together_export", args=[kind]) + rest) for kind in FORMATS],
        "list_query": filter_of(request.GET),
        "filtered": bool(query),
        "small_numbers": ONE_ONLY,
    }
    return render(request, "pilots/together.html", context)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The same rows as a file."""
    if kind not in FORMATS:
        raise Http404
    chosen = _chosen(request)
    headers = [chosen.grouping.label, *SHEET[1:]]
    name = f"pilots-together-{clock.today().isoformat()}"
    about = [
        ("Filter", filter_in_words(filter_of(request.GET)) or "None"),
        ("Financial year", year_in_words(chosen.since.year) if chosen.since else "All"),
        ("Small numbers", ONE_ONLY),
    ]
    more = [Table("About", ("What", "How it is"), about)]
    return download(kind, name, headers, together_sheet(shown_rows(_found(chosen))), sheet="Pilots", more=more)


def _found(chosen: TogetherFilter) -> Together:
    return rolled_up(chosen.qs, chosen.grouping, clock.today(), chosen.since)


def _chosen(request: HttpRequest) -> TogetherFilter:
    return TogetherFilter(request.GET, queryset=Partnership.objects.visible_to(person_of(request)))
