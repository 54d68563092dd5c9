"""Formats of a report, a learning point or a profile: the part of their pages, the buttons in it, and downloading."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files.store import respond
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotNow
from foundation.rendering.models import JobState
from lessons.actions import formats as actions
from lessons.formats import catalogue
from lessons.formats.catalogue import Format, format_called
from lessons.forms.formats import ProofReadingForm, VersionForm
from lessons.lifecycle import LISTED, LearningPointState
from lessons.models import LearningPoint, Profile, Report
from lessons.permissions import can_publish
from lessons.publications import Offer, Publication, grouped, linked_versions, offers
from lessons.readings import counted

REPORT, POINT, PROFILE = "report", "learning-point", "profile"
PROOF_READ = "Noted. The braille is made again without the mark of a draft."


def called(of: Publication) -> str:
    """What addresses call it."""
    return REPORT if of.report else POINT if of.point else PROFILE


def part_context(request: HttpRequest, of: Publication) -> dict[str, Any]:
    """What `lessons/formats.html` shows. Three queries."""
    offered = offers(of)
    jobs = [offer.job for offer in offered if offer.job]
    waiting, ready = [job for job in jobs if job.is_open], [job for job in jobs if job.state == JobState.DONE]
    what = called(of)
    return {
        "what": what,
        "of": of,
        "groups": grouped(offered),
        "versions": linked_versions(of),
        "formats_ready": len(ready),
        "formats_waiting": len(waiting),
        "formats_missing": sum(offer.job is None and not offer.why_not for offer in offered),
        "formats_poll": reverse("lessons:formats", args=[what, of.row.public_id]) if waiting else "",
        "may_make": actions.may_make(request.user, of.row),
        "may_publish": can_publish(request.user),
    }


def files_ready(of: Publication, groups: Iterable[tuple[str, Iterable[Offer]]]) -> list[tuple[str, str]]:
    """The media type and the path of each format that can be downloaded now. No query of its own."""
    return [
        (
            offer.job.file.content_type,
            reverse("lessons:format_download", args=[called(of), of.row.public_id, offer.format.code]),
        )
        for _, offers_of_group in groups
        for offer in offers_of_group
        if offer.job and offer.job.state == JobState.DONE and offer.job.file
    ]


def part(request: HttpRequest, what: str, of_id: str) -> HttpResponse:
    """The part that portal.js asks for again while something is being made."""
    return render(request, "lessons/formats.html", part_context(request, publication_for(request, what, of_id)))


def download(request: HttpRequest, what: str, of_id: str, code: str) -> HttpResponseBase:
    if withdrawn := _withdrawn(what, of_id):
        return redirect(withdrawn.get_absolute_url())  # its page says why
    of, made = publication_for(request, what, of_id), _format(code)
    job = next(offer.job for offer in offers(of) if offer.format == made)
    if job is None or job.state != JobState.DONE or job.file is None:
        raise Http404
    return counted(request, respond(job.file), of.row, made.code)


def _withdrawn(what: str, of_id: str) -> LearningPoint | Profile | None:
    wanted = {"public_id": of_id, "state": LearningPointState.WITHDRAWN}
    if what == POINT:
        return LearningPoint.objects.filter(**wanted).first()
    return Profile.objects.filter(**wanted).first() if what == PROFILE else None


def make(request: HttpRequest, what: str, of_id: str, code: str) -> HttpResponse:
    of, made = publication_for(request, what, of_id), _format(code)
    actions.make_format(row=of.row, made=made, by=person_of(request))
    messages.success(request, f"{made.label}: it is being made. You can wait for it here.")
    return _back(of)


def make_all(request: HttpRequest, what: str, of_id: str) -> HttpResponse:
    of = publication_for(request, what, of_id)
    count = actions.make_every_format(row=of.row, by=person_of(request))
    messages.success(request, f"{count} formats are being made. You can wait for them here.")
    return _back(of)


def cancel(request: HttpRequest, what: str, of_id: str, code: str) -> HttpResponse:
    of, made = publication_for(request, what, of_id), _format(code)
    try:
        actions.cancel_format(row=of.row, made=made, by=person_of(request))
    except NotNow:
        # The page was drawn while it was still being made: its reader did nothing wrong and needs no page of refusal.
        job = next(offer.job for offer in offers(of) if offer.format == made)
        if job is None or job.is_open:
            raise
        ended = "was ready" if job.state == JobState.DONE else "had ended"
        messages.info(request, f"{made.label}: it {ended} before it could be stopped.")
    else:
        messages.success(request, f"{made.label}: stopped.")
    return _back(of)


def tell(request: HttpRequest, what: str, of_id: str, code: str) -> HttpResponse:
    of, made = publication_for(request, what, of_id), _format(code)
    actions.tell_when_ready(row=of.row, made=made, by=person_of(request))
    messages.success(request, f"{made.label}: you get an e-mail when it is ready.")
    return _back(of)


def proof_read(request: HttpRequest, what: str, of_id: str, code: str) -> HttpResponse:
    of, made = publication_for(request, what, of_id), _format(code)
    if made.code not in catalogue.BRAILLE:
        raise Http404
    form = ProofReadingForm(posted(request), cancel_url=f"{of.path}#formats")

    def action() -> None:
        actions.mark_proof_read(row=of.row, made=made, by=person_of(request), **form.values())

    if request.method == "POST" and carry_out(request, form, action, done=PROOF_READ):
        return _back(of)
    return _form(request, of, form, f"{made.label}: proof-read")


def link(request: HttpRequest, what: str, of_id: str) -> HttpResponse:
    of = publication_for(request, what, of_id)
    form = VersionForm(posted(request), cancel_url=f"{of.path}#formats")

    def action() -> None:
        actions.link_version(row=of.row, by=person_of(request), **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The version is linked."):
        return _back(of)
    return _form(request, of, form, "Link a version made elsewhere")


def unlink(request: HttpRequest, what: str, of_id: str, version_id: str) -> HttpResponse:
    of = publication_for(request, what, of_id)
    version = next((one for one in linked_versions(of) if one.public_id == version_id), None)
    if version is None:
        raise Http404
    actions.unlink_version(row=of.row, version=version, by=person_of(request))
    messages.success(request, "The link is taken away.")
    return _back(of)


def _form(request: HttpRequest, of: Publication, form: Any, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "name": of.title, "address": of.path}
    return render(request, "lessons/form.html", context)


def _back(of: Publication) -> HttpResponse:
    return redirect(f"{of.path}#formats")


def publication_for(request: HttpRequest, what: str, of_id: str) -> Publication:
    """What the person may read: a report that is visible to them, or what is published of the others."""
    if what == REPORT:
        reports = Report.objects.visible_to(request.user).select_related("made_by")
        return Publication(report=get_object_or_404(reports, public_id=of_id))
    if what == PROFILE:
        profiles = Profile.objects.listed().select_related("partnership")
        return Publication(profile=get_object_or_404(profiles, public_id=of_id))
    if what != POINT:
        raise Http404
    points = LearningPoint.objects.filter(state__in=LISTED).select_related("series")
    return Publication(point=get_object_or_404(points, public_id=of_id))


def _format(code: str) -> Format:
    made = format_called(code)
    if made is None:
        raise Http404
    return made
