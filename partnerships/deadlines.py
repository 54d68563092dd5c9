"""Deadlines a person should be reminded of: each floor adds a source in `AppConfig.ready()`; the planner reads all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Deadline:
    """Something with a stored due date. `key` names it for ever ("milestone:<public id>"); `path` is where to act.

    `firm`: its owner is told the day after it passed, not a week later (a condition or an exit task).
    """

    key: str
    title: str
    due_on: date
    owner: "Person"
    partnership: "Partnership"
    path: str
    firm: bool = False


Source = Callable[[date], Iterable[Deadline]]

_sources: dict[str, Source] = {}


def add(key: str, source: Source) -> None:
    """Add a source: given a last day, it yields the open deadlines due on or before it, in constant queries."""
    _sources[key] = source


def due_by(day: date) -> Iterable[Deadline]:
    for source in _sources.values():
        yield from source(day)
