"""The words of the library, learned by the verb that publishes or revises something."""

from collections.abc import Iterable

from lessons.models import Item, LibraryWord
from lessons.search.index import index_of
from lessons.search.spelling import words_of


def learn(items: Iterable[Item]) -> None:
    """Keep the words of what is published for the search; of a profile without its story.

    A word once learned stays: it does no harm.
    """
    words = frozenset[str]().union(*(words_of(" ".join(_texts(item))) for item in items))
    rows = [LibraryWord(word=word, first=word[0], length=len(word)) for word in sorted(words)]
    LibraryWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _texts(item: Item) -> list[str]:
    return [getattr(item, name) for name in index_of(type(item)).columns]
