"""Which tenders begin in one month, among the partnerships a reader may see: nobody is told of another one."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from foundation.database import clock
from partnerships.clash import Clash, PlannedTender, clashes
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Member, Milestone, Partnership
from partnerships.plan import Block

if TYPE_CHECKING:
    from accounts.models import Person


GOING_ON = [stage.value for stage in Stage if stage not in OVER]


def clashes_seen_by(person: "Person") -> list[Clash]:
    """Every month with three or more tenders of one buyer. The tender begins where the redesign ends. One query."""
    return clashes(_planned(person), clock.today())


def _planned(person: "Person", without: Partnership | None = None) -> list[PlannedTender]:
    rows = Milestone.objects.filter(
        partnership__in=Member.objects.of(person).values("partnership"), partnership__stage__in=GOING_ON,
        block=Block.EVALUATION, ends_block=True, due_on__gte=clock.today().replace(day=1),
    )  # fmt: skip
    if without:
        rows = rows.exclude(partnership=without)
    planned = rows.values_list("partnership__title", "partnership__public_lead__name", "due_on", "partnership")
    return [PlannedTender(*row) for row in planned.order_by()]


def clash_of(partnership: Partnership, milestones: Iterable[Milestone], person: "Person") -> Clash | None:
    """The month of this partnership's own tender, when it is such a month.

    One query, and none when the tender is no longer ahead by these `milestones` of the plan.
    """
    this_month = clock.today().replace(day=1)
    begins = (m for m in milestones if m.block == Block.EVALUATION and m.ends_block and m.due_on >= this_month)
    if next(begins, None) is None or partnership.stage not in GOING_ON:
        return None
    return next((clash for clash in clashes_seen_by(person) if clash.holds(partnership.pk)), None)


def clash_after(partnership: Partnership, moves: Iterable[tuple[Milestone, date]], person: "Person") -> Clash | None:
    """The clash its tender would stand in after these moves; none when they leave the tender's month as it is.

    No query unless the milestone at which the tender begins is among them, then one.
    """
    begins = next(((was, to) for was, to in moves if was.block == Block.EVALUATION and was.ends_block), None)
    if begins is None or partnership.stage not in GOING_ON:
        return None
    was, to = begins
    if (was.due_on.year, was.due_on.month) == (to.year, to.month):
        return None
    mine = PlannedTender(partnership.title, partnership.public_lead.name, to, partnership.pk)
    found = clashes([*_planned(person, without=partnership), mine], clock.today())
    return next((clash for clash in found if (clash.buyer, clash.month) == (mine.buyer, to.replace(day=1))), None)
