"""What a searcher typed, made harmless and the same for both engines. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 200
MOST_TERMS = 12

# Words so common that neither engine should insist on them (PostgreSQL's English list drops these as well).
_COMMON = (
    "a about after all an and are as at be been but by can did do for from had has have how i if in into is it its "
    "me my no not of on or our so such than that the their them then there these they this to was we were what when "
    "where which who why will with you your"
)
TOO_COMMON = frozenset(_COMMON.split())

_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_NOT_TEXT = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff\ue000-\uf8ff"\\]')


@dataclass(frozen=True)
class Words:
    """The terms that must be found and those that must not; a term is a word or a phrase, without quotation marks."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for. Only leaving out is not a search."""
        return bool(self.wanted)

    def as_typed(self) -> str:
        """How it would be typed: phrases in quotation marks, a minus before what is left out."""
        terms = [f'"{term}"' if " " in term else term for term in self.wanted]
        return " ".join([*terms, *(f"-{term}" for term in self.unwanted)])


def parse(text: str) -> Words:
    """Words, “"phrases in quotation marks"” and “-words to leave out”. Nothing that can be typed is an error."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for found in _TERM.finditer(text[:LONGEST]):
        term = _clean(found["phrase"] if found["phrase"] is not None else found["word"])
        if _says_something(term):
            (unwanted if found["minus"] else wanted).append(term)
    return Words(tuple(wanted[:MOST_TERMS]), tuple(unwanted[:MOST_TERMS]))


def quoted(terms: Sequence[str]) -> list[str]:
    """Each term in quotation marks: no mark in it is an operator any more, in FTS5 or in websearch_to_tsquery."""
    return [f'"{term}"' for term in terms]


def _clean(term: str) -> str:
    return " ".join(_NOT_TEXT.sub(" ", term).split())


def _says_something(term: str) -> bool:
    words = re.findall(r"[^\W_]+", term.casefold())
    return any(word not in TOO_COMMON for word in words)
