"""The document register, as far as the reader may know of it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.audit.history import history
from foundation.database import clock
from foundation.files import store
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import posted
from partnerships.actions.document import (
    add_document,
    add_version,
    blockers_to_confirm,
    confirm_document,
    read_on_record,
)
from partnerships.actions.registers import blockers_to_write
from partnerships.actions.release import blockers_to_grant, change_class, grant_document, late_partners
from partnerships.categories import DocumentCategory
from partnerships.filters import DocumentFilter
from partnerships.forms.documents import ClassForm, DocumentForm, GrantForm, VersionForm
from partnerships.information import WHO_READS, InformationClass
from partnerships.models import Document, DocumentVersion, Partnership
from partnerships.permissions import Ability
from partnerships.plan import from_today
from partnerships.shelf import needed_by
from partnerships.views.registers import PER_PAGE, register_form, register_page
from partnerships.views.shared import partnership_for, partnership_to


def documents(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    mine = Document.objects.visible_to(person_of(request)).filter(partnership=partnership)
    chosen = DocumentFilter(request.GET, queryset=mine)
    page = Paginator(chosen.qs.in_order(), PER_PAGE).get_page(request.GET.get("page"))
    return register_page(
        request,
        partnership,
        "documents",
        "partnerships/registers/documents.html",
        filter=chosen,
        filtered=any(request.GET.get(name) for name in DocumentFilter.base_filters),
        page_obj=page,
        rows=_rows(request, page.object_list),
        shelves=_shelves(partnership, set(mine.values_list("category", flat=True))),
        classes=[(of_class.label, text) for of_class, text in WHO_READS.items()],
        blockers=blockers_to_write(partnership),
    )


def _rows(request: HttpRequest, shown: Any) -> list[tuple[Document, DocumentVersion | None, str]]:
    """Each document with the newest version the reader may have, and how long ago somebody said that it holds."""
    versions = DocumentVersion.objects.visible_to(person_of(request)).filter(document__in=list(shown))
    newest: dict[int, DocumentVersion] = {}
    for version in versions.order_by("document", "-number"):
        newest.setdefault(version.document_id, version)
    today = clock.today()
    return [(document, newest.get(document.pk), _ago(document, today)) for document in shown]


def _ago(document: Document, today: Any) -> str:
    return from_today(document.confirmed_on, today).removeprefix("passed ")


def _shelves(partnership: Partnership, held: set[str]) -> list[tuple[str, list[tuple[DocumentCategory, bool]]]]:
    return [(shelf.when, [(c, c.value in held) for c in shelf.categories]) for shelf in needed_by(partnership.stage)]


def document(request: HttpRequest, partnership_id: str, document_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found, person = _document(request, partnership, document_id), person_of(request)
    versions = DocumentVersion.objects.visible_to(person).filter(document=found).select_related("file", "added_by")
    return register_page(
        request,
        partnership,
        "documents",
        "partnerships/registers/document.html",
        document=found,
        versions=versions,
        hides_earlier=versions.count() < found.versions.count(),
        who_reads=WHO_READS[InformationClass(found.information_class)],
        ago=_ago(found, clock.today()),
        is_recorded=found.reading_is_recorded(person),
        grants=found.grants.select_related("partner__organisation", "granted_by"),
        changes=found.class_changes.select_related("changed_by"),
        told=history(found.audit_scope, before=request.GET.get("before")) if found.is_confidential else None,
        is_ours=found.owner_id == person.organisation_id,
        blockers=blockers_to_write(partnership),
        confirmed_already=blockers_to_confirm(found),
        no_grant=blockers_to_grant(found),
    )


def file(request: HttpRequest, partnership_id: str, document_id: str, number: int) -> HttpResponse | FileResponse:
    """A copy of a version: by GET where nobody keeps a record of it, by the page's button where it is recorded."""
    partnership = partnership_for(request, partnership_id)
    found, person = _document(request, partnership, document_id), person_of(request)
    version = DocumentVersion.objects.visible_to(person).filter(document=found, number=number).first()
    if version is None:
        raise Http404
    if found.reading_is_recorded(person):
        if request.method != "POST":
            return redirect(_address(found))
        read_on_record(document=found, number=number, by=person)
    return store.respond(version.file)


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    wanted = request.GET.get("category", "")
    form = DocumentForm(
        posted(request), request.FILES or None, partnership=partnership, person=person_of(request),
        initial={"category": wanted} if wanted in DocumentCategory.values else {},
        cancel_url=reverse("partnerships:documents", args=[partnership.public_id]),
    )  # fmt: skip

    def action() -> None:
        add_document(partnership=partnership, **form.values(), by=person_of(request))

    return register_form(
        request, partnership, "documents", form, action, heading="Add a document", done="The document is added."
    )


def add_next(request: HttpRequest, partnership_id: str, document_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _document(request, partnership, document_id)
    form = VersionForm(posted(request), request.FILES or None, version=found.version)
    lead = f"“{found}” is {found.get_information_class_display().lower()}. "
    lead += WHO_READS[InformationClass(found.information_class)]
    done = "The new version is added. The ones before stay readable."
    return _change(request, found, form, add_version, "Add a version", done, lead)


def confirm(request: HttpRequest, partnership_id: str, document_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _document(request, partnership, document_id)
    form = ConfirmForm(posted(request), button="Confirm that it still holds", version=found.version)
    lead = f"“{found}” was last confirmed {_ago(found, clock.today())}."
    return _change(request, found, form, confirm_document, "Does it still hold?", "It is confirmed today.", lead)


def class_(request: HttpRequest, partnership_id: str, document_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _document(request, partnership, document_id)
    authority = person_of(request).organisation_id == partnership.public_lead_id
    initial = {"information_class": found.information_class}
    form = ClassForm(posted(request), initial=initial, authority=authority, version=found.version)
    lead = f"“{found}” is {found.get_information_class_display().lower()} now."
    return _change(request, found, form, change_class, "Change who may read it", "Its class is changed.", lead)


def grant(request: HttpRequest, partnership_id: str, document_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.MANAGE_PARTNERS)
    found = _document(request, partnership, document_id)
    form = GrantForm(posted(request), partners=late_partners(found), cancel_url=_address(found))

    def action() -> None:
        grant_document(document=found, **form.values(), by=person_of(request))

    heading, lead = "Grant earlier versions to a partner", f"“{found}”. What they take from it is recorded."
    return register_form(
        request, partnership, "documents", form, action, heading=heading, done="It is granted.", lead=lead
    )


def _change(
    request: HttpRequest, found: Document, form: PortalForm, action: Any, heading: str, done: str, lead: str
) -> HttpResponse:
    form.cancel_url = _address(found)

    def change_it() -> None:
        action(document=found, **form.values(), by=person_of(request), version=form.version)

    return register_form(
        request, found.partnership, "documents", form, change_it, heading=heading, done=done, lead=lead
    )


def _document(request: HttpRequest, partnership: Partnership, document_id: str) -> Document:
    found = (
        Document.objects.visible_to(person_of(request))
        .filter(partnership=partnership, public_id=document_id)
        .select_related("partner__organisation")
        .first()
    )
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def _address(found: Document) -> str:
    return reverse("partnerships:document", args=[found.partnership.public_id, found.public_id])
