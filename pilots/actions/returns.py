"""Returns: planned in advance, saved as a draft, submitted, accepted or sent back with a note and marks on fields.

What happens after acceptance (a correction) is in `corrections`, how a pilot reports in `pilot_plan`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import last_change, record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from foundation.workdays.models import holidays
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, has_reached, over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from partnerships.plan import RECOMMENDED, Block
from pilots import notifications
from pilots.actions.health_override import end_with_the_next_return
from pilots.actions.keeping import keep
from pilots.actions.tallying import keep_indicators, keep_year
from pilots.entry import NUMBERS, TYPED, Entry, Faults, faults, reach_fault_of, unfit_words
from pilots.lifecycle import ReturnState
from pilots.models import Indicator, MonthlyReturn, plan_of
from pilots.periods import MOST_MONTHS, due_on, month_of, months_from, periods_of
from pilots.sections import ReturnForm
from pilots.standing import spent_before
from pilots.ties import let_go_by

if TYPE_CHECKING:
    from accounts.models import Person

# How often the history tells that a person's draft was saved while they typed.
TOLD_ONCE_IN = timedelta(hours=1)
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
    over_on = monthly_return.over_on
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
    return make_returns(partnership, first_month, months, by)


def make_returns(partnership: Partnership, first_month: date, months: int, by: "Person") -> list[MonthlyReturn]:
    """The returns themselves; whoever calls this has asked whether it may be done, and locked the partnership."""
    wanted, off = months_from(first_month, months), holidays()
    there = MonthlyReturn.objects.filter(partnership=partnership).values_list("period", "months")
    covered = {month for period, count in there for month in months_from(period, count)}
    missing = periods_of([m for m in wanted if m not in covered], plan_of(partnership).rhythm)
    made = MonthlyReturn.objects.bulk_create(
        MonthlyReturn(partnership=partnership, period=m, months=count, due_on=due_on(m, off, count))
        for m, count in missing
    )
    monthly = "monthly " if all(count == 1 for _, count in missing) else ""
    refresh(partnership)
    record(
        "return.plan",
        on=partnership,
        by=by,
        summary=f"planned {len(made)} {monthly}returns, {wanted[0]:%B %Y} to {wanted[-1]:%B %Y}",
        after={"periods": [m.isoformat() for m, _ in missing]},
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
    last = MonthlyReturn.objects.filter(partnership=partnership).order_by("-period").first()
    make_returns(partnership, last.over_on if last else month_of(clock.today()), months, by)


@verb("return.save_draft", on="monthly_return")
def save_draft(
    *, monthly_return: MonthlyReturn, entry: Entry, by: "Person", version: int | None = None, by_itself: bool = False
) -> int:
    """Keep what has been typed so far, however little it is. Nothing is checked but that it points at nobody.

    Returns the draft's version from now on. `by_itself`: the page saves while somebody types, every few seconds. The
    draft is kept each time, but the history tells it once an hour for each person, or the typing would hide what
    people did on purpose. As soon as anybody else has changed the return it is told again, so that whoever comes
    too late is told of the right person.
    """
    row = _to_fill_in(monthly_return, by, version)
    if unfit := unfit_words(entry):
        raise ValidationError(dict(unfit))
    keep(row, entry)
    if row.state == ReturnState.PLANNED:
        row.state = ReturnState.DRAFT
    _save(row)
    refresh(row.partnership)
    if not (by_itself and _told_lately(row, by)):
        record("return.save_draft", on=row, by=by, summary=f"saved a draft of the {_named(row)}", after=_facts(row))
    return row.version


def _told_lately(row: MonthlyReturn, by: "Person") -> bool:
    """Whether the newest change of the return is this person's own draft, saved less than an hour ago."""
    last = last_change(row)
    return (
        last is not None
        and (last.action, last.actor_id) == ("return.save_draft", by.pk)
        and clock.now() - last.at < TOLD_ONCE_IN
    )


