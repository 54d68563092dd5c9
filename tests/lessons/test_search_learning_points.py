"""Learning points in the library's search: by the same search as lessons, on both engines, in all that they say."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from lessons.actions.learning_point import Chosen, publish_learning_point, revise_learning_point
from lessons.actions.lesson import revise_lesson, withdraw_lesson
from lessons.models import LearningPoint
from lessons.publications import Publication
from lessons.search import LEARNING_POINTS, excerpts, find, parse
from lessons.search.words import TOO_COMMON
from lessons.views.learning_points import pdf_job
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.lessons.test_search import HOSTILE
from tests.reading import words

pytestmark = pytest.mark.django_db
LIST = "/lessons/learning-points/"


def titles(typed):
    rows = LearningPoint.objects.in_bulk()
    return [rows[pk].title for pk in find(typed, LearningPoint.objects.listed()).ids]


@pytest.fixture
def rotas():
    return LearningPointFactory(
        title="Volunteers", abbreviation="VOL", about="Còmhradh with neighbours.", published=True,
        lessons=[LessonFactory(published=True, title="Keep a rota", advice="Write down who visits whom.")],
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["volunteer", "VOL", "comhradh", "neighbour", "rotas", '"who visits"', "visiting", "volunteers -horses"]
)
def test_a_learning_point_is_found_by_words_and_word_forms_in_any_of_its_parts(rotas, typed):
    LearningPointFactory(title="Horses", about="Other.", lessons=[], published=True)
    assert titles(typed) == ["Volunteers"]


def test_a_title_counts_most_and_a_draft_or_a_withdrawn_one_is_never_found(rotas):
    LearningPointFactory(title="Other", about="Of volunteers.", lessons=[], published=True)
    LearningPointFactory(title="Volunteers in a draft")
    LearningPointFactory(title="Volunteers withdrawn", published=True, state="withdrawn", change_note="Wrong.")
    assert titles("volunteers") == ["Volunteers", "Other"]


def test_publishing_writes_down_what_it_says_and_a_revision_anew():
    publisher = PersonFactory(publisher=True)
    point = LearningPointFactory(
        checked=True, title="Quokkas", about="Walruses.", lessons=[LessonFactory(published=True)]
    )
    assert titles("walrus") == []
    point = publish_learning_point(point=point, by=publisher)
    assert titles("walrus") == ["Quokkas"]
    assert titles("walrsus") == ["Quokkas"], "its words are learned for mistyped searches"
    lesson = LessonFactory(published=True, title="Zebras")
    revise_learning_point(
        point=point, texts={"about": "Penguins."}, lines={}, lessons=[Chosen(lesson, "Count okapis.")],
        change_note="Other animals.", by=publisher,
    )  # fmt: skip
    assert titles("walrus") == []
    assert titles("penguin zebra okapi") == ["Quokkas"]


def test_what_was_published_before_gets_its_text_from_the_migration(rotas):
    written = LearningPoint.objects.get(pk=rotas.pk).told
    LearningPoint.objects.update(told="")
    assert titles("rota") == []
    import_module("lessons.migrations.0016_words_of_learning_points").tell(apps, None)
    assert LearningPoint.objects.get(pk=rotas.pk).told == written
    assert titles("rota") == ["Volunteers"]


def test_the_database_still_keeps_the_index_of_learning_points():
    """Altering the table on SQLite drops its triggers: the migration that does must build the index again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = 'lessons_learningpoint_words'")
            assert cursor.fetchall() == [("lessons_learningpoint_words",)]
        else:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'lessons_learningpoint'")
            assert len(cursor.fetchall()) == 3


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_input_is_never_an_error_here_either(rotas, typed):
    found = find(typed, LearningPoint.objects.listed())
    excerpts(found.words, found.ids, LEARNING_POINTS)


def test_the_page_marks_what_was_found_and_forgives_a_slip(client, rotas):
    assert "<mark>neighbours</mark>" in client.get(f"{LIST}?text=neighbour").content.decode()
    publish_learning_point(point=LearningPointFactory(checked=True, title="Quokkas"), by=PersonFactory(publisher=True))
    page = words(client.get(f"{LIST}?text=quokas"))
    assert "These learning points hold quokkas" in page
    assert "1 learning point found" in page


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_asks_as_often_for_one_as_for_many(client, django_assert_max_num_queries, rows):
    LearningPointFactory.create_batch(rows, title="Volunteers", published=True)
    with django_assert_max_num_queries(5):
        client.get(f"{LIST}?text=volunteers")


def test_a_revised_or_withdrawn_lesson_goes_out_of_the_search_the_page_and_the_files(client):
    """A name that is taken out of a lesson must not live on in a learning point that tells it."""
    publisher = PersonFactory(publisher=True)
    lesson = LessonFactory(published=True, title="Walruses", advice="Ask Zebedee first.", evidence="Zebedee said so.")
    point = LearningPointFactory(checked=True, title="Quokkas", lessons=[lesson])
    point = publish_learning_point(point=point, by=publisher)
    first = pdf_job(Publication(point=point))
    assert titles("zebedee") == ["Quokkas"]
    revise_lesson(
        lesson=lesson, advice="Ask the quagga first.", evidence="It was seen.", change_note="A name.", by=publisher
    )
    second = pdf_job(Publication(point=point))
    assert titles("zebedee") == []
    assert second not in (None, first), "its files are made anew, and the old ones are no longer handed out"
    lesson.refresh_from_db()
    withdraw_lesson(lesson=lesson, reason="Wrong.", by=publisher)
    assert pdf_job(Publication(point=point)) not in (None, first, second)
    page = words(client.get(point.get_absolute_url()))
    assert "This lesson was withdrawn." in page
    assert "Ask the quagga first" not in page
    assert "It was seen" not in page
    assert "Ask the quagga first" not in Publication(point=point).source().__repr__()
    assert titles("quagga") == []


@pytest.mark.parametrize("typed", ["co-prodction", "quokka co-prodction", "before quokak", '"lack of quokak"'])
def test_a_slip_beside_a_hyphen_or_a_common_word_is_forgiven(typed):
    point = LearningPointFactory(checked=True, title="Quokkas", about="Co-production before a lack of quokka.")
    publish_learning_point(point=point, by=PersonFactory(publisher=True))
    assert titles(typed) == ["Quokkas"]


@pytest.mark.parametrize("word", sorted(TOO_COMMON))
def test_a_common_word_is_no_search_on_either_engine(word):
    assert not parse(word)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT numnode(websearch_to_tsquery('lessons_english', %s))", [word])
            assert cursor.fetchone() == (0,)
