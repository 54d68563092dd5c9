"""National outcomes: the sets for everybody, their keeping for administrators, the choice for each partnership."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.permissions import Ability as PortalAbility
from accounts.permissions import can as can_in_portal
from accounts.views.shared import form_page, person_of
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotNow
from partnerships.actions.outcome import (
    add_outcome_set,
    archive_outcome_set,
    blockers_to_choose,
    bring_in_shipped_sets,
    choose_outcomes,
    edit_outcome_set,
    is_used,
    not_brought_in,
    offer_outcome_set,
)
from partnerships.forms.outcomes import ChooseOutcomesForm, EditOutcomeSetForm, OutcomeSetForm
from partnerships.models import OutcomeSet, Partnership, chosen_by
from partnerships.outcomes import mapping
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_page, partnership_to

SETS = ("National outcomes", "partnerships:outcome_sets")


def outcome_sets(request: HttpRequest) -> HttpResponse:
    keeps = can_in_portal(request.user, PortalAbility.KEEP_OUTCOMES)
    found = OutcomeSet.objects.visible_to(person_of(request)).prefetch_related("outcomes")
    now = OutcomeSet.objects.in_force(clock.today())
    rows = [(one, _state(one, now), len(one.outcomes.all())) for one in found]
    context = {"rows": rows, "keeps": keeps, "missing": not_brought_in() if keeps else []}
    return render(request, "partnerships/outcomes/sets.html", context)


def _state(one: OutcomeSet, now: OutcomeSet | None) -> str:
    if one.archived_on:
        return f"Archived on {one.archived_on:%-d %B %Y}"
    if one == now:
        return "In force"
    return "Later" if one.in_force_from > clock.today() else "Followed by a newer one"


def outcome_set(request: HttpRequest, set_id: str) -> HttpResponse:
    found = _set(request, set_id)
    facts = [
        ("State", _state(found, OutcomeSet.objects.in_force(clock.today()))),
        ("In force from", f"{found.in_force_from:%-d %B %Y}"),
        ("Note", found.note),
    ]
    keeps = can_in_portal(request.user, PortalAbility.KEEP_OUTCOMES)
    context = {"outcome_set": found, "facts": facts, "lines": found.lines(), "keeps": keeps}
    return render(request, "partnerships/outcomes/set.html", context)


def add(request: HttpRequest) -> HttpResponse:
    form = OutcomeSetForm(posted(request))
    made: list[OutcomeSet] = []

    def action() -> None:
        made.append(add_outcome_set(**form.values(), by=person_of(request)))

    if request.method == "POST" and carry_out(request, form, action, done="The set is added."):
        return redirect(made[0]) if made else redirect("partnerships:outcome_sets")
    page = form_page(form, "Add a set of national outcomes", (SETS[0], reverse(SETS[1])))
    return render(request, "accounts/form.html", page)


def edit(request: HttpRequest, set_id: str) -> HttpResponse:
    found = _set(request, set_id)
    names = ("name", "version_name", "in_force_from", "source", "note")
    initial = {name: getattr(found, name) for name in names} | {"outcomes": "\n".join(map(str, found.lines()))}
    form = EditOutcomeSetForm(posted(request), initial=initial, version=found.version)

    def action() -> None:
        edit_outcome_set(outcome_set=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The set is changed."):
        return redirect(found)
    lead = "Partnerships have chosen from it, so its outcomes stay as they are." if is_used(found) else ""
    crumbs = ((SETS[0], reverse(SETS[1])), (str(found), found.get_absolute_url()))
    return render(request, "accounts/form.html", form_page(form, f"Change {found}", *crumbs, lead=lead))


def archive(request: HttpRequest, set_id: str) -> HttpResponse:
    return _at_once(request, archive_outcome_set, "Nobody chooses from it any more.", set_id)


def offer(request: HttpRequest, set_id: str) -> HttpResponse:
    return _at_once(request, offer_outcome_set, "It is offered again.", set_id)


def bring_in(request: HttpRequest) -> HttpResponse:
    return _at_once(request, bring_in_shipped_sets, "The set is here.")


def _at_once(request: HttpRequest, action: Any, done: str, set_id: str = "") -> HttpResponse:
    """A button without a form: done, or the reason why not, and back to the page it stood on."""
    found = _set(request, set_id) if set_id else None
    given = {"outcome_set": found} if found else {}
    try:
        action(**given, by=person_of(request))
    except NotNow as refusal:
        messages.error(request, " ".join(refusal.reasons))
    else:
        messages.success(request, done)
    return redirect(found or "partnerships:outcome_sets")


def choose(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PARTNERSHIP)
    offered = OutcomeSet.objects.in_force(clock.today())
    listed = list(offered.outcomes.all()) if offered else []
    earlier = chosen_by(partnership)
    follows = mapping([one.name for one in earlier], offered.lines() if offered else [])
    meant = {name for names in follows.values() for name in names}
    initial = {"outcomes": [one.public_id for one in listed if one.name in meant]}
    form = ChooseOutcomesForm(posted(request), offered=listed, initial=initial, version=partnership.version)
    form.cancel_url = partnership.get_absolute_url()

    def action() -> None:
        choose_outcomes(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The outcomes are saved."):
        return redirect(partnership)
    moved = bool(earlier and offered and earlier[0].outcome_set != offered)
    return partnership_page(
        request,
        partnership,
        "overview",
        "partnerships/outcomes/choose.html",
        form=form,
        offered=offered,
        earlier_set=earlier[0].outcome_set if moved else None,
        mapped=[(old, ", ".join(names)) for old, names in follows.items()] if moved else [],
        blockers=blockers_to_choose(partnership, offered),
    )


def outcomes_for(partnership: Partnership) -> dict[str, Any]:
    """For the overview: what is chosen, of which set, and the newer set that is offered instead. Two queries."""
    chosen = chosen_by(partnership)
    offered = OutcomeSet.objects.in_force(clock.today())
    own = chosen[0].outcome_set if chosen else None
    return {
        "outcomes": chosen,
        "outcome_set": own,
        "newer_set": offered if own and offered and offered != own else None,
        "chooses_outcomes": not blockers_to_choose(partnership, offered),
    }


def _set(request: HttpRequest, set_id: str) -> OutcomeSet:
    found = OutcomeSet.objects.visible_to(person_of(request)).filter(public_id=set_id).first()
    if found is None:
        raise Http404
    return found
