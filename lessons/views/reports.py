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
from lessons.forms.report import ReportForm
from lessons.models import Report
from lessons.views.choosing import chosen_lessons

PER_PAGE = 20


def reports(request: HttpRequest) -> HttpResponse:
    newest = Report.objects.visible_to(person_of(request)).select_related("made_by").defer("lessons")
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    jobs = RenderJob.objects.filter(public_id__in=[report.render_job for report in page])
    states = {job.public_id: job.get_state_display() for job in jobs}
    rows = [(report, states.get(report.render_job, "")) for report in page]
    return render(request, "lessons/reports.html", {"page_obj": page, "rows": rows})


def new(request: HttpRequest) -> HttpResponse:
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
    return render(request, "lessons/report.html", _context(request, report_id))


def progress(request: HttpRequest, report_id: str) -> HttpResponse:
    """The part of the page that portal.js asks for again until the report is made."""
    return render(request, "lessons/report_progress.html", _context(request, report_id))


def download(request: HttpRequest, report_id: str) -> HttpResponseBase:
    job = _job(_report(request, report_id))
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return respond(job.file)


def _report(request: HttpRequest, report_id: str) -> Report:
    visible = Report.objects.visible_to(person_of(request)).select_related("made_by")
    return get_object_or_404(visible, public_id=report_id)


def _job(report: Report) -> RenderJob | None:
    return RenderJob.objects.select_related("file").filter(public_id=report.render_job).first()


def _context(request: HttpRequest, report_id: str) -> dict[str, Any]:
    report = _report(request, report_id)
    others = Report.objects.filter(title=report.title).exclude(pk=report.pk).defer("lessons")
    return {
        "report": report,
        "job": _job(report),
        "lessons": report.snapshots(),
        "filters": report.filters.items(),
        "others": others.order_by("-edition"),
        "poll_url": reverse("lessons:report_progress", args=[report.public_id]),
        "download_url": reverse("lessons:report_download", args=[report.public_id]),
    }
