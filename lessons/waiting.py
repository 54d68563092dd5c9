"""What waits for a publisher: drafts to check. A source of the to-do list (`accounts.todo`)."""

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.todo import Todo
from lessons.lifecycle import LearningPointState, LessonState
from lessons.models import LearningPoint, Lesson
from lessons.permissions import can_publish

if TYPE_CHECKING:
    from accounts.models import Person

MOST = 20


def drafts_to_publish(person: "Person") -> list[Todo]:
    """The oldest drafts first. Two queries for a publisher, none for anybody else."""
    if not can_publish(person):
        return []
    lessons = Lesson.objects.filter(state=LessonState.DRAFT).select_related("partnership").order_by("number")[:MOST]
    points = LearningPoint.objects.filter(state=LearningPointState.DRAFT).select_related("series").order_by("number")
    return [
        *(
            Todo(
                f"Check and publish the lesson “{lesson}”",
                reverse("lessons:draft_lesson", args=[lesson.public_id]),
                None,
                str(lesson.partnership or "Lessons library"),
            )
            for lesson in lessons
        ),
        *(
            Todo(
                f"Finish and publish learning point {point.number}",
                reverse("lessons:draft_learning_point", args=[point.public_id]),
                None,
                str(point),
            )
            for point in points[:MOST]
        ),
    ]
