"""The pages behind sign-in: who gets in, forms that keep what was typed, buttons, and what waits."""

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts import todo
from foundation.files.store import keep_bytes
from foundation.rendering.models import JobState, RenderJob
from lessons.filters import LibraryFilter
from lessons.lifecycle import LearningPointState, LessonState
from lessons.models import LearningPoint, Lesson, Report
from lessons.publications import Publication
from lessons.views.learning_points import pdf_job
from partnerships import gates, tabs
from partnerships.lifecycle import Gate
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

TEXT = {
    "title": "Book the room early", "what_happened": "It was late.", "why": "No room.", "advice": "Book it.",
    "evidence": "Minutes.", "stage": "any", "theme": "people", "kind_of_service": "any", "source_label": "",
    "source_address": "",
}  # fmt: skip
PUBLISHER_PAGES = [
    "/lessons/drafts/",
    "/lessons/drafts/learning-points/start/",
    "/lessons/published/lessons/{lesson}/revise/",
    "/lessons/published/lessons/{lesson}/withdraw/",
    "/lessons/drafts/learning-points/{point}/",
    "/lessons/drafts/learning-points/{point}/lessons/",
    "/lessons/drafts/learning-points/{point}/links/add/",
    "/lessons/published/learning-points/{published}/revise/",
    "/lessons/published/learning-points/{published}/withdraw/",
]


@pytest.fixture
def publisher(client):
    person = PersonFactory(publisher=True)
    client.force_login(person)
    return person


def test_publishers_reach_their_pages_and_nobody_else_does(client):
    ids = {
        "lesson": LessonFactory(published=True).public_id,
        "point": LearningPointFactory().public_id,
        "published": LearningPointFactory(published=True).public_id,
    }
    for address in PUBLISHER_PAGES:
        client.logout()
        assert client.get(address.format(**ids)).status_code == 302
        client.force_login(PersonFactory(commissioner=True))
        assert client.get(address.format(**ids)).status_code == 403
        client.force_login(PersonFactory(publisher=True))
        assert client.get(address.format(**ids)).status_code == 200, address


