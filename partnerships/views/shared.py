"""What every page of a partnership begins with: the partnership as this person may see it, and the frame around it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.views.shared import person_of
from partnerships import tabs
from partnerships.models import Partner, Partnership, Parts, found_for, parts_of
from partnerships.permissions import ABILITIES, Ability, require
from partnerships.roles import PartnershipRole

_PARTS = "_parts_of_the_reader"


def partnership_for(request: HttpRequest, partnership_id: str) -> Partnership:
    """The partnership with this public id, or 404 for whoever has no part in it.

    The reader's roles stay with the object for the page's frame; an action asks for them itself.
    """
    found = found_for(person_of(request), partnership_id)
    if found is None:
        raise Http404
    partnership, parts = found
    partnership.__dict__[_PARTS] = parts
    return partnership


def parts_here(request: HttpRequest, partnership: Partnership) -> Parts:
    """What the reader is in a partnership: known already of one that `partnership_for` has found, else one query."""
    parts: Parts | None = partnership.__dict__.get(_PARTS)
    return parts or parts_of(person_of(request), partnership)


def partnership_to(request: HttpRequest, partnership_id: str, ability: Ability) -> Partnership:
    """As `partnership_for`, and 403 with the reason for a role without `ability`."""
    partnership = partnership_for(request, partnership_id)
    if not any(ability in ABILITIES[role] for role in parts_here(request, partnership).acting):
        require(person_of(request), ability, partnership)
    return partnership


def partnership_page(
    request: HttpRequest,
    partnership: Partnership,
    tab: str,
    template: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page in the partnership's frame: its tabs, the reader's roles and what they may do."""
    parts = parts_here(request, partnership)
    abilities = frozenset[Ability]().union(*(ABILITIES[role] for role in parts.acting))
    frame = {
        "partnership": partnership,
        "tab": tab,
        "tabs": tabs.of(partnership),
        "my_roles": [role.label for role in PartnershipRole if role in parts.acting],
        "set_aside": [role.label for role in parts.set_aside],
        "may": {ability.name.lower(): True for ability in abilities},
    }
    return render(request, template, frame | context, status=status)


def partner_of(partnership: Partnership, partner_id: str) -> Partner:
    """The partner with this public id, or 404 when it is another partnership's."""
    found = partnership.partners.select_related("organisation").filter(public_id=partner_id).first()
    if found is None:
        raise Http404
    return found
