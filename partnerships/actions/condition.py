"""Conditions of a gate decision: proposed with it, and milestones of the plan from the moment it takes effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.database import clock
from partnerships.lifecycle import GateOutcome, Stage
from partnerships.models import DecisionCondition, GateDecision, Member, Milestone, Partnership
from partnerships.plan import Block, MilestoneKind

if TYPE_CHECKING:
    from accounts.models import Person

MOST_CONDITIONS = 5

# The part of the plan a condition belongs to, by the stage the partnership enters with it.
BLOCK_OF: dict[Stage, Block] = {
    Stage.PROPOSED: Block.DESIGN,
    Stage.DESIGN: Block.DESIGN,
    Stage.PILOT: Block.PARTNERSHIP,
    Stage.REDESIGN: Block.EVALUATION,
    Stage.TENDER: Block.CONTRACT,
    Stage.LIVE: Block.CONTRACT,
}


@dataclass(frozen=True)
class Condition:
    """What has to be done, by whom, by when."""

    text: str
    owner: "Person"
    due_on: date


def check_conditions(partnership: Partnership, outcome: str, conditions: Sequence[Condition]) -> None:
    """ValidationError unless the outcome has as many sound conditions as it must: 1 to 5, or none."""
    if outcome != GateOutcome.CONDITIONS:
        if conditions:
            raise ValidationError({"outcome": "Only “Pass with conditions” has conditions. Choose it, or empty them."})
        return
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise ValidationError({"condition_1_text": f"Give one to {MOST_CONDITIONS} conditions."})
    members = set(Member.objects.current().filter(partnership=partnership).values_list("person_id", flat=True))
    for number, condition in enumerate(conditions, 1):
        if not condition.text.strip():
            raise ValidationError({f"condition_{number}_text": "Say what has to be done."})
        if condition.owner.pk not in members:
            raise ValidationError({f"condition_{number}_owner": "Choose somebody who has a role here today."})
        if condition.due_on <= clock.today():
            raise ValidationError({f"condition_{number}_due_on": "Choose a day in the future."})


def write_down(decision: GateDecision, conditions: Sequence[Condition]) -> None:
    """Keep the conditions with the proposal, for the other signer to read."""
    for condition in conditions:
        DecisionCondition.objects.create(
            decision=decision, text=condition.text, owner=condition.owner, due_on=condition.due_on
        )


def put_into_the_plan(decision: GateDecision, by: "Person") -> list[Milestone]:
    """Each condition becomes a milestone: its owner is reminded, and late it puts the partnership at risk."""
    made = []
    for condition in decision.conditions.select_related("owner"):
        milestone = Milestone.objects.create(
            partnership=decision.partnership,
            kind=MilestoneKind.CONDITION,
            decision=decision,
            block=BLOCK_OF[Stage(decision.enters)],
            title=condition.text,
            owner=condition.owner,
            baseline_on=condition.due_on,
            due_on=condition.due_on,
        )
        record(
            "milestone.add",
            on=milestone,
            by=by,
            summary=f"added the condition “{milestone}”, due {condition.due_on:%-d %B %Y}",
            after={"kind": milestone.kind, "owner": str(condition.owner), "due_on": condition.due_on.isoformat()},
        )
        made.append(milestone)
    return made