def test_a_partnership_adds_a_lesson_on_its_own_tab(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    address = f"/lessons/of/{partnership.public_id}/"
    assert "will be listed here" in client.get(address).content.decode()
    assert client.post(address, TEXT).status_code == 302
    page = client.get(address).content.decode()
    assert "Book the room early" in page
    assert "waits for the partners" in page
    assert [tab.label for tab in tabs.of(partnership) if tab.key == "lessons"] == ["Lessons"]


def test_outsiders_get_404_and_observers_a_reason(client):
    partnership = PartnershipFactory()
    address = f"/lessons/of/{partnership.public_id}/"
    client.force_login(PersonFactory(commissioner=True))
    assert client.get(address).status_code == 404
    assert client.post(address, TEXT).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert "Your role does not include adding lessons" in client.get(address).content.decode()
    assert client.post(address, TEXT).status_code == 403
    assert not Lesson.objects.filter(partnership=partnership).exists()


def test_the_same_form_twice_adds_one_lesson(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    for _ in range(2):
        client.post(f"/lessons/of/{partnership.public_id}/", TEXT | {"form_token": "same"})
    assert Lesson.objects.filter(partnership=partnership).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Enter the lesson in one line"),
        ("title", "x" * 151, "150 characters"),
        ("theme", "bogus", "from the list"),
        ("what_happened", "x" * 3001, "3000 characters"),
        ("why", "a\x07b", "invisible control character"),
        ("advice", "a\uffffb", "invisible control character"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_typed_is_lost(client, field, value, said):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    response = client.post(f"/lessons/of/{partnership.public_id}/", TEXT | {field: value, "evidence": "Keep me"})
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "Keep me" in page


def test_a_draft_is_known_to_its_partnership_only_and_edited_with_a_preview(client):
    lesson = LessonFactory(partnership=PartnershipFactory())
    address = f"/lessons/drafts/lessons/{lesson.public_id}/"
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, lesson.partnership))
    page = client.get(address).content.decode()
    assert lesson.advice in page
    assert 'name="advice"' not in page
    assert client.post(address, TEXT | {"version": 1}).status_code == 403
    client.force_login(person_as(PartnershipRole.PARTNER_MANAGER, lesson.partnership))
    assert client.post(address, TEXT | {"version": 1}).status_code == 302
    page = client.get(address).content.decode()
    assert "<p>Book it.</p>" in page
    assert "A publisher of lessons will check it" in page
    stale = client.post(address, TEXT | {"version": 1, "title": "Mine"}).content.decode()
    assert "changed this" in stale
    assert 'value="Mine"' in stale


def test_the_check_list_hides_the_button_and_publishing_leads_to_the_address(client, publisher):
    lesson = LessonFactory(empty=True)
    address = f"/lessons/drafts/lessons/{lesson.public_id}/"
    page = client.get(address).content.decode()
    assert "Say what shows it" in page
    assert ">Publish<" not in page
    refused = client.post(f"{address}publish/", {"version": "abc"})
    assert refused.status_code == 409
    client.post(address, TEXT | {"version": 1})
    check = f"/lessons/review/lesson/{lesson.public_id}/check/"
    assert check in client.get(address).content.decode()
    assert "Nothing stands in the way." in client.get(check).content.decode()
    assert client.post(check, {"version": 2}).status_code == 302
    assert ">Publish<" in client.get(address).content.decode()
    response = client.post(f"{address}publish/", {"version": 3})
    lesson.refresh_from_db()
    assert lesson.state == LessonState.PUBLISHED
    assert response.url == lesson.get_absolute_url()
    assert client.get(address).status_code == 302


def test_revising_and_withdrawing_through_the_pages(client, publisher):
    lesson = LessonFactory(published=True)
    address = f"/lessons/published/lessons/{lesson.public_id}/"
    said = client.post(f"{address}revise/", TEXT | {"version": 1, "change_note": ""}).content.decode()
    assert "Answer “What was changed”" in said or "what was changed" in said.lower()
    assert client.post(f"{address}revise/", TEXT | {"version": 1, "change_note": "Shorter"}).status_code == 302
    assert "Shorter" in client.get(lesson.get_absolute_url()).content.decode()
    assert client.post(f"{address}withdraw/", {"version": 2, "reason": "Wrong"}).status_code == 302
    assert "was withdrawn" in client.get(lesson.get_absolute_url()).content.decode()


def test_a_learning_point_from_ticked_lessons_to_its_address(client, publisher):
    a, b = LessonFactory(published=True), LessonFactory(published=True)
    start = f"/lessons/drafts/learning-points/start/?lesson={a.number}&lesson={b.number}&lesson=x"
    assert "1000" not in client.get(start).headers.get("Location", "")
    response = client.post(start, {"title": "Rooms", f"place_{a.number}": 2, f"place_{b.number}": 1})
    point = LearningPoint.objects.get(title="Rooms")
    address = f"/lessons/drafts/learning-points/{point.public_id}/"
    assert response.url == address
    assert [item.lesson for item in point.learned.all()] == [b, a]

    page = client.get(address).content.decode()
    assert "“What is this learning point about?” is empty." in page
    assert ">Publish<" not in page
    blocks = {
        "title": "Rooms", "about_the_series": "Short.", "about": "Rooms.", "projects": "One\n\n Two ",
        "issues": "Late.", "disclaimer": "Ours.", "known_already": "Little.", "stages": "One.\nTwo.\nThree.",
        "next": "More.", "version": 1,
    }  # fmt: skip
    assert client.post(address, blocks).status_code == 302
    words = {f"place_{b.number}": "", f"place_{a.number}": 1, f"words_{a.number}": "In short.", "more": "17, 18"}
    assert client.post(f"{address}lessons/", words | {"version": 2}).status_code == 302
    assert [item.lesson.number for item in point.learned.all()] == [a.number, 17, 18]
    link = {"title": "A report", "address": "https://example.org/r", "year": 2015}
    assert client.post(f"{address}links/add/", link).status_code == 302
    assert client.post(f"{address}links/{point.links.get().public_id}/remove/").status_code == 302
    check = f"/lessons/review/learning-point/{point.public_id}/check/"
    assert client.post(check, {"version": 5}).status_code == 302
    assert client.post(f"{address}publish/", {"version": 6}).url == point.get_absolute_url()
    page = client.get(point.get_absolute_url()).content.decode()
    assert "In short." in page
    assert "is being made" in page


@pytest.mark.parametrize(
    ("part", "data", "said"),
    [
        ("", {"stages": "x" * 501}, "A line may have 500"),
        ("", {"email": "nobody"}, "name@example.org"),
        ("lessons/", {"more": "three"}, "numbers of lessons"),
        ("links/add/", {"title": ""}, "Enter the title"),
        ("links/add/", {"title": "A report", "year": "MMXV"}, "whole number"),
    ],
)
def test_bad_input_in_the_editor_is_said_and_kept(client, publisher, part, data, said):
    point = LearningPointFactory()
    response = client.post(
        f"/lessons/drafts/learning-points/{point.public_id}/{part}", {"version": 1, "publisher": "Keep me"} | data
    )
    assert response.status_code == 200
    assert said in response.content.decode()


def test_the_pdf_of_a_learning_point_is_there_when_it_is_made(client, publisher):
    point = LearningPointFactory(published=True)
    assert client.get(f"{point.get_absolute_url()}pdf/").status_code == 404
    assert "Make it<" in client.get(point.get_absolute_url()).content.decode()
    address = f"/lessons/formats/learning-point/{point.public_id}/pdf/make/"
    assert f'action="{address}"' in client.get(point.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 302
    _done(pdf_job(Publication(point=point)).public_id)
    client.logout()
    assert "Download PDF" in client.get(point.get_absolute_url()).content.decode()
    response = client.get(f"{point.get_absolute_url()}pdf/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"%PDF-"


def test_a_report_from_the_filter_to_the_download(client):
    client.force_login(PersonFactory())
    new = "/lessons/reports/new/?theme=skills&theme=award"
    page = client.get(new).content.decode()
    assert "Theme: Skills, Award criteria" in page
    response = client.post(new, {"title": "Tenders", "place_17": "2", "place_18": "1"})
    report = Report.objects.get()
    assert response.url == report.get_absolute_url()
    assert [lesson["number"] for lesson in report.lessons] == [18, 17]
    assert report.filters == {"Theme": "Skills, Award criteria"}
    client.force_login(PersonFactory())
    page = client.get(report.get_absolute_url()).content.decode()
    assert f'data-poll="/lessons/reports/{report.public_id}/progress/"' in page
    assert "Check again" in page
    assert client.get(f"{report.get_absolute_url()}download/").status_code == 404
    _done(report.render_job)
    part = client.get(f"{report.get_absolute_url()}progress/").content.decode()
    assert "<html" not in part
    assert "Download Tenders, edition 1" in part
    response = client.get(f"{report.get_absolute_url()}download/")
    assert b"".join(response.streaming_content) == b"%PDF-"
    assert "Tenders, edition 1" in client.get("/lessons/reports/").content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": ""}, "Enter the title"),
        ({"place_17": "first"}, "whole number"),
        ({"place_17": "0"}, "1 or more"),
        ({"place_17": ""}, "Choose at least one lesson"),
    ],
)
def test_bad_input_in_the_report_form_is_said_and_kept(client, data, said):
    client.force_login(PersonFactory())
    form = {"title": "Tenders", "introduction": "Keep me", "place_17": "1"} | data
    response = client.post("/lessons/reports/new/?theme=skills", form)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert "Keep me" in response.content.decode()


def test_reports_are_for_signed_in_people(client):
    for address in ("/lessons/reports/", "/lessons/reports/new/"):
        assert client.get(address).status_code == 302
    client.force_login(PersonFactory())
    assert "will be listed here" in client.get("/lessons/reports/").content.decode()
    assert "No lesson was chosen" in client.get("/lessons/reports/new/?text=xylophone").content.decode()


def test_marks_that_nobody_sees_are_in_no_words_that_a_report_prints(client, publisher):
    LessonFactory(published=True, title="Zebras cross")
    wanted = LibraryFilter(QueryDict("text=zebras%08\u00a0cross%7F"), queryset=Lesson.objects.published())
    assert wanted.in_words() == {"Words": "zebras cross"}
    assert len(wanted.found().ids) == 1


def test_the_report_list_asks_the_same_number_of_queries_at_1_3_and_300(client):
    person = PersonFactory()
    client.force_login(person)
    counts = []
    for more in (1, 2, 297):
        for _ in range(more):
            _report(person)
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/lessons/reports/")
        counts.append(len(queries))
        assert len(page.content) <= 60_000
    assert len(set(counts)) == 1
    assert counts[0] <= 20


@pytest.mark.parametrize("address", ["/lessons/drafts/", "/lessons/of/{}/"])
def test_the_draft_lists_ask_the_same_number_of_queries_at_1_3_and_300(client, publisher, address):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership, publisher=True))
    counts = []
    for more in (1, 2, 297):
        LessonFactory.create_batch(more, partnership=partnership, added_by=publisher)
        LearningPointFactory.create_batch(more, lessons=[])
        with CaptureQueriesContext(connection) as queries:
            client.get(address.format(partnership.public_id))
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


