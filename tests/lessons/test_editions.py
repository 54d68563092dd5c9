"""Permanent addresses: what a revision replaced, what was withdrawn, and learning points found by their words."""

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent
from foundation.policy.refusals import NotNow, NotPermitted
from lessons.actions.edition import take_back_edition
from lessons.actions.learning_point import revise_learning_point, withdraw_learning_point
from lessons.actions.lesson import revise_lesson, withdraw_lesson
from lessons.models import Block, EarlierEdition
from partnerships.themes import Theme
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def revised(publisher):
    """A lesson with two earlier editions."""
    lesson = LessonFactory(published=True, theme=Theme.SKILLS)
    lesson = revise_lesson(lesson=lesson, advice="Book it a week before.", change_note="Said when.", by=publisher)
    return revise_lesson(lesson=lesson, advice="Book it a month before.", change_note="A week is late.", by=publisher)


# Earlier editions


def test_what_a_revision_replaces_stays_readable_at_an_address_of_its_own(client, revised):
    page = client.get(revised.get_absolute_url())
    for number in (1, 2):
        assert f"{revised.get_absolute_url()}editions/{number}/" in page.content.decode()
    assert "Book it a month before." in text(page)
    assert "A week is late." in text(page)
    first = client.get(f"{revised.get_absolute_url()}editions/1/")
    assert "Book the room when you set the date." in text(first)
    assert "This is an earlier edition." in text(first)
    assert "from 2 Mar 2026 to" in text(first)
    assert "Said when." not in text(first)
    second = text(client.get(f"{revised.get_absolute_url()}editions/2/"))
    assert "Book it a week before." in second
    assert "Said when." in second
    for number in (0, 3, 99999):
        assert client.get(f"{revised.get_absolute_url()}editions/{number}/").status_code == 404


def test_an_earlier_edition_points_search_engines_to_the_current_one(client, revised, settings):
    page = client.get(f"{revised.get_absolute_url()}editions/1/").content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{revised.get_absolute_url()}">' in page
    assert '<meta name="robots" content="noindex">' in page


def test_a_refused_revision_keeps_no_edition(publisher):
    lesson = LessonFactory(published=True)
    with pytest.raises(ValidationError):
        revise_lesson(lesson=lesson, change_note="Nothing really.", by=publisher, **lesson.texts())
    assert not EarlierEdition.objects.exists()


def test_an_earlier_learning_point_has_every_block_as_it_was(client, publisher):
    lesson = LessonFactory(published=True, title="Meet early", advice="Meet in week one.")
    point = LearningPointFactory(published=True, about="How it began.", lessons=[lesson])
    revise_learning_point(
        point=point, texts={"about": "How it went on."}, lines={Block.ISSUES: ["New issue."], Block.NEXT: ["Rest."]},
        change_note="Brought up to date.", by=publisher,
    )  # fmt: skip
    revise_lesson(lesson=lesson, advice="Meet before week one.", change_note="Sooner.", by=publisher)
    page = text(client.get(f"{point.get_absolute_url()}editions/1/"))
    for words in (
        "How it began.", "A befriending pilot", "Small organisations cannot bid alone.", "Put it to tender.",
        "Meet each other.", "The idea came from Italy.", "Meet early", "Meet in week one.", "views of the people named",
    ):  # fmt: skip
        assert words in page
    for words in ("How it went on.", "New issue.", "Meet before week one."):
        assert words not in page
    assert "Edition 1, 2 Mar 2026 to" in text(client.get(point.get_absolute_url()))


def test_editions_of_a_withdrawn_lesson_are_gone_with_it(client, revised, publisher):
    withdraw_lesson(lesson=revised, reason="It was wrong.", by=publisher)
    for address in (revised.get_absolute_url(), f"{revised.get_absolute_url()}editions/1/"):
        page = client.get(address)
        assert page.status_code == 410
        assert "It was wrong." in text(page)
        assert "Book" not in text(page)


def test_a_withdrawn_learning_point_is_gone_with_its_file(client, publisher):
    point = LearningPointFactory(published=True)
    withdraw_learning_point(point=point, reason="Replaced by number 2.", by=publisher)
    for address in (point.get_absolute_url(), f"{point.get_absolute_url()}pdf/"):
        page = client.get(address)
        assert page.status_code == 410
        assert "Replaced by number 2." in text(page)
        assert point.about not in text(page)


def test_a_draft_has_no_file_and_no_editions(client):
    point = LearningPointFactory()
    for rest in ("", "pdf/", "editions/1/"):
        assert client.get(f"{point.get_absolute_url()}{rest}").status_code == 404


# Taking the text of an edition back


def test_the_text_of_an_edition_is_taken_back_for_good(client, revised, publisher):
    edition = take_back_edition(edition=revised.earlier.get(number=1), reason="It named a person.", by=publisher)
    edition.refresh_from_db()
    assert edition.text == {}
    page = client.get(edition.get_absolute_url())
    assert page.status_code == 410
    assert "It named a person." in text(page)
    assert "Book" not in text(page)
    assert client.get(f"{revised.get_absolute_url()}editions/2/").status_code == 200
    assert "its text was taken back" in text(client.get(revised.get_absolute_url()))
    assert AuditEvent.objects.filter(action="edition.take_back", reason="It named a person.").count() == 1


def test_it_is_taken_back_once(revised, publisher):
    edition = take_back_edition(edition=revised.earlier.get(number=1), reason="A name.", by=publisher)
    with pytest.raises(NotNow, match="taken back already"):
        take_back_edition(edition=edition, reason="Again.", by=publisher)


def test_only_a_publisher_takes_it_back_and_says_why(revised, publisher):
    edition = revised.earlier.get(number=1)
    with pytest.raises(NotPermitted):
        take_back_edition(edition=edition, reason="A name.", by=PersonFactory())
    with pytest.raises(ValidationError):
        take_back_edition(edition=edition, reason=" ", by=publisher)
    edition.refresh_from_db()
    assert edition.text
    assert edition.taken_back_because == ""


def test_a_publisher_takes_it_back_through_the_page(client, revised, publisher):
    edition = revised.earlier.get(number=1)
    assert "Take the text" not in text(client.get(edition.get_absolute_url()))
    client.force_login(publisher)
    assert "Take the text of this edition back" in text(client.get(edition.get_absolute_url()))
    address = f"/lessons/editions/{edition.public_id}/take-back/"
    assert "Fill in “Why its text is taken back”" in text(client.post(address, {"reason": ""}))
    assert client.post(address, {"reason": "A name."}).status_code == 302
    assert client.get(edition.get_absolute_url()).status_code == 410
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 403


# Searching learning points


@pytest.mark.parametrize(
    "words", ["volunteers", "VOLUNTEERS alone", "bid befriending", "“Rota", '"cannot bid alone"', "volunteers -horses"]
)
def test_learning_points_are_found_by_words_anywhere_in_them(client, words):
    lesson = LessonFactory(published=True, title="Keep a rota")
    LearningPointFactory(published=True, title="Volunteers", lessons=[lesson])
    LearningPointFactory(published=True, title="Horses", lines=[], lessons=[], slug="horses", about="Other.")
    LearningPointFactory(title="Volunteers in a draft", slug="draft")
    found = text(client.get("/lessons/learning-points/", {"text": words}))
    assert "Volunteers" in found
    assert "draft" not in found


def test_no_learning_point_found_says_what_to_do(client):
    assert "No learning point holds these words" in text(client.get("/lessons/learning-points/?text=xylophone%00"))
