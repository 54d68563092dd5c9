"""A partnership's money: every total in one function, over plain values.

Source: `domain.md` 1.8: funds (in cash and in kind), budget lines, per-partner allocations, grant instalments. All
amounts are pounds sterling, Decimal with two places; nothing here rounds, because nothing here divides.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models

NOTHING = Decimal("0.00")


class FundKind(models.TextChoices):
    """Where money or help comes from (`domain.md` 1.8 names each of them)."""

    GRANT = "grant", "Grant"
    OWN_BUDGET = "own_budget", "A partner’s own budget"
    TRUST = "trust", "Charitable trust"
    LOTTERY = "lottery", "Lottery"
    LOAN = "loan", "Loan or investment"
    OTHER = "other", "Other"


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    HOPED_FOR = "hoped_for", "Hoped for"


@dataclass(frozen=True)
class FundFacts:
    """One fund: its pounds, whether they come as help instead of money, and what of them has arrived."""

    amount: Decimal
    in_kind: bool = False
    confirmed: bool = True
    received: Decimal = NOTHING


@dataclass(frozen=True)
class Books:
    """Every total of one partnership, in pounds. Made by `totals` and nowhere else."""

    cash: Decimal = NOTHING
    in_kind: Decimal = NOTHING
    hoped_cash: Decimal = NOTHING
    hoped_in_kind: Decimal = NOTHING
    received: Decimal = NOTHING
    budgeted: Decimal = NOTHING
    allocated: Decimal = NOTHING
    by_partner: Mapping[Hashable, Decimal] = field(default_factory=dict)

    @property
    def promised(self) -> Decimal:
        """Confirmed, in cash and in kind."""
        return self.cash + self.in_kind

    @property
    def hoped(self) -> Decimal:
        return self.hoped_cash + self.hoped_in_kind

    @property
    def balance(self) -> Decimal:
        """What is promised less what the budget needs: below zero it is the gap, above zero the surplus."""
        return self.promised - self.budgeted

    @property
    def still_to_come(self) -> Decimal:
        """Promised in cash and not received yet; help in kind is never “received”."""
        return self.cash - self.received

    @property
    def unallocated(self) -> Decimal:
        """What of the budget no partner has been given yet."""
        return self.budgeted - self.allocated


def totals(
    funds: Iterable[FundFacts], lines: Iterable[Decimal], allocations: Iterable[tuple[Hashable, Decimal]] = ()
) -> Books:
    """All totals: from the funds, the amounts of the budget lines, and (partner, amount) pairs."""
    listed, shared = list(funds), list(allocations)
    by_partner: dict[Hashable, Decimal] = {}
    for partner, amount in shared:
        by_partner[partner] = by_partner.get(partner, NOTHING) + amount
    return Books(
        cash=added(f.amount for f in listed if f.confirmed and not f.in_kind),
        in_kind=added(f.amount for f in listed if f.confirmed and f.in_kind),
        hoped_cash=added(f.amount for f in listed if not f.confirmed and not f.in_kind),
        hoped_in_kind=added(f.amount for f in listed if not f.confirmed and f.in_kind),
        received=added(f.received for f in listed),
        budgeted=added(lines),
        allocated=added(amount for _, amount in shared),
        by_partner=by_partner,
    )


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The sum in pounds; 0.00 of nothing."""
    return sum(amounts, NOTHING)


def left(whole: Decimal, parts: Iterable[Decimal]) -> Decimal:
    """What of `whole` remains, in pounds; below zero when the parts are more than there is."""
    return whole - added(parts)


def pounds(amount: Decimal) -> str:
    """“£1,234.50”, “£1,234”; the minus stands before the pound sign."""
    return f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}".removesuffix(".00")


def in_one_sentence(books: Books) -> str:
    """What the page says first: promised, needed, and what is missing or left over."""
    if not books.promised and not books.budgeted:
        told = "No money is promised and nothing is budgeted yet."
    else:
        told = f"{_promised(books)}; {_needed(books)}."
    return f"{told} Another {pounds(books.hoped)} is hoped for, and not counted." if books.hoped else told


def _promised(books: Books) -> str:
    if not books.promised:
        return "No money is promised yet"
    if not books.in_kind:
        return f"{pounds(books.promised)} is promised"
    part = "all" if not books.cash else pounds(books.in_kind)
    return f"{pounds(books.promised)} is promised, {part} of it in kind"


def _needed(books: Books) -> str:
    if not books.budgeted:
        return "nothing is budgeted yet"
    needs = f"the budget needs {pounds(books.budgeted)}"
    if books.balance < 0:
        return f"{needs}: {pounds(-books.balance)} is missing"
    return f"{needs}: {pounds(books.balance)} is left over" if books.balance else f"{needs}, and that is all there"
