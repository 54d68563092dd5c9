"""Budget lines. `total` is the one place where they are added up."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Sum

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.models import BudgetLine, Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


def total(partnership: Partnership) -> Decimal:
    """All budget lines, in pounds; 0.00 without any."""
    found = BudgetLine.objects.filter(partnership=partnership).aggregate(sum=Sum("amount"))["sum"]
    return found if found is not None else Decimal("0.00")


@verb("budget.add_line", on="partnership")
def add_budget_line(*, partnership: Partnership, heading: str, amount: Decimal, note: str, by: "Person") -> BudgetLine:
    """Add a line under a heading."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    _check_amount(amount)
    line = BudgetLine.objects.create(partnership=partnership, heading=heading, amount=amount, note=note)
    record("budget.add_line", on=line, by=by, summary=f"budgeted £{amount:,.2f} for “{line}”", after=_facts(line))
    return line


@verb("budget.change_line", on="line")
def change_budget_line(
    *, line: BudgetLine, heading: str, amount: Decimal, note: str, by: "Person", version: int | None = None
) -> None:
    """Change a line's heading, amount or note."""
    partnership = locked(line.partnership)
    line = locked(line, version=version)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    _check_amount(amount)
    before = _facts(line)
    line.heading, line.amount, line.note, line.version = heading, amount, note, line.version + 1
    line.save()
    record(
        "budget.change_line",
        on=line,
        by=by,
        summary=f"changed “{line}” to £{amount:,.2f}",
        before=before,
        after=_facts(line),
    )


@verb("budget.remove_line", on="line")
def remove_budget_line(*, line: BudgetLine, by: "Person") -> None:
    """Take a line out of the budget; the history keeps what it was."""
    partnership = locked(line.partnership)
    line = locked(line)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    record("budget.remove_line", on=line, by=by, summary=f"removed “{line}” (£{line.amount:,.2f})", before=_facts(line))
    line.delete()


def _check_amount(amount: Decimal) -> None:
    if amount <= 0:
        raise ValidationError({"amount": "Enter an amount above £0."})


def _facts(line: BudgetLine) -> dict[str, str]:
    return {"heading": line.heading, "amount": str(line.amount), "note": line.note}
