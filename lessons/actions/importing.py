"""An existing publication becomes a draft of a learning point, and each thing it taught a draft of a lesson."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from lessons.actions.learning_point import Chosen, add_link, choose_lessons, edit_learning_point, start_learning_point
from lessons.actions.numbering import take_number
from lessons.models import LESSONS, LearningPoint, Lesson, Series
from lessons.models.lesson import address
from lessons.permissions import require_publisher

if TYPE_CHECKING:
    from accounts.models import Person

MOST_LESSONS = 60
LONGEST_TITLE = 150


@verb("learning_point.import", on="series")
def import_learning_point(
    *,
    series: Series,
    texts: Mapping[str, str],
    lines: Mapping[str, Sequence[str]],
    learned: Sequence[str],
    theme: str,
    links: Sequence[tuple[str, str]],
    by: "Person",
) -> LearningPoint:
    """Keep what was read from a file as drafts. The publication, where it says what it was, is the lessons' source."""
    require_publisher(by)
    if len(learned) > MOST_LESSONS:
        raise ValidationError({"learned": f"There are {len(learned)} lessons. Keep at most {MOST_LESSONS}."})
    source = texts.get("first_published", "") or texts["title"]
    lessons = [_lesson(text, theme, source, by) for text in learned]
    point = start_learning_point(
        series=series, title=texts["title"], abbreviation=texts.get("abbreviation", ""), lessons=[], by=by
    )
    point = edit_learning_point(point=point, texts=texts, lines=lines, by=by)
    point = choose_lessons(point=point, lessons=[Chosen(lesson) for lesson in lessons], by=by)
    for title, web in links:
        add_link(point=point, title=title, publisher="", year=None, isbn="", address=web, by=by)
    summary = f"imported “{point.series_line}” with {len(lessons)} drafts of lessons"
    record("learning_point.import", on=point, by=by, summary=summary)
    return point


def _lesson(text: str, theme: str, source: str, by: "Person") -> Lesson:
    """What was learned is what happened and what to do; why, and what shows it, an editor still has to say."""
    number = take_number(LESSONS)
    title = first_sentence(text)
    lesson = Lesson.objects.create(
        number=number,
        slug=address(number, title),
        title=title,
        what_happened=text,
        advice=text,
        evidence=f"Reported in {source}.",
        theme=theme,
        source_label=source[:200],
        year=clock.today().year,
        added_by=by,
    )
    record("lesson.add", on=lesson, by=by, summary=f"imported lesson {number}, “{lesson}”", after=lesson.texts())
    return lesson


def first_sentence(text: str) -> str:
    """A title for a lesson: its first sentence, or as many whole words of it as a title can hold."""
    sentence = text.split(". ")[0].split(": ")[0].rstrip(".")
    if len(sentence) <= LONGEST_TITLE:
        return sentence
    return f"{sentence[: LONGEST_TITLE - 2].rsplit(' ', 1)[0]} …"
