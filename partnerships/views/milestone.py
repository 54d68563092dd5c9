"""One milestone: its page, and everything that can happen to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.milestone import (
    add_milestone,
    blockers_to_complete,
    complete_milestone,
    edit_milestone,
    move_milestone,
)
from partnerships.forms.plan import CompleteForm, EditMilestoneForm, MilestoneForm, MoveForm
from partnerships.models import Milestone, Partnership
from partnerships.permissions import Ability
from partnerships.views.plan import milestone_row
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
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/milestone.html",
        row=milestone_row(found, clock.today()),
        milestone=found,
        moves=found.moves.select_related("moved_by"),
        blockers=blockers_to_complete(found),
    )


def edit(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    owner = found.owner.public_id if found.owner else ""
    initial = {"title": found.title, "kind": found.kind, "owner": owner}
    form = EditMilestoneForm(posted(request), initial=initial, partnership=partnership, version=found.version)
    return _change_milestone(request, found, form, edit_milestone, "Edit the milestone", "The milestone is changed.")


def move(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    form = MoveForm(posted(request), initial={"due_on": found.due_on}, version=found.version)
    return _change_milestone(request, found, form, move_milestone, "Move the milestone", "The milestone is moved.")


def complete(request: HttpRequest, partnership_id: str, milestone_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    found = _milestone(partnership, milestone_id)
    form = CompleteForm(posted(request), version=found.version)
    return _change_milestone(
        request, found, form, complete_milestone, "Complete the milestone", "The milestone is complete."
    )


def _change_milestone(
    request: HttpRequest, found: Milestone, form: PortalForm, action: Any, heading: str, done: str
) -> HttpResponse:
    """One form about one milestone: carry it out, or show it again in the partnership's frame."""
    partnership = found.partnership

    def change_it() -> None:
        action(milestone=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, change_it, done=done):
        return redirect("partnerships:milestone", partnership.public_id, found.public_id)
    return partnership_page(
        request, partnership, "plan", "partnerships/form.html", form=form, heading=heading, lead=f"“{found}”"
    )


def _milestone(partnership: Partnership, milestone_id: str) -> Milestone:
    found = (
        partnership.milestones.select_related("owner").prefetch_related("moves").filter(public_id=milestone_id).first()
    )
    if found is None:
        raise Http404
    return found
