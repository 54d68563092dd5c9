"""A target that changes on the way: what each month should reach. Pure, over dates and decimals. `domain.md` 3.3.

A profile is typed as rows “April 2026: 5”. A row holds from its month on, until the next row; or, where it **rises**,
the months between two rows move evenly from the one to the other. Before the first row nothing is expected yet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise

from partnerships.plan import add_months

MOST_ROWS = 40
MOST = Decimal("9999999999.99")
_ROW = re.compile(r"\s*(?P<month>.+?)\s*(?::|=|\t)\s*£?(?P<figure>[0-9][0-9,]*(?:\.[0-9]+)?)\s*%?\s*\Z")
_WRITTEN = ("%B %Y", "%b %Y", "%Y-%m", "%m/%Y")
HOW = "Write each row as a month, a colon and a figure, for example “April 2026: 5”"


@dataclass(frozen=True)
class Profile:
    """`rows` in the order of their months, each known by its first day; one at least."""

    rows: tuple[tuple[date, Decimal], ...]
    rises: bool = False

    def of(self, month: date) -> Decimal | None:
        """The target of one month; None before the first row. A month between two rows of a rise is rounded to 0.01."""
        if month < self.rows[0][0]:
            return None
        for (since, figure), (until, then) in pairwise(self.rows):
            if month < until:
                return _between(figure, then, _apart(since, month), _apart(since, until)) if self.rises else figure
        return self.rows[-1][1]

    def over(self, period: date, months: int, *, added_up: bool) -> Decimal | None:
        """The target of a return's period: its months' together where they are added up, otherwise the last month's."""
        each = [self.of(add_months(period, n)) for n in range(months)]
        if not added_up:
            return each[-1]
        found = [target for target in each if target is not None]
        return sum(found, Decimal(0)) if found else None

    def kept(self) -> dict[str, str]:
        """As it is stored: {"2026-04": "5"}."""
        return {f"{month:%Y-%m}": str(figure) for month, figure in self.rows}

    def __str__(self) -> str:
        return "\n".join(f"{month:%B %Y}: {figure.normalize():f}" for month, figure in self.rows)


def kept_as(rows: Mapping[str, str], *, rises: bool) -> Profile | None:
    """The profile that `Profile.kept` has stored; None where nothing is."""
    if not rows:
        return None
    found = sorted((date.fromisoformat(f"{month}-01"), Decimal(figure)) for month, figure in rows.items())
    return Profile(tuple(found), rises)


def typed_as(text: str, *, rises: bool) -> Profile | None:
    """A profile as people type it; ValueError, in words for them, for what cannot be one; None for nothing."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if len(lines) > MOST_ROWS:
        raise ValueError(f"Write at most {MOST_ROWS} rows.")
    rows = sorted(_row(line) for line in lines)
    if twice := next((a for (a, _), (b, _) in pairwise(rows) if a == b), None):
        raise ValueError(f"{twice:%B %Y} is there twice.")
    if rises and len(rows) == 1:
        raise ValueError("A target that rises needs two rows: where it begins, and what it rises to.")
    return Profile(tuple(rows), rises)


def _row(line: str) -> tuple[date, Decimal]:
    parts = _ROW.fullmatch(line)
    month = _month(parts["month"]) if parts else None
    if parts is None or month is None:
        raise ValueError(f"{HOW}. This row is not: “{line.strip()[:40]}”.")
    try:
        figure = Decimal(parts["figure"].replace(",", "")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        figure = MOST + 1
    if figure > MOST:
        raise ValueError(f"The figure of {month:%B %Y} is too large.")
    return month, figure


def _month(text: str) -> date | None:
    for form in _WRITTEN:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  a month, not a moment
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2199 else None
    return None


def _apart(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month


def _between(begin: Decimal, end: Decimal, step: int, steps: int) -> Decimal:
    return (begin + (end - begin) * step / steps).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
