"""The involvement diary, and its page to print: you said, we did."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import posted
from partnerships.actions.involvement import FACTS, edit_involvement, log_involvement
from partnerships.actions.registers import blockers_to_write
from partnerships.forms.involvement import EditInvolvementForm, InvolvementForm
from partnerships.permissions import Ability
from partnerships.said import page_of_said
from partnerships.views.registers import PER_PAGE, register_form, register_page
from partnerships.views.shared import partnership_for, partnership_to


def you_said(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The diary and the published ideas, to print."""
    partnership = partnership_for(request, partnership_id)
    said = page_of_said(partnership, request.GET.get("page"), in_public=False, size=PER_PAGE)
    return register_page(request, partnership, "involvement", "partnerships/registers/you_said.html", page_obj=said)


def diary(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return register_page(
        request,
        partnership,
        "involvement",
        "partnerships/registers/involvement.html",
        page_obj=Paginator(partnership.involvement.all(), PER_PAGE).get_page(request.GET.get("page")),
        blockers=blockers_to_write(partnership),
    )


def log(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:involvement", args=[partnership.public_id])
    form = InvolvementForm(posted(request), cancel_url=back)

    def action() -> None:
        log_involvement(partnership=partnership, **form.values(), by=person_of(request))

    done = "The activity is in the diary."
    return register_form(request, partnership, "involvement", form, action, heading="Log an activity", done=done)


def edit(request: HttpRequest, partnership_id: str, entry_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = partnership.involvement.filter(public_id=entry_id).first()
    if found is None:
        raise Http404
    back = reverse("partnerships:involvement", args=[partnership.public_id])
    initial = {name: getattr(found, name) for name in FACTS} | {"expenses_paid": "yes" if found.expenses_paid else "no"}
    form = EditInvolvementForm(posted(request), initial=initial, version=found.version, cancel_url=back)

    def action() -> None:
        edit_involvement(entry=found, **form.values(), by=person_of(request), version=form.version)

    heading, lead = "Edit the entry, or say what came of it", f"“{found}”"
    return register_form(
        request, partnership, "involvement", form, action, heading=heading, done="The entry is changed.", lead=lead
    )
