"""Large print: the same source laid out anew, one column, nothing smaller than the size that was asked for.

Rules of UKAAF's G003 as `domain.md` 6.3 gives them: 16 pt at least and 18 the usual; page numbers and captions too;
sans serif; no italics; left-aligned, no word split; a blank line between paragraphs; tables told as lists.
"""

from lessons.formats.html import paper
from lessons.formats.source import Source, without_tables

SIZES = (16, 18, 20, 24, 28)
USUAL = 18


def page(source: Source, points: int = USUAL) -> str:
    """The page for the press. `points` is the size of the text, one of `SIZES`."""
    if points not in SIZES:
        raise ValueError(f"large print is set in one of {SIZES} points, not in {points}")
    return paper(without_tables(source), style(points))


def style(points: int) -> str:
    """What it changes in the print stylesheet. Headings grow less than the text, so that long words still fit."""
    h1, h2, h3 = (max(points + more, round(points * by)) for by, more in ((1.45, 8), (1.2, 4), (1.05, 1)))
    # Three lines of the running title fit above the text.
    above, below = round(points * 1.2 * 3 * 0.353) + 8, round(points * 0.353 * 2) + 8
    return f"""
@page {{
  margin: {above}mm 18mm {below}mm;
  @top-left {{ color: #000; font-size: {points}pt; line-height: 1.2; }}
  @bottom-right {{ color: #000; font-size: {points}pt; }}
}}
html {{ color: #000; font-size: {points}pt; line-height: 1.5; }}
p, li, dt, dd, caption, figcaption, small, .series, .edition, .checksum, .cover .series, nav.contents a {{
  color: #000; font-size: {points}pt; font-style: normal;
}}
h1, .cover h1, .short .cover h1 {{ font-size: {h1}pt; }}
h2 {{ font-size: {h2}pt; }}
h3 {{ font-size: {h3}pt; }}
h4, h5, h6 {{ font-size: {points}pt; }}
p, ul, ol {{ margin-bottom: 1.5em; }}
li {{ margin-bottom: 0.75em; }}
.cover {{ padding-top: 0; }}
"""
