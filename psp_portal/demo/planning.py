"""The plan of each partnership in the demo: who owns what, and a workshop that was moved with its report."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Person
from partnerships.actions.dependency import offers_after, wait_for
from partnerships.actions.milestone import add_milestone, complete_milestone, edit_milestone, move_milestone
from partnerships.models import Milestone, Partnership
from partnerships.plan import Block, MilestoneKind, add_months
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person


@dataclass(frozen=True)
class Owners:
    """The project lead and the two equal leads."""

    project: Person
    public: Person
    third: Person


def give_owners(partnership: Partnership, owners: Owners, *, began: date, held: bool) -> None:
    """Owners for the drawn milestones, and the workshop with its report; `held` unless it is late."""
    of_block = {Block.DESIGN: owners.project, Block.PARTNERSHIP: owners.third, Block.EVALUATION: owners.public}
    with midday(began + timedelta(days=7)):
        for milestone in Milestone.objects.filter(partnership=partnership):
            owner = of_block.get(Block(milestone.block), person(personas.OFFICER))
            edit_milestone(milestone=milestone, title=milestone.title, owner=owner, by=owners.project)
        workshop = add_milestone(
            partnership=partnership, title="Workshop with people who would use the service", block=Block.DESIGN,
            due_on=add_months(began, 2), owner=owners.project, by=owners.project, kind=MilestoneKind.REVIEW,
        )  # fmt: skip
        report = add_milestone(
            partnership=partnership, title="Report of the workshop", kind=MilestoneKind.DELIVERABLE,
            block=Block.DESIGN, due_on=add_months(began, 2) + timedelta(days=14), owner=owners.third,
            by=owners.project,
        )  # fmt: skip
        wait_for(milestone=report, others=[workshop], by=owners.project)
    _hold_the_workshop(workshop, report, owners.project, began=began, held=held)


def _hold_the_workshop(workshop: Milestone, report: Milestone, project: Person, *, began: date, held: bool) -> None:
    """Moved once everywhere, and its report with it; in the youngest partnership it is late."""
    moved_to = add_months(began, 3)
    along = [offer.milestone.public_id for offer in offers_after(workshop, moved_to)]
    with midday(add_months(began, 2) - timedelta(days=5)):
        move_milestone(
            milestone=workshop, due_on=moved_to, by=project, along=along,
            reason="The hall was double-booked and people asked for an evening.",
        )  # fmt: skip
    if held:
        with midday(moved_to - timedelta(days=2)):
            complete_milestone(milestone=workshop, evidence="Notes of the workshop, 14 people.", by=project)
        with midday(moved_to + timedelta(days=12)):
            complete_milestone(milestone=report, evidence="Sent to everyone who came.", by=project)
