"""The plan as a whole: its drawing, the table of its milestones, the length of its parts."""

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.drawing.lettering import in_words
from foundation.drawing.timeline import timeline, timeline_table
from foundation.forms.submit import carry_out, posted
from partnerships import back_plan
from partnerships.actions.blockers import blockers_to_change
from partnerships.actions.dependency import early_ones, waits_of
from partnerships.actions.plan import change_plan, months_of
from partnerships.actions.start import blockers_to_move_start, move_start, offers_with_start
from partnerships.clashes import clash_after, clash_of
from partnerships.filters import MilestoneFilter
from partnerships.forms.partnership import PlanForm
from partnerships.forms.plan import StartMoveForm, StartPreviewForm
from partnerships.laid_out import laid_out, state_of
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Milestone, MilestoneMove, Partnership
from partnerships.permissions import Ability
from partnerships.plan import Block, add_months, from_today, in_days, slip_in_words, warnings
from partnerships.tables import milestone_rows
from partnerships.views.extension import extensions_for
from partnerships.views.preview import preview
from partnerships.views.shared import partnership_for, partnership_page, partnership_to, parts_here


def plan(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    chosen = MilestoneFilter(request.GET, queryset=partnership.milestones.all())
    milestones = list(partnership.milestones.select_related("owner"))
    moved = MilestoneMove.objects.filter(milestone__partnership=partnership).order_by()
    moves = Counter(moved.values_list("milestone", flat=True))
    waits = waits_of(partnership)
    early, titles = early_ones(milestones, waits), {m.pk: m.title for m in milestones}
    kind = chosen.form.cleaned_data.get("kind") if chosen.is_valid() else ""
    months = months_of(partnership)
    drawn = laid_out(partnership, milestones, months, today)
    rows = [
        milestone_row(m, moves[m.pk], today)
        | {
            "waits": [titles[key] for key in waits.get(m.pk, ())],
            "early": in_days(early[m.pk]) if m.pk in early else "",
        }
        for m in milestones
        if kind in ("", m.kind)
    ]
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/plan.html",
        drawing=timeline(drawn.bars, drawn.marks, today=today, title=f"Plan of {partnership}", id="plan")
        if drawn.bars
        else "",
        twin=timeline_table(drawn.bars, drawn.marks),
        warnings=warnings(months) if drawn.bars else [],
        filter=chosen,
        kind=kind,
        rows=rows,
        table=milestone_rows(partnership, rows),
        blockers=blockers_to_change(partnership),
        **_tender_timetable(partnership, milestones, months, today),
        **extensions_for(person_of(request), partnership, parts_here(request, partnership)),
        start_moves=not blockers_to_move_start(partnership),
        clash=clash_of(partnership, milestones, person_of(request)),
    )


def _tender_timetable(
    partnership: Partnership, milestones: list[Milestone], months: dict[Block, int], today: date
) -> dict[str, Any]:
    """From the first day until the tender begins: the last day for each step (`domain.md` section 0, fact 4)."""
    end = next((m for m in milestones if m.block == Block.CONTRACT and m.ends_block), None)
    if end is None or end.done_on or Block.CONTRACT not in months or has_reached(partnership.stage, Stage.TENDER):
        return {}
    steps = back_plan.of(end.due_on, months[Block.CONTRACT])
    return {
        "tender_headers": ("Step", "Last day", "From today", "Why then"),
        "service_starts_on": end.due_on,
        "tender_steps": [(s.what, in_words(s.on), from_today(s.on, today), s.why) for s in steps],
        "tender_passed": [s.what for s in steps if s.on < today],
    }


def milestone_row(milestone: Milestone, moves: int, today: date) -> dict[str, Any]:
    """A milestone, moved so many times, as the plan's table and its own page tell it."""
    state = state_of(milestone, today)
    return {
        "milestone": milestone,
        "state": state,
        "days_late": (today - milestone.due_on).days if state == "late" else 0,
        "slip": slip_in_words(moves, milestone.baseline_on, milestone.due_on),
    }


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


def start(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """First by how many months and why; then every open date, each with a tick (scenario 3)."""
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = StartMoveForm(posted(request), version=partnership.version)
    blockers = blockers_to_move_start(partnership)
    if request.method == "POST" and form.is_valid() and not blockers:
        months = form.cleaned_data["months"]
        offers = offers_with_start(partnership, months)
        return preview(
            request,
            partnership,
            StartPreviewForm,
            offers,
            form,
            lambda answer: move_start(
                partnership=partnership, **answer.values(), by=person_of(request), version=answer.version
            ),
            version=partnership.version,
            goes_to=reverse("partnerships:plan", args=[partnership.public_id]),
            done="The start is moved, and the milestones you ticked with it.",
            lead=f"The start would move from {partnership.starts_on:%-d %B %Y} to "
            f"{add_months(partnership.starts_on, months):%-d %B %Y}.",
            advice="These are all the open milestones, moved by as many months. Untick the ones that should keep "
            "their date. Completed ones stay.",
            clash=clash_after(partnership, ((offer.milestone, offer.to) for offer in offers), person_of(request)),
        )
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/form.html",
        form="" if blockers else form,
        heading="Move the start",
        lead=" ".join(blockers)
        or f"It starts on {partnership.starts_on:%-d %B %Y}. You see what would move before anything is changed.",
    )