def test_drafts_wait_for_publishers(client, publisher):
    lesson, point = LessonFactory(partnership=PartnershipFactory()), LearningPointFactory()
    titles = [item.title for item in todo.of(publisher)]
    assert f"Check and publish the lesson “{lesson}”" in titles
    assert f"Finish and publish learning point {point.number}" in titles
    assert not [item for item in todo.of(PersonFactory()) if "publish" in item.title]


def test_the_last_gate_asks_for_a_published_lesson():
    partnership = PartnershipFactory(live=True)

    def evidence():
        [item] = [item for item in gates.evidence(Gate.G7, partnership) if item.name == "Lessons published"]
        return item

    assert "Nobody has added a lesson" in evidence().sentence
    lesson = LessonFactory(partnership=partnership)
    assert not evidence().met
    assert "1 lesson about this partnership waits for a publisher" in evidence().sentence
    LessonFactory(published=True)
    assert not evidence().met
    lesson.state, lesson.published_at = LessonState.PUBLISHED, lesson.created_at
    lesson.save()
    assert evidence().met
    lesson.state, lesson.change_note = LessonState.WITHDRAWN, "Wrong"
    lesson.save()
    assert not evidence().met


def test_a_published_learning_point_about_it_also_passes_the_gate():
    partnership = PartnershipFactory(live=True)
    lesson = LessonFactory(partnership=partnership, withdrawn=True)
    point = LearningPointFactory(lessons=[lesson])
    assert any("Lessons" in item.name and not item.met for item in gates.evidence(Gate.G7, partnership))
    point.state, point.published_at, point.month = (
        LearningPointState.PUBLISHED, point.created_at, date(2026, 3, 1),
    )  # fmt: skip
    point.save()
    assert all(item.met for item in gates.evidence(Gate.G7, partnership) if item.name == "Lessons published")


