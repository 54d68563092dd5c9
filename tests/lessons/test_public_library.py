"""The public library: feeds, data for machines, and answers that may be kept."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.published.data_block import data_block
from lessons.actions.lesson import revise_lesson
from lessons.feeds import entry_id
from lessons.models import LearningPoint, Lesson
from partnerships.themes import Theme
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.pilots import StoryFactory

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True, name="Petra Publisher")


@pytest.fixture
def empty_library():
    LearningPoint.objects.all().delete()
    Lesson.objects.all().delete()


@pytest.fixture
def revised(publisher):
    """A lesson with two earlier editions."""
    lesson = LessonFactory(published=True, theme=Theme.SKILLS)
    lesson = revise_lesson(lesson=lesson, advice="Book it a week before.", change_note="Said when.", by=publisher)
    return revise_lesson(lesson=lesson, advice="Book it a month before.", change_note="A week is late.", by=publisher)


def data_of(response):
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.S)
    return json.loads(found)


def feed(client, address="/lessons/feed.atom"):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(tree, path):
    return [element.text for element in tree.findall(path, ATOM)]


# Feeds


def test_the_feed_is_atom_with_stable_ids_and_the_date_of_the_last_change(client, empty_library, revised, settings):
    LearningPointFactory(published=True, lessons=[revised])
    tree = feed(client)
    assert tree.tag == f"{{{ATOM['a']}}}feed"
    ids = texts(tree, "a:entry/a:id")
    assert ids[0] == entry_id(f"lesson/{revised.public_id}")
    assert ids[0].startswith("urn:uuid:")
    assert len(set(ids)) == 2
    updated = texts(tree, "a:entry/a:updated")
    assert updated == sorted(updated, reverse=True)
    assert texts(tree, "a:updated") == updated[:1]
    assert texts(tree, "a:entry/a:published")[0].startswith("2026-03-02T09:00:00")
    assert updated[0] > "2026-03-02T09:00:00"
    links = [element.get("href") for element in tree.iter(f"{{{ATOM['a']}}}link")]
    assert all(link.startswith(f"{settings.SITE_URL}/lessons/") for link in links)
    assert "Book it a month before. Updated: A week is late." in texts(tree, "a:entry/a:summary")


def test_an_id_is_the_same_for_ever():
    """Another id would show every entry as new to every reader."""
    assert entry_id("lesson/abc") == "urn:uuid:ec47c821-d1c5-591c-8369-c60673ab921c"


def test_feeds_tell_nothing_of_who_and_where(client, publisher):
    hidden = PartnershipFactory(title="The hidden partnership")
    LessonFactory(published=True, partnership=hidden, added_by=publisher, theme=Theme.SKILLS)
    LessonFactory(title="A secret draft", theme=Theme.SKILLS)
    LessonFactory(withdrawn=True, advice="What was withdrawn", theme=Theme.SKILLS)
    for address in ("/lessons/feed.atom", "/lessons/feeds/skills.atom"):
        words = client.get(address).content.decode()
        for secret in ("hidden", "Petra", publisher.email, "secret draft", "What was withdrawn", hidden.public_id):
            assert secret not in words


def test_a_feed_of_one_theme_holds_its_lessons_only(client, empty_library):
    skills = LessonFactory(published=True, theme=Theme.SKILLS)
    LessonFactory(published=True, theme=Theme.PEOPLE)
    LearningPointFactory(published=True, lessons=[])
    tree = feed(client, "/lessons/feeds/skills.atom")
    assert texts(tree, "a:entry/a:title") == [skills.title]
    assert texts(tree, "a:id") != texts(feed(client), "a:id")
    assert client.get("/lessons/feeds/gardening.atom").status_code == 404


@pytest.mark.parametrize(
    "typed",
    ["a < b & <script>alert(1)</script>", "]]>", "bell \x07 and \x0b tab", "\ufffe and \uffff", "“Dùn Èideann”"],
)
def test_whatever_was_typed_the_feed_is_xml(client, empty_library, typed):
    LessonFactory(published=True, title=typed, advice=typed)
    (title,) = texts(feed(client), "a:entry/a:title")
    assert title == re.sub("[\x07\x0b\ufffe\uffff]", "", typed)
    assert "<script>" not in texts(feed(client), "a:entry/a:summary")[0]


def test_the_feed_asks_three_queries_and_is_short(client, empty_library):
    LessonFactory.create_batch(40, published=True)
    LearningPointFactory.create_batch(3, published=True, lessons=[])
    with CaptureQueriesContext(connection) as queries:
        assert len(texts(feed(client), "a:entry/a:id")) == 30
    assert len(queries) == 3  # lessons, learning points, profiles


def test_pages_lead_to_the_feeds(client, revised):
    everything = '<link rel="alternate" type="application/atom+xml" title="Lessons, learning points and profiles"'
    point = LearningPoint.objects.get(number=1)
    addresses = ("/lessons/", "/lessons/learning-points/", revised.get_absolute_url(), point.get_absolute_url())
    for address in addresses:
        assert everything in client.get(address).content.decode()
    for address in ("/lessons/?theme=skills", revised.get_absolute_url()):
        assert 'href="/lessons/feeds/skills.atom"' in client.get(address).content.decode()


# Data for machines


def test_a_lesson_is_described_as_schema_org_has_it(client, revised, settings):
    page = client.get(revised.get_absolute_url())
    data = data_of(page)
    address = f"{settings.SITE_URL}{revised.get_absolute_url()}"
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Article"
    assert data["@id"] == data["url"] == address
    assert data["headline"] == revised.title
    assert data["datePublished"] == "2026-03-02"
    assert data["dateModified"] > "2026-03-02"
    assert data["version"] == 3
    assert data["correction"] == "A week is late."
    assert f'<link rel="canonical" href="{address}">' in page.content.decode()


def test_a_learning_point_is_a_report_with_its_published_lessons(client):
    shown, gone = LessonFactory(published=True), LessonFactory(withdrawn=True)
    point = LearningPointFactory(published=True, lessons=[shown, gone])
    data = data_of(client.get(point.get_absolute_url()))
    assert data["@type"] == "Report"
    assert data["reportNumber"] == str(point.number)
    assert [part["headline"] for part in data["hasPart"]] == [shown.title]
    assert "encoding" not in data
    assert "correction" not in data


def test_the_library_says_how_it_is_searched(client, settings):
    action = data_of(client.get("/lessons/"))["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{settings.SITE_URL}/lessons/?text={{text}}"


@pytest.mark.parametrize(
    "typed", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", '"}', "&lt;/script&gt;"]
)
def test_no_text_gets_out_of_the_block(typed):
    block = data_block({"headline": typed})
    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)
    assert json.loads(inside)["headline"] == typed


def test_a_hostile_title_stays_data_in_the_page(client):
    lesson = LessonFactory(published=True, title="</script><script>alert(1)</script>")
    response = client.get(lesson.get_absolute_url())
    assert data_of(response)["headline"] == lesson.title
    assert "<script>alert" not in response.content.decode()


# Kept by caches


PUBLIC = ["/lessons/", "/lessons/learning-points/", "/lessons/known/", "/lessons/feed.atom", "/robots.txt",
          "/sitemap.xml", "/partnerships/in-public/"]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_visitors_page_may_be_kept_for_a_minute_and_is_asked_for_by_its_tag(client, address):
    first = client.get(address)
    assert first.status_code == 200
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in first["Vary"]
    assert not first.cookies
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_the_tag_changes_with_the_text(client, publisher):
    lesson = LessonFactory(published=True)
    before = client.get(lesson.get_absolute_url())["ETag"]
    revise_lesson(lesson=lesson, advice="Other words.", change_note="Reworded.", by=publisher)
    assert client.get(lesson.get_absolute_url(), headers={"If-None-Match": before}).status_code == 200


def test_nothing_of_a_signed_in_person_is_kept(client):
    client.force_login(PersonFactory())
    for address in PUBLIC:
        response = client.get(address)
        assert "no-store" in response["Cache-Control"], address
        assert "public" not in response["Cache-Control"]


def test_nor_a_page_that_holds_a_waiting_message_or_comes_with_a_session(client, settings):
    client.cookies["messages"] = "anything"
    assert "Cache-Control" not in client.get("/lessons/").headers
    del client.cookies["messages"]
    client.cookies[settings.SESSION_COOKIE_NAME] = "of-somebody"
    assert "Cache-Control" not in client.get("/lessons/").headers


# For search engines


def test_the_site_map_lists_public_pages_with_the_portals_own_address(client, revised, settings):
    draft, gone = LessonFactory(), LessonFactory(withdrawn=True)
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://portal.example"
    response = client.get("/sitemap.xml", headers={"host": "evil.example"})
    tree = ElementTree.fromstring(response.content)
    found = {element.text for element in tree.findall("m:url/m:loc", MAP)}
    assert all(address.startswith("https://portal.example/") for address in found)
    paths = {address.removeprefix("https://portal.example") for address in found}
    assert {"/", "/lessons/", revised.get_absolute_url()} <= paths
    assert LearningPoint.objects.get(number=1).get_absolute_url() in paths
    assert not {draft.get_absolute_url(), gone.get_absolute_url()} & paths
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_the_site_map_asks_the_same_number_of_queries_however_long(client, empty_library):
    counts = []
    for more in (1, 30):
        LessonFactory.create_batch(more, published=True)
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_profile_is_in_the_site_map_until_it_is_withdrawn_and_its_story_is_for_people_only(client):
    story = StoryFactory(agreed=True)
    shown = ProfileFactory(partnership=story.monthly_return.partnership, story=story, published=True)
    gone = ProfileFactory(withdrawn=True)
    listed = client.get("/sitemap.xml").content.decode()
    assert shown.get_absolute_url() in listed
    assert gone.get_absolute_url() not in listed
    page = client.get(shown.get_absolute_url())
    assert page.context["described"]["headline"] == shown.title
    assert story.text in page.content.decode()
    assert story.text not in str(page.context["described"])
    assert "Cache-Control" not in page.headers  # nobody keeps a story that may go at any moment
    assert client.get(gone.get_absolute_url()).status_code == 410


def test_robots_are_told_where_the_site_map_is(client, settings):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in response.content.decode().splitlines()
