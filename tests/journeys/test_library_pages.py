"""The library's pages as somebody sees them on a phone and at a desk: nothing too wide, and axe finds nothing."""

from datetime import timedelta

import pytest

from foundation.database import clock
from lessons.actions.contributor import name_contributor
from lessons.actions.learning_point import withdraw_learning_point
from lessons.actions.lesson import withdraw_lesson
from lessons.actions.profile import revise_profile, withdraw_profile
from lessons.actions.review import ask_partners
from lessons.actions.vocabulary import learn
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners

pytestmark = pytest.mark.django_db(transaction=True)
FIGURES = "the figures on waiting times in all six council areas, for the two years before the pilot began"


def point_with_a_helper(publisher):
    """A draft to which somebody contributed whom nobody here can write to."""
    about = PartnershipFactory()
    both_leads_as_partners(about)
    point = LearningPointFactory(lessons=[LessonFactory(partnership=about, published=True)])
    office = OrganisationFactory(name="The Figures Office of the Northern Isles and the Western Highlands")
    name_contributor(point=point, organisation=office, contributed=FIGURES, by=publisher)
    point.refresh_from_db()
    return point


def test_searching_reading_and_what_was_withdrawn(page, live_server, width, axe):
    publisher = PersonFactory(publisher=True)
    profiles = ProfileFactory.create_batch(4, what="Befriending for people who live alone.", published=True)
    learn([*profiles, LessonFactory(title="Befriending needs patience", published=True)])
    LearningPointFactory(title="Befriending", published=True, slug="befriending")
    revised = revise_profile(
        profile=profiles[0], texts={"who": "Everybody."}, story=None, change_note="For all.", by=publisher
    )
    gone = [
        withdraw_lesson(lesson=LessonFactory(published=True), reason="The figures were wrong.", by=publisher),
        withdraw_learning_point(point=LearningPointFactory(published=True), reason="It is old.", by=publisher),
        withdraw_profile(profile=ProfileFactory(published=True), reason="They asked for it.", by=publisher),
    ]
    addresses = [
        "/lessons/?text=befriending", "/lessons/?text=befreinding", "/lessons/profiles/?text=befreinding",
        "/lessons/profiles/", "/lessons/profiles/?text=xylophone", revised.get_absolute_url(),
        f"{revised.get_absolute_url()}editions/1/", *(item.get_absolute_url() for item in gone),
    ]  # fmt: skip
    for address in addresses:
        page.goto(f"{live_server.url}{address}")
        axe(page)
    today = f"{clock.today():%-d %B %Y}"
    assert page.get_by_text(f"This profile was withdrawn on {today}.").is_visible()


def test_naming_and_asking_those_who_contributed(page, live_server, width, axe, signed_in):
    publisher = PersonFactory(publisher=True)
    point = point_with_a_helper(publisher)
    signed_in(page, publisher)
    draft = f"{live_server.url}/lessons/drafts/learning-points/{point.public_id}/"
    review = f"{live_server.url}/lessons/review/learning-point/{point.public_id}/"
    for address in (draft, f"{draft}contributors/name/", f"{review}ask/"):
        page.goto(address)
        axe(page)
    ask_partners(item=point, until=clock.today() + timedelta(days=9), by=publisher)
    for address in (review, draft):
        page.goto(address)
        axe(page)
    assert page.get_by_text(f"({FIGURES}): not yet").is_visible()


def test_lessons_are_chosen_across_pages_and_searches_with_the_keyboard_alone(page, live_server, width, axe, signed_in):
    lessons = LessonFactory.create_batch(25, title="Book the room early", published=True)
    other = LessonFactory(title="Zebras need room", published=True)
    signed_in(page, PersonFactory(publisher=True))
    page.goto(f"{live_server.url}/lessons/?text=book")

    def choose(lesson):
        page.get_by_label(f"Choose lesson {lesson.number}:").press("Space")

    def press(button):
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).first.press("Enter")

    choose(lessons[24])
    press("Next")
    choose(lessons[0])
    page.get_by_label("Words to look for").fill("zebras")
    press("Show lessons")
    choose(other)
    press("Show lessons")
    assert page.get_by_text("3 lessons chosen").is_visible()
    axe(page)
    press("Make a report of the chosen lessons")
    assert page.get_by_text("3 lessons (Chosen: by hand)").is_visible()
    page.goto(f"{live_server.url}/lessons/?text=book")
    axe(page)
    press("Make a report of the chosen lessons")
    assert page.get_by_text("Choose at least one lesson").is_visible()
    assert page.get_by_label("Words to look for").input_value() == "book"
