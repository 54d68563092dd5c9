"""Pages made to break a press, each in a way of its own. `BOMBS`: name → what gives its HTML.

None needs the network or a file: what a bomb brings along, it carries in `data:` addresses.
"""

import base64
import struct
import zlib
from collections.abc import Callable

MILLION = 1_000_000


def style(css: str, body: str = "<p>x") -> str:
    return f"<style>{css}</style>{body}"


def picture(width: int, height: int, colour: int = 0, bits: int = 1) -> str:
    """A PNG of one colour: hardly any bytes, a great many pixels. `colour` and `bits` as PNG's header has them."""
    channels = {0: 1, 2: 3}[colour]
    row = 1 + (width * bits * channels + 7) // 8
    pixels = zeros(row * height)
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return data("image/png", png)


def zeros(size: int) -> bytes:
    """So many zero bytes as zlib packs them, without packing each: the same block again and again."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packed.compress(bytes(1 << 20)) + packed.flush(zlib.Z_FULL_FLUSH)
    rest = packed.compress(bytes(size % (1 << 20))) + packed.flush()
    checksum = (size % 65521) << 16 | 1
    return b"\x78\xda" + block * (size >> 20) + rest + struct.pack(">I", checksum)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def typeface(megabytes: int) -> str:
    """A WOFF whose one table unpacks to that much."""
    table = zeros(megabytes << 20)
    size = 44 + 20 + len(table)
    header = struct.pack(">4sIIHHIHHIIIII", b"wOFF", 0x10000, size, 1, 0, megabytes << 20, 1, 0, 0, 0, 0, 0, 0)
    entry = struct.pack(">4sIIII", b"glyf", 64, len(table), megabytes << 20, 0)
    return data("font/woff", header + entry + table)


def data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def svg(inside: str, size: str = 'width="9" height="9"') -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><title>x</title>{inside}</svg>'


def nested_imports(depth: int) -> str:
    sheet = "p{color:red}"
    for _ in range(depth):
        sheet = f'@import "{data("text/css", sheet.encode())}";'
    return sheet


def laughs() -> str:
    """Each group uses the one before ten times: ten to the eleventh in all."""
    groups = "".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 12))
    return svg(f'<defs><g id="g0"><rect/></g>{groups}</defs><use href="#g11"/>')


def variables() -> str:
    doubled = "".join(f"--v{n}:{f'var(--v{n - 1}) ' * 10};" for n in range(1, 9))
    return style(f":root{{--v0:lol lol lol;{doubled}}} p::before{{content:var(--v8)}}")


DOT = picture(1, 1)
NOISE = data("font/woff2", b"wOF2" + bytes(range(256)) * 8_000)
BOMBS: dict[str, Callable[[], str]] = {
    # Depth
    "nested div": lambda: "<div>" * 20_000,
    "nested inline": lambda: "<b><i>" * 5_000 + "deep",
    "nested flex": lambda: '<div style="display:flex">' * 40 + "deep",
    "nested grid": lambda: '<div style="display:grid">' * 40 + "deep",
    "nested tables": lambda: "<table><tr><td>" * 60 + "deep",
    "nested floats": lambda: '<div style="float:left">' * 60 + "deep",
    "nested lists": lambda: "<ul><li>" * 5_000 + "deep",
    "nested brackets in css": lambda: style("p{width:" + "calc(" * 50_000 + "1px" + ")" * 50_000 + "}"),
    "nested blocks in css": lambda: style("a{" * 50_000),
    "nested :not": lambda: style(":not(" * 5_000 + "a" + ")" * 5_000 + "{color:red}"),
    "nested imports": lambda: style(nested_imports(30)),
    # Tables
    "colspan": lambda: "<table><tr>" + "<td colspan=1000>x</td>" * 500 + "</tr></table>",
    "one huge colspan": lambda: "<table><tr><td colspan=100000>x</td></tr><tr><td>x</td></tr></table>",
    "columns of a col": lambda: "<table><col span=100000000><tr><td>x</td></tr></table>",
    "rowspan": lambda: "<table>" + "<tr><td rowspan=60000>x</td></tr>" * 3_000 + "</table>",
    "large table": lambda: "<table>" + ("<tr>" + "<td>cell</td>" * 20 + "</tr>") * 20_000 + "</table>",
    # Text
    "running text": lambda: "<p>" + "word " * MILLION,
    "one long word": lambda: "<p>" + "w" * 5 * MILLION,
    "one long word that breaks": lambda: style("p{overflow-wrap:anywhere;hyphens:auto}", "<p>" + "wo" * MILLION),
    "accents upon accents": lambda: "<p>a" + "\u0301" * MILLION,
    "both directions": lambda: "<p>" + "\u202ea\u202db" * 200_000,
    "lines": lambda: "<pre>" + "x\n" * 500_000,
    "repeated attribute": lambda: style("b::before{content:attr(t)}", f'<div><b t="{"x " * 50_000}">') + "<b>" * 3,
    "an attribute upon every row": lambda: style(
        "i::before{content:" + "attr(t)" * 2_000 + "}", f'<i t="{"x " * 5_000}"></i>'
    ),
    # Numbers
    "a counter of a thousand million strokes": lambda: style(
        '@counter-style s{system:symbolic;symbols:"x"} p{counter-reset:c 1000000000} p::before{content:counter(c,s)}'
    ),
    "a letter of ten million": lambda: style("p{font-size:10000000px}"),
    "a margin without end": lambda: style("p{margin:1e30px;padding:1e30px}"),
    "a page without end": lambda: style("@page{size:1e9mm 1e9mm}", "<p>word " * 5_000),
    "a page of a millimetre": lambda: style("@page{size:1mm 1mm;margin:0}", "<p>word " * 20_000),
    "a page that is all margin": lambda: style("@page{size:10mm;margin:20mm}", "<p>word " * 5_000),
    "a bookmark of level thousand million": lambda: style("h1{bookmark-level:1000000000}", "<h1>x</h1>" * 500),
    # Pages
    "page breaks": lambda: '<p style="break-after:page">x</p>' * 20_000,
    "pages that count themselves": lambda: style(
        "@page{@top-left{content:counter(pages)}} a::after{content:target-counter(attr(href),page)}",
        "".join(f'<p id=p{n}><a href="#p{(n * 7) % 3000}">x</a></p>' for n in range(3_000)),
    ),
    "named pages": lambda: style(
        "".join(f"@page n{n}{{size:{n + 99}px}} .n{n}{{page:n{n}}}" for n in range(2_000)),
        "".join(f"<p class=n{n}>x" for n in range(2_000)),
    ),
    "footnotes": lambda: style("i{float:footnote}", "<p>x<i>note</i>" * 5_000),
    "a footnote longer than its page": lambda: style(
        "@page{size:50mm} i{float:footnote;display:block;height:900mm}", "<p>x<i>note</i>" * 50
    ),
    "never to be broken": lambda: style("@page{size:50mm} div{break-inside:avoid}", "<div><p>x</p>" * 400),
    # Boxes
    "floats": lambda: '<div style="float:left;width:1px">x</div>' * 20_000,
    "flex items": lambda: '<div style="display:flex;flex-wrap:wrap">' + "<div>x</div>" * 20_000,
    "many columns": lambda: '<div style="columns:5000">' + "word " * 100_000 + "</div>",
    "a grid of a million tracks": lambda: style(
        "div{display:grid;grid:repeat(1000000,1fr)/repeat(1000000,1fr)}", "<div>x"
    ),
    "a cell in the thousand millionth row": lambda: style(
        "div{display:grid} p{grid-row:1000000000;grid-column:1000000000}", "<div><p>x"
    ),
    "positioned boxes": lambda: '<div style="position:absolute;width:50%">x</div>' * 20_000,
    # Pictures
    "a picture of 900 million pixels": lambda: f'<img alt=x src="{picture(30_000, 30_000)}">',
    "a picture just small enough to be opened": lambda: f'<img alt=x src="{picture(13_000, 13_000, 2, 8)}">',
    "a thousand pictures": lambda: "".join(f'<img alt=x src="{picture(3_000 + n, 1_000)}">' for n in range(300)),
    "pictures nobody may fetch": lambda: '<img alt=x src="http://example.org/x.png">' * 50_000,
    "tiles": lambda: style(
        f'div{{height:200000px;background:url("{DOT}") 0 0/0.1px 0.1px space}}', "<div>x</div>"
    ),
    "a border of tiles": lambda: style(
        f'div{{height:900px;border:9px solid;border-image:url("{DOT}") 1/0.01px round}}', "<div>x"
    ),
    "a gradient of tiny steps": lambda: style(
        "div{height:900px;background:repeating-linear-gradient(red 0,blue 0.00001px)}", "<div>x"
    ),
    "a gradient of many stops": lambda: style(
        "div{height:900px;background:linear-gradient(" + ",".join(["red", "blue"] * 200_000) + ")}", "<div>x"
    ),
    "a wave a mile long": lambda: style("p{width:100000000px;white-space:pre;text-decoration:wavy underline}",
        "<p>" + "w" * MILLION),
    "dots a mile long": lambda: style("div{width:100000000px;border:1px dotted;border-radius:3px}", "<div>x"),
    "a leader a mile long": lambda: style("p{width:100000000px} p::after{content:leader('.') 'x'}"),
    # SVG
    "svg that laughs": laughs,
    "svg that uses itself": lambda: svg('<g id="a"><use href="#a"/><use href="#a"/></g><use href="#a"/>'),
    "svg painted with itself": lambda: svg(
        '<pattern id="p" width="1" height="1"><rect width="9" height="9" fill="url(#p)"/></pattern>'
        '<rect width="9" height="9" fill="url(#p)"/>'
    ),
    "svg masked by itself": lambda: svg(
        '<mask id="m"><rect width="9" height="9" mask="url(#m)"/></mask><rect width="9" height="9" mask="url(#m)"/>'
    ),
    "svg of filters": lambda: svg(
        '<filter id="f">' + '<feOffset dx="1"/><feFlood/><feBlend/>' * 20_000 + '</filter><rect filter="url(#f)"/>'
    ),
    "svg path of a million points": lambda: svg(f'<path d="M0 0{" L9 9 9 0" * 500_000}"/>'),
    "svg marked at every point": lambda: svg(
        '<marker id="m"><path d="M0 0L9 9"/></marker>'
        f'<path marker-mid="url(#m)" d="M0 0{" L9 9 9 0" * 50_000}"/>'
    ),
    "svg nested": lambda: svg("<g>" * 20_000),
    "svg without end": lambda: svg("<rect width='9' height='9'/>", 'width="1e12" height="1e12"'),
    "svg in svg in svg": lambda: f'<img alt=x src="{_boxed(8)}">',
    # Style sheets
    "css variables": variables,
    "selectors": lambda: style("".join(f"a:not(.x{n}) ~ b *{{color:red}}" for n in range(20_000)), "<b>" * 900),
    "selectors that look ahead": lambda: style(
        ":has(" * 6 + "*" + ")" * 6 + "{color:red}", "<p><b>x</b></p>" * 3_000
    ),
    "rules": lambda: style("".join(f".c{n}{{color:red}}" for n in range(200_000))),
    # Typefaces
    "a typeface that unpacks to 900 megabytes": lambda: style(
        f'@font-face{{font-family:z;src:url("{typeface(900)}")}} p{{font-family:z}}'
    ),
    "a thousand typefaces": lambda: style(
        "".join(f'@font-face{{font-family:z{n};src:url("app:roboto-latin-400-normal.woff2")}}' for n in range(1_000))
    ),
    "a typeface of noise": lambda: style(
        f'@font-face{{font-family:z;src:url("{NOISE}")}} p{{font-family:z}}'
    ),
}  # fmt: skip


def _boxed(depth: int) -> str:
    """A drawing that shows a smaller one ten times, and so on."""
    inner = DOT
    for _ in range(depth):
        shown = f'<image width="9" height="9" href="{inner}"/>'
        inner = data("image/svg+xml", svg(shown * 2).encode())
    return inner


def page(name: str) -> str:
    return f"<html lang=en><title>{name}</title>{BOMBS[name]()}"
