"""The pages on the way to publication: who gets in, what is said, what waits at home, queries of a list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import todo
from foundation.database import clock
from lessons.actions.learning_point import publish_learning_point, revise_learning_point
from lessons.actions.lesson import edit_lesson
from lessons.actions.readiness import texts_of
from lessons.actions.review import ask_partners, take_back
from lessons.forms.review import CommentForm
from lessons.lifecycle import LessonState
from lessons.models import LessonUse
from lessons.publications import Publication
from lessons.views.learning_points import pdf_job
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    made = PartnershipFactory()
    both_leads_as_partners(made)
    return made


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def asked(partnership, lead, publisher):
    lesson = LessonFactory(partnership=partnership)
    return ask_partners(item=lesson, until=clock.today() + timedelta(days=9), by=publisher)


def test_asking_answering_and_taking_back_through_the_pages(client, partnership, lead, publisher):
    lesson = LessonFactory(partnership=partnership)
    address = f"/lessons/review/lesson/{lesson.public_id}/"
    client.force_login(publisher)
    assert str(partnership.public_lead) in text(client.get(f"{address}ask/"))
    refused = client.post(f"{address}ask/", {"version": 1, "until": "1/1/2020"})
    assert "at most 90 days from now" in text(refused)
    until = f"{clock.today() + timedelta(days=9):%-d/%-m/%Y}"
    assert client.post(f"{address}ask/", {"version": 1, "until": until}).url == address
    client.force_login(lead)
    assert [row.title for row in todo.of(lead) if "sign off" in row.title] == [f"Read and sign off “{lesson}”"]
    assert client.post(address, {"part": "Why", "text": "Shorter."}).status_code == 302
    page = text(client.get(address))
    assert "Shorter." in page
    assert "You can sign for" in page
    assert client.post(f"{address}sign/").status_code == 302
    assert "You can sign for" not in text(client.get(address))
    assert not [row for row in todo.of(lead) if "sign off" in row.title]
    assert client.post(f"{address}reopen/").status_code == 302
    lesson.refresh_from_db()
    assert lesson.state == LessonState.DRAFT


def test_a_text_that_changed_since_it_was_on_the_screen_is_not_signed(client, lead, publisher, asked):
    address = f"/lessons/review/lesson/{asked.public_id}/"
    client.force_login(lead)
    shown = str(asked.version)
    assert f'name="version" value="{shown}"' in client.get(address).content.decode()
    draft = take_back(item=asked, by=publisher)
    draft = edit_lesson(lesson=draft, by=publisher, **{**draft.texts(), "advice": "Do the very opposite."})
    ask_partners(item=draft, until=clock.today() + timedelta(days=9), by=publisher)
    refused = client.post(f"{address}sign/", {"version": shown})
    assert refused.status_code == 409
    asked.refresh_from_db()
    assert asked.state == LessonState.COMMENTS
    assert not asked.contributors.exclude(signed_at=None).exists()
    assert client.post(f"{address}sign/", {"version": str(asked.version)}).status_code == 302
    assert asked.contributors.exclude(signed_at=None).count() == 1


def test_strangers_know_nothing_of_it_and_observers_only_read(client, partnership, asked):
    address = f"/lessons/review/lesson/{asked.public_id}/"
    assert client.get(address).status_code == 302
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    assert client.post(f"{address}sign/").status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership, organisation=partnership.public_lead))
    page = text(client.get(address))
    assert "You can sign for" not in page
    for way in ("", "sign/", "reopen/", "check/", "ask/"):
        assert client.post(f"{address}{way}", {"text": "x"}).status_code == 403


def test_a_contributor_reads_the_draft_of_a_learning_point_only_once_asked(client, partnership, lead, publisher):
    point = LearningPointFactory(lessons=[LessonFactory(partnership=partnership, published=True)])
    address = f"/lessons/review/learning-point/{point.public_id}/"
    client.force_login(lead)
    assert client.get(address).status_code == 404
    client.force_login(publisher)
    until = f"{clock.today() + timedelta(days=9):%-d/%-m/%Y}"
    mine = partnership.third_sector_lead
    answer = client.post(f"{address}ask/", {"version": 1, "until": until, "organisations": [mine.public_id]})
    assert answer.url == address
    assert [row.organisation for row in point.contributors.all()] == [mine]
    client.force_login(lead)
    assert "You can sign for" in text(client.get(address))
    client.force_login(PersonFactory(organisation=partnership.public_lead))
    assert client.get(address).status_code == 404


def test_a_comment_names_the_whole_heading_of_its_part(client, partnership, lead, publisher):
    point = LearningPointFactory(lessons=[LessonFactory(partnership=partnership, published=True)])
    mine = [partnership.third_sector_lead]
    ask_partners(item=point, until=clock.today() + timedelta(days=9), organisations=mine, by=publisher)
    address = f"/lessons/review/learning-point/{point.public_id}/"
    client.force_login(lead)
    parts = dict(CommentForm(parts=texts_of(point)).fields["part"].choices)
    assert len(parts) == len(texts_of(point)) + 1
    [chosen] = [key for key, heading in parts.items() if heading == "What is this learning point about?"]
    assert client.post(address, {"part": chosen, "text": "Say for whom."}).status_code == 302
    assert "on “What is this learning point about?”" in text(client.get(address))


@pytest.mark.parametrize("kind", ["lesson", "learning-point", "report"])
def test_what_is_published_or_unknown_has_no_such_page(client, publisher, kind):
    client.force_login(publisher)
    made = {"lesson": LessonFactory, "learning-point": LearningPointFactory}.get(kind, LessonFactory)(published=True)
    assert client.get(f"/lessons/review/{kind}/{made.public_id}/").status_code == 404


def test_the_check_page_lists_names_and_advice(client, publisher):
    lesson = LessonFactory(advice="Utilise the hall that Anna Muir keeps.")
    client.force_login(publisher)
    address = f"/lessons/review/lesson/{lesson.public_id}/check/"
    page = text(client.get(address))
    assert "“Anna Muir” looks like" in page
    assert "Instead of “utilise”" in page
    assert "“Anna Muir” looks like" in text(client.post(address, {"version": 1}))
    assert client.post(address, {"version": 1, "names_may_stay": "on"}).status_code == 302


def test_the_lessons_page_asks_as_many_queries_for_three_hundred_as_for_one(client, partnership):
    observer = person_as(PartnershipRole.OBSERVER, partnership)
    client.force_login(observer)
    counts = []
    for wanted in (1, 3, 300):
        have = LessonUse.objects.count()
        rows = LessonFactory.create_batch(wanted - have, partnership=partnership, published=True)
        LessonUse.objects.bulk_create(
            LessonUse(lesson=row, partnership=partnership, occasion="gate", used_by=observer) for row in rows
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/lessons/of/{partnership.public_id}/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_s90_a_correction_keeps_the_address_and_shows_its_date(client, publisher):
    """A mistake found after publishing is corrected: the same address, the date, and the PDF made again."""
    point = publish_learning_point(point=LearningPointFactory(checked=True), by=publisher)
    address, first = point.get_absolute_url(), pdf_job(Publication(point=point))
    point = revise_learning_point(
        point=point, texts={"about": "How four partnerships started."}, lines={}, change_note="Four, not three.",
        by=publisher,
    )  # fmt: skip
    assert point.get_absolute_url() == address
    assert pdf_job(Publication(point=point)) != first
    page = text(client.get(address))
    assert "How four partnerships started." in page
    assert f"Updated on {clock.today():%-d %B %Y}: Four, not three." in page
