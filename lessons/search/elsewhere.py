"""A search engine outside the database, only when `LESSON_SEARCH` names one. None comes with the portal.

It is asked about lessons only; profiles are few, and the database finds them.

It is a class without arguments that answers as `Outside` says. It knows nothing of who may see what, so nothing it
finds is shown before the database has looked for it among what the searcher may see. While it cannot be reached, the
database's own search answers.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.module_loading import import_string

from lessons.search.index import MOST, Index
from lessons.search.marks import Marked
from lessons.search.words import Words

T = TypeVar("T")
AUTO = "auto"
"""As many ids are asked of it at once."""
SEEN = "SELECT id FROM lessons_lesson WHERE id IN ({among}) AND id IN ({places})"

log = logging.getLogger(__name__)


class Unreachable(Exception):
    """What an engine raises when it cannot answer now."""


class Outside(Protocol):
    """What the portal asks. Ids are those of `lessons_lesson`; an id that is no lesson does no harm."""

    def every(self, words: Words, most: int) -> Sequence[int]:
        """Lessons that hold all of `words.wanted` and none of `words.unwanted`, best first."""

    def some(self, words: Words, most: int) -> Sequence[int]:
        """Lessons that hold at least one of `words.wanted`, best first."""

    def excerpts(self, words: Words, ids: Sequence[int]) -> Mapping[int, Marked]:
        """Titles and a passage with the found words between `marks.START` and `marks.STOP`; plain text, no HTML."""


class Engine(Protocol):
    """What the search asks of any engine: `sqlite` and `postgresql` are modules that answer it."""

    def matching(self, words: Words, index: Index) -> Any: ...
    def any_of(self, words: Words, index: Index) -> Any: ...
    def ranked(self, words: Words, index: Index, among: str, params: Sequence[Any], most: int) -> list[int]: ...
    def excerpts(self, words: Words, index: Index, ids: Sequence[int]) -> dict[int, Marked]: ...


class Elsewhere:
    """An outside engine, asked in the way the databases are; `instead` answers while it cannot be reached."""

    def __init__(self, outside: Outside, instead: Engine) -> None:
        self.outside, self.instead = outside, instead

    def matching(self, words: Words, index: Index) -> Any:
        return self._or(lambda: list(self.outside.every(words, MOST)), lambda: self.instead.matching(words, index))

    def any_of(self, words: Words, index: Index) -> Any:
        return self._or(lambda: list(self.outside.some(words, MOST)), lambda: self.instead.any_of(words, index))

    def ranked(self, words: Words, index: Index, among: str, params: Sequence[Any], most: int) -> list[int]:
        """Those of its ids that are in the subquery `among`, in its order."""
        return self._or(
            lambda: _seen(list(self.outside.every(words, most))[:most], among, params),
            lambda: self.instead.ranked(words, index, among, params, most),
        )

    def excerpts(self, words: Words, index: Index, ids: Sequence[int]) -> dict[int, Marked]:
        return self._or(
            lambda: {pk: marked for pk, marked in self.outside.excerpts(words, ids).items() if pk in ids},
            lambda: self.instead.excerpts(words, index, ids),
        )

    def _or(self, ask: Callable[[], T], instead: Callable[[], T]) -> T:
        try:
            return ask()
        except Unreachable as error:
            log.warning("The search engine of LESSON_SEARCH cannot be reached: %s", error)
            return instead()


def _seen(ids: Sequence[int], among: str, params: Sequence[Any]) -> list[int]:
    if not ids:
        return []
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(SEEN.format(among=among, places=places), [*params, *ids])
        seen = {pk for (pk,) in cursor.fetchall()}
    return [pk for pk in dict.fromkeys(ids) if pk in seen]


@cache
def load(path: str) -> Outside:
    """The engine that the setting names. Asked when the portal starts, so that a wrong setting is seen then."""
    try:
        return cast("Outside", import_string(path)())
    except (ImportError, TypeError) as error:
        raise ImproperlyConfigured(
            f"LESSON_SEARCH is “{path}”: it must be “{AUTO}”, or the path of a class without arguments. {error}"
        ) from error
