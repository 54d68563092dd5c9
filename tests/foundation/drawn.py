"""Reading a drawing back: its elements, the points they touch, the room its texts take."""

import re
from collections.abc import Iterator
from itertools import combinations
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from foundation.drawing.lettering import width

SVG = "{http://www.w3.org/2000/svg}"
ROUNDING = 0.02
Box = tuple[float, float, float, float]


def read(drawing: str) -> Element:
    return ElementTree.fromstring(drawing)


def found(drawing: str, name: str) -> list[Element]:
    """Elements of this name, without those of the patterns."""
    root = read(drawing)
    patterns = root.find(f"{SVG}defs")
    if patterns is not None:
        root.remove(patterns)
    return list(root.iter(f"{SVG}{name}"))


def lines_of_text(drawing: str) -> list[str]:
    return ["".join(text.itertext()) for text in found(drawing, "text")]


def size(drawing: str) -> tuple[float, float]:
    _, _, wide, high = map(float, read(drawing).attrib["viewBox"].split())
    return wide, high


def box_of_text(text: Element) -> Box:
    """Left, top, right, foot: from the top of its capitals to the foot of its commas."""
    bold = text.get("font-weight") == "bold"
    measure = width(text.text or "", bold=bold) + sum(width(part.text or "", bold=True) for part in text)
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = x - {"start": 0.0, "middle": measure / 2, "end": measure}[text.get("text-anchor", "start")]
    return left, y - 11.5, left + measure, y + 3.5


def boxes(drawing: str) -> Iterator[Box]:
    """What each element covers."""
    for text in found(drawing, "text"):
        yield box_of_text(text)
    for rect in found(drawing, "rect"):
        x, y, wide, high = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
        yield x, y, x + wide, y + high
    for line in found(drawing, "line"):
        x1, y1, x2, y2 = (float(line.attrib[key]) for key in ("x1", "y1", "x2", "y2"))
        yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    for circle in found(drawing, "circle"):
        x, y, r = (float(circle.attrib[key]) for key in ("cx", "cy", "r"))
        yield x - r, y - r, x + r, y + r
    for shape in found(drawing, "polygon") + found(drawing, "polyline"):
        yield box_of_shape(shape)


def box_of_shape(shape: Element) -> Box:
    corners = [float(number) for number in re.split(r"[ ,]", shape.attrib["points"])]
    return min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2])


def assert_inside(drawing: str) -> None:
    wide, high = size(drawing)
    outside = [
        (left, top, right, foot)
        for left, top, right, foot in boxes(drawing)
        if min(left, top) < -ROUNDING or right > wide + ROUNDING or foot > high + ROUNDING
    ]
    assert outside == []


def touching(all_boxes: list[Box]) -> list[tuple[Box, Box]]:
    return [(a, b) for a, b in combinations(all_boxes, 2) if _touch(a, b)]


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] - ROUNDING and b[0] < a[2] - ROUNDING and a[1] < b[3] - ROUNDING and b[1] < a[3] - ROUNDING
