"""The returns as money can be tied to them (`partnerships.tied`, scenario 40)."""

from collections.abc import Iterable
from datetime import date

from partnerships.lifecycle import OVER
from partnerships.models import Instalment, Partnership
from partnerships.money import Certainty
from partnerships.plan import add_months
from partnerships.tied import Tie
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from pilots.periods import QUARTER, months_from, name_of

HOLDS: dict[ReturnState, str] = {
    ReturnState.PLANNED: "has not been filled in yet",
    ReturnState.DRAFT: "is still a draft",
    ReturnState.SUBMITTED: "is submitted, and has not been accepted yet",
    ReturnState.RETURNED: "was sent back, and has not been accepted",
}


def choices(partnership: Partnership) -> list[tuple[date, str]]:
    """Every period that is planned or told. One query."""
    rows = MonthlyReturn.objects.filter(partnership=partnership, revision=1).order_by("period")
    return [(period, name_of(period, months)) for period, months in rows.values_list("period", "months")]


def states(partnership: Partnership, months: Iterable[date]) -> dict[date, Tie]:
    """How the return stands that tells of each month, alone or in a quarter. One query.

    A correction that is under way holds nothing back: what it corrects was accepted, and counts until it is replaced.
    """
    asked, found = set(months), dict[date, Tie]()
    rows = MonthlyReturn.objects.filter(partnership=partnership).current().order_by("revision")
    for period, count, state in rows.values_list("period", "months", "state"):
        for month in asked.intersection(months_from(period, count)):
            if month not in found or not found[month].accepted:
                found[month] = _tie(f"return for {name_of(period, count)}", ReturnState(state))
    return found


def releasable(partnerships: Iterable[int]) -> list[Instalment]:
    """What accepted returns of these partnerships no longer hold back, and nobody has released. Two queries at most."""
    held = list(
        Instalment.objects.filter(
            fund__partnership__in=partnerships, return_for__isnull=False, released_on=None, received_on=None,
            fund__certainty=Certainty.CONFIRMED,
        ).exclude(fund__partnership__stage__in=OVER).select_related("fund__partnership")
    )  # fmt: skip
    if not held:
        return []
    months = [one.return_for for one in held if one.return_for]
    rows = MonthlyReturn.objects.accepted().filter(
        partnership__in={one.fund.partnership_id for one in held},
        period__range=(add_months(min(months), 1 - QUARTER), max(months)),
    )
    accepted = {
        (partnership, month)
        for partnership, period, count in rows.values_list("partnership", "period", "months")
        for month in months_from(period, count)
    }
    return [one for one in held if (one.fund.partnership_id, one.return_for) in accepted]


def let_go_by(row: MonthlyReturn) -> list[Instalment]:
    """The instalments that can be released because this return is accepted. Two queries at most."""
    months = months_from(row.period, row.months)
    return [one for one in releasable([row.partnership_id]) if one.return_for in months]


def _tie(name: str, state: ReturnState) -> Tie:
    if state == ReturnState.ACCEPTED:
        return Tie(name, True, f"The {name} is accepted.")
    return Tie(name, False, f"The {name} {HOLDS[state]}. It holds this instalment back.")
