"""A line chart as one SVG string: the same in a page and in a PDF, readable at the width of a phone.

Lines differ by their marker and by being solid or dashed, and only then by their colour. Each is named where it ends
and once more, in words, in the legend. A line that another one covers is drawn wide beneath it, so that both are seen.
A missing figure is a gap, never a zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from django.utils.safestring import SafeString

from foundation.drawing import svg
from foundation.drawing.axis import axis_for, figure
from foundation.drawing.lettering import LINE, in_words, shortened, width, wrap
from foundation.drawing.twin import Twin

NO_FIGURE = "no figure"
MARKERS = ("round", "square", "triangular", "diamond")
_COLOURS = (svg.ACCENT, svg.WARN, svg.GOOD, svg.BAD)

_HEIGHT = 200.0  # between the lowest tick and the highest
_AT_END = 96.0  # the most room a line's name takes beside its end
_GAP = 10.0
_TOUCHING, _WIDE, _ROOM = 6.0, 8.0, 5.0  # lines nearer than that are one to the eye; widths of both around paper
_STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)


@dataclass(frozen=True)
class Series:
    label: str
    points: Sequence[tuple[date, Decimal | None]]
    style: Literal["solid", "dashed"] = "solid"


Spot = tuple[float, float]


def line_chart(series: Sequence[Series], *, title: str, unit: str, id: str) -> SafeString:
    """The drawing; empty when no series has a figure. `id` must be the only one of its kind on the page.

    `unit` stands above the axis; “Per cent” and “Pounds” also mark each tick.
    """
    if not any(value is not None for one in series for _, value in one.points):
        return SafeString("")
    return SafeString(_Chart(series, unit, id).drawn(title))


def chart_table(series: Sequence[Series], *, unit: str) -> Twin:
    """A row for each date, a column for each line; “no figure” where there is none."""
    columns = [dict(one.points) for one in series]
    days = sorted({day for column in columns for day in column})
    rows = [(in_words(day), *(_told(column.get(day), unit) for column in columns)) for day in days]
    return Twin(("Date", *(f"{one.label} ({unit[:1].lower()}{unit[1:]})" for one in series)), rows)


def _told(value: Decimal | None, unit: str) -> str:
    return NO_FIGURE if value is None else figure(value, unit)


class _Chart:
    def __init__(self, series: Sequence[Series], unit: str, id: str) -> None:
        self.series, self.unit, self.id = series, unit, id
        self.axis = axis_for([value for one in series for _, value in one.points if value is not None])
        self.days = sorted({day for one in series for day, _ in one.points})
        self.ticks = [(figure(tick, unit, rounded=False), tick) for tick in self.axis.ticks]
        self.names = [shortened(one.label, _AT_END) for one in series]
        self.left = max(width(text) for text, _ in self.ticks) + _GAP * 2
        self.right = svg.WIDTH - max(map(width, self.names)) - _GAP * 2
        self.unit_lines = wrap(unit, svg.WIDTH - 4)
        self.top = len(self.unit_lines) * LINE + 14
        self.foot = self.top + _HEIGHT
        self.above = self._covered()

    def drawn(self, title: str) -> str:
        spots = [list(self._runs(one)) for one in self.series]
        lines = [part for at, runs in reversed(list(enumerate(spots))) for part in self._line(at, runs)]
        below = self.foot + LINE * 2 + 14
        legend, height = self._legend(below)
        return svg.picture(
            [*self._axis(), *self._dates(), *lines, *self._names(spots), *legend],
            height=height,
            title=title,
            description=" ".join(map(self._description, self.series)),
            id=self.id,
        )

    def _description(self, one: Series) -> str:
        found = [(day, value) for day, value in sorted(one.points, key=lambda p: p[0]) if value is not None]
        if not found:
            return f"{one.label}: {NO_FIGURE}."
        told = [f"{figure(value, self.unit)} on {in_words(day)}" for day, value in (found[0], found[-1])]
        values = [value for _, value in found]
        lowest, highest = figure(min(values), self.unit), figure(max(values), self.unit)
        return f"{one.label}: from {told[0]} to {told[1]}; lowest {lowest}, highest {highest}."

    def _x(self, day: date) -> float:
        days = (self.days[-1] - self.days[0]).days
        share = (day - self.days[0]).days / days if days else 0.5
        return self.left + (self.right - self.left) * share

    def _y(self, value: Decimal) -> float:
        return self.foot - _HEIGHT * self.axis.share(value)

    def _covered(self) -> dict[int, int]:
        """Each line that an earlier one, drawn over it, covers at most of its points: and which one that is."""
        found: dict[int, int] = {}
        for at, one in enumerate(self.series):
            mine = [(day, value) for day, value in one.points if value is not None]
            for over in range(at):
                theirs = {day: value for day, value in self.series[over].points if value is not None}
                hidden = sum(abs(self._y(v) - self._y(theirs[day])) < _TOUCHING for day, v in mine if day in theirs)
                if over not in found and hidden * 2 > len(mine):
                    found[at] = over
                    break
        return found

    def _axis(self) -> Iterator[str]:
        for number, text in enumerate(self.unit_lines):
            yield svg.words(text, 2, LINE * (number + 0.75), fill=svg.QUIET_INK)
        for text, tick in self.ticks:
            y = self._y(tick)
            end = self.left - _GAP * 1.4
            yield svg.line(self.left - _GAP, y, self.right + _GAP, y, stroke=svg.GRID if tick else svg.QUIET_INK)
            yield svg.words(text, end, y + 5.5, fill=svg.QUIET_INK, text_anchor="end")

    def _dates(self) -> Iterator[str]:
        """Months under the axis, the year beneath where it is new; as many as fit."""
        form = "%b" if len({(day.year, day.month) for day in self.days}) == len(self.days) else "%-d %b"
        year = 0
        for day, middle in self._spaced(form):
            x = self._x(day)
            yield svg.line(x, self.foot, x, self.foot + 5, stroke=svg.GRID_STRONG)
            told = [f"{day:{form}}"] + ([str(day.year)] if day.year != year else [])
            for number, text in enumerate(told):
                y = self.foot + 8 + LINE * (number + 0.75)
                yield svg.words(text, middle, y, fill=svg.QUIET_INK, text_anchor="middle")
            year = day.year

    def _spaced(self, form: str) -> list[tuple[date, float]]:
        """Every day, every second, every third …: the closest that do not touch, with the middles of their labels."""
        half = max(width("2026"), *(width(f"{day:{form}}") for day in self.days)) / 2
        for step in _STEPS:
            found = [(day, min(max(self._x(day), half), svg.WIDTH - half)) for day in self.days[::step]]
            if all(b - a >= half * 2 + _GAP for (_, a), (_, b) in pairwise(found)):
                return found
        return found[:1]

    def _runs(self, one: Series) -> Iterator[list[Spot]]:
        """The line in its unbroken parts."""
        run: list[Spot] = []
        for day, value in sorted(one.points, key=lambda point: point[0]):
            if value is not None:
                run.append((self._x(day), self._y(value)))
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _line(self, at: int, runs: list[list[Spot]]) -> Iterator[str]:
        """A marker on every point; on a dashed line, which usually is a target, only where it begins and ends."""
        for run in runs:
            if len(run) > 1:
                if at in self.above.values():
                    yield svg.polyline(run, stroke=svg.PAPER, stroke_width=_ROOM, stroke_linejoin="round")
                yield svg.polyline(run, **self._stroke(at))
            at_ends = self.series[at].style == "dashed"
            for spot in (run[0], run[-1]) if at_ends else run:
                yield self._marker(at, *spot)

    def _marker(self, at: int, x: float, y: float) -> str:
        return _marker(at, x, y, size=1.7 if at in self.above else 1)

    def _stroke(self, at: int) -> dict[str, svg.Attribute]:
        stroke: dict[str, svg.Attribute] = {
            "stroke": _COLOURS[at % len(_COLOURS)],
            "stroke_width": _WIDE if at in self.above else 2.25,
            "stroke_linejoin": "round",
        }
        return stroke | ({"stroke_dasharray": "7 5"} if self.series[at].style == "dashed" else {})

    def _names(self, spots: list[list[list[Spot]]]) -> Iterator[str]:
        """Each line's name beside its last point, pushed apart where lines end close together."""
        ends = sorted((runs[-1][-1][1], at) for at, runs in enumerate(spots) if runs)
        if len(ends) > _HEIGHT / LINE:
            return
        heights = _apart([y for y, _ in ends], self.top, self.foot)
        for (_, at), y in zip(ends, heights, strict=True):
            yield svg.words(self.names[at], self.right + _GAP, y + 5.5, fill=_COLOURS[at % len(_COLOURS)])

    def _legend(self, y: float) -> tuple[list[str], float]:
        parts = []
        for at, one in enumerate(self.series):
            middle = y + LINE * 0.5
            parts.append(svg.line(2, middle, 38, middle, **self._stroke(at)))
            parts.append(self._marker(at, 20, middle))
            told = f"{one.label}: {one.style} line, {MARKERS[at % len(MARKERS)]} markers"
            if at in self.above:
                told += f", wide because it runs beneath “{self.series[self.above[at]].label}”"
            for text in wrap(told, svg.WIDTH - 50):
                parts.append(svg.words(text, 48, y + LINE * 0.78))
                y += LINE
            y += 4
        return parts, y + 2


def _apart(wanted: list[float], top: float, foot: float) -> list[float]:
    """The heights, in rising order and a line apart, moved as little as keeps them between top and foot."""
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + LINE) if found else max(y, top))
    limit = foot
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], limit)
        limit = found[at] - LINE
    return found


def _marker(at: int, x: float, y: float, size: float = 1) -> str:
    """Round, square, triangular or diamond; the second and later are hollow."""
    colour = _COLOURS[at % len(_COLOURS)]
    look: dict[str, svg.Attribute] = {"fill": svg.PAPER if at else colour, "stroke": colour, "stroke_width": 1.75}
    kind = MARKERS[at % len(MARKERS)]
    if kind == "round":
        return svg.element("circle", cx=x, cy=y, r=3.75 * size, **look)
    if kind == "square":
        side = 7 * size
        return svg.rect(x - side / 2, y - side / 2, side, side, **look)
    corners = [(0, -4.5), (4.5, 3.5), (-4.5, 3.5)] if kind == "triangular" else [(0, -5), (5, 0), (0, 5), (-5, 0)]
    return svg.polygon([(x + right * size, y + down * size) for right, down in corners], **look)
