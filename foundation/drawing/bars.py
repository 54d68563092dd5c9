"""Horizontal bars of money as one SVG string: the same in a page and in a PDF, readable at the width of a phone.

Each row has its label and its sum above its bar. A bar's parts differ by their filling (solid, striped, hollow), which
the legend names, and only then by their colour. All bars of a drawing share one scale, so they can be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.safestring import SafeString

from foundation.drawing import svg
from foundation.drawing.axis import figure
from foundation.drawing.lettering import LINE, width, wrap
from foundation.drawing.twin import Twin

Filling = Literal["solid", "striped", "hollow"]
FILLINGS: tuple[Filling, ...] = ("solid", "striped", "hollow")

_BAR, _BETWEEN, _SWATCH = 18.0, 10.0, 26.0


@dataclass(frozen=True)
class Row:
    """A label and the parts of its bar, in the order of the legend; none below zero.

    `told` is the figure that stands beside the label: the sum of the parts unless another one is meant.
    """

    label: str
    parts: Sequence[Decimal]
    told: Decimal | None = None


@dataclass(frozen=True)
class Group:
    """Rows below a heading of their own, with what their parts are called: at most one for each filling."""

    title: str
    legend: Sequence[str]
    rows: Sequence[Row]


def bars(groups: Sequence[Group], *, unit: str, title: str, id: str) -> SafeString:
    """The drawing; empty when nothing is above zero. `id` must be the only one of its kind on the page."""
    most = max((sum(row.parts, Decimal(0)) for group in groups for row in group.rows), default=Decimal(0))
    if most <= 0:
        return SafeString("")
    return SafeString(_Bars([group for group in groups if group.rows], most, unit, id).drawn(title))


def bars_table(groups: Sequence[Group], *, unit: str) -> Twin:
    """A row for each part that is above zero: of which bar, what it is, and how much."""
    rows = [
        (f"{group.title}: {row.label}", told, figure(part, unit))
        for group in groups
        for row in group.rows
        for told, part in zip(group.legend, row.parts, strict=True)
        if part
    ]
    return Twin(("Bar", "Part", unit), rows)


class _Bars:
    """One drawing being made: `y` moves down the page as rows are added."""

    def __init__(self, groups: Sequence[Group], most: Decimal, unit: str, id: str) -> None:
        self.groups, self.most, self.unit, self.id = groups, most, unit, id
        self.y = 0.0

    def drawn(self, title: str) -> str:
        stripes = svg.element("defs", svg.stripes(f"{self.id}-striped", svg.ACCENT, turn=45))
        parts = [part for group in self.groups for part in self._group(group)]
        return svg.picture(
            [stripes, *parts], height=self.y + 4, title=title, description=self._description(), id=self.id
        )

    def _description(self) -> str:
        told = [
            f"{group.title}: " + "; ".join(f"{row.label} {self._sum(row)}" for row in group.rows)
            for group in self.groups
        ]
        return ". ".join(told) + "."

    def _sum(self, row: Row) -> str:
        return figure(sum(row.parts, Decimal(0)) if row.told is None else row.told, self.unit)

    def _group(self, group: Group) -> Iterator[str]:
        self.y += _BETWEEN * 2 if self.y else 0
        for text in wrap(group.title, svg.WIDTH - 4, bold=True):
            self.y += LINE
            yield svg.words(text, 2, self.y - 5, font_weight="bold")
        yield from self._legend(group)
        for row in group.rows:
            yield from self._row(row)

    def _legend(self, group: Group) -> Iterator[str]:
        """The fillings that are in use, each on a line of its own."""
        for number, told in enumerate(group.legend):
            if any(row.parts[number] for row in group.rows):
                self.y += LINE
                yield self._filled(FILLINGS[number], 2, self.y - 15, _SWATCH, 11)
                yield svg.words(told, _SWATCH + 10, self.y - 5, fill=svg.QUIET_INK)

    def _row(self, row: Row) -> Iterator[str]:
        self.y += _BETWEEN
        told = self._sum(row)
        *lines, last = wrap(row.label, svg.WIDTH - 16 - width(told, bold=True))
        for text in [*lines, last]:
            self.y += LINE
            yield svg.words(text, 2, self.y - 5)
        yield svg.words(told, svg.WIDTH - 2, self.y - 5, text_anchor="end", font_weight="bold")
        x = 2.0
        for number, part in enumerate(row.parts):
            if part > 0:
                wide = float(part / self.most) * (svg.WIDTH - 4)
                yield self._filled(FILLINGS[number], x, self.y, wide, _BAR)
                x += wide
        self.y += _BAR

    def _filled(self, filling: Filling, x: float, y: float, wide: float, high: float) -> str:
        fills = {"solid": svg.ACCENT, "striped": f"url(#{self.id}-striped)", "hollow": svg.PAPER}
        return svg.rect(x, y, wide, high, fill=fills[filling], stroke=svg.ACCENT, stroke_width=1.5)
