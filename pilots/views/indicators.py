"""Indicators: the list, one more, a change."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.indicators import blockers_to_change, define_indicator, edit_indicator
from pilots.forms.indicators import IndicatorForm, initial_of
from pilots.tables import definition_rows
from pilots.views.shared import indicators_of, tab_of


def indicators(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/indicators.html",
        indicators=definition_rows(indicators_of(request, partnership), partnership),
        blockers=blockers_to_change(partnership),
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = IndicatorForm(posted(request), version=0)

    def action() -> None:
        define_indicator(partnership=partnership, definition=form.definition(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The indicator is added."):
        return redirect("pilots:indicators", partnership.public_id)
    return _form_page(request, partnership, form, "Add an indicator")


def edit(request: HttpRequest, partnership_id: str, indicator_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    indicator = indicators_of(request, partnership).filter(public_id=indicator_id).first()
    if indicator is None:
        raise Http404
    form = IndicatorForm(posted(request), initial=initial_of(indicator), version=indicator.version)

    def action() -> None:
        edit_indicator(indicator=indicator, definition=form.definition(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The indicator is changed."):
        return redirect("pilots:indicators", partnership.public_id)
    return _form_page(request, partnership, form, f"Change “{indicator}”")


def _form_page(request: HttpRequest, partnership: Partnership, form: IndicatorForm, heading: str) -> HttpResponse:
    return partnership_page(request, partnership, tab_of(partnership), "pilots/form.html", form=form, heading=heading)
