"""SROI maps, to read: the list, a map with its arithmetic, its print and its PDF; publishing and going on from one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files.store import respond
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.rendering.models import JobState
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.sroi import (
    blockers_to_change,
    blockers_to_redraft,
    blockers_to_start,
    lacks,
    publish_map,
    redraft,
)
from pilots.actions.sroi_contents import blockers_to_add
from pilots.documents import sroi_pdf
from pilots.models import SroiMap
from pilots.permissions import may_write_value
from pilots.valuation import headline_of, sheet_of, valuation_of
from pilots.views.shared import map_for, maps_of, tab_of

PER_PAGE = 20


def maps(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = maps_of(request, partnership).select_related("published_by").with_contents()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/sroi/maps.html",
        page_obj=page,
        rows=[(sroi_map, headline_of(valuation_of(sroi_map))) for sroi_map in page],
        blockers=blockers_to_start(partnership),
        writes=may_write_value(person_of(request), partnership),
    )


def sroi_map(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = map_for(request, partnership, number)
    return _map_page(request, partnership, found, _redraft_form(request, found))


def printed(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    """Everything in plain tables, for paper: the browser prints it across the page."""
    partnership = partnership_for(request, partnership_id)
    found = map_for(request, partnership, number)
    context = {"partnership": partnership, "sroi_map": found, "sheet": sheet_of(found)}
    return render(request, "pilots/sroi/printed.html", context)


def progress(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    """The part of a map's page that portal.js asks for again until the PDF is made."""
    found = map_for(request, partnership_for(request, partnership_id), number)
    return render(request, "pilots/sroi/progress.html", {"sroi_map": found, **_pdf(found)})


def download(request: HttpRequest, partnership_id: str, number: int) -> HttpResponseBase:
    job = sroi_pdf(map_for(request, partnership_for(request, partnership_id), number))
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return respond(job.file)


def publish(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.PUBLISH_VALUE)
    found = map_for(request, partnership, number)
    back = reverse("pilots:sroi_map", args=[partnership.public_id, number])
    form = ConfirmForm(posted(request), button=f"Publish {found}", version=found.version, cancel_url=back)

    def action() -> None:
        publish_map(sroi_map=found, by=person_of(request), version=form.version)

    done = f"{found} is published. It stays as it is, and its PDF is being made."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(back)
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/sroi/publish.html",
        sroi_map=found,
        form=form,
        headline=headline_of(valuation_of(found)),
        blockers=blockers_to_change(found),
        editable=may_write_value(person_of(request), partnership),
        lacks=lacks(found),
    )


def go_on(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    """Start the next map as a copy of this one."""
    partnership = partnership_for(request, partnership_id)
    found = map_for(request, partnership, number)
    form = _redraft_form(request, found)
    made: list[SroiMap] = []

    def action() -> None:
        made.append(redraft(sroi_map=found, by=person_of(request)))

    if carry_out(request, form, action, done="The next map is started as a copy. Change what is different now."):
        if made:
            return redirect("pilots:sroi_map", partnership.public_id, made[0].number)
        return redirect("pilots:sroi", partnership.public_id)
    return _map_page(request, partnership, map_for(request, partnership, number), form)


def _redraft_form(request: HttpRequest, found: SroiMap) -> ConfirmForm:
    address = reverse("pilots:sroi_redraft", args=[found.partnership.public_id, found.number])
    return ConfirmForm(posted(request), button="Start the next map from this one", address=address)


def _map_page(request: HttpRequest, partnership: Partnership, found: SroiMap, form: ConfirmForm) -> HttpResponse:
    blockers = blockers_to_change(found)
    writes = may_write_value(person_of(request), partnership)
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/sroi/map.html",
        sroi_map=found,
        sheet=sheet_of(found),
        form=form,
        blockers=blockers,
        editable=writes and not blockers,
        can_add=not blockers_to_add(found),
        lacks=[] if blockers else lacks(found),
        can_go_on=writes and not blockers_to_redraft(found),
        **_pdf(found),
    )


def _pdf(found: SroiMap) -> dict[str, Any]:
    where = [found.partnership.public_id, found.number]
    return {
        "job": sroi_pdf(found) if found.is_published else None,
        "poll_url": reverse("pilots:sroi_pdf_progress", args=where),
        "download_url": reverse("pilots:sroi_pdf", args=where),
    }
