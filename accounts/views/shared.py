"""Who is reading, and the organisation or person they asked for."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest

from accounts.models import Organisation, Person
from foundation.forms.base import PortalForm


def person_of(request: HttpRequest) -> Person:
    """The signed-in person; the policy table has already turned everyone else away."""
    assert isinstance(request.user, Person)
    return request.user


def network_address(request: HttpRequest) -> str:
    """Where a request comes from, behind as many proxies as `TRUSTED_PROXY_COUNT` says."""
    return str(get_adapter().get_client_ip(request))


def organisation_for(request: HttpRequest, organisation_id: str) -> Organisation:
    found = Organisation.objects.visible_to(person_of(request)).filter(public_id=organisation_id).first()
    if found is None:
        raise Http404
    return found


def person_for(request: HttpRequest, person_id: str) -> Person:
    """The person with this public id, or 404 for whoever may not know them."""
    people = Person.objects.visible_to(person_of(request)).select_related("organisation")
    found = people.filter(public_id=person_id).first()
    if found is None:
        raise Http404
    return found


def form_page(form: PortalForm, heading: str, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    """The context of `accounts/form.html`: one form below one heading; the last of `crumbs` is also the way out."""
    form.cancel_url = crumbs[-1][1]
    return {"form": form, "heading": heading, "crumbs": crumbs, **more}
