"""The memorandum of understanding: read a version, compare two, sign, have it printed. Its draft: `drafting`."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files.store import respond
from foundation.rendering.models import JobState, RenderJob
from partnerships import wording
from partnerships.actions.memorandum import blockers_to_sign, current_memorandum, print_memorandum, sign_memorandum
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.pen import open_draft
from partnerships.documents import Paper, paper_of
from partnerships.models import DraftComment, Memorandum, Partner, Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def memorandum(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return _page(request, partnership, current_memorandum(partnership))


def version(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return _page(request, partnership, _version(partnership, number))


def _page(request: HttpRequest, partnership: Partnership, shown: Memorandum | None) -> HttpResponse:
    counted = partnership.memoranda.select_related("written_by").annotate(signed=Count("signatures"))
    versions = list(counted.order_by("-number"))
    draft, blockers = open_draft(partnership), blockers_to_edit(partnership)
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/memorandum.html",
        memorandum=shown,
        is_newest=bool(shown and shown.number == versions[0].number),
        versions=versions,
        draft=draft,
        open_comments=DraftComment.objects.open().filter(section__draft=draft).count() if draft else 0,
        may_begin=not blockers and draft is None,
        **(_signing(request, partnership, shown) if shown else {}),
    )


def _signing(request: HttpRequest, partnership: Partnership, shown: Memorandum) -> dict[str, Any]:
    """The version's text, its signatures, whether the reader can sign now, and its PDF."""
    partners = list(partnership.partners.current().select_related("organisation"))
    mine = next((p for p in partners if p.organisation_id == person_of(request).organisation_id), None)
    shown.partnership = partnership
    paper = paper_of(shown, partners)
    said = DraftComment.objects.filter(section__draft__issued_as=shown)
    return {
        "paper": paper,
        "mine": mine,
        "may_sign_now": bool(mine and not blockers_to_sign(shown, mine)),
        "comments": said.select_related("section", "made_by", "resolved_by").order_by("section__position", "pk"),
        **_pdf(paper),
    }


def _pdf(paper: Paper) -> dict[str, Any]:
    where = [paper.memorandum.partnership.public_id, paper.memorandum.number]
    return {
        "job": RenderJob.objects.select_related("file").filter(key=paper.key).first(),
        "poll_url": reverse("partnerships:memorandum_progress", args=where),
        "download_url": reverse("partnerships:memorandum_pdf", args=where),
    }


def sign(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.SIGN_MEMORANDUM)
    person = person_of(request)
    mine = Partner.objects.current().filter(partnership=partnership, organisation=person.organisation_id).first()
    if mine is None:
        raise Http404
    sign_memorandum(memorandum=_version(partnership, number), partner=mine, by=person)
    messages.success(request, f"You have signed version {number} for {mine}.")
    return redirect("partnerships:memorandum", partnership.public_id)


def compare(request: HttpRequest, partnership_id: str, before: int, after: int) -> HttpResponse:
    """What changed between two versions, section by section."""
    partnership = partnership_for(request, partnership_id)
    old, new = _version(partnership, before), _version(partnership, after)
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/memorandum_changes.html",
        **told_apart(wording.changes(old.wording(), new.wording())),
        heading=f"What changed from version {old.number} to version {new.number}",
        review=(old.review_on, new.review_on) if old.review_on != new.review_on else None,
    )


def told_apart(changes: list[wording.Change]) -> dict[str, Any]:
    """What changed first; what stayed can be unfolded below."""
    same = [change for change in changes if change.fate == wording.Fate.SAME]
    return {"changes": [change for change in changes if change not in same], "same": same}


def print_version(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.PRINT_MEMORANDUM)
    print_memorandum(memorandum=_version(partnership, number), by=person_of(request))
    messages.success(request, "The PDF is being made. It appears on this page.")
    return redirect("partnerships:memorandum_version", partnership.public_id, number)


def progress(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    """The part of the page that portal.js asks for again until the PDF is made."""
    partnership = partnership_for(request, partnership_id)
    return render(request, "partnerships/memorandum_pdf.html", _pdf(paper_of(_version(partnership, number))))


def pdf(request: HttpRequest, partnership_id: str, number: int) -> HttpResponseBase:
    """The PDF as of the last signature; where there is none yet, the page with the button."""
    partnership = partnership_for(request, partnership_id)
    job = _pdf(paper_of(_version(partnership, number)))["job"]
    if job is None or job.state != JobState.DONE or job.file is None:
        return redirect("partnerships:memorandum_version", partnership.public_id, number)
    return respond(job.file)


def _version(partnership: Partnership, number: int) -> Memorandum:
    found = Memorandum.objects.filter(partnership=partnership, number=number).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
