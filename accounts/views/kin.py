"""What ties organisations together: the part of an organisation's page that tells it, and the forms that record it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions.kin import (
    blockers_to_change,
    end_link,
    link_organisations,
    merge_organisation,
    rename_organisation,
)
from accounts.forms.kin import EndLinkForm, LinkForm, MergeForm, RenameForm
from accounts.models import LinkKind, Organisation, OrganisationLink
from accounts.views.shared import form_page, organisation_for, person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted

OTHER_ABOVE = {
    LinkKind.JOINT_COMPANY: "Jointly owned company it is a member of",
    LinkKind.CONSORTIUM: "Consortium it is a member of",
    LinkKind.SUBSIDIARY: "Its parent",
}
OTHER_BELOW = {
    LinkKind.JOINT_COMPANY: "Member of this jointly owned company",
    LinkKind.CONSORTIUM: "Member of this consortium",
    LinkKind.SUBSIDIARY: "Its subsidiary",
}


def kin_of(organisation: Organisation, today: date) -> dict[str, Any]:
    """Links, related organisations, former names and mergers, ready to print. Seven queries, whatever their number."""
    links = list(OrganisationLink.objects.of(organisation))
    told = {link.above_id for link in links} | {link.below_id for link in links} | {organisation.survivor_id}
    related = Organisation.objects.related_to(organisation, on=today).select_related("survivor")
    return {
        "links": [_row(link, organisation, today) for link in links],
        "through": [other for other in related if other.pk not in told and other.survivor != organisation],
        "former_names": list(organisation.former_names.all()),
        "absorbed": list(organisation.absorbed.select_related("merged_into")),
        "blockers": blockers_to_change(organisation),
    }


def _row(link: OrganisationLink, organisation: Organisation, today: date) -> dict[str, Any]:
    is_below = link.below_id == organisation.pk
    return {
        "link": link,
        "other": link.above if is_below else link.below,
        "how": (OTHER_ABOVE if is_below else OTHER_BELOW)[LinkKind(link.kind)],
        "is_over": bool(link.until and link.until < today),
    }


def link(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found = organisation_for(request, organisation_id)
    form = LinkForm(posted(request), organisation=found)
    return _about(
        request,
        found,
        form,
        lambda: link_organisations(**form.values(), by=person_of(request)),
        heading=f"Record an organisation related to {found}",
        lead="Both pages will show it. A tender asks for it: what a partner knew, its related organisations may know.",
        done="They are recorded as related.",
    )


def unlink(request: HttpRequest, organisation_id: str, link_id: str) -> HttpResponse:
    found = organisation_for(request, organisation_id)
    tie = next((one for one in OrganisationLink.objects.of(found) if one.public_id == link_id), None)
    if tie is None:
        raise Http404
    form = EndLinkForm(posted(request))
    return _about(
        request,
        found,
        form,
        lambda: end_link(link=tie, **form.values(), by=person_of(request)),
        heading="Say when it ended",
        lead=f"{tie}. It stays on both pages as something that was.",
        done="The last day is set.",
    )


def rename(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found = organisation_for(request, organisation_id)
    form = RenameForm(posted(request), organisation=found, version=found.version)
    return _about(
        request,
        found,
        form,
        lambda: rename_organisation(organisation=found, **form.values(), by=person_of(request), version=form.version),
        heading=f"Record a new name for {found}",
        lead="What was signed and decided before keeps the name of its time, and the old name still finds it.",
        done="The new name is recorded.",
    )


def merge(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found = organisation_for(request, organisation_id)
    form = MergeForm(posted(request), organisation=found, version=found.version)
    return _about(
        request,
        found,
        form,
        lambda: merge_organisation(organisation=found, **form.values(), by=person_of(request), version=form.version),
        heading=f"Merge {found} into another organisation",
        lead="Its page will lead to the other one, and lists will offer only that. What it signed stays its own. "
        "A merger cannot be taken back.",
        done="The merger is recorded.",
    )


def _about(
    request: HttpRequest,
    found: Organisation,
    form: PortalForm,
    action: Callable[[], object],
    *,
    heading: str,
    lead: str,
    done: str,
) -> HttpResponse:
    """One form about one organisation, in the register's frame; done, it leads back to the organisation's page."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(found)
    register = ("Organisations", reverse("accounts:organisations"))
    context = form_page(form, heading, register, (found.name, found.get_absolute_url()), lead=lead)
    return render(request, "accounts/form.html", context)
