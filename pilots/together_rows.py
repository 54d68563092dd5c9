"""Rows, drawing and file of all pilots together, with every figure prepared.

Numbers of people of 1 to 4 are not shown, nor what would give one away beside the totals (`breakdown.suppressed`).

What this does not promise: two tables of different choices can be subtracted. The filter takes any choice of pilots,
and sums that leave small pilots out would no longer be what the pilots' own pages say. Inside the portal nothing is
lost by it: whoever opens the table has a part in each of its pilots and reads these very figures on its returns, where
people who started and improved are told openly (`breakdown` hides who they are, and `disclosure` sees to it that no sum
gives that away). For a table that leaves the portal the page and the file say: pass on one, not two that differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from foundation.drawing.bars import Group as Bars
from foundation.drawing.bars import Row as Bar
from foundation.drawing.bars import bars
from foundation.drawing.twin import Twin
from foundation.sheets.download import Cell
from pilots.breakdown import HIDDEN, suppressed
from pilots.measures import Unit, rounded, shown
from pilots.rollup import per_cent
from pilots.together import Group, Together

HEADERS = (
    "Pilots", "Started", "Reviewed and improved", "Spent against the budget", "Cost per start", "Returns on time",
)  # fmt: skip
SHEET = (
    "", "Pilots", "People started", "People reviewed", "People improved", "Improved, per cent", "Spent in pounds",
    "Budget in pounds", "Spent, per cent of the budget", "Cost per person started in pounds", "Returns on time",
    "Returns sent or due", "On time, per cent",
)  # fmt: skip
CAPTION = "Spend against the budget"
ONE_ONLY = (
    "Numbers of 1 to 4 people are not shown, and nothing that would give one away in this table. If you pass it on, "
    "pass on one table only: from two that differ by a pilot, what each hides could be worked out."
)
LEGEND = ("Spent, within the budget", "Spent beyond the budget", "Budget not spent")


@dataclass(frozen=True)
class Shown:
    """A group with what of its people may be shown: a count in words, and whether the reviewed may be told."""

    group: Group
    starts: str
    outcomes: bool

    @property
    def cost(self) -> Decimal | None:
        """With what was spent beside it, it would give the number of people away."""
        return self.group.year.cost_per_start if self.starts.isdecimal() else None


def shown_rows(together: Together) -> list[Shown]:
    """The groups and then the total; nothing when there is no group."""
    found = _protected(together.groups)
    return [*found, *_protected([together.total])] if found else []


def _protected(groups: Sequence[Group]) -> list[Shown]:
    starts = suppressed([int(g.year.starts) for g in groups])
    improved = suppressed([int(g.year.improved) for g in groups])
    others = suppressed([int(g.year.reviewed - g.year.improved) for g in groups])
    return [
        Shown(group, told, better.isdecimal() and other.isdecimal())
        for group, told, better, other in zip(groups, starts, improved, others, strict=True)
    ]


def together_rows(rows: Sequence[Shown]) -> list[tuple[str, list[str]]]:
    """The name of each group with a cell for each of `HEADERS`."""
    return [(row.group.label, _cells(row)) for row in rows]


def _cells(row: Shown) -> list[str]:
    group, year = row.group, row.group.year
    return [
        f"{group.pilots:,}",
        f"{int(row.starts):,}" if row.starts.isdecimal() else row.starts,
        _of(f"{year.improved:,}", f"{year.reviewed:,}", per_cent(year.improved, year.reviewed))
        if row.outcomes
        else HIDDEN,
        _of(shown(year.spent, Unit.POUNDS), shown(year.budget, Unit.POUNDS), per_cent(year.spent, year.budget)),
        (shown(row.cost, Unit.POUNDS) or "–") if row.starts.isdecimal() else HIDDEN,
        _of(f"{year.on_time:,}", f"{group.asked_for:,}", per_cent(year.on_time, group.asked_for)),
    ]


def _of(part: str, whole: str, share: Decimal | None) -> str:
    """“12 of 16 (75%)”; a dash where there is no whole."""
    return "–" if share is None else f"{part} of {whole} ({shown(share, Unit.PERCENT)})"


def together_sheet(rows: Sequence[Shown]) -> list[list[Cell]]:
    """The same as numbers, for a file: what is not shown on the page is not in it."""
    return [_sheet_row(row) for row in rows]


def _sheet_row(row: Shown) -> list[Cell]:
    group, year = row.group, row.group.year
    reviewed, improved, share = (
        (int(year.reviewed), int(year.improved), _rounded(per_cent(year.improved, year.reviewed)))
        if row.outcomes
        else (HIDDEN, HIDDEN, HIDDEN)
    )
    plain = row.starts.isdecimal()
    return [
        group.label,
        group.pilots,
        int(row.starts) if plain else row.starts,
        reviewed,
        improved,
        share,
        year.spent,
        year.budget,
        _rounded(per_cent(year.spent, year.budget)),
        _rounded(row.cost, 2) if plain else HIDDEN,
        int(year.on_time),
        int(group.asked_for),
        _rounded(per_cent(year.on_time, group.asked_for)),
    ]


def _rounded(value: Decimal | None, places: int = 1) -> Decimal | None:
    return None if value is None else rounded(value, places)


def spend_drawing(groups: Sequence[Group], by: str) -> tuple[SafeString, Twin]:
    """What was spent of the budget in each group, all on one scale, and the same as a table."""
    drawn = [Bars(CAPTION, LEGEND, [Bar(group.label, _parts(group), group.year.spent) for group in groups])]
    rows = [(group.label, *(shown(part, Unit.POUNDS) for part in _parts(group))) for group in groups]
    return bars(drawn, unit="Pounds", title=CAPTION, id="together"), Twin((by, *LEGEND), rows)


def _parts(group: Group) -> tuple[Decimal, Decimal, Decimal]:
    spent, budget = group.year.spent, group.year.budget
    return min(spent, budget), max(spent - budget, Decimal(0)), max(budget - spent, Decimal(0))
