"""The tour's stops at the lessons on their way, what was used of the library, and what is known elsewhere."""

from collections.abc import Iterator

from django.urls import reverse

from lessons.lifecycle import LessonState
from lessons.models import LearningPoint, Lesson, LessonUse
from partnerships.models import Partnership, Risk
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING


def stops() -> Iterator[tuple[str, Persona | None, str]]:
    """The name of the picture, who looks, and the address."""
    lead, publisher = personas.PROJECT_LEAD, personas.PUBLISHER
    here = Partnership.objects.get(title=BEFRIENDING.title).public_id
    waiting = Lesson.objects.get(state=LessonState.COMMENTS).public_id
    yield "lessons-mistyped", None, reverse("lessons:library") + "?text=procuremnet"
    yield "lessons-known", None, reverse("lessons:known")
    yield "lesson-used", None, Lesson.objects.get(number=8).get_absolute_url()
    letter = Lesson.objects.get(number=8)
    yield "lesson-earlier", None, f"{letter.get_absolute_url()}editions/1/"
    yield "lessons-read", publisher, reverse("lessons:readings")
    yield "lesson-draft", publisher, reverse("lessons:draft_lesson", args=[waiting])
    yield "lesson-sign-off", lead, reverse("lessons:review", args=["lesson", waiting])
    yield "lesson-check", publisher, reverse("lessons:review_check", args=["lesson", waiting])
    yield "lessons-of-used", lead, reverse("lessons:lessons_of", args=[here])
    use = LessonUse.objects.filter(partnership__public_id=here).first()
    assert use is not None
    yield "lesson-judge", lead, reverse("lessons:lesson_judge", args=[here, use.public_id])
    risk = Risk.objects.filter(partnership__public_id=here).first()
    if risk:
        written_from = f"?from=risk:{risk.public_id}"
        yield "lesson-from-risk", lead, reverse("lessons:lessons_of", args=[here]) + written_from
    yield "lessons-arriving", lead, reverse("partnerships:risk_add", args=[here])
    yield "lessons-themes", personas.COMMISSIONER, reverse("lessons:themes")
    point = LearningPoint.objects.get(state=LessonState.DRAFT).public_id
    yield "learning-point-draft", publisher, reverse("lessons:draft_learning_point", args=[point])
    yield "learning-point-contributor", publisher, reverse("lessons:contributor_name", args=[point])
    yield "learning-point-import", publisher, reverse("lessons:learning_point_import")
