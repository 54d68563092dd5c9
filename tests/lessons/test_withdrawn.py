"""What was withdrawn says when and why: at its address, in the feed, in reports. And earlier editions of profiles."""

from datetime import UTC, datetime
from importlib import import_module
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from foundation.database import clock
from foundation.policy.refusals import NotNow
from lessons.actions.edition import take_back_edition
from lessons.actions.learning_point import withdraw_learning_point
from lessons.actions.lesson import withdraw_lesson
from lessons.actions.profile import TAKEN_OUT, revise_profile, withdraw_profile
from lessons.actions.report import make_report
from lessons.feeds import entry_id
from lessons.models import EarlierEdition, LearningPoint, Lesson, Profile
from pilots.actions.stories import withdraw_story
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.pilots import StoryFactory, the_two_sides
from tests.reading import words

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MARCH = datetime(2027, 3, 3, 12, tzinfo=UTC)
MAKERS = {
    "lesson": (LessonFactory, withdraw_lesson, "lesson"),
    "learning point": (LearningPointFactory, withdraw_learning_point, "point"),
    "profile": (ProfileFactory, withdraw_profile, "profile"),
}


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


def withdrawn(kind, publisher):
    factory, withdraw, named = MAKERS[kind]
    item = factory(published=True)
    with clock.at(MARCH):
        return withdraw(**{named: item}, reason="The figures were wrong.", by=publisher)


def entries(client, address="/lessons/feed.atom"):
    tree = ElementTree.fromstring(client.get(address).content)
    return {
        entry.find("a:id", ATOM).text: {
            name: entry.find(f"a:{name}", ATOM).text for name in ("title", "summary", "updated")
        }
        for entry in tree.findall("a:entry", ATOM)
    }


@pytest.mark.parametrize("kind", MAKERS)
def test_the_page_of_what_was_withdrawn_says_when_and_why(client, publisher, kind):
    item = withdrawn(kind, publisher)
    assert item.withdrawn_at == MARCH
    answer = client.get(item.get_absolute_url())
    assert answer.status_code == 410
    assert f"This {kind} was withdrawn on 3 March 2027. The figures were wrong." in words(answer)
    assert 'rel="canonical"' not in answer.content.decode()


@pytest.mark.parametrize("kind", MAKERS)
def test_withdrawing_without_a_reason_leaves_it_as_it_was(publisher, kind):
    factory, withdraw, named = MAKERS[kind]
    item = factory(published=True)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw(**{named: item}, reason=" ", by=publisher)
    item.refresh_from_db()
    assert (item.state, item.withdrawn_at) == ("published", None)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_feed_tells_of_a_withdrawal_under_the_id_that_readers_know(client, publisher, kind):
    """The words that a feed reader fetched give way to the reason."""
    factory, withdraw, named = MAKERS[kind]
    item = factory(published=True)
    known = entry_id(f"{item._meta.model_name}/{item.public_id}")
    before = entries(client)[known]
    with clock.at(MARCH):
        withdraw(**{named: item}, reason="The figures were wrong.", by=publisher)
    after = entries(client)[known]
    assert after["title"] == f"Withdrawn: {before['title']}"
    assert after["summary"] == "This was withdrawn on 3 March 2027. The figures were wrong."
    assert after["updated"].startswith("2027-03-03T12:00:00")
    assert next(iter(entries(client))) == known  # the newest comes first


def test_the_feed_of_a_theme_tells_of_it_too_and_nobody_hears_of_a_draft(client, publisher):
    lesson = withdrawn("lesson", publisher)
    LessonFactory(title="A draft", theme=lesson.theme)
    told = [entry["title"] for entry in entries(client, f"/lessons/feeds/{lesson.theme}.atom").values()]
    assert f"Withdrawn: {lesson.title}" in told
    assert not any("A draft" in title for title in told)


def test_a_profile_stands_in_the_feed_with_what_it_is_about(client):
    profile = ProfileFactory(published=True)
    entry = entries(client)[entry_id(f"profile/{profile.public_id}")]
    assert entry["title"] == profile.series_line
    assert entry["summary"] == profile.what


def test_a_report_says_when_one_of_its_lessons_was_withdrawn(client, publisher):
    lesson = LessonFactory(published=True)
    report, _ = make_report(title="Three", introduction="", lessons=[lesson], filters={}, by=publisher)
    with clock.at(MARCH):
        withdraw_lesson(lesson=lesson, reason="The figures were wrong.", by=publisher)
    client.force_login(publisher)
    assert "was withdrawn on 3 March 2027: The figures were wrong. Make" in words(client.get(report.get_absolute_url()))


