"""What an instalment can be tied to: the return of a period. The floor that has the returns signs in from above.

Source: `domain.md` 1.8 and scenario 40: an instalment that is tied to a return is released once that is accepted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Tie:
    """The return of a period: what it is called, whether it is accepted, and where it stands, in a sentence.

    `planned` is false where there is no such return any more: that holds nothing back for good.
    """

    name: str
    accepted: bool
    told: str
    planned: bool = True


@dataclass(frozen=True)
class Source:
    """`choices`: each period by its first day, with its name. `states`: how the returns of these months stand."""

    choices: Callable[["Partnership"], list[tuple[date, str]]]
    states: Callable[["Partnership", Iterable[date]], Mapping[date, Tie]]


_sources: dict[str, Source] = {}


def add(key: str, source: Source) -> None:
    """Offer returns to tie money to; the same key again replaces it."""
    _sources[key] = source


def choices(partnership: "Partnership") -> list[tuple[date, str]]:
    """Every period an instalment can be tied to, first things first."""
    return sorted(found for source in _sources.values() for found in source.choices(partnership))


def states(partnership: "Partnership", months: Iterable[date]) -> dict[date, Tie]:
    """How the return of each of `months` stands; one that is not planned (any more) holds the money back."""
    asked = set(months)
    found: dict[date, Tie] = {month: _nothing(month) for month in asked}
    for source in _sources.values() if asked else ():
        found.update(source.states(partnership, asked))
    return found


def state(partnership: "Partnership", month: date) -> Tie:
    return states(partnership, [month])[month]


def _nothing(month: date) -> Tie:
    name = f"return for {month:%B %Y}"
    return Tie(
        name, False, f"No {name} is planned any more. Change the instalment, and tie it to another return.", False
    )
