"""The forms of a draft SROI map: settings, inputs, stakeholders, outcomes."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.views.shared import partnership_for, partnership_page
from pilots.actions.sroi import settle, start_map
from pilots.actions.sroi_contents import add_outcome, edit_outcome, remove_outcome, set_inputs, set_stakeholders
from pilots.forms.sroi import (
    NOTHING_TAKEN_OFF,
    InputsForm,
    OutcomeForm,
    SettingsForm,
    StakeholdersForm,
    outcome_initial,
    settings_initial,
)
from pilots.models import SroiMap, SroiOutcome
from pilots.permissions import require_to_write_value
from pilots.valuation import outcomes_of
from pilots.views.shared import indicators_of, map_for, tab_of

INPUTS_LEAD = (
    "What everybody put in, in pounds, in the period of the map. Things given and volunteers’ time count when they "
    "are an input of a stakeholder. Empty a line to take it out."
)
STAKEHOLDERS_LEAD = (
    "For whom something changes. Name those for whom nothing is counted too, and say why. Empty a name to take it out."
)


def start(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    back = reverse("pilots:sroi", args=[partnership.public_id])
    form = SettingsForm(posted(request), initial=settings_initial(None), version=0, cancel_url=back)
    form.button = "Start the map"

    def action() -> None:
        start_map(partnership=partnership, settings=form.settings(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The map is started. Add its inputs next."):
        return redirect("pilots:sroi_map", partnership.public_id, 1)
    return _form_page(request, partnership, form, "Start an SROI map")


def settings(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    form = SettingsForm(posted(request), initial=settings_initial(found), version=found.version)

    def action() -> None:
        settle(sroi_map=found, settings=form.settings(), by=person_of(request), version=form.version)

    return _carried_out(request, found, form, action, heading="Settings", done="The settings are saved.")


def inputs(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    form = InputsForm(posted(request), inputs=list(found.inputs.all()), version=found.version)

    def action() -> None:
        set_inputs(sroi_map=found, lines=form.lines(), by=person_of(request), version=form.version)

    return _carried_out(request, found, form, action, heading="Inputs", done="The inputs are saved.", lead=INPUTS_LEAD)


def stakeholders(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    form = StakeholdersForm(posted(request), stakeholders=list(found.stakeholders.all()), version=found.version)

    def action() -> None:
        set_stakeholders(sroi_map=found, lines=form.lines(), by=person_of(request), version=form.version)

    return _carried_out(
        request, found, form, action, heading="Stakeholders", done="The stakeholders are saved.",
        lead=STAKEHOLDERS_LEAD,
    )  # fmt: skip


def add(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    form = _outcome_form(request, found, initial=NOTHING_TAKEN_OFF, version=0)

    def action() -> None:
        add_outcome(sroi_map=found, entry=form.entry(), by=person_of(request))

    lead = "" if found.stakeholders.all() else "Name the stakeholders first: an outcome is a change for one of them."
    return _carried_out(request, found, form, action, heading="Add an outcome", done="The outcome is added.", lead=lead)


def edit(request: HttpRequest, partnership_id: str, number: int, outcome_id: str) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    outcome = _outcome(found, outcome_id)
    form = _outcome_form(request, found, initial=outcome_initial(outcome), version=outcome.version)

    def action() -> None:
        edit_outcome(sroi_map=found, outcome=outcome, entry=form.entry(), by=person_of(request), version=form.version)

    remove_url = reverse("pilots:sroi_outcome_remove", args=[partnership.public_id, number, outcome.public_id])
    return _carried_out(
        request, found, form, action, heading=f"Change “{outcome}”", done="The outcome is changed.",
        remove_url=remove_url,
    )  # fmt: skip


def remove(request: HttpRequest, partnership_id: str, number: int, outcome_id: str) -> HttpResponse:
    partnership = _writable(request, partnership_id)
    found = map_for(request, partnership, number)
    outcome = _outcome(found, outcome_id)
    form = ConfirmForm(posted(request), button="Remove the outcome", version=outcome.version)
    form.danger = True

    def action() -> None:
        remove_outcome(sroi_map=found, outcome=outcome, by=person_of(request), version=form.version)

    lead = f"It is taken off {found}. Maps published before keep it."
    return _carried_out(
        request, found, form, action, heading=f"Remove “{outcome}”", done="The outcome is removed.", lead=lead
    )


def _writable(request: HttpRequest, partnership_id: str) -> Partnership:
    partnership = partnership_for(request, partnership_id)
    require_to_write_value(person_of(request), partnership)
    return partnership


def _outcome(found: SroiMap, outcome_id: str) -> SroiOutcome:
    outcome = next((one for one in outcomes_of(found) if one.public_id == outcome_id), None)
    if outcome is None:
        raise Http404
    return outcome


def _outcome_form(request: HttpRequest, found: SroiMap, **kwargs: Any) -> OutcomeForm:
    indicators = list(indicators_of(request, found.partnership))
    return OutcomeForm(posted(request), stakeholders=list(found.stakeholders.all()), indicators=indicators, **kwargs)


def _carried_out(
    request: HttpRequest,
    found: SroiMap,
    form: PortalForm,
    action: Callable[[], None],
    *,
    heading: str,
    done: str,
    lead: str = "",
    remove_url: str = "",
) -> HttpResponse:
    """One form about one map: carry it out and go back to the map, or show it (again)."""
    form.cancel_url = reverse("pilots:sroi_map", args=[found.partnership.public_id, found.number])
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(form.cancel_url)
    heading = f"{found}: {heading[0].lower()}{heading[1:]}"
    return _form_page(request, found.partnership, form, heading, lead=lead, remove_url=remove_url)


def _form_page(
    request: HttpRequest, partnership: Partnership, form: PortalForm, heading: str, **context: Any
) -> HttpResponse:
    return partnership_page(
        request, partnership, tab_of(partnership), "pilots/sroi/form.html", form=form, heading=heading, **context
    )
