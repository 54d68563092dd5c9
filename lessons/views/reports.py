"""Reports: the list, making one, watching it being made, downloading it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files.store import respond
from foundation.forms.submit import carry_out, posted
from foundation.rendering.models import JobState, RenderJob
from lessons.actions.report import make_report
from lessons.changed import between
from lessons.documents import since_made
from lessons.forms.report import ReportForm
from lessons.models import Report
from lessons.permissions import can_publish
from lessons.publications import Publication
from lessons.readings import PDF, counted
from lessons.views.choosing import asked_to_choose, chosen_lessons
from lessons.views.formats import part_context

PER_PAGE = 20


def reports(request: HttpRequest) -> HttpResponse:
    newest = Report.objects.visible_to(person_of(request)).select_related("made_by").defer("lessons")
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    jobs = RenderJob.objects.filter(public_id__in=[report.render_job for report in page])
    states = {job.public_id: job.get_state_display() for job in jobs}
    rows = [(report, states.get(report.render_job, "")) for report in page]
    context = {"page_obj": page, "rows": rows, "may_publish": can_publish(request.user)}
    return render(request, "lessons/reports.html", context)


def new(request: HttpRequest) -> HttpResponse:
    if back := asked_to_choose(request):
        return back
    lessons, filters = chosen_lessons(request)
    form = ReportForm(posted(request), lessons=lessons, cancel_url=reverse("lessons:library"))
    made: list[Report] = []

    def action() -> None:
        report, _ = make_report(lessons=form.in_order(), filters=filters, by=person_of(request), **form.values())
        made.append(report)

    if request.method == "POST" and carry_out(request, form, action, done="The report is being made."):
        return redirect(made[0]) if made else redirect("lessons:reports")
    return render(request, "lessons/report_new.html", {"form": form, "lessons": lessons, "filters": filters.items()})


def report(request: HttpRequest, report_id: str) -> HttpResponse:
    report = _report(request, report_id)
    lessons = report.snapshots()
    editions = list(
        Report.objects.filter(title=report.title).exclude(pk=report.pk).order_by("-edition").defer("lessons")
    )
    earlier = next((other for other in editions if other.edition < report.edition), None)
    context = {
        "lessons": lessons,
        "filters": report.filters.items(),
        "others": editions,
        "earlier": earlier,
        "since_earlier": between(earlier.snapshots(), lessons) if earlier else [],
        "since_made": since_made(lessons),
    }
    formats = part_context(request, Publication(report=report))
    return render(request, "lessons/report.html", _progress(report) | formats | context)


def progress(request: HttpRequest, report_id: str) -> HttpResponse:
    """The part of the page that portal.js asks for again until the report is made."""
    return render(request, "lessons/report_progress.html", _progress(_report(request, report_id)))


def download(request: HttpRequest, report_id: str) -> HttpResponseBase:
    report = _report(request, report_id)
    job = _job(report)
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return counted(request, respond(job.file), report, PDF)


def _report(request: HttpRequest, report_id: str) -> Report:
    visible = Report.objects.visible_to(person_of(request)).select_related("made_by")
    return get_object_or_404(visible, public_id=report_id)


def _job(report: Report) -> RenderJob | None:
    return RenderJob.objects.select_related("file").filter(public_id=report.render_job).first()


def _progress(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "job": _job(report),
        "poll_url": reverse("lessons:report_progress", args=[report.public_id]),
        "download_url": reverse("lessons:report_download", args=[report.public_id]),
    }
