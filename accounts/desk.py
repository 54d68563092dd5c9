"""What a person works on besides their partnerships: each floor adds its own part, the home page shows them.

What has to be done is `accounts.todo`; this says where the things stand, and leads to them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Line:
    """One thing: where it is, what the person is in it, how it stands, and what comes next and when."""

    title: str
    url: str
    role: str
    state: str
    next: str


@dataclass(frozen=True)
class Part:
    """A heading and its lines, most urgent first; `more` is how many are left out."""

    key: str
    heading: str
    lines: list[Line]
    more: int = 0


_sources: dict[str, Callable[["Person"], Part | None]] = {}


def add(key: str, source: Callable[["Person"], Part | None]) -> None:
    """Add a source; the same key again replaces it. A source asks a constant number of queries."""
    _sources[key] = source


def of(person: "Person") -> list[Part]:
    """The parts that this person has; a part without lines is none."""
    parts = [source(person) for source in _sources.values()]
    return [part for part in parts if part and part.lines]
