"""Columns of statements that lead from one to the next, as one SVG string: a logic model.

The columns stand one below the other with arrows between them, so that a phone and a sheet of paper show the same. A
box has its statement and, below it, what shows it. What comes from elsewhere in the portal has a dashed edge, which the
words below it say too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from foundation.drawing import svg
from foundation.drawing.lettering import LINE, wrap
from foundation.drawing.twin import Twin

_INSET, _PAD, _BETWEEN, _ARROW = 2.0, 10.0, 8.0, 30.0
_HEAD = LINE + 10
_NONE = "Nothing written yet"


@dataclass(frozen=True)
class Box:
    """`shown_by` are short lines: the indicators that show the statement, or where it comes from."""

    text: str
    shown_by: Sequence[str] = ()
    from_elsewhere: bool = False


@dataclass(frozen=True)
class Column:
    title: str
    boxes: Sequence[Box]


def steps(columns: Sequence[Column], *, title: str, id: str) -> SafeString:
    """The drawing; empty when no column has a box. `id` must be the only one of its kind on the page."""
    if not any(column.boxes for column in columns):
        return SafeString("")
    parts: list[str] = []
    y = _INSET
    for number, column in enumerate(columns):
        if number:
            parts.append(_arrow(y))
            y += _ARROW
        drawn, y = _column(column, y)
        parts += drawn
    told = ". ".join(f"{column.title}: {'; '.join(map(_said, column.boxes)) or _NONE}" for column in columns)
    return SafeString(svg.picture(parts, height=y + _INSET, title=title, description=f"{told}.", id=id))


def steps_table(columns: Sequence[Column]) -> Twin:
    """A row for each box."""
    rows = [
        (column.title, box.text, "; ".join(box.shown_by)) for column in columns for box in column.boxes or [Box(_NONE)]
    ]
    return Twin(("Column", "Statement", "Shown by"), rows)


def _said(box: Box) -> str:
    return f"{box.text} ({'; '.join(box.shown_by)})" if box.shown_by else box.text


def _column(column: Column, y: float) -> tuple[list[str], float]:
    """The heading's band and its boxes, and where the next column may begin."""
    wide = svg.WIDTH - 2 * _INSET
    parts = [
        svg.rect(_INSET, y, wide, _HEAD, fill=svg.ACCENT),
        svg.words(column.title, _INSET + _PAD, y + _HEAD - 10, fill=svg.PAPER, font_weight="bold"),
    ]
    y += _HEAD + _BETWEEN
    for box in column.boxes or [Box(_NONE)]:
        drawn, height = _box(box, y, wide)
        parts += drawn
        y += height + _BETWEEN
    return parts, y - _BETWEEN + 4


def _box(box: Box, y: float, wide: float) -> tuple[list[str], float]:
    room = wide - 2 * _PAD
    lines = [(text, svg.INK) for text in wrap(box.text, room)]
    lines += [(text, svg.QUIET_INK) for told in box.shown_by for text in wrap(told, room)]
    height = LINE * len(lines) + _PAD
    edge: dict[str, svg.Attribute] = {"stroke": svg.ACCENT, "stroke_width": 1.5}
    if box.from_elsewhere:
        edge["stroke_dasharray"] = "6 4"
    return [svg.rect(_INSET, y, wide, height, fill=svg.PAPER, **edge), *_lines(lines, y)], height


def _lines(lines: Sequence[tuple[str, str]], y: float) -> Iterator[str]:
    for number, (text, colour) in enumerate(lines, start=1):
        yield svg.words(text, _INSET + _PAD, y + LINE * number - 1, fill=colour)


def _arrow(y: float) -> str:
    """From one column down to the next."""
    middle, foot = svg.WIDTH / 2, y + _ARROW - 5
    shaft = svg.line(middle, y + 4, middle, foot - 8, stroke=svg.ACCENT, stroke_width=3)
    return shaft + svg.polygon([(middle - 8, foot - 9), (middle + 8, foot - 9), (middle, foot)], fill=svg.ACCENT)
