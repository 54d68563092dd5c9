"""What changed between two wordings: pure functions over plain values, word by word (difflib)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

# A word keeps the space after it, so that the pieces put together are the text again.
WORDS = re.compile(r"\s+|\S+\s*")


class Kind(Enum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    kind: Kind
    text: str


class Wording(NamedTuple):
    """A section as plain values. `key` stays the same through versions, whatever the heading becomes."""

    key: str
    heading: str
    text: str


class Fate(Enum):
    """What became of a section; the value is the word the pages use."""

    ADDED = "added"
    LEFT_OUT = "left out"
    CHANGED = "changed"
    SAME = "unchanged"


@dataclass(frozen=True)
class Change:
    """One section in both versions. `was` is its former heading when it was renamed."""

    key: str
    heading: str
    fate: Fate
    pieces: tuple[Piece, ...]
    was: str = ""


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """`after` beside `before`: what stayed, what was removed and what was added, in reading order."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new)
    return tuple(piece for step in matcher.get_opcodes() for piece in _pieces_of(step, old, new) if piece.text)


def _pieces_of(step: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Piece]:
    name, old_from, old_to, new_from, new_to = step
    if name == "equal":
        yield Piece(Kind.SAME, "".join(old[old_from:old_to]))
        return
    yield Piece(Kind.REMOVED, "".join(old[old_from:old_to]))
    yield Piece(Kind.ADDED, "".join(new[new_from:new_to]))


def changes(before: Sequence[Wording], after: Sequence[Wording]) -> list[Change]:
    """Section by section in the order of `after`; what was left out comes last. A section is known by its key."""
    old = {section.key: section for section in before}
    kept = {section.key for section in after}
    told = [_change(old.get(section.key), section) for section in after]
    return told + [_left_out(section) for section in before if section.key not in kept]


def _change(old: Wording | None, new: Wording) -> Change:
    if old is None:
        return Change(new.key, new.heading, Fate.ADDED, (Piece(Kind.ADDED, new.text),))
    if old == new:
        return Change(new.key, new.heading, Fate.SAME, (Piece(Kind.SAME, new.text),))
    was = "" if old.heading == new.heading else old.heading
    return Change(new.key, new.heading, Fate.CHANGED, pieces(old.text, new.text), was)


def _left_out(old: Wording) -> Change:
    return Change(old.key, old.heading, Fate.LEFT_OUT, (Piece(Kind.REMOVED, old.text),))


def sentence(told: Sequence[Change]) -> str:
    """For the history: “changed “Roles” and “Money”; added “Term””. Empty when nothing changed."""
    parts = []
    for fate in (Fate.CHANGED, Fate.ADDED, Fate.LEFT_OUT):
        names = [f"“{change.heading}”" for change in told if change.fate == fate]
        if names:
            parts.append(f"{fate.value} {in_words(names)}")
    return "; ".join(parts)


def in_words(names: Sequence[str], most: int = 4) -> str:
    """“A, B and C”; of more than `most`, how many more there are."""
    if len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
