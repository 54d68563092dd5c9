"""What waits for a person: each floor adds its own source in `AppConfig.ready()`, the home page shows the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence that starts with a verb, where to do it, by when (None: no date), and for what."""

    title: str
    url: str
    due_on: date | None
    about: str


_sources: dict[str, Callable[["Person"], list[Todo]]] = {}


def add(key: str, source: Callable[["Person"], list[Todo]]) -> None:
    """Add a source; the same key again replaces it. A source asks a constant number of queries."""
    _sources[key] = source


def of(person: "Person") -> list[Todo]:
    """Everything that waits for the person, most urgent first; what has no date comes last."""
    found = [todo for source in _sources.values() for todo in source(person)]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or date.max, todo.title))
