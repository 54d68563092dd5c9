"""What is left to do when a partnership stops: exit tasks, as milestones owned by the two leads (`domain.md` 1.11)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.database import clock
from partnerships.actions.condition import BLOCK_OF
from partnerships.lifecycle import Stage
from partnerships.models import GateDecision, Member, Milestone
from partnerships.plan import MilestoneKind, add_months
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class ExitTask:
    """One thing to finish; `months` after the stop is its first date, which the leads may move with a reason."""

    title: str
    owner: PartnershipRole
    months: int


# The months are a starting point, not a rule: nothing in the model says how long winding up takes.
EXIT_TASKS = (
    ExitTask("Hand over everybody who uses the service", PartnershipRole.THIRD_SECTOR_LEAD, 1),
    ExitTask("Settle what happens to staff", PartnershipRole.THIRD_SECTOR_LEAD, 3),
    ExitTask("Close the money and return what is left", PartnershipRole.PUBLIC_LEAD, 3),
    ExitTask("Return or destroy data", PartnershipRole.PUBLIC_LEAD, 3),
    ExitTask("Write down the lessons", PartnershipRole.THIRD_SECTOR_LEAD, 3),
)


def open_exit_tasks(decision: GateDecision, by: "Person") -> None:
    """One milestone for each exit task, owned by the lead it falls to (the longest in the role)."""
    for task in EXIT_TASKS:
        due_on = add_months(clock.today(), task.months)
        milestone = Milestone.objects.create(
            partnership=decision.partnership,
            kind=MilestoneKind.EXIT,
            decision=decision,
            block=BLOCK_OF[Stage(decision.leaves)],
            title=task.title,
            owner=_lead(decision, task.owner),
            baseline_on=due_on,
            due_on=due_on,
        )
        record(
            "milestone.add",
            on=milestone,
            by=by,
            summary=f"opened the exit task “{milestone}”, due {due_on:%-d %B %Y}",
            after={"kind": milestone.kind, "owner": str(milestone.owner), "due_on": due_on.isoformat()},
        )


def _lead(decision: GateDecision, role: PartnershipRole) -> "Person | None":
    members = Member.objects.current().filter(partnership=decision.partnership, role=role).select_related("person")
    first = members.first()
    return first.person if first else None
