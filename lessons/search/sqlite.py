"""Search on SQLite: the FTS5 tables that migrations 0002, 0014 and 0015 make."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from lessons.search.index import Index
from lessons.search.marks import START, STOP, Marked
from lessons.search.words import Words, quoted

MATCHING = "SELECT rowid FROM {fts} WHERE {fts} MATCH %s"
# The heavier column counts more. The plus keeps SQLite from asking the index once for each row of the subquery
# (1,000 ms among 20,000 lessons; 16 ms with it).
RANKED = """SELECT rowid FROM {fts} WHERE {fts} MATCH %s AND +rowid IN ({among})
    ORDER BY bm25({fts}, {weights}), rowid DESC LIMIT %s"""
EXCERPTS = """SELECT rowid, highlight({fts}, 0, %s, %s), {snippets}
    FROM {fts} WHERE {fts} MATCH %s AND +rowid IN ({among})"""
SNIPPET = "snippet({fts}, {column}, %s, %s, '…', 24)"


def _match(words: Words) -> str:
    wanted = " AND ".join(quoted(words.wanted))
    return " NOT ".join([f"({wanted})", *quoted(words.unwanted)])


def matching(words: Words, index: Index) -> RawSQL:
    """The ids of every row that matches, as a subquery."""
    return RawSQL(MATCHING.format(fts=index.fts), [_match(words)])  # noqa: S611  constant text, bound values


def any_of(words: Words, index: Index) -> RawSQL:
    """The ids of every row that holds at least one of the words."""
    return RawSQL(MATCHING.format(fts=index.fts), [" OR ".join(quoted(words.wanted))])  # noqa: S611  the same


def ranked(words: Words, index: Index, among: str, params: Sequence[Any], most: int) -> list[int]:
    """Ids out of the subquery `among`, best first."""
    weights = ", ".join(str(weight) for weight in index.weights)
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(fts=index.fts, weights=weights, among=among), [_match(words), *params, most])
        return [pk for (pk,) in cursor.fetchall()]


def excerpts(words: Words, index: Index, ids: Sequence[int]) -> dict[int, Marked]:
    """For each id, its title and the first passage that holds a found word, both marked."""
    places = ", ".join(["%s"] * len(ids))
    asked = EXCERPTS.format(fts=index.fts, snippets=_snippets(index), among=places)
    with connection.cursor() as cursor:
        cursor.execute(asked, [*[START, STOP] * len(index.columns), _match(words), *ids])
        return {pk: Marked(title, _first_marked(passages)) for pk, title, *passages in cursor.fetchall()}


@cache
def _snippets(index: Index) -> str:
    """One of each column but the title."""
    return ", ".join(SNIPPET.format(fts=index.fts, column=column) for column in range(1, len(index.columns)))


def _first_marked(passages: Sequence[str]) -> str:
    return next((passage for passage in passages if START in passage), "")
