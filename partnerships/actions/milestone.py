"""Milestones: add, edit, move with a reason, complete."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, over_blockers
from partnerships.models import Milestone, MilestoneKind, MilestoneMove, Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_change(partnership: Partnership) -> list[str]:
    """Why the plan cannot be changed now."""
    return over_blockers(partnership.stage, "Its plan")


def blockers_to_complete(milestone: Milestone) -> list[str]:
    """Why a milestone cannot be completed, moved or edited now."""
    done = [f"“{milestone}” was completed on {milestone.done_on:%-d %B %Y}."] if milestone.done_on else []
    if milestone.kind == MilestoneKind.EXIT and milestone.partnership.stage == Stage.STOPPED:
        return done  # what is left to do when a partnership has stopped
    return blockers_to_change(milestone.partnership) + done


@verb("milestone.add", on="partnership")
def add_milestone(
    *, partnership: Partnership, title: str, block: str, due_on: date, owner: "Person | None", by: "Person"
) -> Milestone:
    """Add a milestone to the plan; its first date becomes its baseline."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    _check_date(partnership, due_on)
    milestone = Milestone.objects.create(
        partnership=partnership, title=title, block=block, baseline_on=due_on, due_on=due_on, owner=owner
    )
    refresh(partnership)
    record(
        "milestone.add",
        on=milestone,
        by=by,
        summary=f"added “{title}”, due {due_on:%-d %B %Y}",
        after=_facts(milestone),
    )
    return milestone


@verb("milestone.edit", on="milestone")
def edit_milestone(
    *, milestone: Milestone, title: str, owner: "Person | None", by: "Person", version: int | None = None
) -> None:
    """Rename a milestone or give it another owner. Its date moves only by `move_milestone`."""
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    before = _facts(milestone)
    milestone.title, milestone.owner, milestone.version = title, owner, milestone.version + 1
    milestone.save(update_fields=["title", "owner", "version"])
    refresh(partnership)
    record("milestone.edit", on=milestone, by=by, summary=f"changed “{title}”", before=before, after=_facts(milestone))


@verb("milestone.move", on="milestone")
def move_milestone(
    *, milestone: Milestone, due_on: date, reason: str, by: "Person", version: int | None = None
) -> None:
    """Give a milestone another date. The reason stays with it, and the first date never changes."""
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    if due_on == milestone.due_on:
        raise ValidationError({"due_on": "This is the date it already has."})
    _check_date(partnership, due_on)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the date moves. Everyone in the partnership can read the reason."})
    moved_from = milestone.due_on
    MilestoneMove.objects.create(
        milestone=milestone, moved_from=moved_from, moved_to=due_on, reason=reason, moved_by=by
    )
    milestone.due_on, milestone.version = due_on, milestone.version + 1
    milestone.save(update_fields=["due_on", "version"])
    refresh(partnership)
    record(
        "milestone.move",
        on=milestone,
        by=by,
        summary=f"moved “{milestone}” from {moved_from:%-d %B %Y} to {due_on:%-d %B %Y}",
        reason=reason,
        before={"due_on": moved_from.isoformat()},
        after={"due_on": due_on.isoformat()},
    )


@verb("milestone.complete", on="milestone")
def complete_milestone(*, milestone: Milestone, evidence: str, by: "Person", version: int | None = None) -> None:
    """Mark a milestone done today, with what shows it."""
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    milestone.done_on, milestone.evidence, milestone.version = clock.today(), evidence, milestone.version + 1
    milestone.save(update_fields=["done_on", "evidence", "version"])
    refresh(partnership)
    record("milestone.complete", on=milestone, by=by, summary=f"completed “{milestone}”", after=_facts(milestone))


def _check_date(partnership: Partnership, due_on: date) -> None:
    if due_on < partnership.starts_on:
        raise ValidationError(
            {"due_on": f"The partnership starts on {partnership.starts_on:%-d %B %Y}: choose a later date."}
        )


def _facts(milestone: Milestone) -> dict[str, Any]:
    return {
        "title": milestone.title,
        "block": milestone.block,
        "due_on": milestone.due_on.isoformat(),
        "done_on": milestone.done_on.isoformat() if milestone.done_on else None,
        "evidence": milestone.evidence,
        "owner": str(milestone.owner) if milestone.owner else None,
    }