def faults_of(row: MonthlyReturn, entry: Entry, typed: Sequence[Indicator] | None = None) -> Faults:
    """Why the return cannot be submitted as typed, by field. Empty means go. `typed`: its indicators, if at hand."""
    indicators = list(Indicator.objects.filter(partnership=row.partnership).typed()) if typed is None else typed
    spent, budget = spent_before(row)
    plan = plan_of(row.partnership)
    return faults(
        entry,
        pairs={i.code for i in indicators if i.in_pairs},
        spent_before=spent,
        budget_before=budget,
        by=plan.thresholds,
        whole=plan.form == ReturnForm.FULL,
        scales={i.code: scale for i in indicators if (scale := i.scale)},
    )


@verb("return.submit", on="monthly_return")
def submit(
    *, monthly_return: MonthlyReturn, by: "Person", entry: Entry | None = None, version: int | None = None
) -> None:
    """Send the month's figures to be accepted; `entry` is saved with it. Refused, field by field, until they add up."""
    row = _to_fill_in(monthly_return, by, version)
    stop_if(blockers_to_submit(row))
    entry = entry or row.entry()
    if found := faults_of(row, entry):
        raise ValidationError(dict(found))
    row.state = ReturnState.SUBMITTED
    row.submitted_by, row.submitted_at = by, clock.now()
    row.first_submitted_on = row.first_submitted_on or _came_on(row)
    keep(row, entry)
    _save(row, "submitted_by", "submitted_at", "first_submitted_on")
    keep_year(row.partnership, row.period)
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
    """Take the month's figures as true: from now on they count in the pilot's results, instead of what they correct."""
    row = _to_judge(monthly_return, by, version)
    if row.corrects:
        corrected = locked(row.corrects)
        corrected.state, corrected.version = ReturnState.SUPERSEDED, corrected.version + 1
        corrected.save(update_fields=["state", "version"])
    row.state, row.returned_note, row.marks = ReturnState.ACCEPTED, "", {}
    row.accepted_by, row.accepted_at = by, clock.now()
    _save(row, "accepted_by", "accepted_at", "returned_note", "marks")
    ended = end_with_the_next_return(row.partnership)
    keep_year(row.partnership, row.period)
    keep_indicators(row.partnership)
    refresh(row.partnership)
    notifications.return_accepted(row)
    if not row.corrects_id:  # a correction's money was let go by what it corrects
        notifications.money_can_go(row, let_go_by(row), by)
    also = ", and the overall state is the calculated one again" if ended else ""
    record("return.accept", on=row, by=by, summary=f"accepted the {_named(row)}{also}", after=_facts(row))


@verb("return.send_back", on="monthly_return")
def return_with_note(
    *,
    monthly_return: MonthlyReturn,
    note: str,
    by: "Person",
    marks: Mapping[str, str] | None = None,
    version: int | None = None,
) -> None:
    """Send a return back to whoever submitted it, saying what to put right; `marks` hold a remark by field."""
    row = _to_judge(monthly_return, by, version)
    if not note.strip():
        raise ValidationError({"note": "Say what to put right, so that it can be sent again."})
    marks = {field: remark.strip() for field, remark in (marks or {}).items() if remark.strip()}
    row.state, row.returned_note, row.marks = ReturnState.RETURNED, note, marks
    _save(row, "returned_note", "marks")
    refresh(row.partnership)
    notifications.return_sent_back(row, by)
    fields = f", with {len(marks)} field{'' if len(marks) == 1 else 's'} marked" if marks else ""
    record(
        "return.send_back",
        on=row,
        by=by,
        summary=f"sent back the {_named(row)}{fields}",
        reason=note,
        after=_facts(row) | {"marks": marks},
    )


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


def _save(row: MonthlyReturn, *also: str) -> None:
    row.version += 1
    row.save(update_fields=["state", "version", *TYPED, *also])


def _came_on(row: MonthlyReturn) -> date:
    """The day that lateness counts from: a correction came when what it corrects came."""
    first = row.corrects and row.corrects.first_submitted_on
    return first or timezone.localdate(clock.database_now())


def _named(row: MonthlyReturn) -> str:
    return f"correction of the return for {row.month}" if row.corrects_id else f"return for {row.month}"


def _facts(row: MonthlyReturn) -> dict[str, Any]:
    """The figures, not the words: free text about people stays out of the record."""
    values = {name: getattr(row, name) for name in NUMBERS}
    numbers = {name: value if isinstance(value, int | None) else str(value) for name, value in values.items()}
    return {"period": row.period.isoformat(), "revision": row.revision, "state": row.state, **numbers}
