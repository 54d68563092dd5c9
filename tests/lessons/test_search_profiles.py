"""Profiles in the library's search: by the same search as lessons, on both engines, and never the story of a person."""

import pytest
from django.db import connection

from lessons.actions.profile import publish_profile
from lessons.actions.vocabulary import learn
from lessons.models import Profile
from lessons.search import PROFILES, excerpts, find
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.pilots import StoryFactory
from tests.lessons.test_search import HOSTILE
from tests.reading import words

pytestmark = pytest.mark.django_db


def titles(typed):
    rows = Profile.objects.in_bulk()
    return [rows[pk].title for pk in find(typed, Profile.objects.listed()).ids]


@pytest.fixture
def tea():
    made = ProfileFactory(
        title="Tea and company", what="Befriending for people who live alone.", where="Còmhradh Street",
        partners="The Quince Trust: third sector lead", published=True,
    )  # fmt: skip
    learn([made])
    return made


@pytest.mark.parametrize(
    "typed", ["befriend", "QUINCE trust", '"live alone"', "comhradh", "CÒMHRADH", "tea -procurement"]
)
def test_a_profile_is_found_by_words_in_any_of_its_parts(tea, typed):
    ProfileFactory(title="Procurement of tea and quinces", what="Other.", published=True)
    assert titles(typed) == ["Tea and company"]


def test_a_title_counts_most_and_a_draft_or_a_withdrawn_one_is_never_found(tea):
    ProfileFactory(title="Something else", contact="Over tea.", published=True)
    ProfileFactory(title="Tea in a draft")
    ProfileFactory(title="Tea that was withdrawn", withdrawn=True)
    assert titles("tea") == ["Tea and company", "Something else"]


def test_it_follows_every_change_of_the_words(tea):
    tea.where = "Dunbar"
    tea.save()
    assert titles("comhradh") == []
    assert titles("dunbar") == ["Tea and company"]
    tea.delete()
    assert titles("dunbar") == []


def test_the_database_still_keeps_the_index_of_profiles():
    """Altering `lessons_profile` on SQLite drops its triggers: the migration that does must build the index again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname = 'lessons_profile_words'")
            assert cursor.fetchall() == [("lessons_profile_words",)]
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'lessons_profile_%'")
            assert len(cursor.fetchall()) == 3
            cursor.execute(
                "INSERT INTO lessons_profile_words (lessons_profile_words, rank) VALUES ('integrity-check', 1)"
            )


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_input_is_never_an_error_here_either(client, tea, typed):
    found = find(typed, Profile.objects.listed())
    excerpts(found.words, found.ids, PROFILES)


def test_a_story_is_not_searched_for_it_may_go_at_any_moment(client):
    story = StoryFactory(agreed=True, text="Zebedee runs the table.")
    profile = ProfileFactory(partnership=story.monthly_return.partnership, story=story, published=True)
    assert "Zebedee" in words(client.get(profile.get_absolute_url()))
    assert titles("zebedee") == []
    assert "zebedee" not in client.get("/lessons/feed.atom").content.decode().lower()


def test_a_mistyped_word_of_a_published_profile_is_forgiven_and_no_story_is_learned(client):
    profile = ProfileFactory(checked=True, title="Quokkas for everybody")
    publish_profile(profile=profile, by=PersonFactory(publisher=True))
    page = words(client.get("/lessons/profiles/?text=quokas"))
    assert "These profiles hold quokkas" in page
    assert "Quokkas for everybody" in page


def test_the_page_marks_what_was_found_and_says_when_nothing_was(client, tea):
    page = client.get("/lessons/profiles/?text=befriending%00").content.decode()
    assert "<mark>Befriending</mark>" in page
    assert "1 profile found" in page
    assert "No profile holds these words" in words(client.get("/lessons/profiles/?text=xylophone"))


@pytest.mark.parametrize("staff", [False, True])
def test_the_library_shows_profiles_beside_lessons_and_learning_points(client, tea, staff):
    if staff:
        client.force_login(PersonFactory(publisher=True))
    LessonFactory(title="Befriending needs patience", published=True)
    LearningPointFactory(title="Befriending", published=True)
    page = words(client.get("/lessons/?text=befriending"))
    for said in ("Befriending needs patience", "Learning points with these words", "Profiles with these words"):
        assert said in page
    assert "Tea and company" in page
    assert "Profiles with these words" not in words(client.get("/lessons/?text=procurement"))
    assert "Profiles with" not in words(client.get("/lessons/"))


def test_beside_lessons_that_were_found_no_profile_is_guessed_at(client):
    """“quince” is spelled well: it does not mean the prince of a profile."""
    learn([ProfileFactory(title="Prince and company", published=True), LessonFactory(title="Quince", published=True)])
    assert find("quince", Profile.objects.listed()).instead == "prince"
    assert "Profiles with" not in words(client.get("/lessons/?text=quince"))


def test_a_mistyped_search_finds_profiles_by_the_word_it_meant(client, tea):
    learn([LessonFactory(title="Befriending needs patience", published=True)])
    page = words(client.get("/lessons/?text=befreinding"))
    assert "Profiles with befriending" in page
    assert "Tea and company" in page


def test_more_than_three_lead_to_the_list_of_profiles(client):
    ProfileFactory.create_batch(5, what="Befriending.", published=True)
    page = client.get("/lessons/?text=befriending").content.decode()
    assert 'href="/lessons/profiles/?text=befriending"' in page
    assert "(2 more)" in page
