"""Learning points as everybody reads them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from foundation.files.store import respond
from foundation.rendering.models import JobState, RenderJob
from lessons.documents import blocks
from lessons.lifecycle import LISTED, LearningPointState
from lessons.models import LearningPoint
from lessons.permissions import can_publish

PER_PAGE = 20


def learning_points(request: HttpRequest) -> HttpResponse:
    listed = LearningPoint.objects.listed().select_related("series")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_publish": can_publish(request.user)}
    return render(request, "lessons/learning_points.html", context)


def learning_point(request: HttpRequest, slug: str) -> HttpResponse:
    published = LearningPoint.objects.exclude(state=LearningPointState.DRAFT).select_related("series")
    point = get_object_or_404(published, slug=slug)
    if point.state == LearningPointState.WITHDRAWN:
        return render(request, "lessons/learning_point_withdrawn.html", {"point": point})
    context = blocks(point) | {"job": pdf_job(point), "may_publish": can_publish(request.user)}
    return render(request, "lessons/learning_point.html", context)


def pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    point = get_object_or_404(LearningPoint, slug=slug, state__in=LISTED)
    job = pdf_job(point)
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return respond(job.file)


def pdf_job(point: LearningPoint) -> RenderJob | None:
    """The job that makes the PDF of the published version; None when nobody asked for it yet."""
    if not point.pdf_job:
        return None
    return RenderJob.objects.select_related("file").filter(public_id=point.pdf_job).first()
