"""“We used this”, “it worked”, “it did not”: the record that ranks a lesson; and which themes a person follows."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons.lifecycle import LessonState
from lessons.models import Lesson, LessonUse, ThemeSubscription
from lessons.ranking import Occasion
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from partnerships.themes import Theme

if TYPE_CHECKING:
    from accounts.models import Person


@verb("lesson.use", on="lesson")
def use_lesson(*, lesson: Lesson, partnership: Partnership, occasion: str, by: "Person") -> LessonUse:
    """Record that a partnership used a published lesson; once for each partnership."""
    partnership = locked(partnership)
    require(by, Ability.ADD_LESSON, partnership)
    lesson.refresh_from_db(fields=["state"])
    stop_if([] if lesson.state == LessonState.PUBLISHED else [f"{lesson.name} is not in the library."])
    if occasion not in Occasion.values:
        raise ValidationError({"occasion": "Choose when it was used."})
    used_before = LessonUse.objects.filter(lesson=lesson, partnership=partnership).exists()
    stop_if(
        [f"{partnership} has used this lesson already. Say on its Lessons page how it went."] if used_before else []
    )
    use = LessonUse.objects.create(lesson=lesson, partnership=partnership, occasion=occasion, used_by=by)
    when = use.get_occasion_display().lower()
    record("lesson.use", on=use, by=by, summary=f"used lesson {lesson.number}, “{lesson}” ({when})")
    return use


@verb("lesson.judge", on="use")
def judge_use(*, use: LessonUse, worked: bool, by: "Person", note: str = "") -> LessonUse:
    """Say whether it worked. It may be said again when more is known."""
    use = locked(use)
    require(by, Ability.ADD_LESSON, use.partnership)
    if not worked and not note.strip():
        raise ValidationError({"note": "Say what went differently. The lesson gets better by it."})
    use.worked, use.note, use.judged_by = worked, note, by
    use.save(update_fields=["worked", "note", "judged_by"])
    told = "worked" if worked else "did not work"
    record("lesson.judge", on=use, by=by, summary=f"said that lesson {use.lesson.number} {told}", reason=note)
    return use


@verb("themes.follow", on="by")
def follow_themes(*, themes: Collection[str], by: "Person") -> list[str]:
    """Follow exactly these themes: a mail on the morning after something new on them was published."""
    if unknown := set(themes) - set(Theme.values):
        raise ValidationError({"themes": f"There is no theme “{sorted(unknown)[0]}”."})
    ThemeSubscription.objects.filter(person=by).exclude(theme__in=themes).delete()
    rows = [ThemeSubscription(person=by, theme=theme) for theme in sorted(themes)]
    ThemeSubscription.objects.bulk_create(rows, ignore_conflicts=True)
    words = ", ".join(str(Theme(theme).label) for theme in sorted(themes)) or "none"
    record("themes.follow", on=by, by=by, summary=f"follows these themes of the lessons: {words}")
    return sorted(themes)
