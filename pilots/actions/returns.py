"""Monthly returns: planned in advance, saved as a draft, submitted, accepted or sent back with a note."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from foundation.workdays.models import holidays
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, has_reached, over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from partnerships.plan import RECOMMENDED, Block, add_months
from pilots import notifications
from pilots.entry import MONEY, OUTCOMES, REACH, TYPED, Entry, faults, reach_fault_of
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, IndicatorValue, MonthlyReturn
from pilots.periods import MOST_MONTHS, due_on, ended_before, month_of, months_from
from pilots.rollup import Figure
from pilots.sources import figure_of
from pilots.standing import spent_before

if TYPE_CHECKING:
    from accounts.models import Person

OWN_RETURN = "You submitted this return yourself. A second person has to accept it or send it back."


def blockers_to_plan(partnership: Partnership) -> list[str]:
    """Why no returns can be planned now."""
    return over_blockers(partnership.stage, "Its monthly returns")


def blockers_to_fill_in(monthly_return: MonthlyReturn) -> list[str]:
    """Why a return cannot be changed or submitted now."""
    partnership = monthly_return.partnership
    found = blockers_to_plan(partnership)
    if not has_reached(partnership.stage, Stage.PILOT):
        found.append("The pilot is not running. Returns can be filled in once gate G1 has been passed.")
    if not monthly_return.is_to_fill_in:
        found.append(f"This return is “{monthly_return.get_state_display()}”, so its figures are fixed.")
    if clock.today() < monthly_return.period:
        found.append(f"{monthly_return.month} has not begun.")
    return found


def blockers_to_submit(monthly_return: MonthlyReturn) -> list[str]:
    """Why a return cannot be submitted now; what cannot be filled in cannot be submitted either."""
    found = blockers_to_fill_in(monthly_return)
    over_on = ended_before(monthly_return.period)
    if not found and clock.today() < over_on:
        found.append(f"{monthly_return.month} is not over. Save a draft: it can be submitted from {over_on:%-d %B %Y}.")
    return found


def blockers_to_judge(monthly_return: MonthlyReturn) -> list[str]:
    """Why a return cannot be accepted or sent back now."""
    found = blockers_to_plan(monthly_return.partnership)
    if monthly_return.state != ReturnState.SUBMITTED:
        found.append(f"This return is “{monthly_return.get_state_display()}”: there is nothing to accept or send back.")
    return found


@verb("return.plan", on="partnership")
def plan_returns(*, partnership: Partnership, first_month: date, months: int, by: "Person") -> list[MonthlyReturn]:
    """Make the returns of `months` months, with their due dates. A month that has one already keeps it."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    return _plan(partnership, first_month, months, by)


def _plan(partnership: Partnership, first_month: date, months: int, by: "Person") -> list[MonthlyReturn]:
    stop_if(blockers_to_plan(partnership))
    if not 1 <= months <= MOST_MONTHS:
        raise ValidationError({"months": f"Choose between 1 and {MOST_MONTHS} months."})
    if first_month < month_of(partnership.starts_on):
        raise ValidationError({"first_month": f"The partnership starts on {partnership.starts_on:%-d %B %Y}."})
    return _make(partnership, first_month, months, by)


def _make(partnership: Partnership, first_month: date, months: int, by: "Person") -> list[MonthlyReturn]:
    """The returns themselves; whoever calls this has asked whether it may be done, and locked the partnership."""
    wanted, off = months_from(first_month, months), holidays()
    there = set(MonthlyReturn.objects.filter(partnership=partnership).values_list("period", flat=True))
    missing = [m for m in wanted if m not in there]
    made = MonthlyReturn.objects.bulk_create(
        MonthlyReturn(partnership=partnership, period=m, due_on=due_on(m, off)) for m in missing
    )
    refresh(partnership)
    record(
        "return.plan",
        on=partnership,
        by=by,
        summary=f"planned {len(made)} monthly returns, {wanted[0]:%B %Y} to {wanted[-1]:%B %Y}",
        after={"periods": [m.isoformat() for m in missing]},
    )
    return made


def plan_the_pilot(partnership: Partnership, by: "Person") -> None:
    """What happens when the pilot begins: a return for each month the plan gives it, from this month on.

    It follows from the decision: whoever may sign that (the buyer, on the way back from redesign) needs no other right.
    """
    block = partnership.blocks.filter(block=Block.PARTNERSHIP).first()
    months = block.months if block else RECOMMENDED[Block.PARTNERSHIP].default
    first = max(month_of(clock.today()), month_of(partnership.starts_on))
    _plan(partnership, first, months, by)


def extend_the_pilot(partnership: Partnership, months: int, by: "Person") -> None:
    """What happens when the pilot is extended: a return for each further month, after the last one planned.

    The last signature may be the sponsor's, who cannot plan returns otherwise: the extension itself allows it.
    """
    last = MonthlyReturn.objects.filter(partnership=partnership).aggregate(last=Max("period"))["last"]
    _make(partnership, add_months(last, 1) if last else month_of(clock.today()), months, by)


@verb("return.save_draft", on="monthly_return")
def save_draft(*, monthly_return: MonthlyReturn, entry: Entry, by: "Person", version: int | None = None) -> None:
    """Keep what has been typed so far, however little it is. Nothing is checked but that it is a figure."""
    row = _to_fill_in(monthly_return, by, version)
    _keep(row, entry)
    if row.state == ReturnState.PLANNED:
        row.state = ReturnState.DRAFT
    _save(row)
    refresh(row.partnership)
    record("return.save_draft", on=row, by=by, summary=f"saved a draft of the {_named(row)}", after=_facts(row))


