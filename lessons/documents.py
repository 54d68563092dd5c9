"""What is handed over: the frozen content of a report, the plain text of a learning point, and every format of them.

The worker calls the `…_document` functions with the inputs of a render job: ids only, nothing is kept twice.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from foundation.rendering import jobs
from foundation.rendering.jobs import Document, Work
from foundation.rendering.models import JobState, RenderJob
from foundation.rendering.printing import Unprintable
from lessons.changed import Change, between
from lessons.checklist import LearnedText, PointText
from lessons.formats import catalogue, html
from lessons.formats.catalogue import Format, format_called
from lessons.lifecycle import LessonState
from lessons.models import Block, LearningPoint, Lesson
from lessons.publications import (
    KIND,
    Publication,
    key,
    lines_of,
    place,
    proof_readings,
    publication,
)
from lessons.publications import setting as setting_of

if TYPE_CHECKING:
    from accounts.models import Person


def snapshot(lesson: Lesson) -> dict[str, Any]:
    """A lesson as it is now, in plain values and in the words a reader sees."""
    return lesson.texts() | {
        "number": lesson.number,
        "version": lesson.version,
        "path": lesson.get_absolute_url(),
        "stage": lesson.get_stage_display(),
        "theme": lesson.get_theme_display(),
        "kind_of_service": lesson.get_kind_of_service_display(),
        "published_on": _day(lesson.published_at),
        "revised_on": _day(lesson.revised_at),
        "change_note": lesson.change_note,
    }


def in_the_order_of_reports(lessons: Iterable[Lesson]) -> list[Lesson]:
    """By stage, then by theme, both as their lists go, then by number: until somebody moves one."""
    return sorted(
        lessons, key=lambda lesson: place(lesson.get_stage_display(), lesson.get_theme_display(), lesson.number)
    )


def since_made(lessons: Sequence[dict[str, Any]]) -> list[Change]:
    """What became of a report's lessons in the library since it was made. One query."""
    current = {
        lesson.number: lesson for lesson in Lesson.objects.filter(number__in=[item["number"] for item in lessons])
    }
    changes = []
    for was in lessons:
        lesson = current.get(was["number"])
        if lesson is None or lesson.state == LessonState.WITHDRAWN:
            changes.append(Change(was["number"], was["title"], _withdrawn(lesson), was["path"]))
        elif told := between([was], [snapshot(lesson)]):
            note = f" ({lesson.change_note})" if lesson.change_note else ""
            changes.append(replace(told[0], told=f"{told[0].told}{note}"))
    return changes


def _withdrawn(lesson: Lesson | None) -> str:
    on = f" on {timezone.localdate(lesson.withdrawn_at):%-d %B %Y}" if lesson and lesson.withdrawn_at else ""
    return f"was withdrawn{on}: {lesson.change_note.rstrip('.')}" if lesson else "was withdrawn"


def checksum(title: str, introduction: str, filters: dict[str, str], lessons: Sequence[dict[str, Any]]) -> str:
    """SHA-256 of everything a report prints but its date and maker: the same content is the same report."""
    content = {"title": title, "introduction": introduction, "filters": filters, "lessons": list(lessons)}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def request_format(of: Publication, made: Format, by: "Person") -> RenderJob:
    """Queue one format of a publication. The same content in the same format is the same job."""
    inputs: dict[str, Any] = {of.named: of.row.public_id}
    kind = of.kind_of_pdf if made.code == catalogue.PDF else KIND
    return jobs.request(
        kind=kind,
        inputs=inputs if made.code == catalogue.PDF else inputs | {"format": made.code, "content": of.content},
        key=key(of, made, proof_readings(of)),
        title=of.title if made.code == catalogue.PDF else f"{of.title}: {made.label}"[:200],
        by=by,
        scope="lessons",
    )


def request_learning_point_formats(point: LearningPoint, by: "Person") -> dict[str, RenderJob]:
    """Queue every format of this version of a learning point that can be made here."""
    return request_every_format(Publication(point=point), by)


def request_every_format(of: Publication, by: "Person") -> dict[str, RenderJob]:
    """Queue every format that can be made here; by their codes."""
    return {made.code: request_format(of, made, by) for made in catalogue.FORMATS if not made.why_not}


def discard_files(of: Publication) -> None:
    """Everything that was made of it so far leaves the store: its text has changed or gone, and no page hands it out.

    A name or a story that was taken out of a text must not live on in a file of it.
    """
    named = {f"inputs__{of.named}": of.row.public_id}
    made = RenderJob.objects.filter(kind__in=[KIND, of.kind_of_pdf], **named)
    for job in made.exclude(state=JobState.CANCELLED):  # those have no file, and each revision leaves some
        jobs.discard(job)


def report_document(inputs: dict[str, Any]) -> Document:
    of = publication(inputs)
    return Document(title=of.title, html=html.paper(of.source()), filename=f"{of.filename}.pdf")


def learning_point_document(inputs: dict[str, Any]) -> Document:
    return report_document(inputs)


def format_document(inputs: dict[str, Any]) -> Document | Work:
    """What makes one format: a page for the press, or a writer of our own."""
    of, made = publication(inputs), format_called(inputs["format"])
    if made is None:
        raise Unprintable(f"The portal no longer makes the format “{inputs['format']}”.")
    if inputs["content"] != of.content:
        raise Unprintable("It was revised before this format was made. The revision has its own.")
    source, name = of.source(), f"{of.filename}{made.ending}"
    if page := catalogue.page_for_the_press(source, made):
        return Document(title=of.title, html=page, filename=name)
    setting = setting_of(made, proof_readings(of))
    return Work(of.title, name, made.content_type, lambda follow: catalogue.content(source, made, setting, follow))


def blocks(point: LearningPoint) -> dict[str, Any]:
    """A learning point's eleven blocks, ready for its page and its PDF. Three queries."""
    lines = lines_of(point)
    return {
        "point": point,
        "updated_on": timezone.localdate(point.revised_at) if point.revised_at else None,
        "projects": lines[Block.PROJECTS],
        "issues": lines[Block.ISSUES],
        "stages": lines[Block.STAGES],
        "next": lines[Block.NEXT],
        "links": list(point.links.all()),
        "learned": list(point.learned.select_related("lesson")),
    }


def learning_point_text(point: LearningPoint) -> PointText:
    """A learning point as plain text, for its check list."""
    lines = {block: tuple(texts) for block, texts in lines_of(point).items()}
    learned = point.learned.select_related("lesson")
    return PointText(
        title=f"{point.title} ({point.abbreviation.removesuffix('s')})" if point.abbreviation else point.title,
        about_the_series=point.about_the_series,
        about=point.about,
        projects=lines[Block.PROJECTS],
        issues=lines[Block.ISSUES],
        disclaimer=point.disclaimer,
        known_already=point.known_already,
        stages=lines[Block.STAGES],
        learned=tuple(LearnedText(str(item.lesson), item.words, item.lesson.evidence) for item in learned),
        next=lines[Block.NEXT],
        links=tuple(link.title for link in point.links.all()),
    )


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None
