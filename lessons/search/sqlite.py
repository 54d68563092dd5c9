"""Search on SQLite: the FTS5 table that migration 0002 makes."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from lessons.search.marks import START, STOP, Marked
from lessons.search.words import Words, quoted

MATCHING = "SELECT rowid FROM lessons_words WHERE lessons_words MATCH %s"
# bm25 weights: the title counts most, the advice next. The plus keeps SQLite from asking the index once for each row
# of the subquery (1,000 ms among 20,000 lessons; 16 ms with it).
RANKED = """SELECT rowid FROM lessons_words WHERE lessons_words MATCH %s AND +rowid IN ({among})
    ORDER BY bm25(lessons_words, 8.0, 2.0, 2.0, 3.0, 1.0), rowid DESC LIMIT %s"""
EXCERPTS = """SELECT rowid, highlight(lessons_words, 0, %s, %s),
    snippet(lessons_words, 1, %s, %s, '…', 24), snippet(lessons_words, 2, %s, %s, '…', 24),
    snippet(lessons_words, 3, %s, %s, '…', 24), snippet(lessons_words, 4, %s, %s, '…', 24)
    FROM lessons_words WHERE lessons_words MATCH %s AND +rowid IN ({among})"""


def _match(words: Words) -> str:
    wanted = " AND ".join(quoted(words.wanted))
    return " NOT ".join([f"({wanted})", *quoted(words.unwanted)])


def matching(words: Words) -> RawSQL:
    """The ids of every lesson that matches, as a subquery."""
    return RawSQL(MATCHING, [_match(words)])  # noqa: S611  constant text, bound values


def any_of(words: Words) -> RawSQL:
    """The ids of every lesson that holds at least one of the words."""
    return RawSQL(MATCHING, [" OR ".join(quoted(words.wanted))])  # noqa: S611  constant text, bound values


def ranked(words: Words, among: str, params: Sequence[Any], most: int) -> list[int]:
    """Ids out of the subquery `among`, best first."""
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(among=among), [_match(words), *params, most])
        return [pk for (pk,) in cursor.fetchall()]


def excerpts(words: Words, ids: Sequence[int]) -> dict[int, Marked]:
    """For each id, its title and the first passage that holds a found word, both marked."""
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(EXCERPTS.format(among=places), [*[START, STOP] * 5, _match(words), *ids])
        return {pk: Marked(title, _first_marked(passages)) for pk, title, *passages in cursor.fetchall()}


def _first_marked(passages: Sequence[str]) -> str:
    return next((passage for passage in passages if START in passage), "")
