"""The way of something through its steps, as one SVG string: which are done, where it stands, what is to come.

From above: a row for each step with its number in a circle on a line, its name, its state as a word, and when. A state
is told by its word, by how its circle is filled, and only then by its colour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from foundation.drawing import svg
from foundation.drawing.lettering import LINE, width, wrap
from foundation.drawing.twin import Twin

State = Literal["done", "now", "ahead", "stopped"]

WORDS: dict[State, str] = {"done": "done", "now": "now", "ahead": "to come", "stopped": "stopped here"}
_COLOURS: dict[State, str] = {"done": svg.ACCENT, "now": svg.ACCENT, "ahead": svg.INK, "stopped": svg.BAD}

_MIDDLE, _RADIUS = 20.0, 15.0
_TEXT = 48.0
_ROOM = svg.WIDTH - _TEXT - 4
_BETWEEN = 14.0


@dataclass(frozen=True)
class Step:
    """`told` is a short line about when: “from 1 April 2026”."""

    label: str
    state: State
    told: str = ""


def way(steps: Sequence[Step], *, title: str, id: str) -> SafeString:
    """The drawing; empty without steps. `id` must be the only one of its kind on the page."""
    if not steps:
        return SafeString("")
    rows, middles, y = [], [], 4.0
    for number, step in enumerate(steps, start=1):
        middles.append(y + _RADIUS + 1)
        text = list(_text(step, y))
        rows += [*_circle(number, step.state, middles[-1]), *text]
        y += max(2 * _RADIUS + 2, LINE * len(text)) + _BETWEEN
    lines = [
        svg.line(_MIDDLE, above, _MIDDLE, below, stroke=_COLOURS["done"] if step.state != "ahead" else svg.GRID_STRONG,
                 stroke_width=3)
        for above, below, step in zip(middles, middles[1:], steps[1:], strict=False)
    ]  # fmt: skip
    told = "; ".join(f"{step.label}: {WORDS[step.state]}{f', {step.told}' if step.told else ''}" for step in steps)
    return SafeString(svg.picture([*lines, *rows], height=y, title=title, description=f"{told}.", id=id))


def way_table(steps: Sequence[Step]) -> Twin:
    """The same facts in rows."""
    return Twin(("Stage", "State", "When"), [(step.label, WORDS[step.state], step.told) for step in steps])


def _circle(number: int, state: State, middle: float) -> Iterator[str]:
    colour, full = _COLOURS[state], state in ("done", "stopped")
    yield svg.element(
        "circle", cx=_MIDDLE, cy=middle, r=_RADIUS, fill=colour if full else svg.PAPER,
        stroke=colour if state != "ahead" else svg.QUIET_INK, stroke_width=4 if state == "now" else 1.5,
    )  # fmt: skip
    yield svg.words(
        str(number), _MIDDLE, middle + 5.5, fill=svg.PAPER if full else svg.INK, text_anchor="middle",
        font_weight="bold" if state != "ahead" else "normal",
    )  # fmt: skip


def _text(step: Step, top: float) -> Iterator[str]:
    """The name with its state's word in bold behind it, or below where there is no room; then when."""
    strong = width(WORDS[step.state], bold=True)
    *lines, last = wrap(f"{step.label}:", _ROOM)
    if width(f"{last} ") + strong > _ROOM:
        lines, last = [*lines, last], ""
    y = top
    for text in lines:
        y += LINE
        yield svg.words(text, _TEXT, y - 5)
    y += LINE
    measure = width(f"{last} " if last else "") + strong
    yield svg.words_on_paper(last, _TEXT, y - 5, measure=measure, strong=WORDS[step.state], colour=_COLOURS[step.state])
    for text in wrap(step.told, _ROOM) if step.told else []:
        y += LINE
        yield svg.words(text, _TEXT, y - 5, fill=svg.QUIET_INK)
