"""Where days fall across a timeline, and which of the months and years are drawn and labelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from foundation.drawing.lettering import width

_MONTHS_UNTIL, _QUARTERS_UNTIL, _QUARTER_LINES_UNTIL = 200, 730, 2200  # days
_GAP = 8.0
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class GridLine:
    x: float
    strong: bool


@dataclass(frozen=True)
class Label:
    """Its left edge, and one or two lines: the month, and the year where it is new."""

    x: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        return max(map(width, self.lines))


@dataclass(frozen=True)
class Days:
    """The days from `first` to `last` laid out from `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    @property
    def span(self) -> int:
        return max(1, (self.last - self.first).days)

    def x(self, day: date) -> float:
        return self.left + (self.right - self.left) * ((day - self.first).days / self.span)

    def reaches(self, day: date) -> bool:
        """Whether `day` is on the scale, or no further from it than a quarter of its length."""
        return max((self.first - day).days, (day - self.last).days) <= self.span / 4

    def with_day(self, day: date) -> "Days":
        return Days(min(self.first, day), max(self.last, day), self.left, self.right)

    def lines(self) -> Iterator[GridLine]:
        """Strong where a year begins; months or quarters between as long as they do not crowd."""
        for day in self._days(self._months_apart(labelled=False)):
            yield GridLine(self.x(day), day.month == 1)

    def labels(self) -> list[Label]:
        """Never overlapping, never beyond the right edge. The first tells the year even where it begins before."""
        months = self._months_apart(labelled=True)
        days = list(self._days(months))
        if not days or self.x(days[0]) - self.left > self._room(months):
            days.insert(0, self.first)
        found: list[Label] = []
        for day in days:
            label = Label(self.x(day), self._text(day, months, first=not found))
            clear = not found or found[-1].x + found[-1].width + _GAP <= label.x
            if clear and label.x + label.width <= self.right + self.left:
                found.append(label)
        return found

    def _months_apart(self, *, labelled: bool) -> int:
        if self.span <= _MONTHS_UNTIL:
            return 1
        if self.span <= (_QUARTERS_UNTIL if labelled else _QUARTER_LINES_UNTIL):
            return 3
        a_year = (self.right - self.left) * 365 / self.span
        return 12 * next((years for years in _YEARS if years * a_year >= width("2026") + _GAP), _YEARS[-1])

    def _days(self, months: int) -> Iterator[date]:
        """The first days of every so many months, counted from the year 0 so that quarters and decades are round."""
        index = -(-(self.first.year * 12 + self.first.month - 1 + (self.first.day > 1)) // months) * months
        while index < self.last.year * 12 + self.last.month:
            yield date(index // 12, index % 12 + 1, 1)
            index += months

    @staticmethod
    def _room(months: int) -> float:
        return width("2026" if months >= 12 else "Mar") + _GAP

    @staticmethod
    def _text(day: date, months: int, *, first: bool) -> tuple[str, ...]:
        if months >= 12:
            return (str(day.year),)
        return (f"{day:%b}", str(day.year)) if first or day.month == 1 else (f"{day:%b}",)
