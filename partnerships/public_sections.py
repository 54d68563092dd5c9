"""Sections of a partnership's public page that upper floors bring: each signs in from its `AppConfig.ready()`.

What a section gives is read by anybody: it holds what its app has published, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Entry:
    """A published thing: its title, its own public address, and a sentence about it."""

    title: str
    url: str
    told: str = ""


@dataclass(frozen=True)
class Section:
    """`of` asks a constant number of queries; a section without entries is left out."""

    key: str
    heading: str
    order: int
    of: Callable[["Partnership"], list[Entry]]


_sections: dict[str, Section] = {}


def add(section: Section) -> None:
    """Add a section; the same key again replaces it."""
    _sections[section.key] = section


def of(partnership: "Partnership") -> list[tuple[Section, list[Entry]]]:
    ordered = sorted(_sections.values(), key=lambda section: section.order)
    return [(section, entries) for section in ordered if (entries := section.of(partnership))]
