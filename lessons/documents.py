"""What goes on paper: the frozen content of a report, the plain text of a learning point, and their PDFs.

The worker calls the two `…_document` functions with the inputs of a render job: ids only, nothing is kept twice.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from foundation.rendering import jobs
from foundation.rendering.jobs import Document
from foundation.rendering.models import RenderJob
from lessons.checklist import LearnedText, PointText
from lessons.models import Block, LearningPoint, Lesson, Report
from lessons.models.lesson import is_web_address

if TYPE_CHECKING:
    from accounts.models import Person

REPORT, LEARNING_POINT = "lessons-report", "learning-point"


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


def checksum(title: str, introduction: str, filters: dict[str, str], lessons: Sequence[dict[str, Any]]) -> str:
    """SHA-256 of everything a report prints but its date and maker: the same content is the same report."""
    content = {"title": title, "introduction": introduction, "filters": filters, "lessons": list(lessons)}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def request_report_pdf(*, public_id: str, checksum: str, name: str, by: "Person") -> RenderJob:
    """Queue the PDF of a report. The same content is the same job."""
    inputs = {"report": public_id}
    return jobs.request(kind=REPORT, inputs=inputs, key=f"{REPORT}:{checksum}", title=name, by=by, scope="lessons")


def request_learning_point_pdf(point: LearningPoint, by: "Person") -> RenderJob:
    """Queue the PDF of this version of a learning point."""
    return jobs.request(
        kind=LEARNING_POINT,
        inputs={"learning_point": point.public_id},
        key=f"{LEARNING_POINT}:{point.public_id}:{point.version}",
        title=point.series_line,
        by=by,
        scope="lessons",
    )


def report_document(inputs: dict[str, Any]) -> Document:
    report = Report.objects.select_related("made_by").get(public_id=inputs["report"])
    html = render_to_string("pdf/lessons/report.html", report_context(report))
    return Document(title=str(report), html=html, filename=f"lessons-report-edition-{report.edition}.pdf")


def report_context(report: Report) -> dict[str, Any]:
    """Everything the report's template prints, ready to print."""
    return _site() | {
        "report": report,
        "title": str(report),
        "made_on": timezone.localdate(report.made_at),
        "filters": report.filters.items(),
        "sections": [_section(lesson) for lesson in report.snapshots()],
    }


def learning_point_document(inputs: dict[str, Any]) -> Document:
    point = LearningPoint.objects.select_related("series").get(public_id=inputs["learning_point"])
    context = _site() | blocks(point) | {"title": point.series_line}
    html = render_to_string("pdf/lessons/learning_point.html", context)
    return Document(title=point.series_line, html=html, filename=f"learning-point-{point.number}.pdf")


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


def lines_of(point: LearningPoint) -> dict[str, list[str]]:
    """The lines of every block that is a list, empty ones included. One query."""
    lines: dict[str, list[str]] = {block: [] for block in Block}
    for line in point.lines.all():
        lines[line.block].append(line.text)
    return lines


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


def _section(lesson: dict[str, Any]) -> dict[str, Any]:
    """A frozen lesson with its dates as dates and the rows of its facts table."""
    published, revised = _date(lesson["published_on"]), _date(lesson["revised_on"])
    facts = [
        ("Theme", lesson["theme"]),
        ("Helps in stage", lesson["stage"]),
        ("Kind of service", lesson["kind_of_service"]),
        ("Published", f"{published:%-d %B %Y}" if published else ""),
        ("Updated", f"{revised:%-d %B %Y}: {lesson['change_note']}" if revised else ""),
    ]
    return lesson | {
        "facts": [fact for fact in facts if fact[1]],
        "link": lesson["source_address"] if is_web_address(lesson["source_address"]) else "",
    }


def _site() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}


def _day(moment: datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
