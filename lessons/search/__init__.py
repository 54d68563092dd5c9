"""Search among lessons: `find` gives the ids, best first; `excerpts` what to show of those on the screen.

Two small engines (`sqlite`, `postgresql`) answer the same questions about the same parsed `Words`; a third, outside the
database, only where `LESSON_SEARCH` names one (`elsewhere`). Who may see what is decided before: a search only ever
looks inside the queryset it is given.

A search that finds nothing is asked again with the words that its mistyped ones may have meant (`spelling`): among the
words of published lessons, which `actions.vocabulary` keeps. No extension is needed, and both engines forgive alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.safestring import SafeString

from lessons.models import LibraryWord
from lessons.models.lesson import LessonQuerySet
from lessons.search import postgresql, spelling, sqlite
from lessons.search.elsewhere import AUTO, Elsewhere, Engine, load
from lessons.search.marks import as_html
from lessons.search.words import Words, parse

MOST = 1000


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


def _engine() -> Engine:
    """The database's own, or the one that the setting names."""
    own = cast("Engine", postgresql if connection.vendor == "postgresql" else sqlite)
    return own if settings.LESSON_SEARCH == AUTO else Elsewhere(load(settings.LESSON_SEARCH), own)


def matching(words: Words, queryset: LessonQuerySet) -> LessonQuerySet:
    """Those of `queryset` that match, in no order of merit: for counting."""
    return queryset.filter(pk__in=_engine().matching(words)) if words else queryset


def find(text: str, queryset: LessonQuerySet) -> Found:
    """The ids of those of `queryset` that match `text`. What the searcher may not see must not be in `queryset`."""
    words = parse(text)
    if not words:
        return Found(list(queryset.order_by("-number").values_list("pk", flat=True)[:MOST]), words)
    try:
        among, params = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Found([], words)
    ids = _engine().ranked(words, among, params, MOST)
    if ids:
        return Found(ids, words)
    meant = _meant(words, queryset)
    if meant is None:
        return Found([], words)
    return Found(_engine().ranked(meant, among, params, MOST), meant, meant.as_typed())


def any_of(text: str, queryset: LessonQuerySet) -> LessonQuerySet:
    """Those of `queryset` that hold at least one of the words: for finding what may be of use, not for searching."""
    words = parse(text)
    return queryset.filter(pk__in=_engine().any_of(words)) if words else queryset.none()


def _meant(words: Words, queryset: LessonQuerySet) -> Words | None:
    """The same search with each word that nobody has written replaced by the nearest that somebody has."""
    changed = tuple(term if _occurs(term, queryset) else _nearest(term, queryset) for term in words.wanted)
    return None if changed == words.wanted or not all(changed) else replace(words, wanted=changed)


def _occurs(term: str, queryset: LessonQuerySet) -> bool:
    return queryset.filter(pk__in=_engine().matching(Words((term,)))).exists()


def _nearest(term: str, queryset: LessonQuerySet) -> str:
    """The nearest known word that this searcher can find something with; of a phrase, each of its words. Or nothing."""
    words = [_nearest_word(word, queryset) for word in spelling.plain(term).split()]
    return " ".join(words) if all(words) else ""


def _nearest_word(word: str, queryset: LessonQuerySet) -> str:
    if _occurs(word, queryset):
        return word
    slips = spelling.slips_allowed(word)
    near = LibraryWord.objects.filter(length__range=(len(word) - slips, len(word) + slips))
    same_start = near.filter(first__in=set(word[:2])).values_list("word", flat=True)
    found = spelling.nearest(word, same_start) or spelling.nearest(word, near.values_list("word", flat=True))
    return next((other for other in found if _occurs(other, queryset)), "")


def excerpts(words: Words, ids: Sequence[int]) -> dict[int, Excerpt]:
    """What to show of each lesson on the screen; nothing when there is nothing to mark."""
    if not words or not ids:
        return {}
    marked = _engine().excerpts(words, ids)
    return {pk: Excerpt(as_html(m.title), as_html(m.passage)) for pk, m in marked.items()}


__all__ = ["MOST", "Excerpt", "Found", "Words", "any_of", "excerpts", "find", "matching"]
