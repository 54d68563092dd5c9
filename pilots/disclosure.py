"""Sums of small counts over months, shown only where nobody can work out what a month hides. Pure. `domain.md` 3.1.

The rule, in words:

1. A return's page shows its own counts as `breakdown.suppressed` leaves them. That stays, and everything below takes it
   for known, with the number of people who started in each period.
2. Beyond that only whole quarters and whole financial years are shown, each once it is over and all its returns are
   accepted. There is no range that another one exceeds by a month, so nothing can be had by subtracting two of them.
3. Quarters are decided in their order, then the year. A block's sums are suppressed like a month's counts; then every
   hidden count of the year, its months, quarters and sums together, is asked whether another figure would fit all that
   is shown by then. If one would not, the block shows no more than the categories that every month in it shows
   openly. What was shown is never taken back by what comes later, because no earlier decision looks at it.
4. All whole years together are the sum of what each of them shows openly. That tells nothing new.

How 3 is asked: people flow from the period they started in, through the counts of their quarter and their year, to the
end. A count shown as it is cannot move; a hidden one moves between its bounds. A count can be another one exactly when
somebody can be moved around a circle through it (every other count staying within its bounds).

What the rule cannot help: a correction, or a return that is planned later for a month long over, changes a block that
was shown. Whoever remembers the block learns how far the one month moved it.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pilots.breakdown import FEWER, HIDDEN, LARGEST_SMALL, suppressed
from pilots.periods import QUARTER, financial_year_of, months_from

Node = tuple[object, ...]
END: Node = ("end",)
YEAR = 12
UNTOLD = ""


@dataclass(frozen=True)
class Row:
    """One period's counts, in a fixed order of categories; they add up to the people who started."""

    period: date
    months: int
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Block:
    """A whole quarter or year: its first month, how long it is, and its sums as anybody may see them."""

    since: date
    months: int
    told: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        return any(told != HIDDEN for told in self.told)


@dataclass
class _Arc:
    """A count on its way: `value` of at least `low` and at most `high` (None: any number).

    `secret`: told to be hidden, so nobody may work it out. A sum that nobody was told anything about is not.
    """

    tail: Node
    head: Node
    value: int
    low: int
    high: int | None
    secret: bool


@dataclass
class _Flow:
    arcs: list[_Arc] = field(default_factory=list)
    onward: dict[Node, list[tuple[int, Node]]] = field(default_factory=dict)  # where one person more or less may go

    def add(self, tail: Node, head: Node, value: int, told: str) -> None:
        """`told` is the count as anybody sees it, or UNTOLD."""
        low, high = (1, LARGEST_SMALL) if told == FEWER else (0, None) if told in (HIDDEN, UNTOLD) else (value, value)
        number = len(self.arcs)
        self.arcs.append(_Arc(tail, head, value, low, high, told in (FEWER, HIDDEN)))
        if high is None or value < high:
            self.onward.setdefault(tail, []).append((number, head))
        if value > low:
            self.onward.setdefault(head, []).append((number, tail))

    def gives_away(self) -> bool:
        """Whether some hidden count can be worked out."""
        return any(arc.secret and not self._can_move(number) for number, arc in enumerate(self.arcs))

    def _can_move(self, number: int) -> bool:
        arc = self.arcs[number]
        up = (arc.high is None or arc.value < arc.high) and self._reaches(arc.head, arc.tail, number)
        return up or (arc.value > arc.low and self._reaches(arc.tail, arc.head, number))

    def _reaches(self, begin: Node, end: Node, without: int) -> bool:
        """Whether one person can be moved from `begin` to `end` without using one of the arcs."""
        seen, waiting = {begin}, deque([begin])
        while waiting:
            for number, onward in self.onward.get(waiting.popleft(), ()):
                if number == without or onward in seen:
                    continue
                if onward == end:
                    return True
                seen.add(onward)
                waiting.append(onward)
        return False


