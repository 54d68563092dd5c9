"""Search among lessons: `find` gives the ids, best first; `excerpts` what to show of those on the screen.

Two small engines (`sqlite`, `postgresql`) answer the same questions about the same parsed `Words`. Who may see what is
decided before: a search only ever looks inside the queryset it is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.safestring import SafeString

from lessons.models.lesson import LessonQuerySet
from lessons.search import postgresql, sqlite
from lessons.search.marks import as_html
from lessons.search.words import Words, parse

MOST = 1000


@dataclass(frozen=True)
class Found:
    """`ids` are at most `MOST`, best first; without words to look for, all of them, newest first."""

    ids: list[int]
    words: Words

    @property
    def is_capped(self) -> bool:
        return len(self.ids) >= MOST


@dataclass(frozen=True)
class Excerpt:
    """Escaped HTML with <mark>; `passage` is empty when only the title matched."""

    title: SafeString
    passage: SafeString


def _engine() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def matching(text: str, queryset: LessonQuerySet) -> LessonQuerySet:
    """Those of `queryset` that match, in no order of merit: for counting."""
    words = parse(text)
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
    return Found(_engine().ranked(words, among, params, MOST), words)


def excerpts(words: Words, ids: Sequence[int]) -> dict[int, Excerpt]:
    """What to show of each lesson on the screen; nothing when there is nothing to mark."""
    if not words or not ids:
        return {}
    marked = _engine().excerpts(words, ids)
    return {pk: Excerpt(as_html(m.title), as_html(m.passage)) for pk, m in marked.items()}


__all__ = ["MOST", "Excerpt", "Found", "Words", "excerpts", "find", "matching"]
