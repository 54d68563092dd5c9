"""Which lessons fit an occasion best. Pure: plain values in, an order out; no model server, nothing remembered.

The points are [expert]: a lesson that speaks of the same thing (words) counts most, then the partnership's own themes,
then the stage; what others found useful lifts it, what did not work lowers it.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models

WORDS, TITLE_WORDS, THEME, STAGE, ANY_STAGE, WORKED, USED, FAILED = 4.0, 2.0, 3.0, 2.0, 0.5, 1.0, 0.3, 1.5
SHORTEST_WORD = 4
_WORD = re.compile(r"[^\W\d_]+")
_TOO_COMMON = (
    "about after also another before being between could does each every from have help into just lesson made make "
    "more most much need only other over partnership partnerships service services should some such than that their "
    "them then there these they this those through very what when where which while will with without would your"
)
_COMMON = frozenset(_TOO_COMMON.split())


class Occasion(models.TextChoices):
    """When a lesson comes to the people who need it."""

    GATE = "gate", "At a gate"
    RISK = "risk", "A new risk"
    DATE = "date", "A date that moves"
    TENDER = "tender", "A tender draft"
    OTHER = "other", "Another moment"


@dataclass(frozen=True)
class Candidate:
    """A lesson as far as it is weighed; the three counts come from the record of its use."""

    pk: int
    number: int
    title: str
    text: str
    stage: str
    theme: str
    used: int = 0
    worked: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Moment:
    """What is going on: the stage, the themes of the partnership, and the words on the screen."""

    stage: str
    themes: frozenset[str]
    words: str


def stems(text: str) -> frozenset[str]:
    """The words that say something, cut to what their forms share: “delays”, “delayed” and “delaying” are one."""
    found = (word for word in _WORD.findall(text.casefold()) if len(word) >= SHORTEST_WORD and word not in _COMMON)
    return frozenset(_stem(word) for word in found)


def points(candidate: Candidate, moment: Moment) -> float:
    """How well it fits; 0 when neither words nor theme nor stage speak for it (use alone does not)."""
    wanted = stems(moment.words)
    said, titled = stems(candidate.text), stems(candidate.title)
    fit = WORDS * _share(wanted, said | titled) + TITLE_WORDS * _share(wanted, titled)
    fit += THEME * (candidate.theme in moment.themes)
    fit += STAGE * (candidate.stage == moment.stage)
    if not fit:
        return 0.0
    fit += ANY_STAGE * (candidate.stage == "any")
    return max(0.0, fit + proven(candidate))


def proven(candidate: Candidate) -> float:
    """What use has shown; it grows more and more slowly, so that a favourite does not bury everything else."""
    liked = WORKED * math.log1p(candidate.worked) + USED * math.log1p(candidate.used)
    return liked - FAILED * math.log1p(candidate.failed)


def best(candidates: Iterable[Candidate], moment: Moment, most: int = 3) -> Sequence[Candidate]:
    """The `most` that fit best, those that do not fit left out; among equals the newest first."""
    weighed = [(points(candidate, moment), candidate) for candidate in candidates]
    fitting = sorted((pair for pair in weighed if pair[0] > 0), key=lambda pair: (-pair[0], -pair[1].number))
    return [candidate for _, candidate in fitting[:most]]


def _share(wanted: frozenset[str], said: frozenset[str]) -> float:
    return len(wanted & said) / math.sqrt(len(wanted)) if wanted else 0.0


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_WORD:
            return word[: -len(ending)]
    return word