def _done(job_id):
    file = keep_bytes(b"%PDF-", name="a.pdf", content_type="application/pdf", scope="lessons", by=None)
    RenderJob.objects.filter(public_id=job_id).update(state=JobState.DONE, file=file)


def _report(person):
    number = Report.objects.count()
    job = RenderJob.objects.create(kind="lessons-report", key=f"k{number}", title="A", requested_by=person)
    return Report.objects.create(
        title=f"Report {number}", edition=1, lessons=[], checksum=f"{number:064}", made_by=PersonFactory(),
        made_at=job.created_at, render_job=job.public_id,
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/lessons/", "/lessons/reports/", "/lessons/drafts/", "/lessons/known/"])
def test_a_publisher_has_the_same_tabs_on_every_page_of_the_section(client, address):
    client.force_login(PersonFactory(publisher=True))
    page = client.get(address).content.decode()
    tabs_shown = page.split('aria-label="Pages about lessons"')[1].split("</nav>")[0]
    for tab in ("Library", "Reports", "Drafts", "What is read"):
        assert f">{tab}</a>" in tabs_shown


def test_the_home_button_of_a_publisher_opens_the_drafts(client):
    client.force_login(PersonFactory(publisher=True))
    assert [b.address for b in client.get("/").context["buttons"] if b.label == "Edit the lessons"] == [
        "/lessons/drafts/"
    ]
