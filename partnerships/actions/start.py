"""The start of a partnership moved, and with it the dates that were still open (`domain.md` section 8, scenario 3)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.blockers import blockers_to_change
from partnerships.actions.dependency import Offer, chosen_from
from partnerships.actions.milestone import check_reason, move_to
from partnerships.actions.partnership import check_start
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Milestone, Partnership
from partnerships.permissions import Ability, require
from partnerships.plan import add_months, in_months

if TYPE_CHECKING:
    from accounts.models import Person

MOST_MONTHS = 60


def blockers_to_move_start(partnership: Partnership) -> list[str]:
    """Why the start cannot be moved now: once the first design has been left, the start is history."""
    found = blockers_to_change(partnership)
    if not found and (has_reached(partnership.stage, Stage.PILOT) or partnership.design > 1):
        found.append("The design stage has been passed, so the start is history. Move single milestones instead.")
    return found


def offers_with_start(partnership: Partnership, months: int) -> list[Offer]:
    """Every open milestone, moved by as many months as the start. Completed ones stay where they are."""
    if not _in_range(months) or blockers_to_move_start(partnership):
        return []
    rows = Milestone.objects.open().filter(partnership=partnership)
    return [Offer(row, add_months(row.due_on, months)) for row in rows]


@verb("plan.move_start", on="partnership")
def move_start(
    *,
    partnership: Partnership,
    months: int,
    reason: str,
    by: "Person",
    along: Collection[str] = (),
    seen: str | None = None,
    version: int | None = None,
) -> None:
    """Move the start by some months (fewer than none: earlier); the open milestones in `along` move as much.

    `seen` is the fingerprint of the preview. The old dates stay visible: each move is kept with the reason.
    """
    partnership = locked(partnership, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_move_start(partnership))
    if not _in_range(months):
        raise ValidationError({"months": f"Give 1 to {MOST_MONTHS} months, with a minus to start earlier."})
    check_reason(reason)
    offers = offers_with_start(partnership, months)
    chosen = chosen_from(offers, along, seen)
    before = partnership.starts_on
    starts_on = add_months(before, months)
    check_start(starts_on, field="months")
    stay = [offer for offer in offers if offer not in chosen and offer.milestone.due_on < starts_on]
    if stay:
        named = ", ".join(f"“{offer.milestone}”" for offer in stay)
        raise ValidationError({"along": f"Tick {named} too: otherwise due before the new start."})
    for offer in chosen:
        move_to(offer.milestone, offer.to, reason, by)
    if partnership.stage_since == before:  # no gate has been passed since
        partnership.stage_since = starts_on
    partnership.starts_on = starts_on
    partnership.version += 1
    partnership.save(update_fields=["starts_on", "stage_since", "version"])
    refresh(partnership)
    record(
        "plan.move_start",
        on=partnership,
        by=by,
        summary=f"moved the start by {in_months(months)}, from {before:%-d %B %Y} to {starts_on:%-d %B %Y}, "
        f"and {len(chosen)} of {len(offers)} open milestones with it",
        reason=reason,
        before={"starts_on": before.isoformat()},
        after={"starts_on": starts_on.isoformat(), "moved": sorted(str(offer.milestone) for offer in chosen)},
    )


def _in_range(months: int) -> bool:
    return 1 <= abs(months) <= MOST_MONTHS
