"""The papers of the pilot: the report of some months as a page and a PDF, and the evaluation packs of the gates."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.files.store import respond
from foundation.rendering.models import JobState
from partnerships import ladder
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from partnerships.views.shared import partnership_for, partnership_page
from pilots import blocks
from pilots.actions.papers import blockers_to_pack, blockers_to_print, request_evaluation_pack, request_report
from pilots.forms.report import RangeForm
from pilots.models import GATES_WITH_A_PACK, PaperKind, PilotPaper
from pilots.models.paper import PilotPaperQuerySet
from pilots.packs import not_ready
from pilots.report import Range, content_of, months_told, usual_range
from pilots.spending import rows_of
from pilots.views.shared import evaluation_of

PER_PAGE = 25


def report(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The report as it is now; each PDF is frozen when it is asked for."""
    partnership = partnership_for(request, partnership_id)
    rows, today = rows_of(partnership), clock.today()
    blockers = blockers_to_print(partnership, bool(rows.accepted))
    form = RangeForm(request.GET or None, months=months_told(rows, today), default=usual_range(rows, today))
    asked = form.range()
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/report.html",
        form=form,
        blockers=blockers,
        asked=asked,
        sections=[] if blockers else blocks.laid_out(content_of(partnership, asked, rows)),
    )


def papers(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Every report of the pilot that was asked for, the newest first."""
    partnership = partnership_for(request, partnership_id)
    found = _papers(request, partnership).filter(kind=PaperKind.REPORT)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return partnership_page(request, partnership, "pilot", "pilots/papers.html", page_obj=page)


def report_ask(request: HttpRequest, partnership_id: str, first: date, last: date) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    try:
        paper = request_report(partnership=partnership, asked=Range(first, last), by=person_of(request))
    except ValidationError as fault:  # months that no page offers
        raise Http404 from fault
    messages.success(request, "The report is being made. You can wait for it here.")
    return redirect("pilots:paper", partnership.public_id, paper.public_id)


def evaluation_packs(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    papers = list(_papers(request, partnership).filter(kind=PaperKind.PACK))
    passed = ladder.passed_gates(ladder.taken_at(partnership))
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/evaluation_packs.html",
        blockers=blockers_to_print(partnership),
        not_ready=not_ready(evaluation_of(request, partnership)),
        packs=[
            (
                gate,
                [paper for paper in papers if paper.gate == gate],
                blockers_to_pack(gate, passed.get(gate)),
            )
            for gate in GATES_WITH_A_PACK
        ],
    )


def evaluation_pack_ask(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    if gate not in GATES_WITH_A_PACK:
        raise Http404
    paper = request_evaluation_pack(partnership=partnership, gate=Gate(gate), by=person_of(request))
    messages.success(request, "The evaluation pack is being made. You can wait for it here.")
    return redirect("pilots:paper", partnership.public_id, paper.public_id)


def paper(request: HttpRequest, partnership_id: str, paper_id: str) -> HttpResponse:
    """One paper: who asked for it and when, its checksum, and its PDF, or why there is none any more."""
    partnership = partnership_for(request, partnership_id)
    found = _paper(request, partnership, paper_id)
    back = "pilots:papers" if found.kind == PaperKind.REPORT else "pilots:evaluation_packs"
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/paper.html",
        paper=found,
        back=reverse(back, args=[partnership.public_id]),
    )


def progress(request: HttpRequest, partnership_id: str, paper_id: str) -> HttpResponse:
    """The part of the page that portal.js asks for again until the PDF is made."""
    partnership = partnership_for(request, partnership_id)
    found = _paper(request, partnership, paper_id)
    return render(request, "pilots/paper_progress.html", {"partnership": partnership, "paper": found})


def download(request: HttpRequest, partnership_id: str, paper_id: str) -> HttpResponseBase:
    found = _paper(request, partnership_for(request, partnership_id), paper_id)
    job = found.render_job
    if found.withdrawn_on or job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return respond(job.file)


def _papers(request: HttpRequest, partnership: Partnership) -> PilotPaperQuerySet:
    mine = PilotPaper.objects.visible_to(person_of(request)).filter(partnership=partnership)
    return mine.select_related("asked_by", "render_job__file").defer("content")


def _paper(request: HttpRequest, partnership: Partnership, paper_id: str) -> PilotPaper:
    found = _papers(request, partnership).filter(public_id=paper_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
