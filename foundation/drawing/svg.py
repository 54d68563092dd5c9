"""The pieces of a drawing: elements with presentation attributes only, in the portal's colours.

The portal's content security policy refuses style="" and <style>, and the PDF press reads the same string, so nothing
here depends on a stylesheet. Every attribute and every text passes through `html.escape`.
"""

from collections.abc import Iterable
from html import escape

from foundation.drawing.lettering import LINE, SIZE, clean

WIDTH = 480.0

# Text: at least 4.5:1 on white.
INK, QUIET_INK = "#1a1a1a", "#4d4d4d"
# What the drawing means: at least 3:1 on white. The first is the accent of static/css/portal.css.
ACCENT, BAD, GOOD, WARN = "#4b2a63", "#a11a05", "#17602b", "#7a4100"
# Decoration, which nobody needs to see to read the drawing.
GRID, GRID_STRONG, PALE, PAPER = "#e4e4e4", "#b3b3b3", "#f6f1f9", "#ffffff"

TEXT_COLOURS = (INK, QUIET_INK, ACCENT, BAD)
GRAPHIC_COLOURS = (INK, ACCENT, BAD, GOOD, WARN)

Attribute = str | float


def element(name: str, inside: str = "", /, **attributes: Attribute) -> str:
    """`stroke_width=2` becomes stroke-width="2". `inside` is markup: made by `element` or `escape`."""
    told = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>"


def _value(value: Attribute) -> str:
    if isinstance(value, str):
        return escape(clean(value))
    return f"{value:.2f}".rstrip("0").rstrip(".")


def words(text: str, x: float, y: float, *, fill: str = INK, **attributes: Attribute) -> str:
    """One line of text; `y` is the foot of its letters."""
    return element("text", escape(clean(text)), x=x, y=y, fill=fill, **attributes)


def words_on_paper(text: str, x: float, y: float, *, measure: float, strong: str = "", colour: str = INK) -> str:
    """A line of text `measure` wide, its last word `strong` in bold, with the grid rubbed out behind it."""
    inside = escape(clean(text)) + (" " if text and strong else "")
    if strong:
        inside += element("tspan", escape(strong), fill=colour, font_weight="bold")
    return rect(x - 2, y - LINE * 0.75, measure + 4, LINE, fill=PAPER) + element("text", inside, x=x, y=y, fill=INK)


def rect(x: float, y: float, width: float, height: float, **attributes: Attribute) -> str:
    """Clipped to the drawing's sides."""
    left, right = max(0.0, x), min(WIDTH, x + width)
    return element("rect", x=left, y=y, width=max(0.0, right - left), height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def polygon(corners: Iterable[tuple[float, float]], **attributes: Attribute) -> str:
    return element("polygon", points=_corners(corners), **attributes)


def polyline(corners: Iterable[tuple[float, float]], **attributes: Attribute) -> str:
    return element("polyline", points=_corners(corners), fill="none", **attributes)


def _corners(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{_value(x)},{_value(y)}" for x, y in corners)


def stripes(id: str, colour: str, *, turn: int) -> str:
    """A pattern of coloured stripes on white, turned by so many degrees: fill it with url(#id)."""
    ground = element("rect", width=8, height=8, fill=PAPER) + element("rect", width=4, height=8, fill=colour)
    shape: dict[str, Attribute] = {"patternUnits": "userSpaceOnUse", "patternTransform": f"rotate({turn})"}
    return element("pattern", ground, id=id, width=8, height=8, **shape)


def picture(parts: Iterable[str], *, height: float, title: str, description: str, id: str) -> str:
    """The whole drawing. A direct <title> child comes first: PDF/UA takes the alternative text from there."""
    named = element("title", escape(clean(title)) or " ", id=f"{id}-t")
    named += element("desc", escape(clean(description)) or " ", id=f"{id}-d")
    attributes: dict[str, Attribute] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {_value(WIDTH)} {_value(height)}",
        "role": "img",
        "aria-labelledby": f"{id}-t {id}-d",
        "font-family": "Roboto, Arial, sans-serif",
        "font-size": SIZE,
    }
    return element("svg", named + "".join(parts), **attributes)
