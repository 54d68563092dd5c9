"""Milestones: add, edit, move with a reason, complete."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.blockers import blockers_to_change, blockers_to_complete
from partnerships.actions.dependency import Offer, check_waits, chosen_from, offers_after
from partnerships.actions.summary import refresh
from partnerships.models import Milestone, MilestoneMove, Partnership
from partnerships.permissions import Ability, require
from partnerships.plan import MilestoneKind

if TYPE_CHECKING:
    from accounts.models import Person


@verb("milestone.add", on="partnership")
def add_milestone(
    *,
    partnership: Partnership,
    title: str,
    block: str,
    due_on: date,
    owner: "Person | None",
    by: "Person",
    kind: str = MilestoneKind.OTHER,
) -> Milestone:
    """Add a milestone to the plan; its first date becomes its baseline."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    _check_date(partnership, due_on)
    milestone = Milestone.objects.create(
        partnership=partnership, title=title, kind=kind, block=block, baseline_on=due_on, due_on=due_on, owner=owner
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
    *,
    milestone: Milestone,
    title: str,
    owner: "Person | None",
    by: "Person",
    kind: str | None = None,
    version: int | None = None,
) -> None:
    """Rename a milestone, give it another owner or another kind. Its date moves only by `move_milestone`."""
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    before = _facts(milestone)
    milestone.title, milestone.owner, milestone.version = title, owner, milestone.version + 1
    milestone.kind = kind or milestone.kind
    milestone.save(update_fields=["title", "kind", "owner", "version"])
    refresh(partnership)
    record("milestone.edit", on=milestone, by=by, summary=f"changed “{title}”", before=before, after=_facts(milestone))


@verb("milestone.move", on="milestone")
def move_milestone(
    *,
    milestone: Milestone,
    due_on: date,
    reason: str,
    by: "Person",
    along: Collection[str] = (),
    seen: str | None = None,
    version: int | None = None,
) -> None:
    """Give a milestone another date. The reason stays with it, and the first date never changes.

    `along` are the public ids of those that wait for it and move too, with the same reason; `seen` is the fingerprint
    of the preview that offered them, refused when the plan has become another.
    """
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    chosen = chosen_from(offers_after(milestone, due_on), along, seen)
    if due_on == milestone.due_on:
        raise ValidationError({"due_on": "This is the date it already has."})
    _check_date(partnership, due_on)
    check_waits(milestone, due_on)
    check_reason(reason)
    moves = [Offer(milestone, due_on), *chosen]
    before = {str(m.milestone): m.milestone.due_on.isoformat() for m in moves}
    moved_from = milestone.due_on
    for move in moves:
        move_to(move.milestone, move.to, reason, by)
    refresh(partnership)
    others = f", and with it {len(chosen)} that wait{'s' if len(chosen) == 1 else ''} for it" if chosen else ""
    record(
        "milestone.move",
        on=milestone,
        by=by,
        summary=f"moved “{milestone}” from {moved_from:%-d %B %Y} to {due_on:%-d %B %Y}{others}",
        reason=reason,
        before={"due_on": moved_from.isoformat()} | ({"along": before} if chosen else {}),
        after={"due_on": due_on.isoformat()}
        | ({"along": {str(m.milestone): m.to.isoformat() for m in moves}} if chosen else {}),
    )


def check_reason(reason: str) -> None:
    """No date moves without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why the date moves. Everyone in the partnership can read the reason."})


def move_to(milestone: Milestone, due_on: date, reason: str, by: "Person") -> None:
    """Move one date and keep what it was: the part every verb that moves dates shares. The caller has locked."""
    MilestoneMove.objects.create(
        milestone=milestone, moved_from=milestone.due_on, moved_to=due_on, reason=reason, moved_by=by
    )
    milestone.due_on, milestone.version = due_on, milestone.version + 1
    milestone.save(update_fields=["due_on", "agreed_days", "version"])


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
        "kind": milestone.kind,
        "block": milestone.block,
        "due_on": milestone.due_on.isoformat(),
        "done_on": milestone.done_on.isoformat() if milestone.done_on else None,
        "evidence": milestone.evidence,
        "owner": str(milestone.owner) if milestone.owner else None,
    }
