"""For publishers: what was read and downloaded, by month and by document. Nothing but numbers is kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from foundation.database import clock
from foundation.drawing.chart import Series, chart_table, line_chart
from foundation.sheets.download import FORMATS, Cell
from foundation.sheets.download import download as saved
from lessons.formats.catalogue import format_called
from lessons.models import LearningPoint, Lesson, Profile, Reading, ReadThing, Report
from lessons.models.learning_point import first_of_month
from lessons.readings import PAGE

PER_PAGE, MONTHS = 25, 12
TITLE, UNIT = "Read and downloaded in each month", "Times"
HEADERS = ("Month", "Kind", "Document", "Address", "Format", "Times")
Documents = dict[str, Lesson | LearningPoint | Report]


def readings(request: HttpRequest) -> HttpResponse:
    months = last_months(first_of_month(clock.today()), MONTHS)
    kept = Reading.objects.filter(month__gte=months[0])
    page = Paginator(by_document(kept), PER_PAGE).get_page(request.GET.get("page"))
    series = _series(kept, months)
    context = {
        "page_obj": page,
        "rows": list(_rows(page.object_list)),
        "drawing": line_chart(series, title=TITLE, unit=UNIT, id="readings"),
        "twin": chart_table(series, unit=UNIT),
        "formats": list(_formats(kept)),
        "since": months[0],
        "downloads": [(kind.upper(), reverse("lessons:readings_download", args=[kind])) for kind in FORMATS],
        "may_publish": True,
    }
    return render(request, "lessons/readings.html", context)


def download(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Every number that is kept, a row for each month, document and format."""
    if kind not in FORMATS:
        raise Http404
    return saved(kind, "readings", HEADERS, _lines(), sheet="Readings")


def last_months(current: date, number: int) -> list[date]:
    """The first days of the last `number` months, the current one last.

    >>> [str(month) for month in last_months(date(2027, 2, 1), 3)]
    ['2026-12-01', '2027-01-01', '2027-02-01']
    """
    last = current.year * 12 + current.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - number + 1, last + 1)]


def by_document(kept: QuerySet[Reading]) -> QuerySet[Reading, Any]:
    """What was asked for most comes first."""
    read = Sum("count", filter=Q(format=PAGE), default=0)
    rows = kept.values("kind", "document").annotate(
        read=read, downloaded=Sum("count", filter=~Q(format=PAGE), default=0), total=Sum("count")
    )
    return rows.order_by("-total", "kind", "document")


def _series(kept: QuerySet[Reading], months: Sequence[date]) -> list[Series]:
    """Pages read and files downloaded; a month in which nothing was counted is a zero. One query."""
    sums: dict[tuple[bool, date], int] = defaultdict(int)
    for month, format, count in kept.order_by().values_list("month", "format").annotate(times=Sum("count")):
        sums[format == PAGE, month] += count
    if not sums:
        return []
    pages, files = ([(month, Decimal(sums[is_page, month])) for month in months] for is_page in (True, False))
    return [Series("Read", pages), Series("Downloaded", files, "dashed")]


def _formats(kept: QuerySet[Reading]) -> Iterator[tuple[str, int]]:
    """How often each format was downloaded, the most wanted first. One query."""
    sums = kept.exclude(format=PAGE).order_by().values_list("format").annotate(times=Sum("count"))
    for code, times in sorted(sums, key=lambda row: (-row[1], row[0])):
        made = format_called(code)
        yield made.label if made else code, times


def _rows(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    rows = list(found)
    documents = _documents({row["document"] for row in rows})
    for row in rows:
        name, address = _name(documents.get(row["document"]))
        yield row | {"name": name, "url": address, "label": ReadThing(row["kind"]).label}


def _lines() -> Iterator[Sequence[Cell]]:
    every = Reading.objects.all()
    documents = _documents(None)
    for row in every.iterator():
        name, address = _name(documents.get(row.document))
        yield row.month, row.get_kind_display(), name, address, row.format, row.count


def _documents(ids: set[str] | None) -> Documents:
    """By public id; None: all of them. Four queries."""
    which = Q() if ids is None else Q(public_id__in=ids)
    lessons = Lesson.objects.filter(which)
    points = LearningPoint.objects.filter(which).select_related("series")
    reports = Report.objects.filter(which).defer("lessons")
    profiles = Profile.objects.filter(which)
    return {row.public_id: row for row in (*lessons, *points, *reports, *profiles)}


def _name(document: Lesson | LearningPoint | Report | Profile | None) -> tuple[str, str]:
    if document is None:
        return "A document that is no longer here", ""
    name = document.series_line if isinstance(document, LearningPoint) else str(document)
    return (f"{document.name}: {name}" if isinstance(document, Lesson) else name), document.get_absolute_url()
