"""Lessons, learning points and reports for tests, in honest states. The starter library comes by migration."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from lessons.actions.learning_point import learning_points_series
from lessons.lifecycle import LearningPointState, LessonState
from lessons.models import Block, LearnedLesson, LearningPoint, LearningPointLine, Lesson
from lessons.models.lesson import address
from lessons.themes import Theme

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    number = factory.Sequence(lambda n: 1000 + n)
    title = factory.Sequence(lambda n: f"Example lesson {n}")
    slug = factory.LazyAttribute(lambda lesson: address(lesson.number, lesson.title))
    what_happened = "The first meeting was late."
    why = "Nobody had booked a room."
    advice = "Book the room when you set the date."
    evidence = "Minutes of the first meeting."
    theme = Theme.PEOPLE

    class Params:
        published = factory.Trait(state=LessonState.PUBLISHED, published_at=MARCH)
        withdrawn = factory.Trait(state=LessonState.WITHDRAWN, published_at=MARCH, change_note="It was wrong.")
        empty = factory.Trait(what_happened="", why="", advice="", evidence="")


class LearningPointFactory(DjangoModelFactory):
    """A draft whose check list is empty: nothing is missing."""

    class Meta:
        model = LearningPoint
        skip_postgeneration_save = True

    series = factory.LazyFunction(learning_points_series)
    number = factory.Sequence(lambda n: 1000 + n)
    title = "Starting well"
    slug = factory.LazyAttribute(lambda point: address(point.number, point.title))
    about_the_series = "Short accounts of what people learned."
    about = "How three partnerships started."
    disclaimer = "These are the views of the people named."
    known_already = "The idea came from Italy."

    class Params:
        published = factory.Trait(state=LearningPointState.PUBLISHED, published_at=MARCH, month=date(2026, 3, 1))

    @factory.post_generation
    def lines(self, create, extracted, **kwargs):
        for block, texts in LINES.items():
            for position, text in enumerate(texts, 1):
                LearningPointLine.objects.create(learning_point=self, block=block, position=position, text=text)

    @factory.post_generation
    def lessons(self, create, extracted, **kwargs):
        chosen = extracted if extracted is not None else [LessonFactory(published=True)]
        for position, lesson in enumerate(chosen, 1):
            LearnedLesson.objects.create(learning_point=self, lesson=lesson, position=position)


LINES = {
    Block.PROJECTS: ["A befriending pilot"],
    Block.ISSUES: ["Small organisations cannot bid alone."],
    Block.STAGES: ["Design together.", "Pilot it.", "Put it to tender."],
    Block.NEXT: ["Meet each other."],
}
