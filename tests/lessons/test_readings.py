"""Counts of readings and downloads: numbers without people, after the answer, never in its way."""

import csv
from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from foundation.database import clock
from foundation.files.store import keep_bytes
from foundation.rendering.models import JobState
from lessons.actions.learning_point import withdraw_learning_point
from lessons.actions.report import make_report
from lessons.documents import request_format
from lessons.formats.catalogue import format_called
from lessons.models import LearningPoint, Lesson, Reading
from lessons.publications import Publication
from lessons.readings import PAGE, PDF, count, is_a_reader
from lessons.views.readings import last_months
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.lessons.test_public_library import data_of
from tests.reading import text

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def ready(of, code, by):
    """The address of a format that the worker has made, without its work."""
    job = request_format(of, format_called(code), by)
    job.file = keep_bytes(b"x", name="x.txt", content_type="text/plain", scope="lessons", by=by)
    job.state, job.lease_until = JobState.DONE, None
    job.save()
    what = "report" if of.report else "learning-point"
    return f"/lessons/formats/{what}/{of.row.public_id}/{code}/download/"


def times(document, format=PAGE):
    row = Reading.objects.filter(document=document.public_id, format=format).first()
    return row.count if row else 0


@pytest.mark.parametrize(
    ("user_agent", "purpose", "reads"),
    [
        (BROWSER["User-Agent"], "", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "", True),
        (BROWSER["User-Agent"], "prefetch;prerender", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", False),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0)", "", False),
        ("curl/8.5.0", "", False),
        ("python-requests/2.32", "", False),
        ("Feedly/1.0", "", False),
        ("", "", False),
        ("  ", "", False),
    ],
)
def test_programs_that_say_so_are_not_readers(user_agent, purpose, reads):
    assert is_a_reader(user_agent, purpose) is reads


@pytest.mark.parametrize(
    ("current", "number", "first"),
    [
        (date(2027, 2, 1), 12, date(2026, 3, 1)),
        (date(2026, 12, 1), 12, date(2026, 1, 1)),
        (date(2027, 1, 1), 1, date(2027, 1, 1)),
    ],
)
def test_the_last_months_end_with_this_one(current, number, first):
    months = last_months(current, number)
    assert len(months) == number
    assert (months[0], months[-1]) == (first, current)
    assert all(month.day == 1 for month in months)


