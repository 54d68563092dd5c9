"""What a partner leaves behind: upper floors add what can belong to it or its people, by kind, in `AppConfig.ready()`.

When a partner gives notice, the page of its leaving lists all of it and hands each thing to somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Organisation, Person
    from partnerships.models import Partner, Partnership


@dataclass(frozen=True)
class Belonging:
    """One thing that needs a new owner; `key` is its public id, `path` where it is told.

    Its owner is one of the partner's people, or the partner itself.
    """

    key: str
    title: str
    owner: "Person | Partner"
    due_on: date | None
    path: str


@dataclass(frozen=True)
class Source:
    """`of` lists what an organisation or its people own in a partnership; `give` hands one of it to `to`, as an action.

    `to_partners`: it goes to another partner, not to a person.
    """

    label: str
    of: Callable[["Partnership", "Organisation"], list[Belonging]]
    give: Callable[..., None]
    to_partners: bool = False


_sources: dict[str, Source] = {}


def add(kind: str, source: Source) -> None:
    """Add a kind of belonging; the same kind again replaces it. `of` asks a constant number of queries."""
    _sources[kind] = source


def sources() -> dict[str, Source]:
    return dict(_sources)
