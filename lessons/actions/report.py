"""Reports: one frozen edition of chosen lessons, asked of the worker in the same transaction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.policy.refusals import stop_if
from foundation.rendering.models import RenderJob
from lessons.actions.numbering import series_named
from lessons.documents import checksum, request_format, snapshot
from lessons.formats.catalogue import PDF_FORMAT
from lessons.lifecycle import LessonState
from lessons.models import REPORTS, Lesson, Report
from lessons.publications import Publication

if TYPE_CHECKING:
    from accounts.models import Person

MOST_LESSONS = 200


def blockers_to_make(lessons: Sequence[Lesson]) -> list[str]:
    """Why a report of these lessons cannot be made."""
    if not lessons:
        return ["Choose at least one lesson."]
    if len(lessons) > MOST_LESSONS:
        return [f"A report holds at most {MOST_LESSONS} lessons; these are {len(lessons)}."]
    return [
        f"Lesson {lesson.number}, “{lesson}”, is not published. A report holds published lessons only."
        for lesson in lessons
        if lesson.state != LessonState.PUBLISHED
    ]


@verb("report.make", on="by")
def make_report(
    *, title: str, introduction: str, lessons: Sequence[Lesson], filters: dict[str, str], by: "Person"
) -> tuple[Report, RenderJob]:
    """Freeze the lessons in this order as a report. Content that was made before gives that report and its job."""
    series_named(REPORTS)  # those who make reports stand in a queue
    fresh = {lesson.pk: lesson for lesson in Lesson.objects.filter(pk__in=[lesson.pk for lesson in lessons])}
    lessons = [fresh[lesson.pk] for lesson in lessons]
    stop_if(blockers_to_make(lessons))
    frozen = [snapshot(lesson) for lesson in lessons]
    seal = checksum(title, introduction, filters, frozen)
    report = Report.objects.filter(checksum=seal).first()
    if report is None:
        edition = Report.objects.filter(title=title).count() + 1
        report = Report.objects.create(
            title=title,
            edition=edition,
            introduction=introduction,
            filters=filters,
            lessons=frozen,
            checksum=seal,
            made_by=by,
            made_at=clock.now(),
        )
    job = request_format(Publication(report=report), PDF_FORMAT, by)
    if report.render_job != job.public_id:
        report.render_job = job.public_id
        report.save(update_fields=["render_job"])
    record("report.make", on=report, by=by, summary=f"asked for the report “{report}” of {len(frozen)} lessons")
    return report, job