def test_a_withdrawal_of_before_takes_its_day_from_the_audit_trail(client, publisher):
    """What migration 0014 does. Without an event the page does without the day."""
    known, unknown = withdrawn("profile", publisher), LessonFactory(withdrawn=True)
    for model in (Profile, Lesson, LearningPoint):
        model.objects.update(withdrawn_at=None)
    import_module("lessons.migrations.0014_search_of_profiles").remember(apps, None)
    known.refresh_from_db()
    assert known.withdrawn_at == MARCH
    assert "This lesson was withdrawn. It was wrong." in words(client.get(unknown.get_absolute_url()))
    assert client.get("/lessons/feed.atom").status_code == 200


# Earlier editions of profiles


@pytest.fixture
def revised(publisher):
    """A profile with two earlier editions."""
    profile = ProfileFactory(published=True)
    for who, note in (("Anybody over 65.", "From 65."), ("Everybody.", "For all.")):
        profile = revise_profile(profile=profile, texts={"who": who}, story=None, change_note=note, by=publisher)
    return profile


def test_what_a_revision_of_a_profile_replaces_stays_readable(client, revised):
    page = client.get(revised.get_absolute_url())
    assert "Everybody." in words(page)
    assert "Edition 2" in words(page)
    assert page.context["described"]["version"] == 3
    first = words(client.get(f"{revised.get_absolute_url()}editions/1/"))
    assert "People over 75." in first
    assert "This is an earlier edition. It was what readers saw from 2 Mar 2026 to" in first
    assert "Visit in pairs first." in first
    assert "From 65." not in first
    second = words(client.get(f"{revised.get_absolute_url()}editions/2/"))
    assert "Anybody over 65." in second
    assert "What it had changed: From 65." in second
    for number in (0, 3, 99999):
        assert client.get(f"{revised.get_absolute_url()}editions/{number}/").status_code == 404


def test_a_refused_revision_of_a_profile_keeps_no_edition(publisher):
    profile = ProfileFactory(published=True)
    with pytest.raises(ValidationError, match="Nothing was changed"):
        revise_profile(profile=profile, texts={}, story=None, change_note="x", by=publisher)
    with pytest.raises(NotNow):
        revise_profile(profile=ProfileFactory(withdrawn=True), texts={}, story=None, change_note="x", by=publisher)
    assert not EarlierEdition.objects.exists()


def test_editions_of_a_withdrawn_profile_are_gone_with_it(client, revised, publisher):
    with clock.at(MARCH):
        withdraw_profile(profile=revised, reason="The pilot asked for it.", by=publisher)
    page = client.get(f"{revised.get_absolute_url()}editions/1/")
    assert page.status_code == 410
    assert "was withdrawn on 3 March 2027, and its earlier editions with it. The pilot asked for it." in words(page)
    assert "People over 75." not in words(page)


def test_the_text_of_an_edition_of_a_profile_is_taken_back(client, revised, publisher):
    edition = take_back_edition(edition=revised.earlier.get(number=1), reason="It named a person.", by=publisher)
    page = client.get(edition.get_absolute_url())
    assert page.status_code == 410
    assert "It named a person." in words(page)
    assert "its text was taken back" in words(client.get(revised.get_absolute_url()))
    client.force_login(publisher)
    assert client.get(f"/lessons/editions/{edition.public_id}/take-back/").status_code == 200


def test_an_earlier_edition_never_holds_a_story(client):
    """When the person no longer agrees, the profile is made again without it, and so is what it was before."""
    story = StoryFactory(agreed=True)
    about = story.monthly_return.partnership
    profile = ProfileFactory(partnership=about, story=story, published=True)
    logger, _ = the_two_sides(about)
    withdraw_story(story=story, by=logger)
    edition = profile.earlier.get()
    assert story.text not in str(edition.text)
    page = words(client.get(edition.get_absolute_url()))
    assert story.text not in page
    assert "This edition told a person’s story." in page
    assert TAKEN_OUT in words(client.get(profile.get_absolute_url()))


@pytest.mark.parametrize(("made", "what"), [(LearningPointFactory, "learning-point"), (ProfileFactory, "profile")])
def test_an_old_link_to_a_file_leads_to_the_page_that_says_why(client, made, what):
    row = made(published=True)
    type(row).objects.update(state="withdrawn", change_note="It was wrong.")
    response = client.get(f"/lessons/formats/{what}/{row.public_id}/pdf/download/")
    assert (response.status_code, response.url) == (302, row.get_absolute_url())
