"""Search among lessons, learning points or profiles: `find` gives the ids, best first; `excerpts` what to show of those
on the screen. Which of them is the model of the queryset (`index`).

Two small engines (`sqlite`, `postgresql`) answer the same questions about the same parsed `Words`; a third, outside the
database, only where `LESSON_SEARCH` names one (`elsewhere`). Who may see what is decided before: a search only ever
looks inside the queryset it is given.

A search that finds nothing is asked again with the words that its mistyped ones may have meant (`spelling`): among the
words of what is published, which `actions.vocabulary` keeps. No extension is needed, and both engines forgive alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.safestring import SafeString

from lessons.models import LibraryWord
from lessons.search import postgresql, spelling, sqlite
from lessons.search.elsewhere import AUTO, Elsewhere, Engine, load
from lessons.search.index import LEARNING_POINTS, LESSONS, MOST, PROFILES, Index, index_of
from lessons.search.marks import as_html
from lessons.search.words import TOO_COMMON, Words, parse, parts

Q = TypeVar("Q", bound=QuerySet[Any])


@dataclass(frozen=True)
class Found:
    """`ids` are at most `MOST`, best first; without words to look for, all of them, newest first."""

    ids: list[int]
    words: Words
    instead: str = ""
    """What was looked for instead of what was typed: empty when that was found as it stands."""

    @property
    def is_capped(self) -> bool:
        return len(self.ids) >= MOST


@dataclass(frozen=True)
class Excerpt:
    """Escaped HTML with <mark>; `passage` is empty when only the title matched."""

    title: SafeString
    passage: SafeString


def _engine(index: Index) -> Engine:
    """The database's own, or the one that the setting names, which knows lessons only."""
    own = cast("Engine", postgresql if connection.vendor == "postgresql" else sqlite)
    return own if settings.LESSON_SEARCH == AUTO or index != LESSONS else Elsewhere(load(settings.LESSON_SEARCH), own)


def _asked(queryset: QuerySet[Any]) -> tuple[Engine, Index]:
    model: type[Model] = queryset.model
    index = index_of(model)
    return _engine(index), index


def matching(words: Words, queryset: Q) -> Q:
    """Those of `queryset` that match, in no order of merit: for counting."""
    engine, index = _asked(queryset)
    return queryset.filter(pk__in=engine.matching(words, index)) if words else queryset


def find(text: str, queryset: QuerySet[Any], *, forgive: bool = True) -> Found:
    """The ids of those of `queryset` that match `text`. What the searcher may not see must not be in `queryset`.

    `forgive`: ask again for what mistyped words may have meant.
    """
    words = parse(text)
    if not words:
        return Found(list(queryset.order_by("-number").values_list("pk", flat=True)[:MOST]), words)
    try:
        among, params = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Found([], words)
    engine, index = _asked(queryset)
    ids = engine.ranked(words, index, among, params, MOST)
    if ids or not forgive:
        return Found(ids, words)
    meant = _meant(words, queryset)
    if meant is None:
        return Found([], words)
    return Found(engine.ranked(meant, index, among, params, MOST), meant, meant.as_typed())


def any_of(text: str, queryset: Q) -> Q:
    """Those of `queryset` that hold at least one of the words: for finding what may be of use, not for searching."""
    words = parse(text)
    engine, index = _asked(queryset)
    return queryset.filter(pk__in=engine.any_of(words, index)) if words else queryset.none()


def _meant(words: Words, queryset: QuerySet[Any]) -> Words | None:
    """The same search with each word that nobody has written replaced by the nearest that somebody has."""
    changed = tuple(term if _occurs(term, queryset) else _nearest(term, queryset) for term in words.wanted)
    return None if changed == words.wanted or not all(changed) else replace(words, wanted=changed)


def _occurs(term: str, queryset: QuerySet[Any]) -> bool:
    return matching(Words((term,)), queryset).exists()


def _nearest(term: str, queryset: QuerySet[Any]) -> str:
    """The nearest known word that this searcher can find something with; of a phrase or a word with a hyphen, each of
    its words. Or nothing.
    """
    words = [_nearest_word(word, queryset) for word in parts(spelling.plain(term))]
    return " ".join(words) if all(words) else ""


def _nearest_word(word: str, queryset: QuerySet[Any]) -> str:
    if word in TOO_COMMON or _occurs(word, queryset):
        return word
    slips = spelling.slips_allowed(word)
    near = LibraryWord.objects.filter(length__range=(len(word) - slips, len(word) + slips))
    same_start = near.filter(first__in=set(word[:2])).values_list("word", flat=True)
    found = spelling.nearest(word, same_start) or spelling.nearest(word, near.values_list("word", flat=True))
    return next((other for other in found if _occurs(other, queryset)), "")


def excerpts(words: Words, ids: Sequence[int], index: Index = LESSONS) -> dict[int, Excerpt]:
    """What to show of each row on the screen; nothing when there is nothing to mark."""
    if not words or not ids:
        return {}
    marked = _engine(index).excerpts(words, index, ids)
    return {pk: Excerpt(as_html(m.title), as_html(m.passage)) for pk, m in marked.items()}


__all__ = [
    "LEARNING_POINTS",
    "LESSONS",
    "MOST",
    "PROFILES",
    "Excerpt",
    "Found",
    "Words",
    "any_of",
    "excerpts",
    "find",
    "matching",
    "parse",
]