def blocks_of_year(rows: Sequence[Row], over: Iterable[tuple[date, int]]) -> list[Block]:
    """The quarters and the year among `over` (first month and length of what is over and accepted), as they are told.

    `rows` are the accepted periods of one financial year; a dimension in which nobody was counted has no rows.
    """
    told: dict[tuple[date, int], tuple[str, ...]] = {}
    found = []
    for since, months in sorted(over, key=lambda block: (block[1], block[0])):
        inside = [row for row in rows if since <= row.period < _after(since, months)]
        if not inside:
            continue
        sums = _sums(inside)
        wanted = tuple(suppressed(sums))
        if _flow(rows, {**told, (since, months): wanted}).gives_away():
            wanted = tuple(str(s) if openly else HIDDEN for s, openly in zip(sums, _openly(inside), strict=True))
        told[since, months] = wanted
        found.append(Block(since, months, wanted))
    return found


def whole(years: Sequence[Block]) -> tuple[str, ...]:
    """All whole years together: a category's sum where every one of them shows it openly, and otherwise nothing."""
    each = zip(*(year.told for year in years), strict=True)
    return tuple(HIDDEN if {FEWER, HIDDEN} & set(told) else str(sum(map(int, told))) for told in each)


def over_by(today: date, accepted: Mapping[date, int], planned: Iterable[date]) -> list[tuple[date, int]]:
    """The quarters and financial years that are over and of which every planned period is accepted.

    `accepted` holds the accepted periods with their months; `planned` the first month of every return there is.
    """
    waiting = {period for period in planned if period not in accepted}
    starts = {(financial_year_of(period), YEAR) for period in accepted}
    starts |= {(quarter, QUARTER) for year, _ in set(starts) for quarter in months_from(year, YEAR)[::QUARTER]}
    return sorted(
        (since, months)
        for since, months in starts
        if _after(since, months) <= today
        and not any(since <= period < _after(since, months) for period in waiting)
        and any(since <= period < _after(since, months) for period in accepted)
    )


def _flow(rows: Sequence[Row], told: Mapping[tuple[date, int], Sequence[str]]) -> _Flow:
    """The year's months, quarters and sums."""
    flow, sums = _Flow(), _Sums(told)
    for row in rows:
        seen, quarter = suppressed(row.cells), _quarter(row.period)
        for place, cell in enumerate(row.cells):
            flow.add((row.period,), (quarter, place), cell, seen[place])
            sums.add(quarter, place, cell)
    for (quarter, place), value in sums.quarters.items():
        flow.add((quarter, place), ("year", place), value, sums.told(quarter, QUARTER, place))
    for place, value in sums.years.items():
        year = financial_year_of(rows[0].period)
        flow.add(("year", place), END, value, sums.told(year, YEAR, place))
    return flow


class _Sums:
    def __init__(self, told: Mapping[tuple[date, int], Sequence[str]]) -> None:
        self._told = told
        self.quarters: dict[tuple[date, int], int] = {}
        self.years: dict[int, int] = {}

    def add(self, quarter: date, place: int, cell: int) -> None:
        self.quarters[quarter, place] = self.quarters.get((quarter, place), 0) + cell
        self.years[place] = self.years.get(place, 0) + cell

    def told(self, since: date, months: int, place: int) -> str:
        return self._told[since, months][place] if (since, months) in self._told else UNTOLD


def _openly(rows: Sequence[Row]) -> list[bool]:
    """By category, whether every month shows its count."""
    told = zip(*(suppressed(row.cells) for row in rows), strict=True)
    return [all(count not in (FEWER, HIDDEN) for count in category) for category in told]


def _sums(rows: Sequence[Row]) -> list[int]:
    return [sum(cells) for cells in zip(*(row.cells for row in rows), strict=True)]


def _quarter(period: date) -> date:
    return period.replace(month=(period.month - 1) // QUARTER * QUARTER + 1)


def _after(since: date, months: int) -> date:
    """The first month after a block."""
    return months_from(since, months + 1)[-1]
