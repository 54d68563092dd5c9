"""Paragraphs laid out by their headings into the eleven blocks of a learning point (`domain.md` 6.1). Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lessons.importing.paragraphs import Paragraph

# How a heading begins, in small letters, and the block that it opens.
HEADINGS = {
    "for more information": "contact",
    "other formats": "other_formats",
    "what are learning points": "about_the_series",
    "what is this learning point about": "about",
    "about this learning point": "about",
    "what are the important issues": "issues",
    "important issues": "issues",
    "whose views": "disclaimer",
    "disclaimer": "disclaimer",
    "what is known already": "known_already",
    "what is already known": "known_already",
    "the three stages": "stages",
    "projects covered": "projects",
    "what has been learned": "learned",
    "what was learned": "learned",
    "what have we learned": "learned",
    "what next": "next",
    "next steps": "next",
}
LISTS = ("projects", "issues", "stages", "next")
_SERIES = re.compile(r"^learning point\s+(\d+)\s*[:.–-]\s*(.+?)(?:\s*\(([A-Za-z]{2,20})\))?$", re.IGNORECASE)
_MONTH = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December) (?:19|20)\d\d$"
)
_VIEWS = re.compile(r"^the views expressed in", re.IGNORECASE)
_STAGE = re.compile(r"^stage (?:one|two|three|1|2|3)\b", re.IGNORECASE)
LEADS_TO = re.compile(r":(?:\s|$)")
"""A lesson that introduces a list, and goes on taking its bullets."""
_PHONE = re.compile(r"(?:\+44|\b0)[\d ()-]{8,}\d")
# Looked for from the beginnings of words only: from each letter of a very long one it would take minutes.
_EMAIL = re.compile(r"(?<![^\s@<>])[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
_ADDRESS = re.compile(r"<?\b((?:https?://|www\.)[^\s<>]+)>?")


@dataclass
class Mapped:
    """A publication in blocks. `unplaced` stood under no heading that is known: it is shown, never dropped."""

    title: str = ""
    abbreviation: str = ""
    number: int | None = None
    month: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(
        default_factory=lambda: {"projects": [], "issues": [], "stages": [], "next": []}
    )
    learned: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    @property
    def first_published(self) -> str:
        """“Learning point 41, March 2008”, as far as the file says it."""
        number = f"Learning point {self.number}" if self.number else ""
        return ", ".join(part for part in (number, self.month) if part)


def mapped(paragraphs: Iterable[Paragraph]) -> Mapped:
    """Every paragraph lands in a block, among the links, or in `unplaced`: no word is lost."""
    found = Mapped()
    block = ""
    after_bullet = False
    for paragraph in _whole(paragraphs):
        opened = _opens(paragraph)
        if opened:
            block, after_bullet = opened, False
        elif not _stands_alone(found, paragraph):
            _place(found, block, paragraph, after_bullet)
            after_bullet = paragraph.bullet
        if block != "contact" or opened:
            found.links += [link for link in paragraph.links if link not in found.links]
    return found


def _whole(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Sentences that a break of the page had torn in two are whole again: the second half begins small."""
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        before = found[-1] if found else None
        torn = before and not before.level and before.text[-1] not in ".!?:;" and paragraph.text[0].islower()
        if before and torn and not paragraph.bullet and not paragraph.level:
            links = before.links + paragraph.links
            found[-1] = Paragraph(f"{before.text} {paragraph.text}", before.level, before.bullet, links)
        else:
            found.append(paragraph)
    return found


def _opens(paragraph: Paragraph) -> str:
    """The block that a heading opens. A heading may also be a line that only looks like one: it has to be short."""
    if paragraph.bullet or len(paragraph.text) > 90:
        return ""
    low = paragraph.text.lower().strip(" :?")
    return next(
        (block for start, block in HEADINGS.items() if low.startswith(start) and len(low) < len(start) + 25), ""
    )


