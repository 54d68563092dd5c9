"""Choosing lessons by hand, page after page and search after search, without a script: the choice is in the address."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lessons.models import LearningPoint, Lesson
from partnerships.themes import Theme
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lessons(client):
    """25 of them, 20 on the first page: the newest first."""
    LearningPoint.objects.all().delete()
    Lesson.objects.all().delete()
    client.force_login(PersonFactory(publisher=True))
    return LessonFactory.create_batch(25, theme=Theme.PEOPLE, published=True)


def html(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def ticked(page):
    return {int(n) for n in re.findall(r'type="checkbox" id="lesson-(\d+)"[^>]* checked', page)}


def hidden(page):
    return [int(n) for n in re.findall(r'type="hidden" name="lesson" value="(\d+)"', page)]


def test_the_choice_goes_along_to_the_next_page_and_back(client, lessons):
    first, last = lessons[0].number, lessons[-1].number
    page = html(client, f"/lessons/?lesson={last}&page=2")
    assert hidden(page) == [last]
    assert "1 lesson chosen" in page
    # “Next” is a button of the same form, so that what is ticked goes along.
    assert '<button type="submit" form="library-search" name="page" value="1"' in page
    page = html(client, f"/lessons/?lesson={last}&lesson={first}")
    assert (ticked(page), hidden(page)) == ({last}, [first])
    assert "2 lessons chosen" in page


def test_the_choice_goes_along_to_another_search(client, lessons):
    number = lessons[3].number
    page = html(client, f"/lessons/?text=xylophone&lesson={number}")
    assert hidden(page) == [number]
    assert "1 lesson chosen" in page
    assert f'href="/lessons/?lesson={number}">Clear</a>' in page  # the search is cleared, the choice is kept


def test_every_tick_and_every_button_belongs_to_the_form_of_the_search(client, lessons):
    page = html(client, "/lessons/")
    boxes = re.findall(r'<input [^>]*name="lesson"[^>]*>', page)
    assert len(boxes) == 20
    assert all('form="library-search"' in box for box in boxes)
    buttons = re.findall(r"<button [^>]*name=\"by_hand\"[^>]*>", page)
    assert len(buttons) == 2
    assert all('form="library-search"' in button for button in buttons)


def test_the_choice_is_cleared_and_the_search_kept(client, lessons):
    page = html(client, f"/lessons/?text=room&theme=people&lesson={lessons[0].number}&page=2")
    assert 'href="/lessons/?text=room&amp;theme=people">Clear the choice</a>' in page


def test_the_buttons_stand_above_the_list_too_once_something_is_chosen(client, lessons):
    label = "Make a report of the chosen lessons"
    assert html(client, "/lessons/").count(label) == 1
    page = html(client, f"/lessons/?lesson={lessons[0].number}")
    assert page.count(label) == 2
    assert page.index(label) < page.index('class="ds_search-result"')


@pytest.mark.parametrize("address", ["/lessons/reports/new/", "/lessons/drafts/learning-points/start/"])
def test_the_button_for_chosen_lessons_asks_for_a_choice_when_there_is_none(client, lessons, address):
    answer = client.get(f"{address}?text=room&theme=people&by_hand=2", follow=True)
    assert answer.redirect_chain == [("/lessons/?text=room&theme=people&page=2", 302)]
    assert "Choose at least one lesson" in answer.content.decode()


def test_what_is_chosen_is_what_the_report_starts_with_whatever_was_searched_for(client, lessons):
    wanted = [lessons[n].number for n in (0, 3, 24)]
    query = "&".join(f"lesson={n}" for n in wanted)
    page = html(client, f"/lessons/reports/new/?text=xylophone&theme=skills&{query}&by_hand=1")
    assert "3 lessons (Chosen: by hand)" in page


def test_all_that_were_found_is_a_choice_of_its_own(client, lessons):
    page = html(client, f"/lessons/?theme=people&lesson={lessons[0].number}")
    assert re.search(r'href="/lessons/reports/new/\?theme=people">Make a report of all 25 that were found</a>', page)
    page = html(client, "/lessons/")
    assert "Make a report of all 25 lessons" in page


def test_what_is_not_published_or_no_number_is_no_choice(client, lessons):
    draft = LessonFactory()
    page = html(client, f"/lessons/?lesson={draft.number}&lesson=9999&lesson=abc&lesson=")
    assert hidden(page) == []
    assert "chosen (" not in page


def test_a_visitor_chooses_nothing_and_turns_pages_by_links(client, lessons):
    client.logout()
    page = html(client, f"/lessons/?lesson={lessons[0].number}")
    assert 'name="lesson"' not in page
    assert re.search(r'rel="next" href="\?[^"]*page=2"', page)


def test_a_choice_costs_one_query_however_long_it_is(client, lessons):
    counts = []
    for chosen in (1, 3, 25):
        query = "&".join(f"lesson={lesson.number}" for lesson in lessons[:chosen])
        with CaptureQueriesContext(connection) as queries:
            html(client, f"/lessons/?{query}")
        counts.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        html(client, "/lessons/")
    assert set(counts) == {len(queries) + 1}
