"""What both drawings promise: sound XML that carries no style, hostile words made harmless, colours, PDF/UA."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import page
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from foundation.drawing import svg
from foundation.drawing.chart import Series, line_chart
from foundation.drawing.lettering import LINE, SIZE, shortened, width, wrap
from foundation.drawing.timeline import Bar, Mark, timeline
from tests.foundation.drawn import SVG, lines_of_text, read

APRIL, MAY, OCTOBER = date(2026, 4, 1), date(2026, 5, 1), date(2026, 10, 1)
HOSTILE = [
    "<script>alert(1)</script>",
    """Ann's "plan" & more""",
    "</text></svg><img src=x onerror=alert(1)>",
    "]]>&lt;&#0;",
    "a\x00b\x07c\x1b",
    "half \ud83d of a pair, \ufffe, \uffff",
    "  two\nlines\t ",
    "W" * 300,
    "",
]


def a_timeline(label="Design", *, title="Plan", id="plan"):
    bars = [Bar(label, APRIL, OCTOBER, "active"), Bar("Pilot", OCTOBER, date(2028, 10, 1), "planned")]
    return timeline(bars, [Mark(label, OCTOBER, "late")], today=MAY, title=title, id=id)


def a_chart(label="Each month", *, title="People helped", id="chart"):
    points = [(APRIL, Decimal("31.2")), (MAY, None), (OCTOBER, Decimal(40))]
    target = Series("Target", [(APRIL, Decimal(35)), (OCTOBER, Decimal(35))], "dashed")
    return line_chart([Series(label, points), target], title=title, unit="Per cent", id=id)


both = pytest.mark.parametrize("draw", [a_timeline, a_chart])


@both
def test_a_drawing_names_itself_first(draw):
    root = read(draw(title="A & B"))
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    title, description = root[0], root[1]
    assert title.text == "A & B"
    assert description.text.count("2026") >= 2
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"


@both
def test_a_drawing_needs_no_stylesheet_and_no_script(draw):
    """The content security policy refuses both."""
    for part in read(draw()).iter():
        assert part.tag.removeprefix(SVG) not in {"style", "script", "foreignObject", "a", "image", "use"}
        assert not [key for key in part.attrib if key in {"style", "class", "href"} or key.startswith("on")]


@both
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(draw, words):
    drawing = draw(words, title=words)
    drawing.encode()
    seen = {part.tag for part in read(drawing).iter()}
    assert seen <= {part.tag for part in read(draw()).iter()}


@both
def test_what_was_typed_is_what_is_read(draw):
    assert any("<script>alert(1)</script>" in text for text in lines_of_text(draw("<script>alert(1)</script>")))


@both
def test_two_drawings_on_a_page_share_no_id(draw):
    ids = [part.attrib["id"] for id in ("a", "b") for part in read(draw(id=id)).iter() if "id" in part.attrib]
    assert len(ids) == len(set(ids)) >= 4


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str) -> float:
    return 1.05 / (luminance(colour) + 0.05)


def test_the_measure_of_contrast_is_right():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", svg.TEXT_COLOURS)
def test_text_stands_out(colour):
    assert contrast(colour) >= 4.5


@pytest.mark.parametrize("colour", svg.GRAPHIC_COLOURS)
def test_shapes_stand_out(colour):
    assert contrast(colour) >= 3


@both
def test_only_the_tested_colours_are_used(draw):
    root = read(draw())
    texts = {part.attrib["fill"] for name in ("text", "tspan") for part in root.iter(f"{SVG}{name}")}
    on_colour = {svg.PAPER}  # the number in a filled diamond
    assert texts <= {*svg.TEXT_COLOURS, *svg.GRAPHIC_COLOURS, *on_colour}
    strokes = {part.attrib["stroke"] for part in root.iter() if "stroke" in part.attrib}
    assert strokes <= {*svg.GRAPHIC_COLOURS, svg.QUIET_INK, svg.GRID, svg.GRID_STRONG}


def test_the_accent_is_the_portals():
    assert f"--psp-accent: {svg.ACCENT};" in (settings.BASE_DIR / "static/css/portal.css").read_text(encoding="utf-8")


def test_letters_are_large_enough_on_a_phone():
    assert 350 / svg.WIDTH * SIZE >= 11


@pytest.mark.parametrize(
    ("weight", "characters"), [("400", [*map(chr, range(32, 127)), *"£é’–…Æß"]), ("700", [*"doneplawt0123456789Ty"])]
)
def test_no_letter_is_wider_than_it_is_taken_for(weight, characters):
    font = TTFont(settings.BASE_DIR / f"static/vendor/fontsource-roboto/roboto-latin-{weight}-normal.woff2")
    glyphs, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    real = {c: advances[glyphs[ord(c)]][0] / em * SIZE for c in characters}
    assert [c for c in characters if width(c, bold=weight == "700") < real[c]] == []


@given(st.text(max_size=200), st.floats(60, 480))
def test_lines_fit_and_lose_nothing(text, room):
    lines = wrap(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(svg.clean(text).split())
    assert width(shortened(text, room)) <= room


def test_lines_break_between_words():
    assert wrap("one two three", width("one two")) == ["one two", "three"]
    assert wrap("", 100) == [""]
    assert all(a.endswith("W") and b.startswith("W") for a, b in pairwise(wrap("W" * 99, LINE * 5)))


def test_both_print_as_accessible_pdf(tmp_path: Path):
    """PDF/UA-1 by an independent validator."""
    from weasyprint import HTML

    made = tmp_path / "drawings.pdf"
    body = f"<h1>Drawings</h1><figure>{a_timeline()}</figure><figure>{a_chart()}</figure>"
    document = f"<html lang=en-GB><head><title>Drawings</title></head><body>{body}</body></html>"
    HTML(string=document).write_pdf(made, pdf_variant="pdf/ua-1")
    result = page.validate_pdf(str(made), profile="ua1")
    assert result.is_compliant, str(result)
