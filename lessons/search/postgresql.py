"""Search on PostgreSQL: the generated columns that migrations 0002, 0014 and 0015 make."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from lessons.search.index import Index
from lessons.search.marks import START, STOP, Marked
from lessons.search.words import Words, quoted

QUERY = "websearch_to_tsquery('lessons_english', %s)"
MATCHING = f"SELECT id FROM {{table}} WHERE words @@ {QUERY}"  # noqa: S608  constants only
# Only the newest matches are ranked: ranking a very common word over everything costs fifty times more.
RANKED = f"""SELECT id FROM (
        SELECT id, number, words FROM {{table}} WHERE words @@ {QUERY} AND id IN ({{among}})
        ORDER BY number DESC LIMIT %s) AS newest
    ORDER BY ts_rank_cd(words, {QUERY}) DESC, number DESC"""  # noqa: S608  constants only
# ts_headline is slow (0.17 ms a row), so it is asked for the rows on the screen only.
EXCERPTS = f"""SELECT id, ts_headline('lessons_english', title, {QUERY}, %s),
        ts_headline('lessons_english', concat_ws(' ', {{body}}), {QUERY}, %s)
    FROM {{table}} WHERE id IN ({{among}})"""  # noqa: S608  constants only
_MARKS = f"StartSel={START}, StopSel={STOP}"
WHOLE = f"{_MARKS}, HighlightAll=true"
PASSAGE = f"{_MARKS}, MaxWords=28, MinWords=12, MaxFragments=1"


def _query(words: Words) -> str:
    return " ".join([*quoted(words.wanted), *(f"-{term}" for term in quoted(words.unwanted))])


def matching(words: Words, index: Index) -> RawSQL:
    """The ids of every row that matches, as a subquery."""
    return RawSQL(MATCHING.format(table=index.table), [_query(words)])  # noqa: S611  constant text, bound values


def any_of(words: Words, index: Index) -> RawSQL:
    """The ids of every row that holds at least one of the words."""
    return RawSQL(MATCHING.format(table=index.table), [" or ".join(quoted(words.wanted))])  # noqa: S611  the same


def ranked(words: Words, index: Index, among: str, params: Sequence[Any], most: int) -> list[int]:
    """Ids out of the subquery `among`, best first."""
    query = _query(words)
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(table=index.table, among=among), [query, *params, most, query])
        return [pk for (pk,) in cursor.fetchall()]


def excerpts(words: Words, index: Index, ids: Sequence[int]) -> dict[int, Marked]:
    """For each id, its title and a passage that holds a found word, both marked."""
    query, places = _query(words), ", ".join(["%s"] * len(ids))
    asked = EXCERPTS.format(table=index.table, body=index.body, among=places)
    with connection.cursor() as cursor:
        cursor.execute(asked, [query, WHOLE, query, PASSAGE, *ids])
        return {pk: Marked(title, passage if START in passage else "") for pk, title, passage in cursor.fetchall()}
