"""A pilot, by months: figures that add up, a few bad months, each return submitted by one and accepted by another."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.models import Person
from foundation.database import clock
from partnerships.models import Partnership
from pilots.actions.evaluation import sign_evaluation, write_evaluation
from pilots.actions.returns import accept, save_draft, submit
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import Evaluation, MonthlyReturn
from psp_portal.demo import drift, measured, whole_return
from psp_portal.demo.clockwork import midday
from psp_portal.demo.plots import DRIFTING, Plot


def log_the_months(partnership: Partnership, plot: Plot, *, logs: Person, accepts: Person, until: date) -> None:
    """Every return whose month has ended by `until`; the last two stay submitted and in draft if they are recent."""
    dice = Random(plot.title)
    active = 0
    due = list(
        MonthlyReturn.objects.filter(partnership=partnership, period__lt=until.replace(day=1)).order_by("period")
    )
    partners = list(partnership.partners.order_by("pk").values_list("public_id", flat=True))
    recent = until == clock.today()
    for number, monthly_return in enumerate(due):
        month = drift.month(number, active) if plot is DRIFTING else _month(plot, number, active, dice)
        entry = replace(month, received=whole_return.received(partners, number))
        entry = measured.figures(plot, whole_return.told_in_full(plot, entry, number), number)
        active = entry.active_at_end or 0
        if monthly_return.state == ReturnState.ACCEPTED:  # told already
            continue
        after = drift.came_on(plot, number, (monthly_return.period.replace(day=28) + timedelta(days=11)).replace(day=6))
        if recent and number == len(due) - 1:
            save_draft(monthly_return=monthly_return, entry=_half(entry), by=logs)
            continue
        with midday(min(after, until)):
            submit(monthly_return=monthly_return, entry=entry, by=logs)
        if recent and number == len(due) - 2:
            continue
        with midday(min(after + timedelta(days=3), until)):
            accept(monthly_return=MonthlyReturn.objects.get(pk=monthly_return.pk), by=accepts)


def _month(plot: Plot, number: int, active: int, dice: Random) -> Entry:
    """One month's figures. The service grows into its target over half a year and has a poor month now and then."""
    grown = min(1.0, 0.45 + number * 0.1)
    poor = 0.6 if number % 9 == 7 else 1.0
    starts = max(1, round(plot.target_starts * grown * poor * dice.uniform(0.85, 1.15)))
    leaving = min(active, round(active * dice.uniform(0.12, 0.22)))
    unplanned = min(leaving, dice.randint(0, 2))
    reviewed = round((active + starts) * 0.6)
    improved = round(reviewed * dice.uniform(0.5, 0.72))
    same = round((reviewed - improved) * 0.7)
    actual = (plot.monthly_budget * Decimal(dice.choice(["0.96", "0.98", "1.00", "1.01", "1.03"]))).quantize(
        Decimal("0.01")
    )
    return Entry(
        referrals=starts + dice.randint(1, 5),
        referrals_accepted=starts + 1,
        active_at_start=active,
        new_starts=starts,
        planned_exits=leaving - unplanned,
        unplanned_exits=unplanned,
        active_at_end=active + starts - leaving,
        waiting=dice.randint(0, 6),
        reviewed=reviewed,
        improved=improved,
        same=same,
        worse=reviewed - improved - same,
        budget=plot.monthly_budget,
        actual=actual,
        variance_reason="Mileage and cover for sickness." if actual != plot.monthly_budget else "",
        learned=plot.learned[number % len(plot.learned)] if number % 4 == 1 else "",
        what_changed="A second evening was added after people asked for it." if number % 6 == 4 else "",
        risks="One volunteer co-ordinator is on sick leave. Visits are shared out; few people could start."
        if number % 9 == 7
        else "",
    )


def _half(entry: Entry) -> Entry:
    """The month somebody has begun to type."""
    return Entry(
        referrals=entry.referrals, active_at_start=entry.active_at_start, new_starts=entry.new_starts, learned=""
    )


def evaluate(partnership: Partnership, plot: Plot, *, writes: Person, signs: Person) -> Evaluation:
    """The evaluation that gate G3 asks for."""
    evaluation = write_evaluation(
        partnership=partnership,
        summary=f"The pilot reached {plot.client_group[0].lower()}{plot.client_group[1:]} and most of them were better "
        "off after three months. It cost what it was meant to cost.",
        findings="Starts reached the target in the sixth month and stayed there. Six in ten people reviewed said they "
        "felt better. Referrals came from places nobody had planned for. The weak spot was cover for sickness.",
        unit_cost=(plot.monthly_budget / plot.target_starts).quantize(Decimal("0.01")),
        by=writes,
    )
    sign_evaluation(evaluation=evaluation, by=signs)
    return evaluation
