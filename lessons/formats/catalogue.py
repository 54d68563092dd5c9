"""The formats a publication comes in: what each is called, whom it is for, and how it is made from the source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from foundation.rendering.programs import Program, why_not
from lessons.formats import braille, data, epub, html, large, plain, recording, script, translator, word
from lessons.formats.source import Source

# Part of every job's key: raise it when a writer changes what it writes, and every format is made anew.
WRITERS = 4
PDF = "pdf"
UNCONTRACTED, CONTRACTED = "braille-uncontracted", "braille-contracted"
BRAILLE = {UNCONTRACTED: translator.UNCONTRACTED, CONTRACTED: translator.CONTRACTED}
OF_PDF = "application/pdf"

Group = Literal["read", "print", "large", "braille", "listen", "data"]
GROUPS: dict[Group, str] = {
    "read": "To read on a screen",
    "print": "To print or to change",
    "large": "Large print",
    "braille": "Braille",
    "listen": "To listen to",
    "data": "To work with",
}
Follow = Callable[[str, int], bool]


@dataclass(frozen=True)
class Setting:
    """What the source itself does not say: the braille page, and who proof-read the braille, if anybody did."""

    layout: braille.Layout = field(default_factory=braille.Layout)
    proof_read: str = ""


@dataclass(frozen=True)
class Format:
    """`code` stands in addresses and keys; `points`: of a large print."""

    code: str
    group: Group
    label: str
    about: str
    extension: str
    content_type: str
    programs: Sequence[Program] = ()
    points: int = 0

    @property
    def ending(self) -> str:
        """The end of its files' names: it tells apart what comes with the same extension, and says nothing twice."""
        says_itself = self.code in (self.extension, "text")
        return f".{self.extension}" if says_itself else f"-{self.code}.{self.extension}"

    @property
    def why_not(self) -> str:
        """Why this computer cannot make it, as a sentence; empty when it can."""
        return why_not(self.programs)


_LARGE = tuple(
    Format(
        f"large-{points}", "large", f"Large print, {points} point",
        "PDF. Nothing is smaller than this, tables are told as lists.", "pdf", OF_PDF, points=points,
    )
    for points in large.SIZES
)  # fmt: skip
_LOUIS, _VOICE = (translator.LOU_TRANSLATE,), (recording.ESPEAK, recording.LAME)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: tuple[Format, ...] = (
    Format(
        "html", "read", "Web page",
        "One file for any browser. It fits phones and screen readers.", "html", "text/html; charset=utf-8",
    ),
    Format(
        "epub", "read", "E-book (EPUB)",
        "For e-readers and reading apps: set your own letters and colours.", "epub", "application/epub+zip",
    ),
    Format("text", "read", "Plain text", "Words only, for any program.", "txt", "text/plain; charset=utf-8"),
    Format(PDF, "print", "PDF", "A4 pages with contents and page numbers, tagged for screen readers.", "pdf", OF_PDF),
    Format("docx", "print", "Word document", "To change or to take parts from.", "docx", _WORD),
    *_LARGE,
    Format(
        CONTRACTED, "braille", "Braille, contracted",
        "Unified English Braille, grade 2, for an embosser or a display.", "brf", "text/x-brf", _LOUIS,
    ),
    Format(
        UNCONTRACTED, "braille", "Braille, uncontracted",
        "Unified English Braille, grade 1, letter by letter.", "brf", "text/x-brf", _LOUIS,
    ),
    Format(
        "audio", "listen", "Recording (MP3)",
        "A computer’s voice, with a chapter for each part.", "mp3", "audio/mpeg", _VOICE,
    ),
    Format(
        "script", "listen", "Audio script",
        "What the voice says, for somebody who reads it aloud.", "txt", "text/plain; charset=utf-8",
    ),
    Format(
        "data", "data", "Data (CSV)",
        "The tables behind it and behind every drawing, in a ZIP file.", "zip", "application/zip",
    ),
)  # fmt: skip
_BY_CODE = {one.code: one for one in FORMATS}
PDF_FORMAT = _BY_CODE[PDF]


def format_called(code: str) -> Format | None:
    return _BY_CODE.get(code)


def page_for_the_press(source: Source, made: Format) -> str:
    """The HTML of a format that the press prints; empty for the others."""
    if made.code == PDF:
        return html.paper(source)
    return large.page(source, made.points) if made.points else ""


def content(source: Source, made: Format, setting: Setting, follow: Follow) -> bytes:
    """The file of a format that needs no press."""
    if made.code in BRAILLE:
        wanted = partial(follow, "Translating into braille", 10)
        translate = partial(translator.to_braille, table=BRAILLE[made.code], wanted=wanted)
        return braille.brf(source, translate, setting.layout, proof_read=setting.proof_read)
    if made.code == "audio":
        return recording.recording(source, follow)
    return _WRITERS[made.code](source)


_WRITERS: dict[str, Callable[[Source], bytes]] = {
    "html": html.master,
    "epub": epub.book,
    "text": plain.text,
    "docx": word.document,
    "script": script.text,
    "data": data.archive,
}