@verb("return.submit", on="monthly_return")
def submit(
    *, monthly_return: MonthlyReturn, by: "Person", entry: Entry | None = None, version: int | None = None
) -> None:
    """Send the month's figures to be accepted; `entry` is saved with it. Refused, field by field, until they add up."""
    row = _to_fill_in(monthly_return, by, version)
    stop_if(blockers_to_submit(row))
    indicators = list(Indicator.objects.filter(partnership=row.partnership))
    entry = entry or row.entry()
    spent, budget = spent_before(row)
    pairs = {i.code for i in indicators if i.in_pairs and not i.drawn_from}
    if found := faults(entry, pairs=pairs, spent_before=spent, budget_before=budget):
        raise ValidationError(dict(found))
    _keep(row, entry)
    row.state = ReturnState.SUBMITTED
    row.submitted_by, row.submitted_at = by, clock.now()
    row.first_submitted_on = row.first_submitted_on or timezone.localdate(clock.database_now())
    _save(row, "submitted_by", "submitted_at", "first_submitted_on")
    refresh(row.partnership)
    notifications.return_submitted(row)
    explained = " with an explanation of figures that do not add up" if reach_fault_of(entry) else ""
    record(
        "return.submit",
        on=row,
        by=by,
        summary=f"submitted the {_named(row)}{', late' if row.is_late else ''}{explained}",
        reason=row.reach_explanation if explained else "",
        after=_facts(row),
    )


@verb("return.accept", on="monthly_return")
def accept(*, monthly_return: MonthlyReturn, by: "Person", version: int | None = None) -> None:
    """Take the month's figures as true: from now on they count in the pilot's results."""
    row = _to_judge(monthly_return, by, version)
    row.state, row.returned_note = ReturnState.ACCEPTED, ""
    row.accepted_by, row.accepted_at = by, clock.now()
    _save(row, "accepted_by", "accepted_at", "returned_note")
    refresh(row.partnership)
    notifications.return_accepted(row)
    record("return.accept", on=row, by=by, summary=f"accepted the {_named(row)}", after=_facts(row))


@verb("return.send_back", on="monthly_return")
def return_with_note(*, monthly_return: MonthlyReturn, note: str, by: "Person", version: int | None = None) -> None:
    """Send a return back to whoever submitted it, saying what to put right."""
    row = _to_judge(monthly_return, by, version)
    if not note.strip():
        raise ValidationError({"note": "Say what to put right, so that it can be sent again."})
    row.state, row.returned_note = ReturnState.RETURNED, note
    _save(row, "returned_note")
    refresh(row.partnership)
    notifications.return_sent_back(row, by)
    record("return.send_back", on=row, by=by, summary=f"sent back the {_named(row)}", reason=note, after=_facts(row))


def _to_fill_in(monthly_return: MonthlyReturn, by: "Person", version: int | None) -> MonthlyReturn:
    """The return, locked with its partnership, once this person may fill it in now."""
    partnership = locked(monthly_return.partnership)
    row = locked(monthly_return, version=version)
    row.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_fill_in(row))
    return row


def _to_judge(monthly_return: MonthlyReturn, by: "Person", version: int | None) -> MonthlyReturn:
    """The return, locked with its partnership, once this person may accept it or send it back now."""
    partnership = locked(monthly_return.partnership)
    row = locked(monthly_return, version=version)
    row.partnership = partnership
    require(by, Ability.ACCEPT_PROGRESS, partnership)
    stop_if(blockers_to_judge(row))
    if row.submitted_by_id == by.pk:
        raise NotPermitted(OWN_RETURN)
    return row


def _keep(row: MonthlyReturn, entry: Entry) -> None:
    row.keep(entry)
    indicators = Indicator.objects.filter(partnership=row.partnership)
    values = [_value(row, indicator, entry) for indicator in indicators]
    IndicatorValue.objects.bulk_create(
        values,
        update_conflicts=True,
        unique_fields=["monthly_return", "indicator"],
        update_fields=["amount", "out_of"],
    )


def _value(row: MonthlyReturn, indicator: Indicator, entry: Entry) -> IndicatorValue:
    drawn = bool(indicator.drawn_from)
    figure = figure_of(indicator.drawn_from, entry) if drawn else entry.figures.get(indicator.code, Figure())
    return IndicatorValue(
        monthly_return=row,
        indicator=indicator,
        amount=figure.amount,
        out_of=figure.out_of if indicator.in_pairs else None,
    )


def _save(row: MonthlyReturn, *also: str) -> None:
    row.version += 1
    row.save(update_fields=["state", "version", *TYPED, *also])


def _named(row: MonthlyReturn) -> str:
    return f"return for {row.month}"


def _facts(row: MonthlyReturn) -> dict[str, Any]:
    """The figures, not the words: free text about people stays out of the record."""
    numbers = {name: getattr(row, name) for name in REACH + OUTCOMES}
    money = {name: None if (value := getattr(row, name)) is None else str(value) for name in MONEY}
    return {"period": row.period.isoformat(), "state": row.state, **numbers, **money}
