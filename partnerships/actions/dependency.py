"""Which milestones wait for which, and what a move would do to those that wait."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, stop_if
from partnerships.actions.blockers import blockers_to_complete
from partnerships.knock_on import days_early, fingerprint, knock_on, would_circle
from partnerships.models import Milestone, MilestoneWait, Partnership
from partnerships.permissions import Ability, require
from partnerships.plan import in_days

if TYPE_CHECKING:
    from accounts.models import Person

STALE_PREVIEW = (
    "The plan has changed since you saw what else would move. Nothing was moved: look at the new list, then confirm it."
)


@dataclass(frozen=True)
class Offer:
    """A milestone that could move along: to when, and (after a move it waits for) how many days too early it is."""

    milestone: Milestone
    to: date
    days_early: int = 0


def waits_of(partnership: Partnership) -> dict[int, set[int]]:
    """Each milestone that waits, with those it waits for. One query."""
    waits: dict[int, set[int]] = {}
    rows = MilestoneWait.objects.filter(milestone__partnership=partnership)
    for later, earlier in rows.values_list("milestone", "waits_for"):
        waits.setdefault(later, set()).add(earlier)
    return waits


def early_ones(milestones: Collection[Milestone], waits: dict[int, set[int]]) -> dict[int, int]:
    """Days by which open milestones are due before what they wait for."""
    return days_early({m.pk: m.due_on for m in milestones if m.done_on is None}, waits)


def offers_after(milestone: Milestone, due_on: date) -> list[Offer]:
    """What would come too early if the milestone moved to `due_on`; nothing while it cannot move at all."""
    if blockers_to_complete(milestone):
        return []
    rows = {row.pk: row for row in Milestone.objects.open().filter(partnership=milestone.partnership)}
    dates = {key: row.due_on for key, row in rows.items()}
    knocks = knock_on(dates, waits_of(milestone.partnership), milestone.pk, due_on)
    return [Offer(rows[knock.key], knock.to, knock.days_early) for knock in knocks]


def fingerprint_of(offers: Sequence[Offer]) -> str:
    return fingerprint((o.milestone.public_id, o.milestone.due_on, o.to) for o in offers)


def chosen_from(offers: Sequence[Offer], along: Collection[str], seen: str | None) -> list[Offer]:
    """The offers that were ticked; refused when the preview (`seen`) showed another list than there is now."""
    chosen = [offer for offer in offers if offer.milestone.public_id in along]
    if len(chosen) < len(set(along)) or (seen is not None and seen != fingerprint_of(offers)):
        raise NotNow(STALE_PREVIEW)
    return chosen


def check_waits(milestone: Milestone, due_on: date) -> None:
    """A milestone cannot be given a date before something it waits for."""
    last = Milestone.objects.open().filter(waited_for_by__milestone=milestone).order_by("-due_on").first()
    if last and due_on < last.due_on:
        raise ValidationError(
            {"due_on": f"It waits for “{last}”, due {last.due_on:%-d %B %Y}: choose that day or a later one."}
        )


@verb("milestone.wait", on="milestone")
def wait_for(*, milestone: Milestone, others: Collection[Milestone], by: "Person", version: int | None = None) -> None:
    """Say what a milestone waits for: these, and nothing else. It is then never due before any of them."""
    partnership = locked(milestone.partnership)
    milestone = locked(milestone, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_complete(milestone))
    before = list(Milestone.objects.filter(waited_for_by__milestone=milestone))
    _check_others(milestone, others)
    MilestoneWait.objects.filter(milestone=milestone).delete()
    MilestoneWait.objects.bulk_create(MilestoneWait(milestone=milestone, waits_for=other) for other in set(others))
    milestone.version += 1
    milestone.save(update_fields=["version"])
    named = ", ".join(f"“{other}”" for other in others)
    record(
        "milestone.wait",
        on=milestone,
        by=by,
        summary=f"made “{milestone}” wait for {named}" if named else f"made “{milestone}” wait for nothing",
        before={"waits_for": sorted(str(other) for other in before)},
        after={"waits_for": sorted(str(other) for other in others)},
    )


def _check_others(milestone: Milestone, others: Collection[Milestone]) -> None:
    waits = waits_of(milestone.partnership)
    waits.pop(milestone.pk, None)
    faults = [fault for other in others if (fault := _fault(milestone, other, waits))]
    if faults:
        raise ValidationError({"others": faults})


def _fault(milestone: Milestone, other: Milestone, waits: dict[int, set[int]]) -> str:
    """Why the milestone cannot wait for the other; empty when it can."""
    if other.pk == milestone.pk:
        return "A milestone cannot wait for itself."
    if other.partnership_id != milestone.partnership_id:
        return f"“{other}” belongs to another partnership."
    if would_circle(waits, milestone.pk, other.pk):
        return f"“{other}” waits for “{milestone}” already, directly or through others: neither could ever start."
    early = (other.due_on - milestone.due_on).days
    if other.done_on is None and early > 0:
        return f"“{other}” is due {in_days(early)} after “{milestone}”. Move one of them first."
    return ""
