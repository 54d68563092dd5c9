"""What a searcher typed, made harmless and the same for both engines. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 200
MOST_TERMS = 12

# What PostgreSQL's English dictionary drops, so that both engines ask for the same words.
_COMMON = (
    "a about above after again against all am an and any are as at be because been before being below between both "
    "but by can did do does doing don down during each few for from further had has have having he her here hers "
    "herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off on "
    "once only or other our ours ourselves out over own s same she should so some such t than that the their theirs "
    "them themselves then there these they this those through to too under until up very was we were what when where "
    "which while who whom why will with you your yours yourself yourselves"
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
    return any(word not in TOO_COMMON for word in parts(term.casefold()))


def parts(term: str) -> list[str]:
    """The words of a term, as both engines cut it: “co-production” is two."""
    return re.findall(r"[^\W_]+", term)
