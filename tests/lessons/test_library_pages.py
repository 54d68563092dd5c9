"""The public pages: search with its state in the address, facets with counts, permanent addresses, constant queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lessons.boilerplate import TEXTS
from lessons.models import LearningPoint, Lesson
from partnerships.themes import Theme
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def empty_library():
    LearningPoint.objects.all().delete()
    Lesson.objects.all().delete()


def html(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_a_visitor_finds_searches_and_reads(client):
    page = html(client, "/lessons/?text=procurement")
    assert "<mark>" in page
    assert "Train buyers and bidders together" in page
    assert "Make a report" not in page
    lesson = Lesson.objects.get(number=17)
    page = html(client, lesson.get_absolute_url())
    assert lesson.advice in page
    assert lesson.source_label in page
    assert "Revise" not in page


def test_facets_count_what_the_other_choices_leave(client, empty_library):
    LessonFactory.create_batch(3, theme=Theme.PEOPLE, stage="pilot", published=True)
    LessonFactory.create_batch(2, theme=Theme.SKILLS, stage="tender", published=True)
    LessonFactory(theme=Theme.SKILLS, stage="tender")
    page = html(client, "/lessons/")
    assert "People (3)" in page
    assert "Skills (2)" in page
    page = html(client, "/lessons/?stage=tender")
    assert "Skills (2)" in page
    assert "People (" not in page
    assert "Pilot (3)" in page
    assert "2 lessons found" in page
    page = html(client, "/lessons/?stage=pilot&stage=tender&theme=people")
    assert "3 lessons found" in page


def test_the_address_keeps_the_search_through_the_pages(client, empty_library):
    LessonFactory.create_batch(25, theme=Theme.PEOPLE, published=True)
    page = html(client, "/lessons/?text=room&theme=people")
    assert "?text=room&amp;theme=people&amp;page=2" in page
    second = html(client, "/lessons/?text=room&theme=people&page=2")
    assert second.count('class="ds_search-result"') == 5
    assert 'value="room"' in second


@pytest.mark.parametrize(
    "query",
    ["?theme=bogus", "?page=abc", "?page=999", "?text=%22%28", "?text=%00", "?text=%F0%9F", "?stage=%3Cscript%3E",
     "?text=" + "x" * 3000, "?lesson=abc", "?page=-1&theme=&stage="],
)  # fmt: skip
def test_a_strange_address_is_still_a_page(client, query):
    page = html(client, f"/lessons/{query}")
    assert "<script>" not in page.replace('<script type="module"', "")


def test_a_choice_that_does_not_exist_is_said_and_left_out(client):
    page = html(client, "/lessons/?theme=bogus&text=procurement")
    assert "was not understood" in page
    assert "Train buyers and bidders together" in page


def test_nothing_found_says_what_to_do(client):
    assert "No lesson matches" in html(client, "/lessons/?text=xylophone")


@pytest.mark.parametrize("address", ["/lessons/", "/lessons/?text=room", "/lessons/learning-points/"])
def test_the_lists_ask_the_same_number_of_queries_at_1_3_and_300(client, empty_library, address):
    counts = []
    for more in (1, 2, 297):
        LessonFactory.create_batch(more, published=True)
        LearningPointFactory.create_batch(more, published=True, lessons=[])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = html(client, address)
        counts.append(len(queries))
        assert len(page.encode()) <= 60_000
    assert len(set(counts)) == 1
    assert counts[0] <= 20


def test_the_biggest_texts_keep_the_list_small(client, empty_library):
    words = "procurement " * 240
    for _ in range(20):
        LessonFactory(title="x" * 150, what_happened=words, why=words, advice=words, evidence=words, published=True)
    for address in ("/lessons/", "/lessons/?text=procurement"):
        assert len(html(client, address).encode()) <= 60_000


def test_a_draft_has_no_public_address_and_its_title_leaks_nowhere(client):
    lesson = LessonFactory(title="Secret zebra", theme="people")
    html(client, lesson.get_absolute_url(), status=404)
    assert "zebra" not in html(client, "/lessons/?text=zebra").replace('value="zebra"', "")
    point = LearningPointFactory(title="Secret okapi")
    html(client, point.get_absolute_url(), status=404)
    assert "okapi" not in html(client, "/lessons/learning-points/")


def test_a_published_lesson_does_not_name_its_partnership(client):
    lesson = LessonFactory(published=True, partnership=PartnershipFactory(title="The hidden partnership"))
    client.force_login(PersonFactory(publisher=True))
    for address in (lesson.get_absolute_url(), "/lessons/"):
        assert "hidden partnership" not in html(client, address)


def test_a_withdrawn_lesson_keeps_its_address_and_says_why(client):
    lesson = LessonFactory(withdrawn=True)
    page = html(client, lesson.get_absolute_url(), status=410)
    assert "was withdrawn" in page
    assert "It was wrong." in page
    assert lesson.advice not in page
    assert lesson.title not in html(client, "/lessons/")


def test_a_source_is_a_link_only_when_it_is_a_web_address(client):
    safe = LessonFactory(published=True, source_label="Report", source_address="https://example.org/r")
    assert '<a href="https://example.org/r">Report</a>' in html(client, safe.get_absolute_url())
    other = LessonFactory(published=True, source_label="Report", source_address="javascript:alert(1)")
    assert 'href="javascript' not in html(client, other.get_absolute_url())


def test_a_learning_point_has_its_eleven_blocks_in_order(client):
    page = html(client, LearningPoint.objects.get(number=1).get_absolute_url())
    anchors = [
        "series", "more-information", "other-formats", "learning-points", "about", "issues", "disclaimer", "date",
        "known-already", "learned", "next",
    ]  # fmt: skip
    places = [page.index(f'id="{anchor}"') for anchor in anchors]
    assert places == sorted(places)
    assert len(anchors) == 11
    for anchor in anchors[1:]:
        assert f'href="#{anchor}"' in page


def test_signed_in_people_may_make_a_report_of_what_they_found(client):
    client.force_login(PersonFactory())
    page = html(client, "/lessons/?theme=skills")
    assert "/lessons/reports/new/?theme=skills" in page
    assert 'name="lesson" value="17"' in page


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("community justice", '<a href="/lessons/?kind_of_service=justice">Lessons on community justice (2)</a>'),
        ("Justice", '<a href="/lessons/?kind_of_service=justice">Lessons on community justice (2)</a>'),
        ("comunity justise", '<a href="/lessons/?kind_of_service=justice">Lessons on community justice (2)</a>'),
        ("shared purposes", '<a href="/lessons/?theme=purpose">Lessons on shared purpose (1)</a>'),
        ("redesign", '<a href="/lessons/?stage=redesign">Lessons on redesign (1)</a>'),
    ],
)
def test_words_that_are_a_label_lead_to_the_lessons_that_bear_it(client, empty_library, typed, link):
    LessonFactory.create_batch(2, kind_of_service="justice", theme=Theme.PEOPLE, stage="pilot", published=True)
    LessonFactory(kind_of_service="transport", theme=Theme.PURPOSE, stage="redesign", published=True)
    LessonFactory(kind_of_service="justice")
    page = html(client, f"/lessons/?text={typed}")
    assert link in page


@pytest.mark.parametrize("typed", ["any service", "service", "another", "housing", "justice transport", "the", "x"])
def test_labels_that_say_nothing_or_that_no_lesson_bears_are_not_offered(client, empty_library, typed):
    LessonFactory(kind_of_service="any", stage="any", theme=Theme.PEOPLE, published=True)
    assert "Lessons on " not in html(client, f"/lessons/?text={typed}")


def test_the_link_to_a_label_keeps_what_is_chosen(client, empty_library):
    lesson = LessonFactory(kind_of_service="justice", published=True)
    client.force_login(PersonFactory())
    page = html(client, f"/lessons/?text=justice&lesson={lesson.number}")
    assert f'href="/lessons/?kind_of_service=justice&amp;lesson={lesson.number}"' in page


@pytest.mark.parametrize("typed", ["goverment", "reofending"])
def test_slips_find_the_learning_point_that_holds_the_word(client, typed):
    page = html(client, f"/lessons/?text={typed}")
    assert LearningPoint.objects.get(number=1).get_absolute_url() in page


def test_learning_point_1_and_every_new_one_tell_of_asking_for_a_format(client):
    point = LearningPoint.objects.get(number=1)
    assert point.other_formats == TEXTS["other_formats"]
    page = html(client, point.get_absolute_url())
    block = page.split('<section id="other-formats">')[1].split("</section>")[0]
    assert "choose “Ask for it” there: you need no account" in block
    assert ">Ask for it</a>" in page
