"""Lessons: added as a draft from a partnership, edited, published; later revised, or withdrawn with the reason."""

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons import editions, lifecycle
from lessons.actions.learning_point import tell_again
from lessons.actions.numbering import take_number
from lessons.actions.readiness import missing_parts
from lessons.actions.review import names_to_look_at
from lessons.actions.vocabulary import learn
from lessons.lifecycle import LessonState
from lessons.models import LESSONS, Lesson
from lessons.models.lesson import address
from lessons.permissions import require_editor, require_publisher
from partnerships.models import Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


class LessonText(TypedDict, total=False):
    """The words of a lesson, as the form hands them over."""

    title: str
    what_happened: str
    why: str
    advice: str
    evidence: str
    stage: str
    theme: str
    kind_of_service: str
    audience: str
    strength: str
    cost: str
    year: int | None
    source_label: str
    source_address: str


def blockers_to_publish(lesson: Lesson) -> list[str]:
    """What keeps a lesson from being published: its state, and the parts that are still empty."""
    return lifecycle.blockers_to_publish(lesson.state, lesson.name) + list(missing_parts(lesson).values())


@verb("lesson.add", on="partnership")
def add_lesson(
    *, partnership: Partnership, by: "Person", origin: tuple[str, str] = ("", ""), **text: Unpack[LessonText]
) -> Lesson:
    """Add a draft about a partnership. It has its number at once; nobody outside sees it before it is published.

    `origin` is what it was written from: the words for it, and the address of its page for members.
    """
    require(by, Ability.ADD_LESSON, partnership)
    number = take_number(LESSONS)
    lesson = Lesson(number=number, partnership=partnership, added_by=by, **text)
    lesson.origin_label, lesson.origin_address = origin
    lesson.year = lesson.year or clock.today().year
    lesson.slug = address(number, lesson.title)
    lesson.save(force_insert=True)
    record("lesson.add", on=lesson, by=by, summary=f"added lesson {number}, “{lesson}”", after=lesson.texts())
    return lesson


@verb("lesson.edit", on="lesson")
def edit_lesson(*, lesson: Lesson, by: "Person", version: int | None = None, **text: Unpack[LessonText]) -> Lesson:
    """Change a draft."""
    lesson = locked(lesson, version=version)
    require_editor(by, lesson)
    stop_if(lifecycle.blockers_to_edit(lesson.state, lesson.name))
    before = lesson.texts()
    _write(lesson, text)
    lesson.slug = address(lesson.number, lesson.title)
    lesson.save()
    record("lesson.edit", on=lesson, by=by, summary=f"edited the draft “{lesson}”", before=before, after=lesson.texts())
    return lesson


@verb("lesson.publish", on="lesson")
def publish_lesson(*, lesson: Lesson, by: "Person", version: int | None = None) -> Lesson:
    """Put a draft into the library, at an address that stays."""
    lesson = locked(lesson, version=version)
    require_publisher(by)
    stop_if(blockers_to_publish(lesson))
    lesson.state, lesson.published_at, lesson.version = LessonState.PUBLISHED, clock.now(), lesson.version + 1
    lesson.save(update_fields=["state", "published_at", "version"])
    learn([lesson])
    record("lesson.publish", on=lesson, by=by, summary=f"published lesson {lesson.number}, “{lesson}”")
    return lesson


@verb("lesson.revise", on="lesson")
def revise_lesson(
    *,
    lesson: Lesson,
    change_note: str,
    by: "Person",
    names_may_stay: bool = False,
    version: int | None = None,
    **text: Unpack[LessonText],
) -> Lesson:
    """Correct a published lesson. It keeps its number and address, and says when and what was changed;
    the text it replaces stays readable as an earlier edition.

    Names that come in with the change are looked at as they are before a lesson is published.
    """
    lesson = locked(lesson, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_revise(lesson.state, lesson.name))
    if not change_note.strip():
        raise ValidationError({"change_note": "Say what was changed. Readers see it beside the date."})
    before, frozen = lesson.texts(), editions.freeze(lesson)
    _write(lesson, text)
    if still_missing := missing_parts(lesson):
        raise ValidationError(still_missing)
    if before == lesson.texts():
        raise ValidationError("Nothing was changed.")
    new_names = [flag for flag in names_to_look_at(lesson) if not any(flag.text in str(old) for old in before.values())]
    if new_names and not names_may_stay:
        raise ValidationError({"names_may_stay": [str(flag) for flag in new_names]})
    lesson.names_allowed = [*lesson.names_allowed, *(flag.text for flag in new_names)]
    lesson.revised_at, lesson.change_note = clock.now(), change_note
    lesson.save()
    editions.keep(lesson, frozen, until=lesson.revised_at)
    learn([lesson])
    tell_again(lesson, by)
    record(
        "lesson.revise",
        on=lesson,
        by=by,
        summary=f"revised lesson {lesson.number}, “{lesson}”",
        reason=change_note,
        before=before,
        after=lesson.texts(),
    )
    return lesson


@verb("lesson.withdraw", on="lesson")
def withdraw_lesson(*, lesson: Lesson, reason: str, by: "Person", version: int | None = None) -> Lesson:
    """Take a lesson out of the library. Its address stays, and says when and why the text went."""
    lesson = locked(lesson, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_withdraw(lesson.state, lesson.name))
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Readers who come to this address will see it."})
    lesson.state, lesson.withdrawn_at, lesson.change_note = LessonState.WITHDRAWN, clock.now(), reason
    lesson.version += 1
    lesson.save(update_fields=["state", "withdrawn_at", "change_note", "version"])
    tell_again(lesson, by)
    record("lesson.withdraw", on=lesson, by=by, summary=f"withdrew lesson {lesson.number}, “{lesson}”", reason=reason)
    return lesson


def _write(lesson: Lesson, text: Any) -> None:
    for name, value in text.items():
        setattr(lesson, name, value)
    lesson.version += 1
