"""What every page of a partnership begins with: the partnership as this person may see it, and the frame around it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.views.shared import person_of
from partnerships import tabs
from partnerships.models import Partner, Partnership, Parts, parts_of
from partnerships.permissions import ABILITIES, Ability, require
from partnerships.roles import PartnershipRole

_PARTS = "_parts_of_the_reader"


def partnership_for(request: HttpRequest, partnership_id: str) -> Partnership:
    """The partnership with this public id, or 404 for whoever has no part in it."""
    mine = Partnership.objects.visible_to(person_of(request)).select_related("public_lead", "third_sector_lead")
    return get_object_or_404(mine, public_id=partnership_id)


def partnership_to(request: HttpRequest, partnership_id: str, ability: Ability) -> Partnership:
    """As `partnership_for`, and 403 with the reason for a role without `ability`.

    The reader's roles stay with the object for the page's frame; the action asks for them itself.
    """
    partnership = partnership_for(request, partnership_id)
    parts = parts_of(person_of(request), partnership)
    if not any(ability in ABILITIES[role] for role in parts.acting):
        require(person_of(request), ability, partnership)
    partnership.__dict__[_PARTS] = parts
    return partnership


def partnership_page(
    request: HttpRequest,
    partnership: Partnership,
    tab: str,
    template: str,
    status: int = 200,
    parts: Parts | None = None,
    **context: Any,
) -> HttpResponse:
    """Render a page in the partnership's frame: its tabs, the reader's roles and what they may do (one query).

    A view that has asked for the reader's `parts` already hands them over.
    """
    parts = parts or partnership.__dict__.get(_PARTS) or parts_of(person_of(request), partnership)
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
