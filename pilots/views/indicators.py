"""Indicators: the list, the starter set, one more, a change, and the page of one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.indicators import (
    blockers_to_change,
    define_indicator,
    edit_indicator,
    offered_to,
    take_from_the_set,
)
from pilots.figures import so_far, stories_for
from pilots.forms.indicators import IndicatorForm, StarterSetForm, initial_of
from pilots.indicator_rows import REASONS, chart_of_months, definition_of, month_rows, reason_rows
from pilots.measures import shown
from pilots.models import Indicator, plan_of
from pilots.permissions import sees_whole
from pilots.sources import Source
from pilots.tables import definition_rows, rule_in_words
from pilots.views.shared import indicators_of, tab_of
from pilots.who import Started

PER_PAGE = 12


def indicators(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/indicators.html",
        indicators=definition_rows(indicators_of(request, partnership), partnership),
        blockers=blockers_to_change(partnership),
        offered=offered_to(partnership),
    )


def indicator(request: HttpRequest, partnership_id: str, indicator_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _indicator(request, partnership, indicator_id)
    told = so_far(found, plan_of(partnership).thresholds)
    troubled = told.troubled[:REASONS]
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/indicator.html",
        indicator=found,
        told=told,
        result=shown(told.result, found.unit),
        target=shown(told.target, found.unit),
        rule=rule_in_words(found, told.parts),
        definition=definition_of(found),
        chart=chart_of_months(told, found),
        page_obj=Paginator(month_rows(told, found, partnership), PER_PAGE).get_page(request.GET.get("page")),
        reasons=reason_rows(troubled, stories_for(troubled), found, partnership),
        more=len(told.troubled) - len(troubled),
        counts_people=found.drawn_from == Source.NEW_STARTS,
        blockers=blockers_to_change(partnership),
    )


def started(request: HttpRequest, partnership_id: str, indicator_id: str) -> HttpResponse:
    """Who started, over a chosen range; only of an indicator that counts them."""
    partnership = partnership_for(request, partnership_id)
    found = _indicator(request, partnership, indicator_id)
    if found.drawn_from != Source.NEW_STARTS:
        raise Http404
    who, whole = Started(partnership), sees_whole(person_of(request), partnership)
    ranges = who.ranges()
    chosen = next((one for one in ranges if one.key == request.GET.get("range")), next(iter(ranges), None))
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/who_started.html",
        indicator=found,
        ranges=ranges,
        chosen=chosen,
        whole=whole,
        people=who.people(chosen) if chosen else 0,
        dimensions=who.told(chosen, openly=whole) if chosen else [],
    )


def starter_set(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    offered = offered_to(partnership)
    form = StarterSetForm(posted(request), offered=offered)

    def action() -> None:
        take_from_the_set(partnership=partnership, **form.values(), by=person_of(request))

    done = "The indicators are added. Give each its baseline and its target now."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("pilots:indicators", partnership.public_id)
    lead = (
        "A set that many pilots can use. Choose what fits; the others stay on offer. How each is measured is settled; "
        "its baseline and its target are yours to agree."
    )
    blockers = blockers_to_change(partnership) or ([] if offered else ["The whole starter set is in use."])
    return partnership_page(
        request, partnership, tab_of(partnership), "pilots/form.html", form=form, heading="Starter set of indicators",
        lead=lead, blockers=blockers,
    )  # fmt: skip


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
    indicator = _indicator(request, partnership, indicator_id)
    form = IndicatorForm(posted(request), initial=initial_of(indicator), version=indicator.version)

    def action() -> None:
        edit_indicator(indicator=indicator, definition=form.definition(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The indicator is changed."):
        return redirect("pilots:indicators", partnership.public_id)
    return _form_page(request, partnership, form, f"Change “{indicator}”")


def _indicator(request: HttpRequest, partnership: Partnership, indicator_id: str) -> Indicator:
    found = indicators_of(request, partnership).filter(public_id=indicator_id).first()
    if found is None:
        raise Http404
    return found


def _form_page(request: HttpRequest, partnership: Partnership, form: IndicatorForm, heading: str) -> HttpResponse:
    return partnership_page(request, partnership, tab_of(partnership), "pilots/form.html", form=form, heading=heading)
