"""What the demo's partnerships run on and work for: funds, instalments, allocations, national outcomes, two hats."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Person
from foundation.database import clock
from partnerships.actions.budget import allocate
from partnerships.actions.fund import add_fund, add_instalment, receive_instalment
from partnerships.actions.outcome import bring_in_shipped_sets, choose_outcomes
from partnerships.actions.partner import add_member
from partnerships.models import BudgetHeading, Fund, Instalment, OutcomeSet, Partnership
from partnerships.money import Certainty, FundKind
from partnerships.plan import add_months
from partnerships.roles import PartnerPart, PartnershipRole
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import organisation, person
from psp_portal.demo.plots import TRANSPORT, Plot

GRANT = "Caledon change fund"
SERVES = ("Communities", "Health", "Poverty")


def bring_in_outcomes() -> None:
    bring_in_shipped_sets(by=person(personas.ADMINISTRATOR))


def provide(partnership: Partnership, plot: Plot, by: Person, *, began: date, pilot_from: date) -> None:
    """The outcomes it serves, the funds, and who spends the delivery money: agreed in the second month."""
    with midday(add_months(began, 2), 13):
        offered = OutcomeSet.objects.in_force(clock.today())
        assert offered
        serves = offered.outcomes.filter(name__in=SERVES).values_list("public_id", flat=True)
        choose_outcomes(partnership=partnership, outcomes=list(serves), by=by)
        _funds(partnership, plot, by, began, pilot_from)
        _allocations(partnership, by)


def _funds(partnership: Partnership, plot: Plot, by: Person, began: date, pilot_from: date) -> None:
    lasts: dict[str, Any] = {
        "from_on": began,
        "until_on": add_months(pilot_from, 24),
        "by": by,
        "partnership": partnership,
    }
    money: dict[str, Any] = {"in_kind": False, "what": "", "valued_how": ""}
    grant = add_fund(
        source=GRANT, kind=FundKind.GRANT, amount=plot.monthly_budget * 12, certainty=Certainty.CONFIRMED,
        conditions="A report each year. The real Living Wage for everybody it pays.", **money, **lasts,
    )  # fmt: skip
    add_fund(
        source=personas.BOARD, kind=FundKind.OWN_BUDGET, amount=Decimal(42_000), certainty=Certainty.CONFIRMED,
        conditions="For the development officer.", **money, **lasts,
    )  # fmt: skip
    add_fund(
        source=plot.lead, kind=FundKind.OTHER, amount=Decimal(12_400), certainty=Certainty.CONFIRMED, conditions="",
        in_kind=True, what="Two rooms on three days a week, with heating",
        valued_how="155 days at £80, the rate of the village hall", **lasts,
    )  # fmt: skip
    add_fund(
        source="Draw of the Glens", kind=FundKind.LOTTERY, amount=Decimal(20_000), certainty=Certainty.HOPED_FOR,
        conditions="", **money, **lasts,
    )  # fmt: skip
    third = plot.monthly_budget * 4
    dates = {"The memorandum is signed": add_months(began, 3), "The pilot has begun": pilot_from}
    for condition, due_on in (dates | {"The first returns are accepted": add_months(pilot_from, 4)}).items():
        add_instalment(fund=grant, due_on=due_on, amount=third, condition=condition, by=by)


def _allocations(partnership: Partnership, by: Person) -> None:
    """Half of the delivery money for the lead, a tenth for each other provider; the rest is kept back."""
    line = partnership.budget_lines.get(heading=BudgetHeading.DELIVERY_STAFF)
    shares = {PartnerPart.THIRD_SECTOR_LEAD: line.amount / 2, PartnerPart.PROVIDER: line.amount / 10}
    amounts = {p.public_id: shares[part] for p in partnership.partners.all() if (part := PartnerPart(p.part)) in shares}
    allocate(line=line, amounts=amounts, by=by)


def receive(partnership: Partnership, by: Person, *, until: date) -> None:
    """What was due by then has arrived, ten days after its date at the latest."""
    due = Instalment.objects.filter(fund__in=Fund.objects.filter(partnership=partnership), received_on=None)
    for instalment in due.filter(due_on__lte=until - timedelta(days=10)).order_by("due_on"):
        with midday(until, 18):
            receive_instalment(instalment=instalment, received_on=instalment.due_on + timedelta(days=6), by=by)


def two_hats() -> None:
    """In the youngest partnership the procurement officer also stands in for the board's manager, and acts as one."""
    with midday(clock.today() - timedelta(days=1)):
        who = person(personas.OFFICER)
        add_member(
            partnership=Partnership.objects.get(title=TRANSPORT.title), email=who.email, name=who.name,
            organisation=organisation(personas.BOARD), role=PartnershipRole.PARTNER_MANAGER,
            by=person(personas.COMMISSIONER),
        )  # fmt: skip
