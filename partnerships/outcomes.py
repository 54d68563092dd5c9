"""National outcomes: the sets that come with the portal, how a set is typed, and what became of an earlier outcome.

Sets are dated data and never an enumeration: the framework of 2018 is being replaced (`domain.md` 3.4).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

LONGEST = 150
MOST = 100
SHIPPED = Path(__file__).parent / "outcome_sets"
# “Care (was: Health; Communities)”: an outcome, and the earlier ones it follows.
_LINE = re.compile(r"(?P<name>.*?)\s*(?:\(was:\s*(?P<follows>.*?)\s*\))?")


@dataclass(frozen=True)
class Line:
    """One outcome of a set, and the names of the earlier ones it follows."""

    name: str
    follows: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} (was: {'; '.join(self.follows)})" if self.follows else self.name


@dataclass(frozen=True)
class ShippedSet:
    name: str
    version_name: str
    in_force_from: date
    source: str
    note: str
    outcomes: tuple[Line, ...]


def shipped() -> list[ShippedSet]:
    """The sets that come with the portal, from their files."""
    found = []
    for path in sorted(SHIPPED.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        lines = tuple(lines_of("\n".join(told.pop("outcomes"))))
        since = date.fromisoformat(told.pop("in_force_from"))
        found.append(ShippedSet(**told, in_force_from=since, outcomes=lines))
    return found


def lines_of(text: str) -> list[Line]:
    """One outcome a line; ValueError, in words for the person who typed it, for what cannot be a set."""
    found = [_line(line) for line in map(str.strip, text.splitlines()) if line]
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"Write 1 to {MOST} outcomes, each on a line of its own.")
    names = [line.name.casefold() for line in found]
    if twice := next((line.name for line in found if names.count(line.name.casefold()) > 1), ""):
        raise ValueError(f"“{twice}” is there twice.")
    return found


def _line(text: str) -> Line:
    parts = _LINE.fullmatch(text)
    assert parts
    name = parts["name"]
    if not name or len(name) > LONGEST:
        raise ValueError(f"Each line names an outcome in at most {LONGEST} characters: look at “{text[:40]}”.")
    return Line(name, tuple(filter(None, (one.strip() for one in (parts["follows"] or "").split(";")))))


def mapping(earlier: Sequence[str], later: Iterable[Line]) -> Mapping[str, list[str]]:
    """For each earlier outcome the later ones that follow it, by name or because they say so; none where none does."""
    listed = list(later)
    return {
        old: [line.name for line in listed if old.casefold() in {one.casefold() for one in (line.name, *line.follows)}]
        for old in earlier
    }
