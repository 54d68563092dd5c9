"""Learning points: started from chosen lessons, written block by block, checked, published, revised, withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons import boilerplate, editions, lifecycle
from lessons.actions.numbering import series_named
from lessons.actions.readiness import missing_in
from lessons.actions.vocabulary import learn
from lessons.documents import discard_files, request_learning_point_formats
from lessons.lifecycle import LearningPointState
from lessons.models import (
    LEARNING_POINTS,
    Block,
    LearnedLesson,
    LearningPoint,
    LearningPointLine,
    LearningPointLink,
    Lesson,
    Series,
)
from lessons.models.learning_point import first_of_month
from lessons.models.lesson import address
from lessons.permissions import require_publisher
from lessons.publications import Publication

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Chosen:
    """A lesson for “What has been learned?”, with the words to use for it; empty: its own advice."""

    lesson: Lesson
    text: str = ""


def learning_points_series() -> Series:
    return Series.objects.get_or_create(name=LEARNING_POINTS)[0]


def blockers_to_publish(point: LearningPoint) -> list[str]:
    """What keeps it from being published: its state, its check list, and lessons that are not published."""
    return lifecycle.blockers_to_publish(point.state, point.name) + missing_in(point)


@verb("learning_point.start", on="series")
def start_learning_point(
    *, series: Series, title: str, abbreviation: str, lessons: Sequence[Lesson], by: "Person"
) -> LearningPoint:
    """Start a draft: the chosen lessons fill “What has been learned?”, standing text fills what is always the same."""
    require_publisher(by)
    number = (series := series_named(series.name)).take_number()
    point = LearningPoint.objects.create(
        series=series,
        number=number,
        slug=address(number, title),
        title=title,
        abbreviation=abbreviation,
        added_by=by,
        **boilerplate.TEXTS,
    )
    _set_lines(point, {Block.STAGES: boilerplate.STAGES})
    _choose(point, [Chosen(lesson) for lesson in lessons])
    record("learning_point.start", on=point, by=by, summary=f"started “{point.series_line}”", after=_facts(point))
    return point


@verb("learning_point.edit", on="point")
def edit_learning_point(
    *,
    point: LearningPoint,
    texts: Mapping[str, str],
    lines: Mapping[str, Sequence[str]],
    by: "Person",
    version: int | None = None,
) -> LearningPoint:
    """Change the blocks of a draft."""
    point = _draft(point, by, version)
    before = _facts(point)
    _write(point, texts, lines)
    point.slug = address(point.number, point.title)
    point.save()
    record("learning_point.edit", on=point, by=by, summary=f"edited “{point}”", before=before, after=_facts(point))
    return point


@verb("learning_point.choose", on="point")
def choose_lessons(
    *, point: LearningPoint, lessons: Sequence[Chosen], by: "Person", version: int | None = None
) -> LearningPoint:
    """Set which lessons a draft holds, in which order and in which words."""
    point = _draft(point, by, version)
    before = _facts(point)
    _choose(point, lessons)
    point.save(update_fields=["version"])
    record(
        "learning_point.choose",
        on=point,
        by=by,
        summary=f"set the {len(lessons)} lessons of “{point}”",
        before=before,
        after=_facts(point),
    )
    return point


@verb("learning_point.add_link", on="point")
def add_link(
    *, point: LearningPoint, title: str, publisher: str, year: int | None, isbn: str, address: str, by: "Person"
) -> LearningPointLink:
    """Add something related to block 2 of a draft."""
    point = _draft(point, by, None)
    point.save(update_fields=["version"])
    link = LearningPointLink.objects.create(
        learning_point=point, title=title, publisher=publisher, year=year, isbn=isbn, address=address
    )
    record("learning_point.add_link", on=point, by=by, summary=f"added “{title}” to the links of “{point}”")
    return link


@verb("learning_point.remove_link", on="point")
def remove_link(*, point: LearningPoint, link: LearningPointLink, by: "Person") -> None:
    """Take a link out of block 2 of a draft."""
    point = _draft(point, by, None)
    point.save(update_fields=["version"])
    removed, _ = LearningPointLink.objects.filter(pk=link.pk, learning_point=point).delete()
    stop_if([] if removed else [f"“{link}” was removed already."])
    record("learning_point.remove_link", on=point, by=by, summary=f"removed “{link}” from the links of “{point}”")


@verb("learning_point.publish", on="point")
def publish_learning_point(*, point: LearningPoint, by: "Person", version: int | None = None) -> LearningPoint:
    """Publish at an address that stays, and ask the worker for every format."""
    point = locked(point, version=version)
    require_publisher(by)
    stop_if(blockers_to_publish(point))
    point.state, point.version = LearningPointState.PUBLISHED, point.version + 1
    point.published_at, point.month = clock.now(), first_of_month(clock.today())
    point.told = in_one_text(point)
    point.save()
    learn([point])
    request_learning_point_formats(point, by)
    record("learning_point.publish", on=point, by=by, summary=f"published “{point.series_line}”", after=_facts(point))
    return point


@verb("learning_point.revise", on="point")
def revise_learning_point(
    *,
    point: LearningPoint,
    texts: Mapping[str, str],
    lines: Mapping[str, Sequence[str]],
    change_note: str,
    by: "Person",
    lessons: Sequence[Chosen] | None = None,
    version: int | None = None,
) -> LearningPoint:
    """Correct a published learning point: same number and address, a new date and note, and its PDF made again."""
    point = locked(point, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_revise(point.state, point.name))
    if not change_note.strip():
        raise ValidationError({"change_note": "Say what was changed. Readers see it beside the date."})
    before, frozen = _facts(point), editions.freeze(point)
    _write(point, texts, lines)
    if lessons is not None:
        _choose(point, lessons)
    if before == _facts(point):
        raise ValidationError("Nothing was changed.")
    stop_if(missing_in(point))
    point.state, point.revised_at, point.change_note = LearningPointState.REVISED, clock.now(), change_note
    point.version += 1
    point.told = in_one_text(point)
    point.save()
    learn([point])
    discard_files(Publication(point=point))
    editions.keep(point, frozen, until=point.revised_at)
    request_learning_point_formats(point, by)
    record(
        "learning_point.revise",
        on=point,
        by=by,
        summary=f"revised “{point.series_line}”",
        reason=change_note,
        before=before,
        after=_facts(point),
    )
    return point


@verb("learning_point.withdraw", on="point")
def withdraw_learning_point(
    *, point: LearningPoint, reason: str, by: "Person", version: int | None = None
) -> LearningPoint:
    """Take it out of the list. Its address stays, and says when and why the text went."""
    point = locked(point, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_withdraw(point.state, point.name))
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Readers who come to this address will see it."})
    point.state, point.withdrawn_at, point.change_note = LearningPointState.WITHDRAWN, clock.now(), reason
    point.version += 1
    point.save()
    discard_files(Publication(point=point))
    record("learning_point.withdraw", on=point, by=by, summary=f"withdrew “{point.series_line}”", reason=reason)
    return point


def tell_again(lesson: Lesson, by: "Person") -> None:
    """Each published learning point that holds a lesson tells it as it is now: in the search and in its files."""
    for point in LearningPoint.objects.listed().filter(learned__lesson=lesson).select_related("series"):
        point.told = in_one_text(point)
        point.save(update_fields=["told"])
        learn([point])
        discard_files(Publication(point=point))
        request_learning_point_formats(point, by)


def _draft(point: LearningPoint, by: "Person", version: int | None) -> LearningPoint:
    """The point, locked and counted up, when it is a draft and the person may write it."""
    point = locked(point, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_edit(point.state, point.name))
    point.version += 1
    return point


def _write(point: LearningPoint, texts: Mapping[str, str], lines: Mapping[str, Sequence[str]]) -> None:
    for name, value in texts.items():
        setattr(point, name, value)
    _set_lines(point, lines)


def _set_lines(point: LearningPoint, lines: Mapping[str, Sequence[str]]) -> None:
    LearningPointLine.objects.filter(learning_point=point, block__in=list(lines)).delete()
    LearningPointLine.objects.bulk_create(
        LearningPointLine(learning_point=point, block=block, position=position, text=text)
        for block, texts in lines.items()
        for position, text in enumerate(texts, 1)
    )


def _choose(point: LearningPoint, chosen: Sequence[Chosen]) -> None:
    LearnedLesson.objects.filter(learning_point=point).delete()
    LearnedLesson.objects.bulk_create(
        LearnedLesson(learning_point=point, lesson=item.lesson, position=position, text=item.text)
        for position, item in enumerate(chosen, 1)
    )


def in_one_text(point: LearningPoint) -> str:
    """What somebody may search a learning point for: its texts, its lines, and what it says of each lesson."""
    lines = LearningPointLine.objects.filter(learning_point=point).values_list("text", flat=True)
    learned = LearnedLesson.objects.filter(learning_point=point).select_related("lesson")
    said = (f"{item.lesson.title}\n{item.words}" for item in learned)
    return "\n".join(text for text in (point.abbreviation, point.about, point.known_already, *lines, *said) if text)


def _facts(point: LearningPoint) -> dict[str, Any]:
    lines: dict[str, list[str]] = {block: [] for block in Block}
    for block, text in LearningPointLine.objects.filter(learning_point=point).values_list("block", "text"):
        lines[block].append(text)
    learned = LearnedLesson.objects.filter(learning_point=point).values_list("lesson__number", "text")
    return point.texts() | lines | {"learned": [list(pair) for pair in learned]}
