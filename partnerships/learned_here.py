"""Lessons at the place of work: where to write one down, and which of the library fit. An upper app signs in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Suggestion:
    """A lesson that fits: `because` says why it is shown, `proven` what others made of it (empty: nobody said)."""

    title: str
    url: str
    because: str
    proven: str
    use_url: str


@dataclass(frozen=True)
class Source:
    """`add_url` takes a partnership and what a lesson would be written from (“risk:…”); `suggest` takes a partnership,
    the occasion (gate, risk, date or tender) and the words on the screen, and asks a constant number of queries.
    """

    add_url: Callable[["Partnership", str], str]
    suggest: Callable[["Partnership", str, str], Sequence[Suggestion]]


_sources: list[Source] = []


def sign_in(source: Source) -> None:
    """There is one source; another replaces it."""
    _sources[:] = [source]


def add_url(partnership: "Partnership", written_from: str) -> str:
    """Where a lesson is written down; empty when nobody keeps lessons."""
    return _sources[0].add_url(partnership, written_from) if _sources else ""


def suggested(partnership: "Partnership", occasion: str, words: str) -> Sequence[Suggestion]:
    return _sources[0].suggest(partnership, occasion, words) if _sources else ()
