"""The lessons that come to a partnership: at a gate, with a new risk, when a date moves, while a tender is drafted."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.urls import reverse

from lessons import search
from lessons.models import Lesson
from lessons.models.lesson import LessonQuerySet
from lessons.ranking import Candidate, Moment, Occasion, best
from lessons.themes import LessonStage
from partnerships.learned_here import Suggestion
from partnerships.models import Partnership

CONSIDERED = 200
"""The newest that fit by stage, theme or words are weighed; older ones are found by searching."""
# What an occasion is about before anybody typed a word, and the stage it belongs to if that is not the partnership's.
ABOUT = {
    Occasion.GATE: "evidence commitment funding results plan sustainability",
    Occasion.RISK: "risk lose leave staff funding contingency trust",
    Occasion.DATE: "late delay months timetable slow time date",
    Occasion.TENDER: "tender procurement bidders price quality weights award",
}
STAGE = {Occasion.TENDER: LessonStage.TENDER}


def add_url(partnership: Partnership, written_from: str) -> str:
    """The form for a new lesson, filled in from a risk, an issue, a return or a decision."""
    return f"{reverse('lessons:lessons_of', args=[partnership.public_id])}?from={written_from}#add"


def suggest(partnership: Partnership, occasion: str, words: str) -> Sequence[Suggestion]:
    """At most three that fit and that this partnership has not used yet, best first. Two queries."""
    moment_of = Occasion(occasion)
    stage = str(STAGE.get(moment_of, partnership.stage))
    themes = frozenset(partnership.themes.values_list("theme", flat=True))
    said = f"{words} {ABOUT.get(moment_of, '')}"
    moment = Moment(stage, themes, said)
    rows = _considered(partnership, moment, Lesson.objects.published())
    lessons = {lesson.pk: lesson for lesson in rows}
    fitting = best((_candidate(lesson) for lesson in lessons.values()), moment)
    return [_suggestion(lessons[candidate.pk], candidate, partnership, moment) for candidate in fitting]


def _considered(partnership: Partnership, moment: Moment, published: LessonQuerySet) -> LessonQuerySet:
    by_words = search.any_of(moment.words, published).values("pk")
    fits = Q(stage=moment.stage) | Q(theme__in=moment.themes) | Q(pk__in=by_words)
    return (
        published.filter(fits)
        .exclude(uses__partnership=partnership)
        .annotate(
            used=Count("uses"),
            worked=Count("uses", filter=Q(uses__worked=True)),
            failed=Count("uses", filter=Q(uses__worked=False)),
        )
        .order_by("-number")[:CONSIDERED]
    )


def _candidate(lesson: Lesson) -> Candidate:
    counts = {name: int(getattr(lesson, name)) for name in ("used", "worked", "failed")}
    text = f"{lesson.what_happened} {lesson.advice}"
    return Candidate(lesson.pk, lesson.number, lesson.title, text, lesson.stage, lesson.theme, **counts)


def _suggestion(lesson: Lesson, candidate: Candidate, partnership: Partnership, moment: Moment) -> Suggestion:
    stage = f", for the {lesson.get_stage_display().lower()} stage" if lesson.stage == moment.stage else ""
    return Suggestion(
        lesson.title,
        lesson.get_absolute_url(),
        f"On {lesson.get_theme_display().lower()}{stage}.",
        in_words(candidate.used, candidate.worked, candidate.failed),
        reverse("lessons:lesson_use", args=[partnership.public_id, lesson.public_id]),
    )


def in_words(used: int, worked: int, failed: int) -> str:
    """The record of use as a sentence; empty when nobody used it. Partnerships are counted, never named."""
    if not used:
        return ""
    told = [f"Used by {used} partnership{'' if used == 1 else 's'}"]
    if worked or failed:
        told.append(f"it worked in {worked} and did not in {failed}")
    return ": ".join(told) + "."
