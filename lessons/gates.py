"""What the last gate asks of lessons: something learned in this partnership is published (`domain.md` 1.7, G7)."""

from lessons.lifecycle import LISTED, WRITING, LessonState
from lessons.models import LearningPoint, Lesson
from partnerships import gates
from partnerships.gates import Evidence, Fact
from partnerships.models import Partnership

NAME = "Lessons published"


def register() -> None:
    """Offer the fact to the checklists."""
    label = "A lesson of the partnership is published"
    gates.add(Fact("lessons.published", label, lessons_are_published, "lessons:lessons_of", "Open the lessons"))


def lessons_are_published(partnership: Partnership) -> list[Evidence]:
    """A published lesson about this partnership, or a published learning point that holds one. Two queries."""
    points = LearningPoint.objects.filter(state__in=LISTED, lessons__partnership=partnership).distinct().count()
    states = list(Lesson.objects.filter(partnership=partnership).values_list("state", flat=True))
    published, drafts = states.count(LessonState.PUBLISHED), sum(state in WRITING for state in states)
    if published or points:
        return [Evidence(NAME, True, f"{_lessons(published)} and {_points(points)} about this partnership published.")]
    if drafts:
        waiting = f"{_lessons(drafts)} about this partnership {'waits' if drafts == 1 else 'wait'}"
        return [Evidence(NAME, False, f"No lesson is published yet: {waiting} for a publisher of lessons.")]
    return [Evidence(NAME, False, "Nobody has added a lesson about this partnership yet: add one on its Lessons page.")]


def _lessons(count: int) -> str:
    return f"{count} lesson" if count == 1 else f"{count} lessons"


def _points(count: int) -> str:
    return f"{count} learning point" if count == 1 else f"{count} learning points"
