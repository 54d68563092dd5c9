"""One milestone: its page, and everything that can happen to it."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.blockers import blockers_to_complete
from partnerships.actions.dependency import Offer, fingerprint_of, offers_after, wait_for
from partnerships.actions.milestone import (
    add_milestone,
    complete_milestone,
    edit_milestone,
    move_milestone,
)
from partnerships.clash import Clash
from partnerships.clashes import clash_after
from partnerships.forms.plan import CompleteForm, EditMilestoneForm, MilestoneForm, MoveForm, MovePreviewForm, WaitForm
from partnerships.models import Milestone, Partnership
from partnerships.permissions import Ability
from partnerships.views.plan import milestone_row
from partnerships.views.preview import preview
from partnerships.views.reminders import put_off_by
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = MilestoneForm(posted(request), partnership=partnership)

    def action() -> None:
        add_milestone(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The milestone is added."):
        return redirect("partnerships:plan", partnership.public_id)
    return partnership_page(
        request, partnership, "plan", "partnerships/form.html", form=form, heading="Add a milestone"
    )


def milestone(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _milestone(partnership, milestone_id)
    moves = list(found.moves.select_related("moved_by"))
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/milestone.html",
        row=milestone_row(found, len(moves), clock.today()),
        milestone=found,
        moves=moves,
        waits_for=[row.waits_for for row in found.waits.select_related("waits_for").order_by("waits_for__due_on")],
        waited_for_by=[row.milestone for row in found.waited_for_by.select_related("milestone")],
        blockers=blockers_to_complete(found),
        pauses=[] if found.done_on else put_off_by(f"milestone:{found.public_id}", found.due_on),
    )


def edit(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    owner = found.owner.public_id if found.owner else ""
    initial = {"title": found.title, "kind": found.kind, "owner": owner}
    form = EditMilestoneForm(posted(request), initial=initial, partnership=partnership, version=found.version)
    return _change_milestone(request, found, form, edit_milestone, "Edit the milestone", "The milestone is changed.")


def move(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    """First the new date and its reason; a preview when others come too early, or the tender into a full month."""
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    form = MoveForm(posted(request), initial={"due_on": found.due_on}, version=found.version)
    if request.method == "POST" and form.is_valid():
        offers = offers_after(found, form.cleaned_data["due_on"])
        moves = [(found, form.cleaned_data["due_on"]), *((offer.milestone, offer.to) for offer in offers)]
        clash = clash_after(partnership, moves, person_of(request))
        if offers or clash or "seen" in request.POST:
            return _move_together(request, found, form, offers, clash)
    action = partial(move_milestone, seen=fingerprint_of([]))
    done = "The milestone is moved."
    return _change_milestone(request, found, form, action, "Move the milestone", done, occasion="date")


def _move_together(
    request: HttpRequest, found: Milestone, first: MoveForm, offers: list[Offer], clash: Clash | None
) -> HttpResponse:
    partnership = found.partnership
    return preview(
        request,
        partnership,
        MovePreviewForm,
        offers,
        first,
        lambda form: move_milestone(milestone=found, **form.values(), by=person_of(request), version=form.version),
        version=found.version,
        goes_to=reverse("partnerships:milestone", args=[partnership.public_id, found.public_id]),
        done="The milestone is moved, and those you ticked with it.",
        lead=f"“{found}” would move from {found.due_on:%-d %B %Y} to {first.cleaned_data['due_on']:%-d %B %Y}.",
        advice="These wait for it and would then come too early. Untick the ones that should keep their date; the "
        "plan will show them as too early.",
        clash=clash,
    )


def waits(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    now = [row.waits_for for row in found.waits.select_related("waits_for")]
    others = [*Milestone.objects.open().filter(partnership=partnership).exclude(pk=found.pk)]
    others += [row for row in now if row not in others]
    initial = {"others": [row.public_id for row in now]}
    form = WaitForm(posted(request), initial=initial, others=others, version=found.version)
    return _change_milestone(request, found, form, wait_for, "What it waits for", "What it waits for is saved.")


def complete(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    form = CompleteForm(posted(request), version=found.version)
    return _change_milestone(
        request, found, form, complete_milestone, "Complete the milestone", "The milestone is complete."
    )


def _change_milestone(
    request: HttpRequest, found: Milestone, form: PortalForm, action: Any, heading: str, done: str, occasion: str = ""
) -> HttpResponse:
    """One form about one milestone: carry it out, or show it again in the partnership's frame."""
    partnership = found.partnership

    def change_it() -> None:
        action(milestone=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, change_it, done=done):
        return redirect("partnerships:milestone", partnership.public_id, found.public_id)
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/form.html",
        form=form,
        heading=heading,
        lead=f"“{found}”",
        occasion=occasion,
    )


def _milestone(partnership: Partnership, milestone_id: str) -> Milestone:
    found = (
        partnership.milestones.select_related("owner").prefetch_related("moves").filter(public_id=milestone_id).first()
    )
    if found is None:
        raise Http404
    return found
