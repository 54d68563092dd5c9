"""The information-sharing log, as far as the reader may see it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database.ids import id_said
from foundation.forms.submit import carry_out, posted
from partnerships.actions.registers import blockers_to_write
from partnerships.actions.sharing import blockers_to_correct, correct_sharing, log_sharing
from partnerships.filters import SharingFilter
from partnerships.forms.sharing import CorrectSharingForm, SharingForm
from partnerships.information import WHAT_IT_MEANS
from partnerships.models import Partnership, SharingEntry
from partnerships.permissions import Ability
from partnerships.views.registers import PER_PAGE, register_page
from partnerships.views.shared import partnership_for, partnership_to


def sharing(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    mine = SharingEntry.objects.visible_to(person_of(request)).filter(partnership=partnership)
    chosen = SharingFilter(request.GET, queryset=mine, partnership=partnership)
    rows = chosen.qs.select_related("shared_by", "given_by", "corrected_by").prefetch_related("given_to")
    return register_page(
        request,
        partnership,
        "sharing",
        "partnerships/registers/sharing.html",
        filter=chosen,
        filtered=any(request.GET.get(name) for name in SharingFilter.base_filters),
        page_obj=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        classes=[(of_class.label, text) for of_class, text in WHAT_IT_MEANS.items()],
        blockers=blockers_to_write(partnership),
    )


def entry(request: HttpRequest, partnership_id: str, entry_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _entry(request, partnership, entry_id)
    thread = SharingEntry.objects.visible_to(person_of(request)).filter(thread=found.thread).exclude(pk=found.pk)
    return register_page(
        request,
        partnership,
        "sharing",
        "partnerships/registers/sharing_entry.html",
        entry=found,
        meaning=WHAT_IT_MEANS[found.information_class],  # type: ignore[index]
        thread=thread.select_related("logged_by").order_by("created_at", "pk"),
        blockers=blockers_to_correct(found),
    )


def log(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:sharing", args=[partnership.public_id])
    form = SharingForm(
        posted(request), partnership=partnership, person=person_of(request), cancel_url=back,
        initial=_at_the_meeting(partnership, request.GET.get("meeting", "")),
    )  # fmt: skip

    def action() -> None:
        log_sharing(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The entry is in the log."):
        return redirect(back)
    return register_page(
        request,
        partnership,
        "sharing",
        "partnerships/registers/form.html",
        form=form,
        heading="Log information that was shared",
        lead="Entries are never changed or removed. A mistake is put right by a new entry that points to the old one.",
    )


def _at_the_meeting(partnership: Partnership, meeting_id: str) -> dict[str, Any]:
    """What the form begins with when it is opened from a meeting: its day, and whose people were there."""
    meeting = partnership.meetings.filter(public_id=id_said(meeting_id)).first()
    if meeting is None:
        return {}
    there = meeting.present.order_by().values_list("organisation__public_id", flat=True).distinct()
    return {"given_to": list(there), "shared_on": meeting.held_on, "how": f"At the meeting “{meeting}”"}


def correct(request: HttpRequest, partnership_id: str, entry_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _entry(request, partnership, entry_id)
    names = ("what", "shared_on", "how", "information_class")
    initial = {name: getattr(found, name) for name in names} | {
        "given_to": [organisation.public_id for organisation in found.given_to.all()],
        "shared_by": found.shared_by.public_id,
    }
    form = CorrectSharingForm(
        posted(request), initial=initial, partnership=partnership, person=person_of(request),
        cancel_url=reverse("partnerships:sharing_entry", args=[partnership.public_id, found.public_id]),
    )  # fmt: skip

    def action() -> None:
        correct_sharing(entry=found, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The correction is in the log."):
        return redirect("partnerships:sharing", partnership.public_id)
    return register_page(
        request,
        partnership,
        "sharing",
        "partnerships/registers/form.html",
        form=form,
        heading="Correct an entry",
        lead="The old entry stays in the log. The new one counts in its place.",
    )


def _entry(request: HttpRequest, partnership: Partnership, entry_id: str) -> SharingEntry:
    found = (
        SharingEntry.objects.visible_to(person_of(request))
        .filter(partnership=partnership, public_id=entry_id)
        .select_related("shared_by", "given_by", "logged_by", "partnership__public_lead")
        .prefetch_related("given_to")
        .first()
    )
    if found is None:
        raise Http404
    return found
