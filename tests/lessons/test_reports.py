"""Reports: frozen content, editions, one job for the same content."""

import page
import pytest

from foundation.audit.models import AuditEvent
from foundation.policy.refusals import NotNow
from foundation.rendering.models import RenderJob
from foundation.rendering.printing import printed
from lessons.actions.lesson import revise_lesson
from lessons.actions.report import make_report
from lessons.documents import learning_point_document, report_context, report_document
from lessons.models import LearningPoint, Lesson, Report
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db


def make(lessons, by=None, **fields):
    fields = {"title": "What we learned", "introduction": "For the board.", "filters": {"Theme": "People"}} | fields
    return make_report(lessons=lessons, by=by or PersonFactory(), **fields)


def test_a_report_keeps_the_order_and_the_words_of_that_moment():
    a, b = LessonFactory(published=True), LessonFactory(published=True)
    report, job = make([b, a])
    revise_lesson(lesson=b, title="Changed", change_note="Better", by=PersonFactory(publisher=True))
    report.refresh_from_db()
    assert [lesson["title"] for lesson in report.snapshots()] == [b.title, a.title]
    assert (report.edition, report.render_job, job.kind) == (1, job.public_id, "lessons-report")
    assert AuditEvent.objects.filter(action="report.make").count() == 1


def test_the_same_content_is_the_same_report_and_job():
    lessons = [LessonFactory(published=True)]
    first, second = make(lessons), make(lessons)
    assert first == second
    assert Report.objects.count() == RenderJob.objects.count() == 1


@pytest.mark.parametrize("changed", [{"introduction": "Other"}, {"filters": {}}])
def test_other_content_is_the_next_edition(changed):
    lessons = [LessonFactory(published=True)]
    first, job = make(lessons)
    second, other = make(lessons, **changed)
    assert (first.edition, second.edition) == (1, 2)
    assert job != other


def test_a_revised_lesson_or_another_order_makes_the_next_edition():
    a, b = LessonFactory(published=True), LessonFactory(published=True)
    make([a, b])
    assert make([b, a])[0].edition == 2
    revise_lesson(lesson=a, advice="Other.", change_note="Better", by=PersonFactory(publisher=True))
    assert make([a, b])[0].edition == 3
    assert make([a, b], title="Another title")[0].edition == 1


def test_a_report_holds_published_lessons_only_and_at_least_one():
    with pytest.raises(NotNow, match="Choose at least one lesson"):
        make([])
    with pytest.raises(NotNow, match="is not published"):
        make([LessonFactory(published=True), LessonFactory()])
    assert not Report.objects.exists()
    assert not RenderJob.objects.exists()


def test_the_paper_names_edition_checksum_every_lesson_and_source():
    report, _ = make(list(Lesson.objects.filter(number__lte=19).order_by("number")))
    document = report_document({"report": report.public_id})
    assert document.title == "What we learned, edition 1"
    assert document.filename == "lessons-report-edition-1.pdf"
    assert report.checksum in document.html
    assert document.html.count('<th scope="row"') >= 19 * 4
    for lesson in Lesson.objects.filter(number__lte=19):
        assert f'href="#lesson-{lesson.number}"' in document.html
        assert f'id="lesson-{lesson.number}"' in document.html
    assert [section["number"] for section in report_context(report)["sections"]] == list(range(1, 20))


@pytest.mark.parametrize("kind", ["report", "learning point"])
def test_the_paper_is_accessible_pdf(kind, tmp_path):
    """PDF/UA-1 by an independent validator."""
    if kind == "report":
        report, _ = make(list(Lesson.objects.filter(number__lte=19).order_by("number")))
        document = report_document({"report": report.public_id})
    else:
        point = LearningPoint.objects.get(number=1)
        document = learning_point_document({"learning_point": point.public_id})
    made = tmp_path / document.filename
    made.write_bytes(printed(document.html, lambda step, progress: True))
    found = page.validate_pdf(str(made), profile="ua1")
    assert found.is_compliant, str(found)
