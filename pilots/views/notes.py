"""Notes: the list, adding one of each kind, a photo's bytes, setting one aside. Bringing them in is in `filling`."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files import store
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.notes import add_note, blockers_to_note, set_aside_note
from pilots.forms.notes import HEADINGS, LEADS, NoteForm, titles_of
from pilots.models import Note
from pilots.note_rows import note_rows
from pilots.noted import NoteKind
from pilots.views.shared import indicators_of, notes_of, returns_of

PER_PAGE = 20
KEPT = "The note is kept. It waits for the return of its month."
KEPT_FOR_THE_NEXT = "The note is kept. The return for {month} is sent, so it waits for the next one."
NOT_COUNTED = "Its number is not counted: the return for {month} is sent. Beside the note stands what can be done."


def notes(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    page = Paginator(notes_of(request, partnership).in_order(), PER_PAGE).get_page(request.GET.get("page"))
    closed = returns_of(request, partnership).closed_by_month()
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/notes.html",
        page_obj=page,
        notes=note_rows(page, partnership, titles_of(indicators_of(request, partnership)), closed=closed),
        kinds=NoteKind.choices,
        blockers=blockers_to_note(partnership),
    )


def add(request: HttpRequest, partnership_id: str, kind: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    if kind not in NoteKind.values:
        raise Http404
    here, done = NoteKind(kind), reverse("pilots:notes", args=[partnership.public_id])
    closed = returns_of(request, partnership).closed_by_month()
    form = NoteForm(
        posted(request), request.FILES or None, kind=here, partnership=partnership, closed=closed, cancel_url=done
    )

    def action() -> None:
        add_note(partnership=partnership, kind=here, **form.values(), by=person_of(request))

    sent = closed.get(form.cleaned_data["period"]) if form.is_valid() else None
    kept = KEPT if sent is None else "The note is kept." if here == NoteKind.NUMBER else KEPT_FOR_THE_NEXT
    if request.method == "POST" and carry_out(request, form, action, done=kept.format(month=sent and sent.month)):
        if sent and here == NoteKind.NUMBER:
            messages.warning(request, NOT_COUNTED.format(month=sent.month))
        return redirect(done)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/note_add.html",
        form=form,
        heading=HEADINGS[here],
        lead=LEADS[here],
        notes_address=done,
        blockers=blockers_to_note(partnership),
    )


def photo(request: HttpRequest, partnership_id: str, note_id: str) -> FileResponse:
    note = _note(request, partnership_for(request, partnership_id), note_id)
    if note.photo is None:
        raise Http404
    return store.respond(note.photo)


def set_aside(request: HttpRequest, partnership_id: str, note_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    note = _note(request, partnership, note_id)
    form = ConfirmForm(posted(request), button="Set aside")

    def action() -> None:
        set_aside_note(note=note, by=person_of(request))

    if not carry_out(request, form, action, done="The note is set aside. No return will use it."):
        return partnership_page(
            request, partnership, "pilot", "pilots/form.html", form=form, heading="Set this note aside"
        )
    return redirect("pilots:notes", partnership.public_id)


def _note(request: HttpRequest, partnership: Partnership, note_id: str) -> Note:
    found = notes_of(request, partnership).filter(public_id=note_id).select_related("photo").first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