def _stands_alone(found: Mapped, paragraph: Paragraph) -> bool:
    """What is told by its own words wherever it stands: the series line, the month, whose views these are."""
    text = paragraph.text
    if series := _SERIES.match(text):
        found.number, found.title = int(series[1]), found.title or series[2][:1].upper() + series[2][1:]
        found.abbreviation = found.abbreviation or (series[3] or "")
    elif _MONTH.match(text):
        found.month = text
    elif _VIEWS.match(text):
        _add(found.texts, "disclaimer", text)
    elif paragraph.level == 1 and not found.title:
        found.title = text
    else:
        return False
    return True


def _place(found: Mapped, block: str, paragraph: Paragraph, after_bullet: bool) -> None:
    text = paragraph.text
    if not block:
        found.unplaced.append(text)
    elif block == "contact":
        _contact(found, paragraph)
    elif block == "learned":
        _learned(found, paragraph)
    elif block in LISTS:
        _line(found.lines[block], paragraph, after_bullet)
    elif block == "about" and paragraph.bullet:
        found.lines["projects"].append(text)
    elif block == "known_already" and _STAGE.match(text):
        found.lines["stages"].append(text)
    else:
        _add(found.texts, block, f"• {text}" if paragraph.bullet else text)


def _line(lines: list[str], paragraph: Paragraph, after_bullet: bool) -> None:
    """A bullet is a line. What follows one without a bullet of its own goes on with it."""
    if lines and not paragraph.bullet and after_bullet:
        lines[-1] += f" {paragraph.text}"
    else:
        lines.append(paragraph.text)


def _learned(found: Mapped, paragraph: Paragraph) -> None:
    """A paragraph is a lesson; the bullets under one that leads to them (“…:”) belong to it."""
    if paragraph.bullet and found.learned and LEADS_TO.search(found.learned[-1]):
        found.learned[-1] += f" {paragraph.text}"
    else:
        found.learned.append(paragraph.text)


def _contact(found: Mapped, paragraph: Paragraph) -> None:
    """Who publishes it, where, and what is related: what has an address of the web is a link."""
    text = paragraph.text
    if paragraph.links:
        found.links += [link for link in paragraph.links if link not in found.links]
    elif _EMAIL.search(text) or _PHONE.search(text):
        _reach(found, text)
    elif _ADDRESS.search(text):
        _web(found, text)
    elif "publisher" not in found.texts and not paragraph.bullet and len(text) <= 150 and not text.endswith(":"):
        found.texts["publisher"] = text
    else:
        found.unplaced.append(text)


def _web(found: Mapped, text: str) -> None:
    """Each address with the words before it as its title."""
    start = 0
    for web in _ADDRESS.finditer(text):
        label = text[start : web.start()].strip(" .,:–-<>")
        found.links.append((label or web[1], _whole_address(web[1])))
        start = web.end()


def _whole_address(web: str) -> str:
    return (web if web.startswith("http") else f"https://{web}").rstrip(".,/")


def _reach(found: Mapped, text: str) -> None:
    """A line of address, telephone and e-mail taken apart."""
    if email := _EMAIL.search(text):
        found.texts.setdefault("email", email.group())
    if phone := _PHONE.search(text):
        found.texts.setdefault("telephone", phone.group().strip())
    rest = _PHONE.sub("", _EMAIL.sub("", text))
    if web := _ADDRESS.search(rest):
        found.texts.setdefault("website", _whole_address(web[1]))
        rest = _ADDRESS.sub("", rest)
    rest = re.sub(r"\b(?:tele)?phone\b:?|\be-?mail\b:?", "", rest, flags=re.IGNORECASE).strip(" ,.:")
    if rest:
        _add(found.texts, "postal_address", rest)


def _add(texts: dict[str, str], name: str, text: str) -> None:
    texts[name] = f"{texts[name]}\n{text}" if name in texts else text