@pytest.mark.django_db
class TestCounting:
    def test_a_reader_is_counted_and_a_program_is_not(self, client):
        lesson = LessonFactory(published=True)
        for _ in range(3):
            client.get(lesson.get_absolute_url(), headers=BROWSER)
        client.get(lesson.get_absolute_url())
        client.get(lesson.get_absolute_url(), headers={"User-Agent": "Googlebot/2.1"})
        client.head(lesson.get_absolute_url(), headers=BROWSER)
        assert times(lesson) == 3
        row = Reading.objects.get()
        assert (row.kind, row.month) == ("lesson", clock.today().replace(day=1))

    def test_a_page_the_browser_has_already_is_not_counted_again(self, client):
        lesson = LessonFactory(published=True)
        tag = client.get(lesson.get_absolute_url(), headers=BROWSER)["ETag"]
        assert client.get(lesson.get_absolute_url(), headers=BROWSER | {"If-None-Match": tag}).status_code == 304
        assert times(lesson) == 1

    def test_nobody_is_kept(self):
        kept = {field.name for field in Reading._meta.get_fields()}
        assert kept == {"id", "kind", "document", "format", "month", "count"}

    def test_publishers_and_failures_are_not_counted(self, client):
        shown, gone = LessonFactory(published=True), LessonFactory(withdrawn=True)
        assert client.get(gone.get_absolute_url(), headers=BROWSER).status_code == 410
        client.force_login(PersonFactory(publisher=True))
        client.get(shown.get_absolute_url(), headers=BROWSER)
        assert not Reading.objects.exists()

    def test_every_download_is_counted_by_its_format(self, client):
        point, reader = LearningPointFactory(published=True), PersonFactory()
        report, _ = make_report(
            title="Tenders", introduction="", lessons=[LessonFactory(published=True)], filters={}, by=reader
        )
        text_of_point = ready(Publication(point=point), "text", reader)
        ready(Publication(point=point), "pdf", reader)
        ready(Publication(report=report), "pdf", reader)
        for address in (text_of_point, f"{point.get_absolute_url()}pdf/"):
            assert b"".join(client.get(address, headers=BROWSER).streaming_content) == b"x"
        client.force_login(reader)
        assert b"".join(client.get(f"{report.get_absolute_url()}download/", headers=BROWSER).streaming_content) == b"x"
        counted = set(Reading.objects.values_list("kind", "format", "count"))
        assert counted == {("learningpoint", "text", 1), ("learningpoint", "pdf", 1), ("report", "pdf", 1)}

    def test_a_file_of_what_was_withdrawn_leads_to_the_reason(self, client):
        point, publisher = LearningPointFactory(published=True), PersonFactory(publisher=True)
        address = ready(Publication(point=point), "text", publisher)
        withdraw_learning_point(point=point, reason="Replaced.", by=publisher)
        answer = client.get(address, headers=BROWSER, follow=True)
        assert answer.redirect_chain == [(point.get_absolute_url(), 302)]
        assert answer.status_code == 410
        assert not Reading.objects.exists()

    def test_the_page_tells_search_engines_of_the_files_that_are_there(self, client):
        point = LearningPointFactory(published=True)
        address = ready(Publication(point=point), "text", PersonFactory())
        (file,) = data_of(client.get(point.get_absolute_url()))["encoding"]
        assert file["encodingFormat"] == "text/plain"
        assert file["contentUrl"].endswith(address)

    def test_one_update_is_all_that_a_reading_costs(self):
        lesson = LessonFactory(published=True)
        count(lesson, PAGE)
        with CaptureQueriesContext(connection) as queries:
            count(lesson, PAGE)
        writes = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(writes) == 1
        assert writes[0].startswith("UPDATE")
        assert times(lesson) == 2

    def test_each_format_and_month_has_its_own_number(self, monkeypatch):
        point = LearningPointFactory(published=True)
        count(point, PAGE)
        count(point, PDF)
        count(point, "brf-contracted")
        monkeypatch.setattr(clock, "today", lambda: date(2031, 1, 15))
        count(point, PDF)
        assert Reading.objects.filter(document=point.public_id).count() == 4
        assert Reading.objects.get(month=date(2031, 1, 1)).count == 1

    def test_a_count_that_cannot_be_written_spoils_no_page(self, client, monkeypatch, caplog):
        def refuse(kept):
            raise DatabaseError("database is locked")

        monkeypatch.setattr("lessons.readings._one_more", refuse)
        lesson = LessonFactory(published=True)
        response = client.get(lesson.get_absolute_url(), headers=BROWSER)
        assert response.status_code == 200
        assert "was not counted: database is locked" in caplog.text
        assert times(lesson) == 0

    def test_whoever_comes_second_to_the_first_row_of_a_month_is_counted_too(self, monkeypatch):
        """Another process makes the row between our UPDATE, which found none, and our INSERT."""
        lesson = LessonFactory(published=True)
        count(lesson, PAGE)
        real, asked = Reading.objects.filter, []

        def late(**kept):
            asked.append(kept)
            return real(pk=None) if len(asked) == 1 else real(**kept)

        monkeypatch.setattr(Reading.objects, "filter", late)
        count(lesson, PAGE)
        monkeypatch.undo()
        assert times(lesson) == 2


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def publisher(self, client):
        client.force_login(PersonFactory(publisher=True))

    def test_it_is_for_publishers(self, client):
        assert client.get("/lessons/readings/").status_code == 302
        client.force_login(PersonFactory())
        assert client.get("/lessons/readings/").status_code == 403
        assert client.get("/lessons/readings/csv/").status_code == 403

    def test_an_empty_page_says_what_will_come(self, client, publisher):
        assert "Nothing has been counted yet" in text(client.get("/lessons/readings/"))

    def test_it_shows_what_is_wanted_most_first_with_drawing_and_table(self, client, publisher):
        lesson, point = LessonFactory(published=True), LearningPointFactory(published=True)
        month = clock.today().replace(day=1)
        Reading.objects.create(kind="lesson", document=lesson.public_id, format=PAGE, month=month, count=4210)
        Reading.objects.create(kind="learningpoint", document=point.public_id, format=PDF, month=month, count=7345)
        response = client.get("/lessons/readings/")
        words = text(response)
        assert words.index(point.series_line) < words.index(lesson.title)
        assert "4210" in words
        assert "7345" in words
        assert "PDF" in words
        assert 'id="readings' in response.content.decode()

    def test_the_file_holds_every_number(self, client, publisher):
        lesson = LessonFactory(published=True, title="=1+1")
        Reading.objects.create(kind="lesson", document=lesson.public_id, format=PAGE, month=date(2020, 5, 1), count=3)
        Reading.objects.create(kind="report", document="x" * 22, format=PDF, month=date(2020, 4, 1), count=5)
        response = client.get("/lessons/readings/csv/")
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        header, *rows = csv.reader(lines)
        assert header == ["Month", "Kind", "Document", "Address", "Format", "Times"]
        assert rows[0] == ["2020-05-01", "Lesson", f"{lesson.name}: =1+1", lesson.get_absolute_url(), "page", "3"]
        assert rows[1][2] == "A document that is no longer here"
        assert client.get("/lessons/readings/exe/").status_code == 404

    def test_the_same_number_of_queries_at_1_3_and_300(self, client, publisher):
        month, counts = clock.today().replace(day=1), []
        LearningPoint.objects.all().delete()
        Lesson.objects.all().delete()
        for more in (1, 2, 297):
            Reading.objects.bulk_create(
                Reading(kind="lesson", document=lesson.public_id, format=PAGE, month=month, count=1)
                for lesson in LessonFactory.create_batch(more, published=True)
            )
            with CaptureQueriesContext(connection) as queries:
                client.get("/lessons/readings/")
            counts.append(len(queries))
        assert len(set(counts)) == 1
