"""What waits for a person: each floor adds its own source in `AppConfig.ready()`, the home page shows the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence that starts with a verb, where to do it, by when (None: no date), and for what.

    `sealed`: nobody else may know of it, so it is on the person's pages and in no mail, which operators can read.
    """

    title: str
    url: str
    due_on: date | None
    about: str
    kind: str = ""
    sealed: bool = False


T = TypeVar("T")
Source = Callable[["Person"], list[Todo]]

_ASKED = "_asked_for_todos"
_sources: dict[str, tuple[Source, str]] = {}


def add(key: str, source: Source, kind: str = "Other") -> None:
    """Add a source; the same key again replaces it. A source asks a constant number of queries.

    `kind` says in a word or two what its things are: the list of tasks can be narrowed to it.
    """
    _sources[key] = source, kind


def of(person: "Person") -> list[Todo]:
    """Everything that waits for the person, most urgent first; what has no date comes last."""
    person.__dict__[_ASKED] = {}
    try:
        found = [replace(todo, kind=kind) for source, kind in _sources.values() for todo in source(person)]
    finally:
        del person.__dict__[_ASKED]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or date.max, todo.title))


def once(person: "Person", key: str, ask: Callable[[], T]) -> T:
    """What several sources need: asked once for one whole list, and afresh by a source that is asked alone."""
    asked: dict[str, T] | None = person.__dict__.get(_ASKED)
    if asked is None:
        return ask()
    if key not in asked:
        asked[key] = ask()
    return asked[key]
