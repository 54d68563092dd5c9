"""Lessons, learning points and reports for tests, in honest states. The starter library comes by migration."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from lessons.actions.learning_point import in_one_text, learning_points_series
from lessons.lifecycle import LearningPointState, LessonState
from lessons.models import Block, LearnedLesson, LearningPoint, LearningPointLine, Lesson, Profile
from lessons.models.lesson import address
from partnerships.themes import Theme
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)


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
        commented = factory.Trait(state=LessonState.COMMENTS, comments_until=date(2099, 12, 31))
        signed = factory.Trait(state=LessonState.SIGNED)
        checked = factory.Trait(state=LessonState.CHECKED)
        published = factory.Trait(state=LessonState.PUBLISHED, published_at=MARCH)
        withdrawn = factory.Trait(
            state=LessonState.WITHDRAWN, published_at=MARCH, withdrawn_at=APRIL, change_note="It was wrong."
        )
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
        commented = factory.Trait(state=LearningPointState.COMMENTS, comments_until=date(2099, 12, 31))
        signed = factory.Trait(state=LearningPointState.SIGNED)
        checked = factory.Trait(state=LearningPointState.CHECKED)
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
        if self.published_at:
            LearningPoint.objects.filter(pk=self.pk).update(told=in_one_text(self))


class ProfileFactory(DjangoModelFactory):
    """A draft in which nothing is missing, and nobody is named."""

    class Meta:
        model = Profile

    number = factory.Sequence(lambda n: 1000 + n)
    title = factory.Sequence(lambda n: f"Example profile {n}")
    slug = factory.LazyAttribute(lambda profile: address(profile.number, profile.title))
    partnership = factory.SubFactory(PartnershipFactory)
    what = "Visits to people who live alone."
    who = "People over 75."
    where = "The whole council area."
    partners = "The council: public sector lead\nThe charity: third sector lead"
    dates = "Design: from 1 March 2026"
    money = "£90,000 in money is promised for it"
    reached = "42 people started, from April to June."
    learned = "Visit in pairs first."
    contact = "The third sector lead of the partnership."
    added_by = factory.SubFactory(PersonFactory, publisher=True)

    class Params:
        commented = factory.Trait(state=LearningPointState.COMMENTS, comments_until=date(2099, 12, 31))
        signed = factory.Trait(state=LearningPointState.SIGNED)
        checked = factory.Trait(state=LearningPointState.CHECKED)
        published = factory.Trait(state=LearningPointState.PUBLISHED, published_at=MARCH)
        withdrawn = factory.Trait(
            state=LearningPointState.WITHDRAWN, published_at=MARCH, withdrawn_at=APRIL, change_note="It was wrong."
        )
        empty = factory.Trait(what="", who="", learned="")


LINES = {
    Block.PROJECTS: ["A befriending pilot"],
    Block.ISSUES: ["Small organisations cannot bid alone."],
    Block.STAGES: ["Design together.", "Pilot it.", "Put it to tender."],
    Block.NEXT: ["Meet each other."],
}
