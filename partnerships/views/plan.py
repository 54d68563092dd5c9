"""The plan: its drawing, its milestones, and everything that can happen to one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.drawing.timeline import Bar, Mark, timeline
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.milestone import (
    add_milestone,
    blockers_to_change,
    blockers_to_complete,
    complete_milestone,
    edit_milestone,
    move_milestone,
)
from partnerships.actions.plan import change_plan, months_of
from partnerships.forms.partnership import PlanForm
from partnerships.forms.plan import CompleteForm, EditMilestoneForm, MilestoneForm, MoveForm
from partnerships.models import Milestone, Partnership
from partnerships.permissions import Ability
from partnerships.plan import Block, lay_out, warnings
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def plan(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    milestones = list(partnership.milestones.select_related("owner").prefetch_related("moves"))
    months = months_of(partnership)
    spans = lay_out(partnership.starts_on, months) if len(months) == len(Block) else []
    bars = [Bar(s.block.label, s.starts_on, s.ends_on, _state(milestones, s.block, s.starts_on, today)) for s in spans]
    marks = [Mark(m.title, m.due_on, _mark_state(m, today)) for m in milestones]
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/plan.html",
        drawing=timeline(bars, marks, today=today, title=f"Plan of {partnership}", id="plan") if bars else "",
        spans=spans,
        warnings=warnings(months) if spans else [],
        rows=[milestone_row(m, today) for m in milestones],
        blockers=blockers_to_change(partnership),
    )


def milestone_row(milestone: Milestone, today: date) -> dict[str, Any]:
    """A milestone as the plan's table and its own page tell it: “moved 3 times, 41 days later”."""
    moves = len(milestone.moves.all())
    slip = ""
    if moves:
        days = (milestone.due_on - milestone.baseline_on).days
        told = f"{abs(days)} days {'later' if days > 0 else 'earlier'}" if days else "back to its first date"
        slip = f"moved {moves} time{'s' if moves > 1 else ''}, {told}"
    state = _mark_state(milestone, today)
    return {
        "milestone": milestone,
        "state": state,
        "days_late": (today - milestone.due_on).days if state == "late" else 0,
        "slip": slip,
    }


def _state(milestones: list[Milestone], block: str, starts_on: date, today: date) -> Any:
    end = next((m for m in milestones if m.block == block and m.ends_block), None)
    if end and end.done_on:
        return "done"
    if end and end.due_on < today:
        return "late"
    return "active" if starts_on <= today else "planned"


def _mark_state(milestone: Milestone, today: date) -> Any:
    return "done" if milestone.done_on else "late" if milestone.due_on < today else "planned"


def change(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = PlanForm(posted(request), months=months_of(partnership), version=partnership.version)

    def action() -> None:
        for warning in change_plan(
            partnership=partnership,
            months=form.months(),
            reason=form.cleaned_data["reason"],
            by=person_of(request),
            version=form.version,
        ):
            messages.warning(request, warning)

    if request.method == "POST" and carry_out(request, form, action, done="The plan is changed."):
        return redirect("partnerships:plan", partnership.public_id)
    return partnership_page(
        request, partnership, "plan", "partnerships/form.html", form=form, heading="Change the length of the plan"
    )


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
    initial = {"title": found.title, "owner": found.owner.public_id if found.owner else ""}
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
        partnership.milestones.select_related("owner", "decision")
        .prefetch_related("moves")
        .filter(public_id=milestone_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
