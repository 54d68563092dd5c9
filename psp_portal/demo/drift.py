"""A pilot that drifts: three phases of figures that can be added up by hand, late returns, money that was held back.

`tests/psp_portal/test_two_pilots.py` does add them up by hand, and compares the pages with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from partnerships.actions.extension import propose_extension, sign_extension
from partnerships.actions.fund import add_fund, add_instalment, receive_instalment
from partnerships.actions.tied_money import release_anyway, release_instalment
from partnerships.models import Partnership
from partnerships.money import Certainty, FundKind
from partnerships.plan import add_months
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import DRIFTING, Plot

REVIEWED = 10
FUND = "Lowland hospital discharge fund"
LATE_FROM = 14  # the number of the month from which every second return comes in the fourth week


@dataclass(frozen=True)
class Phase:
    """So many months in which each told the same: people started and improved, pounds spent."""

    months: int
    started: int
    improved: int
    spent: Decimal
    why: str = ""


PHASES = (
    Phase(12, 8, 6, Decimal(8000)),
    Phase(6, 6, 5, Decimal(8400), "Petrol costs more, and two volunteers have left."),
    Phase(8, 4, 4, Decimal(9000), "Taxis on the days when no volunteer can drive."),
)


def month(number: int, active: int) -> Entry:
    """What the drifting pilot told in its month of this number, the first being 0."""
    phase = _phase(number)
    return Entry(
        referrals=phase.started + 2,
        referrals_accepted=phase.started,
        active_at_start=active,
        new_starts=phase.started,
        planned_exits=phase.started - 2,
        unplanned_exits=1,
        active_at_end=active + 1,
        waiting=number // 4,
        reviewed=REVIEWED,
        improved=phase.improved,
        same=REVIEWED - phase.improved - 1,
        worse=1,
        budget=DRIFTING.monthly_budget,
        actual=phase.spent,
        variance_reason=phase.why,
        learned=DRIFTING.learned[number // 6 % len(DRIFTING.learned)] if number % 6 == 5 else "",
        what_changed="Lifts now begin at eight, when people are sent home." if number == 10 else "",
    )


def _phase(number: int) -> Phase:
    before = 0
    for phase in PHASES:
        before += phase.months
        if number < before:
            return phase
    return PHASES[-1]


def came_on(plot: Plot, number: int, usual: date) -> date:
    """The day a return came: the usual one, or nearly three weeks later."""
    late = plot is DRIFTING and number >= LATE_FROM and number % 2 == 0
    return usual + timedelta(days=19) if late else usual


def what_became_of_it(partnership: Partnership, *, leads: Person, signs: Person, today: date) -> None:
    """Extended once; of four instalments one has arrived, one can be released, one was by name, one is held back."""
    with midday(today - timedelta(days=70)):
        extension = propose_extension(
            partnership=partnership, months=6, source=FUND, amount=DRIFTING.monthly_budget * 6, by=leads,
            reason="Too few people have started to tell whether it works.",
        )  # fmt: skip
    with midday(today - timedelta(days=66)):
        sign_extension(extension=extension, by=signs)
    project, sponsor = person(personas.PROJECT_LEAD), person(personas.SPONSOR)
    returns = MonthlyReturn.objects.filter(partnership=partnership).order_by("-period")
    waiting = returns.filter(state=ReturnState.SUBMITTED)[0]
    accepted, before = returns.filter(state=ReturnState.ACCEPTED)[:2]
    with midday(today - timedelta(days=60)):
        fund = add_fund(
            partnership=partnership, source=FUND, kind=FundKind.TRUST, amount=Decimal(48_000), in_kind=False, what="",
            valued_how="", conditions="A quarter of it after each return.", from_on=today - timedelta(days=60),
            until_on=add_months(today, 12), certainty=Certainty.CONFIRMED, by=project,
        )  # fmt: skip
        on_time, _, early, held = (
            add_instalment(
                fund=fund, due_on=due_on, amount=Decimal(12_000), condition="", return_for=period, by=project
            )
            for due_on, period in (
                (today - timedelta(days=30), before.period),
                (today - timedelta(days=25), accepted.period),
                (today - timedelta(days=20), waiting.period),
                (today - timedelta(days=4), returns.filter(state=ReturnState.DRAFT)[0].period),
            )
        )
    with midday(today - timedelta(days=18)):
        release_instalment(instalment=on_time, by=sponsor)
        receive_instalment(instalment=on_time, received_on=today - timedelta(days=18), by=project)
    with midday(today - timedelta(days=2)):
        release_anyway(
            instalment=early, by=sponsor,
            reason="The drivers’ wages are due on Friday. The return is with us, and is looked at this week.",
        )  # fmt: skip
    assert held.is_held
