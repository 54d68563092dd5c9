"""Who started, over a chosen range: what anybody may see of it, or all of it for those who type or check it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from foundation.database import clock
from partnerships.models import Partnership
from pilots.breakdown import CATEGORIES, NOT_TOLD, Dimension
from pilots.disclosure import YEAR, Block, Row, blocks_of_year, over_by, whole
from pilots.lifecycle import ReturnState
from pilots.models import Breakdown, MonthlyReturn
from pilots.periods import QUARTER, financial_year_of, months_from, name_of

ALL = "all"
Told = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Range:
    """A quarter, a financial year, or all that are over; `blocks` are the first months and lengths of its parts."""

    key: str
    label: str
    blocks: tuple[tuple[date, int], ...]

    def holds(self, period: date) -> bool:
        return any(since <= period < months_from(since, months + 1)[-1] for since, months in self.blocks)


class Started:
    """The accepted returns of a partnership with who started in each. Two queries; one with `returns` at hand."""

    def __init__(self, partnership: Partnership, returns: Sequence[MonthlyReturn] | None = None) -> None:
        if returns is None:
            returns = list(MonthlyReturn.objects.filter(partnership=partnership).order_by("period"))
        rows = [(row.pk, row.period, row.months, row.state, row.new_starts) for row in returns]
        self._rows = [row for row in rows if row[3] == ReturnState.ACCEPTED]
        counts = Breakdown.objects.filter(monthly_return__in=[row[0] for row in self._rows])
        self._counts = {
            (pk, dimension, category): count
            for pk, dimension, category, count in counts.values_list(
                "monthly_return_id", "dimension", "category", "count"
            )
        }
        accepted = {period: months for _, period, months, _, _ in self._rows}
        self._over = over_by(clock.today(), accepted, [period for _, period, _, _, _ in rows])

    def ranges(self) -> list[Range]:
        """What may be chosen, the newest first: years, all of them where there are several, then quarters."""
        years, quarters = (
            sorted((block for block in self._over if block[1] == months), reverse=True) for months in (YEAR, QUARTER)
        )
        together = [Range(ALL, "All whole years together", tuple(years))] if len(years) > 1 else []
        return [*map(_range, years), *together, *map(_range, quarters)]

    def people(self, chosen: Range) -> int:
        """How many started in the range."""
        return sum(starts or 0 for _, period, _, _, starts in self._rows if chosen.holds(period))

    def told(self, chosen: Range, *, openly: bool) -> Told:
        """Each dimension that was counted, with its categories and their counts in words."""
        found = []
        for dimension, categories in CATEGORIES.items():
            rows = self._of(dimension)
            inside = [row for row in rows if chosen.holds(row.period)]
            if any(any(row.cells[:-1]) for row in inside):
                cells = _openly(inside) if openly else self._carefully(rows, chosen)
                found.append((str(dimension.label), list(zip([*categories.values(), NOT_TOLD], cells, strict=True))))
        return found

    def _of(self, dimension: Dimension) -> list[Row]:
        found = []
        for pk, period, months, _, starts in self._rows:
            cells = [self._counts.get((pk, dimension, category), 0) for category in CATEGORIES[dimension]]
            found.append(Row(period, months, (*cells, max(0, (starts or 0) - sum(cells)))))
        return found

    def _carefully(self, rows: Sequence[Row], chosen: Range) -> Sequence[str]:
        years = sorted({financial_year_of(row.period) for row in rows if chosen.holds(row.period)})
        blocks = [block for year in years for block in self._blocks(rows, year)]
        return whole([block for block in blocks if (block.since, block.months) in chosen.blocks])

    def _blocks(self, rows: Sequence[Row], year: date) -> list[Block]:
        inside = [row for row in rows if financial_year_of(row.period) == year]
        return blocks_of_year(inside, [block for block in self._over if financial_year_of(block[0]) == year])


def _openly(rows: Sequence[Row]) -> list[str]:
    return [str(sum(cells)) for cells in zip(*(row.cells for row in rows), strict=True)]


def _range(block: tuple[date, int]) -> Range:
    since, months = block
    label = f"Financial year {since.year}-{(since.year + 1) % 100:02}" if months == YEAR else name_of(since, months)
    return Range(f"{since:%Y-%m}-{months}", label, (block,))
