"""Names of people and places in a text that everybody will read. Pure: text and known names in, what to look at out.

A lesson tells what happened, not who it was (`domain.md` 3.1: no personal data). Patterns find slips, not secrets: each
finding is looked at by whoever checks, and is taken out or may stay.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = r"[A-ZÀ-Þ][\wà-þ’'-]*[a-zà-þ]"
_TITLED = re.compile(rf"\b(?:Mrs?|Ms|Miss|Dr|Prof|Professor|Councillor|Cllr|Sister|Sheriff)\.? {_WORD}(?: {_WORD})?")
_PAIR = re.compile(rf"\b{_WORD}(?: {_WORD})+")
_PLACE = re.compile(rf"\b(?:in|at|from|near|around|across) ({_WORD}(?: {_WORD})*)")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+44|0)(?:[ ()-]{0,2}\d){9,10}(?!\d)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
# Capital letters that name no person and no place that could give anybody away.
_CAPITALS = (
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Scotland Scottish Britain British England Wales Ireland Europe European Italy "
    "English Gaelic Polish I"
)
_HARMLESS = frozenset(_CAPITALS.split())
_BODIES = frozenset(
    {"public social partnership", "public social partnerships", "scottish government", "learning point", "best value",
     "social return", "scottish centre"}
)  # fmt: skip
# A sentence often begins with one of these: its capital letter says nothing.
_BEGINNINGS = (
    "A After All An And As At Both But Each Every For From He How If In It Its Most No Nobody None Of On One Or Our "
    "People She So Some That The Their Then There These They This Those To Two We What When Where Who With You"
)
_OPENING = frozenset(_BEGINNINGS.split())


@dataclass(frozen=True)
class Flag:
    """A piece of the text, and what it looks like."""

    text: str
    looks_like: str

    def __str__(self) -> str:
        return f"“{self.text}” looks like {self.looks_like}."


def flags(text: str, known: Mapping[str, Iterable[str]] | None = None, allowed: Iterable[str] = ()) -> list[Flag]:
    """Everything to look at, in the order it is read, each once. `known` maps what a name is (“a person of this
    partnership”) to the names; `allowed` are findings that were looked at before and may stay.
    """
    found = [
        *_known(text, known or {}),
        *((m.start(), Flag(m.group(), "an e-mail address")) for m in _EMAIL.finditer(text)),
        *((m.start(), Flag(m.group().strip(), "a telephone number")) for m in _TELEPHONE.finditer(text)),
        *((m.start(), Flag(m.group(), "a postcode")) for m in _POSTCODE.finditer(text)),
        *((m.start(), Flag(m.group(), "a person’s name")) for m in _TITLED.finditer(text)),
        *_pairs(text),
        *_places(text),
    ]
    return _each_once(found, frozenset(allowed))


def _known(text: str, known: Mapping[str, Iterable[str]]) -> Iterable[tuple[int, Flag]]:
    for what, names in known.items():
        for name in names:
            if name and (hit := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)):
                yield hit.start(), Flag(hit.group(), what)


def _pairs(text: str) -> Iterable[tuple[int, Flag]]:
    """Two or more words with capital letters side by side, without the one that only opens a sentence."""
    for match in _PAIR.finditer(text):
        words = match.group().split()
        start = match.start()
        opens = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?:\n“"
        if words[0] in _OPENING or (opens and len(words) > 2):
            start += len(words[0]) + 1
            words = words[1:]
        name = " ".join(words)
        if len(words) > 1 and name.lower() not in _BODIES and not any(word in _HARMLESS for word in words):
            yield start, Flag(name, "the name of a person, a place or an organisation")


def _places(text: str) -> Iterable[tuple[int, Flag]]:
    for match in _PLACE.finditer(text):
        name = match.group(1)
        if name.split()[0] not in _HARMLESS and name.lower() not in _BODIES:
            yield match.start(1), Flag(name, "a place")


def _each_once(found: Iterable[tuple[int, Flag]], allowed: frozenset[str]) -> list[Flag]:
    """In reading order; of findings that overlap the first counts, because the surest rules are asked first."""
    kept: list[tuple[int, Flag]] = []
    for start, flag in found:
        end = start + len(flag.text)
        overlaps = any(start < at + len(other.text) and at < end for at, other in kept)
        if not overlaps and flag.text not in allowed and all(flag.text != other.text for _, other in kept):
            kept.append((start, flag))
    return [flag for _, flag in sorted(kept, key=lambda pair: pair[0])]
