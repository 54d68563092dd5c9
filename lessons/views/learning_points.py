"""Learning points as everybody reads them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from foundation.files.store import respond
from foundation.published.caching import for_visitors
from foundation.rendering.models import JobState, RenderJob
from lessons import described, search
from lessons.documents import blocks
from lessons.editions import earlier_of
from lessons.formats.catalogue import PDF_FORMAT
from lessons.lifecycle import WRITING, LearningPointState
from lessons.models import LearningPoint
from lessons.permissions import can_publish
from lessons.publications import Publication, key
from lessons.readings import PAGE, PDF, counted
from lessons.views.formats import files_ready, part_context

PER_PAGE, LONGEST_SEARCH = 20, 200


def words_typed(request: HttpRequest) -> str:
    """What stands in the search box; a database takes no NUL."""
    return request.GET.get("text", "").replace("\0", "").strip()[:LONGEST_SEARCH]


@for_visitors
def learning_points(request: HttpRequest) -> HttpResponse:
    """All of them, newest first; or those that hold the words, best first."""
    text = words_typed(request)
    found = search.find(text, LearningPoint.objects.listed())
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": _rows(list(page.object_list), found.words),
        "text": text,
        "instead": found.instead,
        "may_publish": can_publish(request.user),
    }
    return render(request, "lessons/learning_points.html", context)


def _rows(ids: list[int], words: search.Words) -> list[tuple[LearningPoint, search.Excerpt | None]]:
    """The learning points on the screen, in order, each with what was found in it. Two queries."""
    rows = LearningPoint.objects.select_related("series").in_bulk(ids)
    excerpts = search.excerpts(words, ids, search.LEARNING_POINTS)
    return [(rows[pk], excerpts.get(pk)) for pk in ids if pk in rows]


@for_visitors
def learning_point(request: HttpRequest, slug: str) -> HttpResponse:
    """At its permanent address; 410 with the reason once it is withdrawn."""
    point = _published(slug)
    if point.state == LearningPointState.WITHDRAWN:
        return _gone(request, point)
    may_publish, earlier, of = can_publish(request.user), earlier_of(point), Publication(point=point)
    context = blocks(point) | {"job": pdf_job(of), "may_publish": may_publish, "earlier": earlier}
    context |= part_context(request, of)
    files = files_ready(of, context["groups"])
    context["described"] = described.learning_point(point, len(earlier) + 1, context["learned"], files)
    page = render(request, "lessons/learning_point.html", context)
    return page if may_publish else counted(request, page, point, PAGE)


def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    point = _published(slug)
    if point.state == LearningPointState.WITHDRAWN:
        return _gone(request, point)
    job = pdf_job(Publication(point=point))
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return counted(request, respond(job.file), point, PDF)


def _published(slug: str) -> LearningPoint:
    """Withdrawn ones too, which keep their address; never a draft."""
    published = LearningPoint.objects.exclude(state__in=WRITING).select_related("series")
    return get_object_or_404(published, slug=slug)


def _gone(request: HttpRequest, point: LearningPoint) -> HttpResponse:
    return render(request, "lessons/learning_point_withdrawn.html", {"point": point}, status=410)


def pdf_job(of: Publication) -> RenderJob | None:
    """The job that makes the PDF of what is published; None when nobody asked for it yet."""
    name = key(of, PDF_FORMAT, {})
    return RenderJob.objects.select_related("file").filter(key=name).first()
