"""Reports: frozen content, editions, one job for the same content."""

import page
import pytest

from foundation.audit.models import AuditEvent
from foundation.policy.refusals import NotNow
from foundation.rendering.models import RenderJob
from foundation.rendering.printing import printed
from lessons.actions.lesson import revise_lesson
from lessons.actions.report import make_report
from lessons.documents import in_the_order_of_reports, learning_point_document, report_document
from lessons.models import LearningPoint, Lesson, Report
from lessons.publications import Publication
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
    assert document.filename == "what-we-learned-edition-1.pdf"
    assert report.checksum in document.html
    assert document.html.count('<th scope="row"') >= 19 * 4
    for lesson in Lesson.objects.filter(number__lte=19):
        assert f'href="#lesson-{lesson.number}"' in document.html
        assert f'id="lesson-{lesson.number}"' in document.html
    sections = [section.id for section in Publication(report=report).source().sections]
    assert [name for name in sections if name.startswith("lesson-")] == [f"lesson-{n}" for n in range(1, 20)]


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


def test_a_report_offers_its_lessons_by_stage_theme_and_number_and_says_so_until_one_is_moved():
    kept = [
        LessonFactory(published=True, stage=stage, theme=theme)
        for stage, theme in (("tender", "skills"), ("any", "skills"), ("design", "people"), ("any", "people"))
    ]
    second = LessonFactory(published=True, stage="any", theme="people")
    in_order = in_the_order_of_reports([second, *kept])
    assert in_order == [kept[3], second, kept[1], kept[2], kept[0]]
    report, _ = make(in_order)
    assert (
        "ordered by the stage they help in, then by theme, then by number"
        in Publication(report=report).source().contents_note
    )
    moved, _ = make(in_order[::-1])
    assert "the maker of this report chose" in Publication(report=moved).source().contents_note


def test_the_introduction_shares_its_page_with_the_contents():
    report, _ = make([LessonFactory(published=True)])
    html = report_document({"report": report.public_id}).html
    assert (
        html.index("For the board.") < html.index('id="contents"') < html.index("The lessons are") < html.index("<main")
    )
    without, _ = make([LessonFactory(published=True)], introduction="")
    assert 'id="introduction"' not in report_document({"report": without.public_id}).html


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        (["design", "design", "pilot"], "The stage with the most lessons is “Design”, with 2 of 3."),
        (["design", "design", "pilot", "pilot", "tender"],
         "The stages with the most lessons are “Design” and “Pilot”, each with 2 of 5."),
        (["design", "pilot", "tender"], "Each of the 3 stages has 1 lesson."),
        (["design", "pilot", "design", "pilot"], "Each of the 2 stages has 2 lessons."),
    ],
)  # fmt: skip
def test_the_sentence_at_a_glance_names_no_winner_among_equals(stages, told):
    report, _ = make([LessonFactory(published=True, stage=stage) for stage in stages])
    glance = next(s for s in Publication(report=report).source().sections if s.id == "at-a-glance")
    assert glance.blocks[0].told == told
