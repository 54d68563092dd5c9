"""A timeline as one SVG string: the same in a page and in a PDF, readable at the width of a phone.

From above: the months or years, “Today”, a row for each bar with its label above it, a row of numbered diamonds, and
the list the numbers refer to. A state is told by its word, by its pattern and only then by its colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.safestring import SafeString

from foundation.drawing import svg
from foundation.drawing.lettering import LINE, in_words, width, wrap
from foundation.drawing.scale import Days
from foundation.drawing.twin import Twin

State = Literal["done", "active", "planned", "late"]

WORDS: dict[State, str] = {"done": "done", "active": "now", "planned": "planned", "late": "late"}
_COLOURS: dict[State, str] = {"done": svg.ACCENT, "active": svg.ACCENT, "planned": svg.ACCENT, "late": svg.BAD}

_INSET = 20.0  # half a diamond, so that the first and the last fit
_BAR, _BETWEEN = 18.0, 16.0
_DIAMOND = 17.0  # from its middle to a corner: two figures fit
_NUMBER = 26.0  # the list's numbers stand in a column of their own


@dataclass(frozen=True)
class Bar:
    """Something that lasts. `ends_on` is its last day, or the first day of what follows: the drawing cannot tell."""

    label: str
    starts_on: date
    ends_on: date
    state: State


@dataclass(frozen=True)
class Mark:
    """Something that happens on a day."""

    label: str
    on: date
    state: State


def timeline(bars: Sequence[Bar], marks: Sequence[Mark] = (), *, today: date | None, title: str, id: str) -> SafeString:
    """The drawing; empty when there is neither bar nor mark. `id` must be the only one of its kind on the page.

    The “Today” line is left out when today is further away than a quarter of what is drawn.
    """
    if not bars and not marks:
        return SafeString("")
    return SafeString(_Timeline(bars, sorted(marks, key=lambda mark: mark.on), today, id).drawn(title))


def timeline_table(bars: Sequence[Bar], marks: Sequence[Mark] = ()) -> Twin:
    """The same facts in rows: bars in their order, then marks by date."""
    rows = [(bar.label, in_words(bar.starts_on), in_words(bar.ends_on), WORDS[bar.state]) for bar in bars]
    for mark in sorted(marks, key=lambda mark: mark.on):
        rows.append((mark.label, in_words(mark.on), in_words(mark.on), WORDS[mark.state]))
    return Twin(("Part or milestone", "From", "To", "State"), rows)


class _Timeline:
    """One drawing being made: `y` moves down the page as rows are added."""

    def __init__(self, bars: Sequence[Bar], marks: Sequence[Mark], today: date | None, id: str) -> None:
        self.bars, self.marks, self.id = bars, marks, id
        days = [day for bar in bars for day in (bar.starts_on, bar.ends_on)] + [mark.on for mark in marks]
        self.days = Days(min(days), max(days), _INSET, svg.WIDTH - _INSET)
        self.today = today if today and self.days.reaches(today) else None
        if self.today:
            self.days = self.days.with_day(self.today)
        self.y = 0.0

    def drawn(self, title: str) -> str:
        head = list(self._head())
        top = self.y
        self.y += LINE if self.today else 0
        rows = [*self._bars(), *self._diamonds()]
        behind = [*self._grid(top, self.y), *self._today(top, self.y)]
        listed = list(self._list())
        return svg.picture(
            [self._patterns(), *behind, *head, *rows, *listed],
            height=self.y + 4,
            title=title,
            description=self._description(),
            id=self.id,
        )

    def _description(self) -> str:
        bars = [f"{b.label}: {in_words(b.starts_on)} to {in_words(b.ends_on)}, {WORDS[b.state]}" for b in self.bars]
        marks = [f"{mark.label}: {in_words(mark.on)}, {WORDS[mark.state]}" for mark in self.marks]
        today = [f"Today is {in_words(self.today)}"] if self.today else []
        return "; ".join([*bars, *marks, *today]) + "."

    def _patterns(self) -> str:
        now = svg.stripes(f"{self.id}-now", svg.ACCENT, turn=45)
        return svg.element("defs", now + svg.stripes(f"{self.id}-late", svg.BAD, turn=-45))

    def _fill(self, state: State) -> str:
        stripes = {"active": f"url(#{self.id}-now)", "late": f"url(#{self.id}-late)", "planned": svg.PALE}
        return stripes.get(state, _COLOURS[state])

    def _head(self) -> Iterator[str]:
        labels = self.days.labels()
        for label in labels:
            for number, text in enumerate(label.lines):
                yield svg.words(text, label.x, self.y + LINE * (number + 0.75), fill=svg.QUIET_INK)
        self.y += LINE * max((len(label.lines) for label in labels), default=0) + 4

    def _grid(self, top: float, foot: float) -> Iterator[str]:
        for line in self.days.lines():
            yield svg.line(line.x, top, line.x, foot, stroke=svg.GRID_STRONG if line.strong else svg.GRID)
        yield svg.line(0, top, svg.WIDTH, top, stroke=svg.GRID_STRONG)

    def _today(self, top: float, foot: float) -> Iterator[str]:
        if self.today is None:
            return
        x, measure = self.days.x(self.today), width("Today", bold=True)
        left = min(max(x - measure / 2, 2), svg.WIDTH - measure - 2)
        yield svg.line(x, top, x, foot, stroke=svg.INK, stroke_width=2, stroke_dasharray="5 4")
        yield svg.words_on_paper("", left, top + LINE * 0.8, measure=measure, strong="Today")

    def _bars(self) -> Iterator[str]:
        for bar in self.bars:
            self.y += _BETWEEN / 2
            yield from self._label(f"{bar.label}:", WORDS[bar.state], _COLOURS[bar.state])
            start, end = sorted((self.days.x(bar.starts_on), self.days.x(bar.ends_on)))
            yield svg.rect(
                min(start, svg.WIDTH - _INSET - 4), self.y, max(4.0, end - start), _BAR,
                fill=self._fill(bar.state), stroke=_COLOURS[bar.state], stroke_width=1.5,
            )  # fmt: skip
            self.y += _BAR + _BETWEEN / 2

    def _label(self, label: str, word: str, colour: str) -> Iterator[str]:
        """The label with its state's word in bold behind it, or on a line of its own where there is no room."""
        room, strong = svg.WIDTH - 4, width(word, bold=True)
        *lines, last = wrap(label, room)
        if width(f"{last} ") + strong > room:
            lines, last = [*lines, last], ""
        for text in lines:
            self.y += LINE
            yield svg.words_on_paper(text, 2, self.y - 5, measure=width(text))
        self.y += LINE
        measure = width(f"{last} " if last else "") + strong
        yield svg.words_on_paper(last, 2, self.y - 5, measure=measure, strong=word, colour=colour)
        self.y += 2

    def _diamonds(self) -> Iterator[str]:
        """Each on its day; those too close to one another go to further rows."""
        ends: list[float] = []
        size = _DIAMOND if len(self.marks) < 100 else _INSET
        top = self.y + _BETWEEN / 2
        for number, mark in enumerate(self.marks, start=1):
            x = self.days.x(mark.on)
            row = next((row for row, end in enumerate(ends) if end <= x - size), len(ends))
            ends[row : row + 1] = [x + size + 2]
            yield self._diamond(number, mark.state, x, top + size + row * (size * 2 + 2), size)
        if ends:
            self.y = top + len(ends) * (size * 2 + 2) + _BETWEEN / 2

    def _diamond(self, number: int, state: State, x: float, y: float, size: float) -> str:
        colour, hollow = _COLOURS[state], state in ("planned", "active")
        edge = size - 1
        corners = [(x, y - edge), (x + edge, y), (x, y + edge), (x - edge, y)]
        fill = svg.PAPER if hollow else colour
        shape = svg.polygon(corners, fill=fill, stroke=colour, stroke_width=1.5)
        return shape + svg.words(
            str(number), x, y + 5.5, fill=colour if hollow else svg.PAPER, text_anchor="middle", font_weight="bold"
        )

    def _list(self) -> Iterator[str]:
        self.y += 4 if self.marks else 0
        for number, mark in enumerate(self.marks, start=1):
            told = f"{mark.label}, {in_words(mark.on)}, {WORDS[mark.state]}"
            room = width(str(number), bold=True) + 8 if number > 99 else _NUMBER
            yield svg.words(str(number), 2, self.y + LINE * 0.75, font_weight="bold")
            for text in wrap(told, svg.WIDTH - room - 2):
                yield svg.words(text, room, self.y + LINE * 0.75)
                self.y += LINE
            self.y += 4
