"""Who may do what with lessons: publishers, and in a draft also those who may add lessons to its partnership."""

from typing import Any

from accounts import permissions as portal
from foundation.policy.refusals import NotPermitted
from lessons.lifecycle import LessonState
from lessons.models import Lesson
from partnerships import permissions as partnership

PUBLISH = portal.Ability.PUBLISH_LESSONS
PUBLISHERS = PUBLISH.value


def can_publish(person: Any) -> bool:
    """Whether the person's portal role lets them publish lessons, learning points and reports."""
    return portal.can(person, PUBLISH)


def require_publisher(person: Any) -> None:
    portal.require(person, PUBLISH)


def can_edit(person: Any, lesson: Lesson) -> bool:
    """A publisher always; a draft also whoever may add lessons to its partnership."""
    if can_publish(person):
        return True
    if lesson.partnership is None or lesson.state != LessonState.DRAFT or not person.is_authenticated:
        return False
    return partnership.can(person, partnership.Ability.ADD_LESSON, lesson.partnership)


def require_editor(person: Any, lesson: Lesson) -> None:
    if not can_edit(person, lesson):
        raise NotPermitted(
            "You may not edit this lesson. Publishers of lessons may; a draft also the leads and managers of its "
            "partnership."
        )
