"""Budget lines, and what of each is allocated to which partner (`domain.md` 1.8). Totals are made in `money`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.handover import Belonging
from partnerships.models import Allocation, BudgetLine, Partner, Partnership
from partnerships.money import NOTHING, added, left, pounds
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Organisation, Person


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
    _check_covers_allocations(line, amount)
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
    """Take a line out of the budget, and what partners were allocated of it; the history keeps what it was."""
    partnership = locked(line.partnership)
    line = locked(line)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    before = _facts(line) | {"allocations": _allocated(line)}
    record("budget.remove_line", on=line, by=by, summary=f"removed “{line}” (£{line.amount:,.2f})", before=before)
    line.allocations.all().delete()
    line.delete()


def allocatable(line: BudgetLine) -> list[Partner]:
    """Who may be given a part of a line: every partner of today, and whoever still has a part of it."""
    partners = line.partnership.partners.select_related("organisation")
    current = {partner.pk for partner in partners.current()}
    holding = set(line.allocations.values_list("partner_id", flat=True))
    return [partner for partner in partners if partner.pk in current | holding]


@verb("budget.allocate", on="line")
def allocate(*, line: BudgetLine, amounts: Mapping[str, Decimal], by: "Person", version: int | None = None) -> None:
    """Share a line out: pounds for each partner, by its public id. Whoever is not named, or gets 0, has no part.

    A partner that has left keeps what it had or gets less; only partners of today are given more.
    """
    partnership = locked(line.partnership)
    line = locked(line, version=version)
    require(by, Ability.EDIT_BUDGET, partnership)
    stop_if(blockers_to_edit(partnership))
    partners = {partner.public_id: partner for partner in allocatable(line)}
    _check_shares(line, amounts, partners)
    before = _allocated(line)
    line.allocations.all().delete()
    for key, amount in amounts.items():
        if amount:
            Allocation.objects.create(line=line, partner=partners[key], amount=amount)
    line.version += 1
    line.save(update_fields=["version"])
    shares = added(amounts.values())
    told = f"allocated {pounds(shares)} of the {pounds(line.amount)} for “{line}” to partners"
    record("budget.allocate", on=line, by=by, summary=told, before=before, after=_allocated(line))


def allocations_of(partnership: Partnership, organisation: "Organisation") -> list[Belonging]:
    """What an organisation that leaves was allocated: it goes to another partner. One query."""
    rows = Allocation.objects.filter(line__partnership=partnership, partner__organisation=organisation)
    found = []
    for row in rows.select_related("line", "partner__organisation"):
        path = reverse("partnerships:budget_allocate", args=[partnership.public_id, row.line.public_id])
        title = f"{pounds(row.amount)} of “{row.line}”"
        found.append(Belonging(row.public_id, title, row.partner, row.partner.left_on, path))
    return found


def give_allocation(*, partnership: Partnership, key: str, to: Partner, by: "Person") -> None:
    """The whole of it, beside what the other partner has of the same line already."""
    allocation = Allocation.objects.get(line__partnership=partnership, public_id=key)
    shares = {row.partner.public_id: row.amount for row in allocation.line.allocations.select_related("partner")}
    shares[to.public_id] = shares.get(to.public_id, NOTHING) + shares.pop(allocation.partner.public_id)
    allocate(line=allocation.line, amounts=shares, by=by)


def _check_shares(line: BudgetLine, amounts: Mapping[str, Decimal], partners: Mapping[str, Partner]) -> None:
    held = {a.partner.public_id: a.amount for a in line.allocations.select_related("partner")}
    current = set(line.partnership.partners.current().values_list("public_id", flat=True))
    for key, amount in amounts.items():
        if key not in partners:
            raise ValidationError("Somebody in this list is not a partner any more. Open the page again.")
        if amount < 0:
            raise ValidationError({key: "Enter an amount of £0 or more."})
        if key not in current and amount > held.get(key, 0):
            raise ValidationError({key: f"{partners[key]} has left: it keeps what it had, or gets less."})
    over = -left(line.amount, amounts.values())
    if over > 0:
        raise ValidationError(
            f"These allocations come to {pounds(over)} more than the {pounds(line.amount)} of this line."
        )


def _check_covers_allocations(line: BudgetLine, amount: Decimal) -> None:
    over = -left(amount, (allocation.amount for allocation in line.allocations.all()))
    if over > 0:
        raise ValidationError(
            {"amount": f"Partners are allocated {pounds(over)} more than that. Change the allocations first."}
        )


def _allocated(line: BudgetLine) -> dict[str, str]:
    rows = line.allocations.select_related("partner__organisation")
    return {str(row.partner): str(row.amount) for row in rows}


def _check_amount(amount: Decimal) -> None:
    if amount <= 0:
        raise ValidationError({"amount": "Enter an amount above £0."})


def _facts(line: BudgetLine) -> dict[str, str]:
    return {"heading": line.heading, "amount": str(line.amount), "note": line.note}
