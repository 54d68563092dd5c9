"""What every page of a partnership begins with: the partnership as this person may see it, and the frame around it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.views.shared import person_of
from partnerships import tabs
from partnerships.models import Partner, Partnership, roles_of
from partnerships.permissions import ABILITIES, Ability, require
from partnerships.roles import PartnershipRole


def partnership_for(request: HttpRequest, partnership_id: str) -> Partnership:
    """The partnership with this public id, or 404 for whoever has no part in it."""
    found = (
        Partnership.objects.visible_to(person_of(request))
        .select_related("public_lead", "third_sector_lead")
        .filter(public_id=partnership_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def partnership_to(request: HttpRequest, partnership_id: str, ability: Ability) -> Partnership:
    """As `partnership_for`, and 403 with the reason for a role without `ability`."""
    partnership = partnership_for(request, partnership_id)
    require(person_of(request), ability, partnership)
    return partnership


def partnership_page(
    request: HttpRequest, partnership: Partnership, tab: str, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page in the partnership's frame: its tabs, the reader's roles and what they may do (one query)."""
    roles = roles_of(person_of(request), partnership)
    abilities = frozenset[Ability]().union(*(ABILITIES[role] for role in roles))
    frame = {
        "partnership": partnership,
        "tab": tab,
        "tabs": tabs.of(partnership),
        "my_roles": [role.label for role in PartnershipRole if role in roles],
        "may": {ability.name.lower(): True for ability in abilities},
    }
    return render(request, template, frame | context, status=status)


def partner_of(partnership: Partnership, partner_id: str) -> Partner:
    """The partner with this public id, or 404 when it is another partnership's."""
    found = partnership.partners.select_related("organisation").filter(public_id=partner_id).first()
    if found is None:
        raise Http404
    return found
