"""The words of the library, learned by the verb that publishes or revises a lesson."""

from collections.abc import Iterable

from lessons.models import Lesson, LibraryWord
from lessons.search.spelling import words_of


def learn(lessons: Iterable[Lesson]) -> None:
    """Keep the words of published lessons for the search. A word once learned stays: it does no harm."""
    words = frozenset[str]().union(*(words_of(" ".join(_texts(lesson))) for lesson in lessons))
    rows = [LibraryWord(word=word, first=word[0], length=len(word)) for word in sorted(words)]
    LibraryWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _texts(lesson: Lesson) -> list[str]:
    return [lesson.title, lesson.what_happened, lesson.why, lesson.advice, lesson.evidence]
