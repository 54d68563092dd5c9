"""What a learning point still lacks before it can be published (`domain.md` 6.1). Pure: plain values in, sentences out.

Each sentence names the block by the heading the editor shows, so that it can stand alone as a line of a check list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FEWER_WORDS_THAN = 60
LOOK_BACK = 14

# The blocks 4 to 7 and 9 to 11, in their order on the page.
HEADINGS = {
    "about_the_series": "What are learning points?",
    "about": "What is this learning point about?",
    "issues": "What are the important issues?",
    "disclaimer": "Whose views these are",
    "known_already": "What is known already?",
    "stages": "The three stages",
    "learned": "What has been learned?",
    "next": "What next?",
}
STAGES = 3

# Said alone by a screen reader's list of links, these tell nothing.
EMPTY_LINK_WORDS = frozenset(
    {"here", "click here", "this", "this link", "link", "more", "read more", "find out more", "website", "download",
     "report", "page", "document", "pdf"}
)  # fmt: skip
_ABBREVIATION = re.compile(r"(?<![\w@./-])[A-Z]{2,}(?=s?\b)(?![\w-]*[./]\w)")
_ADDRESS = re.compile(r"^(https?://|www\.)|^\S+\.[a-z]{2,}(/\S*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class LearnedText:
    """One lesson as the learning point words it."""

    name: str
    text: str
    evidence: str


@dataclass(frozen=True)
class PointText:
    """A learning point as plain text, in the order people read it."""

    title: str
    about_the_series: str
    about: str
    projects: tuple[str, ...]
    issues: tuple[str, ...]
    disclaimer: str
    known_already: str
    stages: tuple[str, ...]
    learned: tuple[LearnedText, ...]
    next: tuple[str, ...]
    links: tuple[str, ...] = ()


def problems(point: PointText) -> list[str]:
    """Every reason why it is not ready; empty means it is."""
    return [
        *_empty_blocks(point),
        *_lessons(point),
        *(f"The abbreviation {short} is not explained where it is first used." for short in unexplained(_prose(point))),
        *(sentence for link in point.links for sentence in _link(link)),
    ]


def _empty_blocks(point: PointText) -> Iterator[str]:
    for name, heading in HEADINGS.items():
        content = getattr(point, name)
        if not (content.strip() if isinstance(content, str) else any(content)):
            yield f"“{heading}” is empty."
    if point.stages and len(point.stages) != STAGES:
        yield f"“{HEADINGS['stages']}” has {len(point.stages)} of its three lines."


def _lessons(point: PointText) -> Iterator[str]:
    if point.learned and not any(lesson.evidence.strip() for lesson in point.learned):
        yield "None of its lessons has evidence: choose at least one that says what shows it."
    for lesson in point.learned:
        words = len(lesson.text.split())
        if not words:
            yield f"The lesson “{lesson.name}” has no text."
        elif words >= FEWER_WORDS_THAN:
            yield f"The lesson “{lesson.name}” has {words} words: use fewer than {FEWER_WORDS_THAN}."


def _prose(point: PointText) -> str:
    """Everything read aloud, in order, one block to a line."""
    return "\n".join(
        [
            point.title, point.about_the_series, point.about, *point.projects, *point.issues, point.disclaimer,
            point.known_already, *point.stages, *(lesson.text for lesson in point.learned), *point.next,
        ]
    )  # fmt: skip


def unexplained(text: str) -> list[str]:
    """Abbreviations whose first use is neither “Full Words (FW)” nor “FW (full words)”, in order of appearance."""
    found: dict[str, bool] = {}
    for match in _ABBREVIATION.finditer(text):
        short = match.group()
        if short not in found:
            found[short] = _is_explained(short, text[: match.start()], text[match.end() :])
    return [short for short, explained in found.items() if not explained]


def _is_explained(short: str, before: str, after: str) -> bool:
    if before.endswith("("):
        return _spells(short, before[:-1])
    opened = re.match(r"s? \(([^)]*)\)", after)
    return bool(opened) and _spells(short, opened.group(1) if opened else "")


def _spells(short: str, words: str) -> bool:
    """Whether the letters of `short` are, in order, first letters among the last words of `words`."""
    initials = iter(word[0].upper() for word in re.findall(r"[^\W\d_]+", words)[-LOOK_BACK:])
    return all(letter in initials for letter in short)


def _link(title: str) -> Iterator[str]:
    plain = title.strip().rstrip(".:").lower()
    if plain in EMPTY_LINK_WORDS:
        yield f"The link “{title}” says nothing on its own: use the title of what it leads to."
    elif _ADDRESS.search(title.strip()):
        yield f"The link “{title}” shows an address: use the title of what it leads to."
