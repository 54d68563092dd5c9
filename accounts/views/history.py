"""What happened to an entry of the register and to an account, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Organisation, Person
from accounts.permissions import Ability, require
from accounts.views.shared import organisation_for, person_for, person_of
from foundation.audit.history import history


def organisation(request: HttpRequest, organisation_id: str) -> HttpResponse:
    found = organisation_for(request, organisation_id)
    return _page(request, found, ("Organisations", reverse("accounts:organisations")))


def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """One's own comings and goings are one's own business, and the administrators'."""
    found, reader = person_for(request, person_id), person_of(request)
    if found.pk != reader.pk:
        require(reader, Ability.MANAGE_PEOPLE)
    return _page(request, found, ("People", reverse("accounts:people")))


def _page(request: HttpRequest, of: Organisation | Person, crumb: tuple[str, str]) -> HttpResponse:
    context = {
        "heading": f"History of {of}",
        "crumbs": (crumb, (str(of), of.get_absolute_url())),
        "history": history(of.audit_scope, before=request.GET.get("before")),
    }
    return render(request, "accounts/history.html", context)
