"""Correcting a return after acceptance: a new revision, by the same two people's way (scenario 27).

The accepted figures count until a second person has accepted the correction. Then they can only be read.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.summary import refresh
from partnerships.lifecycle import over_blockers
from partnerships.permissions import Ability, require
from pilots.actions.keeping import copy_rows
from pilots.entry import TYPED
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_correct(monthly_return: MonthlyReturn) -> list[str]:
    """Why no correction of this return can be begun now."""
    found = over_blockers(monthly_return.partnership.stage, "Its returns")
    if monthly_return.state == ReturnState.SUPERSEDED:
        found.append("A correction has replaced this return already. Correct the newest one.")
    elif monthly_return.state != ReturnState.ACCEPTED:
        found.append("Only an accepted return is corrected. This one can still be changed or sent back.")
    elif MonthlyReturn.objects.filter(corrects=monthly_return).exists():
        found.append("Somebody has begun a correction of this return. Fill that one in.")
    return found


def blockers_to_drop(monthly_return: MonthlyReturn) -> list[str]:
    """Why a correction cannot be dropped now."""
    if not monthly_return.corrects_id:
        return ["This is a return, not a correction of one."]
    if not monthly_return.is_to_fill_in:
        return [f"This correction is “{monthly_return.get_state_display()}”, so it stays."]
    return []


@verb("return.correct", on="monthly_return")
def begin_correction(
    *, monthly_return: MonthlyReturn, reason: str, by: "Person", version: int | None = None
) -> MonthlyReturn:
    """Make a draft with the accepted figures, to be corrected, submitted and accepted like any other return."""
    partnership = locked(monthly_return.partnership)
    old = locked(monthly_return, version=version)
    old.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_correct(old))
    if not reason.strip():
        raise ValidationError({"reason": "Say what was wrong. The board reads it beside the corrected figures."})
    new = MonthlyReturn.objects.create(
        partnership=partnership,
        period=old.period,
        months=old.months,
        due_on=old.due_on,
        state=ReturnState.DRAFT,
        revision=old.revision + 1,
        corrects=old,
        correction_reason=reason,
        **{name: getattr(old, name) for name in TYPED},
    )
    copy_rows(of=old, to=new)
    refresh(partnership)
    record(
        "return.correct",
        on=new,
        by=by,
        summary=f"began a correction of the return for {old.month}",
        reason=reason,
        after={"period": old.period.isoformat(), "revision": new.revision},
    )
    return new


@verb("return.drop_correction", on="monthly_return")
def drop_correction(*, monthly_return: MonthlyReturn, by: "Person", version: int | None = None) -> None:
    """Take away a correction that nobody needs, before it is submitted. The accepted return stays as it is."""
    partnership = locked(monthly_return.partnership)
    row = locked(monthly_return, version=version)
    row.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_drop(row))
    row.notes.update(used_in=None, used_at=None)  # what was brought into it waits again
    row.delete()
    refresh(partnership)
    record(
        "return.drop_correction",
        on=row,
        by=by,
        summary=f"dropped the correction of the return for {row.month}",
        reason=row.correction_reason,
    )
