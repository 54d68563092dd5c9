"""The register of risks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.registers import blockers_to_write
from partnerships.actions.risk import add_risk, blockers_to_change_risk, close_risk, edit_risk, review_risk
from partnerships.filters import RiskFilter
from partnerships.forms.risks import CloseRiskForm, EditRiskForm, ReviewRiskForm, RiskForm
from partnerships.models import Partnership, Risk
from partnerships.permissions import Ability, require_own_or
from partnerships.views.registers import register_list, register_page
from partnerships.views.shared import partnership_for, partnership_to


def risks(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    chosen = RiskFilter(request.GET, queryset=partnership.risks.worst_first())
    rows = chosen.qs.select_related("owner")
    return register_list(request, partnership, "risks", chosen, rows, blockers_to_write(partnership))


def risk(request: HttpRequest, partnership_id: str, risk_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _risk(partnership, risk_id)
    return register_page(
        request,
        partnership,
        "risks",
        "partnerships/registers/risk.html",
        risk=found,
        reviews=found.reviews.select_related("reviewed_by"),
        blockers=blockers_to_change_risk(found),
        mine=found.owner_id == person_of(request).pk,
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:risks", args=[partnership.public_id])
    form = RiskForm(posted(request), partnership=partnership, cancel_url=back)

    def action() -> None:
        add_risk(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The risk is added."):
        return redirect(back)
    return register_page(
        request,
        partnership,
        "risks",
        "partnerships/registers/form.html",
        form=form,
        heading="Add a risk",
        occasion="risk",
    )


def edit(request: HttpRequest, partnership_id: str, risk_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _risk(partnership, risk_id)
    names = ("title", "likelihood", "impact", "mitigation", "review_on")
    initial = {name: getattr(found, name) for name in names} | {"owner": found.owner.public_id}
    form = EditRiskForm(posted(request), initial=initial, partnership=partnership, version=found.version)
    return _change_risk(request, found, form, edit_risk, "Edit the risk", "The risk is changed.")


def review(request: HttpRequest, partnership_id: str, risk_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _risk(partnership, risk_id)
    require_own_or(person_of(request), found.owner_id, Ability.KEEP_REGISTERS, partnership)
    initial = {"likelihood": found.likelihood, "impact": found.impact}
    form = ReviewRiskForm(posted(request), initial=initial, version=found.version)
    return _change_risk(request, found, form, review_risk, "Review the risk", "The review is saved.")


def close(request: HttpRequest, partnership_id: str, risk_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _risk(partnership, risk_id)
    form = CloseRiskForm(posted(request), version=found.version)
    return _change_risk(request, found, form, close_risk, "Close the risk", "The risk is closed.")


def _change_risk(
    request: HttpRequest, found: Risk, form: PortalForm, action: Any, heading: str, done: str
) -> HttpResponse:
    """One form about one risk: carry it out, or show it again in the register's frame."""
    partnership = found.partnership
    form.cancel_url = reverse("partnerships:risk", args=[partnership.public_id, found.public_id])

    def change_it() -> None:
        action(risk=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, change_it, done=done):
        return redirect(form.cancel_url)
    return register_page(
        request,
        partnership,
        "risks",
        "partnerships/registers/form.html",
        form=form,
        heading=heading,
        lead=f"“{found}”",
    )


def _risk(partnership: Partnership, risk_id: str) -> Risk:
    found = partnership.risks.select_related("owner").filter(public_id=risk_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
