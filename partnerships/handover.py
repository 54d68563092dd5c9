"""What somebody leaves behind: upper floors add what can belong to a person, by kind, in `AppConfig.ready()`.

When a partner gives notice, the page of its leaving lists all of it and hands each thing to somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Organisation, Person
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Belonging:
    """One thing that needs a new owner; `key` is its public id, `path` where it is told."""

    key: str
    title: str
    owner: "Person"
    due_on: date | None
    path: str


@dataclass(frozen=True)
class Source:
    """`of` lists what people of an organisation own in a partnership; `give` hands one of it to `to`, as an action."""

    label: str
    of: Callable[["Partnership", "Organisation"], list[Belonging]]
    give: Callable[..., None]


_sources: dict[str, Source] = {}


def add(kind: str, source: Source) -> None:
    """Add a kind of belonging; the same kind again replaces it. `of` asks a constant number of queries."""
    _sources[kind] = source


def sources() -> dict[str, Source]:
    return dict(_sources)
