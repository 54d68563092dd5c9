"""What became of the demo's library once it was public: a lesson corrected after use, and a year of readers."""

from datetime import timedelta

from foundation.database import clock
from lessons.actions.lesson import revise_lesson
from lessons.lifecycle import LISTED
from lessons.models import LearningPoint, Lesson
from lessons.readings import PAGE, PDF, count
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person

LETTER = 8
MORE = " Ask on which day the money comes, too."
# How often each was read in the months of a year, this month last: more in autumn, when budgets are written.
READ = {
    LETTER: (1, 1, 2, 2, 1, 2, 3, 2, 4, 5, 6, 4),
    2: (0, 1, 1, 0, 1, 2, 1, 1, 3, 2, 4, 3),
    15: (0, 0, 0, 0, 1, 0, 2, 1, 1, 3, 2, 2),
}
FILES = (0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 3)


def correct_and_read() -> None:
    today, letter = clock.today(), Lesson.objects.get(number=LETTER)
    revise_lesson(
        lesson=letter,
        advice=letter.advice + MORE,
        change_note="One partnership had the letter in time and the money late: ask for the day as well.",
        names_may_stay=True,
        by=person(personas.PUBLISHER),
    )
    point = LearningPoint.objects.filter(state__in=LISTED).order_by("number").first()
    for ago in range(len(FILES)):
        with midday(today.replace(day=15) - timedelta(days=30 * (len(FILES) - 1 - ago))):
            for number, times in READ.items():
                _counted(Lesson.objects.get(number=number), PAGE, times[ago])
            if point:
                _counted(point, PAGE, FILES[ago] + 1)
                _counted(point, PDF, FILES[ago])


def _counted(document: Lesson | LearningPoint, format: str, times: int) -> None:
    for _ in range(times):
        count(document, format)
