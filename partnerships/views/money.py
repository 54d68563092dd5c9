"""The rows of the money pages: budget lines with their shares, what each partner gets, the drawing, and the sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.drawing.bars import Group, Row
from foundation.sheets.download import Cell
from partnerships.models import BudgetHeading, BudgetLine, Fund, Instalment, Partner, Partnership
from partnerships.money import NOTHING, Books, FundKind, added, left

UNIT = "Pounds"
SHEET = (
    "What", "Name", "Kind", "Partner", "Cash or in kind", "Confirmed", "Amount (£)", "From", "Until or due",
    "Received on", "Condition or note",
)  # fmt: skip


@dataclass(frozen=True)
class LineRow:
    """A budget line as the page tells it: who has what of it, and what nobody has yet, in pounds."""

    line: BudgetLine
    shares: Sequence[tuple[Partner, Decimal]]
    left: Decimal


def lines_with_shares(partnership: Partnership) -> list[LineRow]:
    """Three queries, however many lines and partners."""
    rows = BudgetLine.objects.filter(partnership=partnership)
    lines = rows.prefetch_related("allocations__partner__organisation")
    found = []
    for line in lines:
        shares = [(row.partner, row.amount) for row in line.allocations.all()]
        found.append(LineRow(line, shares, left(line.amount, [amount for _, amount in shares])))
    return found


def shares_by_partner(partnership: Partnership, books: Books) -> list[tuple[Partner, Decimal]]:
    """Every partner of today, and each that has left with money: what it is allocated, in pounds. Two queries."""
    partners = partnership.partners.select_related("organisation")
    current = set(partnership.partners.current().values_list("pk", flat=True))
    return [
        (partner, books.by_partner.get(partner.pk, NOTHING))
        for partner in partners
        if partner.pk in current or partner.pk in books.by_partner
    ]


def drawn(funds: Iterable[Fund], lines: Iterable[LineRow]) -> list[Group]:
    """One bar for each kind of fund and for each heading of the budget."""
    listed, rows = list(funds), list(lines)
    come = [Row(kind.label, _fund_parts([f for f in listed if f.kind == kind])) for kind in FundKind]
    go = [Row(heading.label, _line_parts([r for r in rows if r.line.heading == heading])) for heading in BudgetHeading]
    return [
        Group("Where it comes from", ("confirmed, cash", "confirmed, in kind", "hoped for"), _above_zero(come)),
        Group("Where it goes", ("allocated to partners", "", "not allocated yet"), _above_zero(go)),
    ]


def _fund_parts(funds: Sequence[Fund]) -> tuple[Decimal, Decimal, Decimal]:
    return (
        added(f.amount for f in funds if f.is_confirmed and not f.in_kind),
        added(f.amount for f in funds if f.is_confirmed and f.in_kind),
        added(f.amount for f in funds if not f.is_confirmed),
    )


def _line_parts(rows: Sequence[LineRow]) -> tuple[Decimal, Decimal, Decimal]:
    open_part = added(row.left for row in rows)
    return (left(added(row.line.amount for row in rows), [open_part]), NOTHING, open_part)


def _above_zero(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if any(row.parts)]


def sheet_rows(partnership: Partnership) -> Iterator[Sequence[Cell]]:
    """Each fund with its instalments, then each budget line with its allocations, as cells under `SHEET`."""
    for fund in Fund.objects.filter(partnership=partnership).with_instalments():
        yield _fund_cells(fund)
        for one in fund.instalments.all():
            yield (
                "Instalment", fund.source, fund.get_kind_display(), "", "cash", fund.get_certainty_display(),
                one.amount, None, one.due_on, one.received_on, _condition(one),
            )  # fmt: skip
    for row in lines_with_shares(partnership):
        line = row.line
        yield ("Budget line", str(line), "", "", "", "", line.amount, None, None, None, line.note)
        for partner, amount in row.shares:
            yield ("Allocation", str(line), "", str(partner), "", "", amount, None, None, None, "")


def _condition(one: Instalment) -> str:
    tied_to = f"Tied to the return for {one.return_for:%B %Y}" if one.return_for else ""
    return "; ".join(filter(None, (one.condition, tied_to)))


def _fund_cells(fund: Fund) -> Sequence[Cell]:
    told = "; ".join(filter(None, (fund.what, fund.valued_how, fund.conditions)))
    return (
        "Fund", fund.source, fund.get_kind_display(), "", "in kind" if fund.in_kind else "cash",
        fund.get_certainty_display(), fund.amount, fund.from_on, fund.until_on, None, told,
    )  # fmt: skip
