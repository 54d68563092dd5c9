"""The gate pack: ask for it, watch it being made, download it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.views.shared import person_of
from foundation.files.store import respond
from foundation.rendering.models import JobState
from partnerships.actions.pack import request_pack
from partnerships.models import GatePack
from partnerships.packs import pack_of
from partnerships.views.gate import passage_of
from partnerships.views.shared import partnership_for


def ask(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    at = passage_of(gate).gate
    request_pack(partnership=partnership, gate=at, by=person_of(request))
    messages.success(request, "The pack is being made. You can wait for it here.")
    return redirect("partnerships:gate_at", partnership.public_id, at)


def progress(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponse:
    """The part of the page that portal.js asks for again until the pack is made."""
    partnership = partnership_for(request, partnership_id)
    at = passage_of(gate).gate
    pack = _pack(pack_of(partnership, at))
    context = {"partnership": partnership, "pack": pack, "job": pack.render_job}
    return render(request, "partnerships/gates/pack.html", context)


def download(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponseBase:
    partnership = partnership_for(request, partnership_id)
    job = _pack(pack_of(partnership, passage_of(gate).gate)).render_job
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return respond(job.file)


def _pack(found: GatePack | None) -> GatePack:
    if found is None:
        raise Http404
    return found
