"""A web page as paragraphs: its headings, list items and links; scripts, styles and navigation are passed over."""

import re
from html.parser import HTMLParser

from lessons.importing.paragraphs import Paragraph, tidy
from lessons.importing.text import decoded

_PASSED_OVER = frozenset({"script", "style", "nav", "template", "noscript", "svg", "select", "head"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"p", "li", "div", "section", "article", "td", "th", "tr", "blockquote", "dt", "dd", "ul", "ol", "br", "main",
     "body", "header", "footer", "address", "figure", "figcaption", *_HEADINGS}
)  # fmt: skip

LONGEST_TAG = 5_000
"""Letters; a picture that is written into its tag is longer, and of no use here."""
# Each of these reads on to the next “<” or to the end of what it cuts out, so that a page is read once however broken
# it is: the parser of the standard library looks for the end of a tag from every “<” again.
_CUT_OUT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_ATTRIBUTES = r"""[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+"""
_TAG = re.compile(rf"(</?[a-z][a-z0-9]*+)(?![^\s/>])({_ATTRIBUTES})>|<[!?][^<>]*+>|</?[a-z][^<>]*+>|<", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Paragraph] = []
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.level, self.bullet, self.passing = 0, False, 0
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PASSED_OVER:
            self.passing += 1
        elif tag in _BLOCKS:
            self.close_paragraph()
            self.level = _HEADINGS.get(tag, 0)
            self.bullet = tag == "li" or (self.bullet and tag in ("p", "br"))
        elif tag == "a":
            self.link = (dict(attrs).get("href") or "", [])

    def handle_endtag(self, tag: str) -> None:
        if tag in _PASSED_OVER:
            self.passing = max(0, self.passing - 1)
        elif tag in _BLOCKS:
            self.close_paragraph()
            self.level = 0
            self.bullet = self.bullet and tag != "li"
        elif tag == "a" and self.link:
            address, words = self.link
            if address.startswith(("http://", "https://")) and tidy("".join(words)):
                self.links.append((tidy("".join(words)), address))
            self.link = None

    def handle_data(self, data: str) -> None:
        if not self.passing:
            self.words.append(data)
            if self.link:
                self.link[1].append(data)

    def close_paragraph(self) -> None:
        if text := tidy("".join(self.words)):
            self.found.append(Paragraph(text, self.level, self.bullet and not self.level, tuple(self.links)))
        self.words, self.links = [], []


def paragraphs_of_html(content: bytes) -> list[Paragraph]:
    reader = _Reader()
    reader.feed(_TAG.sub(_whole_tag, _CUT_OUT.sub(" ", decoded(content))))
    reader.close()
    reader.close_paragraph()
    return reader.found


def _whole_tag(found: re.Match[str]) -> str:
    """A tag as it stands, without its attributes where they are too long; what is none is a mark like any other."""
    if found[1]:
        return found[0] if len(found[0]) <= LONGEST_TAG else f"{found[1]}>"
    return "&lt;" if found[0] == "<" else ""
