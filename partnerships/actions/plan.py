"""The plan as a whole: the length of its blocks and its start."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.blockers import blockers_to_change
from partnerships.actions.milestone import move_to
from partnerships.actions.summary import refresh
from partnerships.models import Milestone, Partnership, PlanBlock
from partnerships.permissions import Ability, require
from partnerships.plan import Block, lay_out, warnings

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST = 120


def months_of(partnership: Partnership) -> dict[Block, int]:
    """The length of each block, in months."""
    return {Block(row.block): row.months for row in PlanBlock.objects.filter(partnership=partnership)}


@verb("plan.change", on="partnership")
def change_plan(
    *, partnership: Partnership, months: Mapping[Block, int], reason: str, by: "Person", version: int | None = None
) -> list[str]:
    """Set the blocks' lengths and move the open milestones that end them; returns warnings about short blocks.

    Shorter than recommended is accepted with a warning (`domain.md` 1.3). Finished blocks keep their dates, and an end
    that was moved by hand keeps its distance.
    """
    partnership = locked(partnership, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    _check_months(months)
    before = months_of(partnership)
    if dict(months) == before:
        raise ValidationError("These are the lengths the plan already has.")
    for block, length in months.items():
        PlanBlock.objects.update_or_create(partnership=partnership, block=block, defaults={"months": length})
    spans = zip(lay_out(partnership.starts_on, before), lay_out(partnership.starts_on, dict(months)), strict=True)
    for old, new in spans:
        _move_end(partnership, new.block, new.ends_on - old.ends_on, reason, by)
    partnership.version += 1
    partnership.save(update_fields=["version"])
    refresh(partnership)
    record(
        "plan.change",
        on=partnership,
        by=by,
        summary="changed the plan to " + ", ".join(f"{months[block]} months" for block in Block),
        reason=reason,
        before={block.value: length for block, length in before.items()},
        after={block.value: length for block, length in months.items()},
    )
    return warnings(dict(months))


def _check_months(months: Mapping[Block, int]) -> None:
    for block in Block:
        if not 1 <= months.get(block, 0) <= LONGEST:
            raise ValidationError({block.value: f"Give this block 1 to {LONGEST} months."})


def _move_end(partnership: Partnership, block: Block, by_days: timedelta, reason: str, by: "Person") -> None:
    """Move the block's end as far as the plan moves it; what somebody moved by hand before stays moved."""
    milestone = Milestone.objects.open().filter(partnership=partnership, block=block, ends_block=True).first()
    if milestone and by_days:
        move_to(milestone, milestone.due_on + by_days, reason, by)
