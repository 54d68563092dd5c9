"""Stories and their consents: nothing is published without all three, and a withdrawn one is gone everywhere."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.roles import PartnershipRole
from pilots.actions.stories import publish_story, record_consents, withdraw_story
from pilots.models import Story
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import ReturnFactory, StoryFactory, the_two_sides
from tests.reading import text

pytestmark = pytest.mark.django_db

LOGGERS = {PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD, PartnershipRole.PARTNER_MANAGER}
BOTH_SIDES = LOGGERS | {PartnershipRole.PUBLIC_LEAD}


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 13, 16, tzinfo=UTC)):
        yield


def sides(story):
    return the_two_sides(story.monthly_return.partnership)


def by(role, story):
    return person_as(role, story.monthly_return.partnership)


@pytest.mark.parametrize("missing", ["may_use", "anonymised", "may_publish"])
def test_s34_a_story_without_all_three_consents_is_not_published(missing):
    story = StoryFactory(agreed=True, **{missing: False})
    _, public = sides(story)
    with pytest.raises(NotNow, match="It cannot be published"):
        publish_story(story=story, by=public)
    story.refresh_from_db()
    assert story.published_on is None
    assert not Story.objects.publishable().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.update(published_on=date(2026, 11, 1))


def test_s34_with_all_three_it_is_published_and_gone_at_once_when_consent_is_withdrawn():
    story = StoryFactory()
    third, public = sides(story)
    record_consents(story=story, may_use=True, anonymised=True, may_publish=True, by=third)
    publish_story(story=story, by=public)
    assert Story.objects.published().get() == story
    withdraw_story(story=story, by=third)
    assert not (Story.objects.published() | Story.objects.usable() | Story.objects.told()).exists()
    story.refresh_from_db()
    assert (story.withdrawn_on, story.withdrawn_by, story.published_on) == (date(2026, 11, 13), third, None)
    told = AuditEvent.objects.order_by("seq").values_list("summary", flat=True)
    assert list(told) == [
        "recorded the consents to a story",
        "published a story",
        "withdrew a story that was published",
    ]
    assert "tea table" not in str(AuditEvent.objects.values_list("before", "after", "summary", "reason"))


def test_a_return_that_is_not_accepted_publishes_nothing():
    story = StoryFactory(agreed=True, monthly_return=ReturnFactory(submitted=True))
    _, public = sides(story)
    with pytest.raises(NotNow, match="has not been accepted yet"):
        publish_story(story=story, by=public)
    assert not Story.objects.publishable().exists()


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - LOGGERS))
def test_consents_are_recorded_by_those_who_log(role):
    story = StoryFactory()
    with pytest.raises(NotPermitted):
        record_consents(story=story, may_use=True, anonymised=True, may_publish=True, by=by(role, story))
    assert not Story.objects.usable().exists()


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - {PartnershipRole.PUBLIC_LEAD}))
def test_publishing_is_for_the_one_who_accepts(role):
    story = StoryFactory(agreed=True)
    with pytest.raises(NotPermitted):
        publish_story(story=story, by=by(role, story))
    assert not Story.objects.published().exists()


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - BOTH_SIDES))
def test_withdrawing_is_refused_to_other_roles(role):
    story = StoryFactory(published=True)
    with pytest.raises(NotPermitted, match="You may not withdraw a story"):
        withdraw_story(story=story, by=by(role, story))
    assert Story.objects.published().exists()


@pytest.mark.parametrize("role", sorted(BOTH_SIDES))
def test_either_side_withdraws_even_when_the_partnership_is_closed(role):
    row = ReturnFactory(accepted=True, partnership=PartnershipFactory(closed=True))
    story = StoryFactory(published=True, monthly_return=row)
    withdraw_story(story=story, by=by(role, story))
    assert not Story.objects.told().exists()


def test_what_is_withdrawn_or_published_stays_so():
    story = StoryFactory(published=True)
    third, public = sides(story)
    consents = {"may_use": True, "anonymised": True, "may_publish": False}
    with pytest.raises(NotNow, match="Withdraw it if the person no longer agrees"):
        record_consents(story=story, **consents, by=third)
    with pytest.raises(NotNow, match="It was published on 1 November 2026"):
        publish_story(story=story, by=public)
    withdraw_story(story=story, by=public)
    for act in (lambda: withdraw_story(story=story, by=third), lambda: publish_story(story=story, by=public),
                lambda: record_consents(story=story, **consents, by=third)):  # fmt: skip
        with pytest.raises(NotNow, match="withdrawn"):
            act()


# Pages


def address(story, name="stories", *more):
    return reverse(f"pilots:{name}", args=[story.monthly_return.partnership.public_id, *more])


def test_a_story_is_read_by_partners_only_with_consent_and_by_nobody_once_withdrawn(client):
    story = StoryFactory()
    third, _ = sides(story)
    observer = by(PartnershipRole.OBSERVER, story)
    of_return = reverse("pilots:return", args=[story.monthly_return.partnership.public_id, date(2026, 10, 1)])
    client.force_login(observer)
    for page in (address(story), of_return):
        assert "tea table" not in text(client.get(page))
    record_consents(story=story, may_use=True, anonymised=False, may_publish=False, by=third)
    for page in (address(story), of_return):
        assert "tea table" in text(client.get(page))
    withdraw_story(story=story, by=third)
    client.force_login(third)
    for page in (address(story), of_return):
        assert "tea table" not in text(client.get(page))
    assert "Withdrawn on 13 Nov 2026" in text(client.get(address(story)))


def test_consent_publish_and_withdraw_from_the_pages(client):
    story = StoryFactory(may_use=True)
    third, public = sides(story)
    client.force_login(third)
    consents = {"may_use": "on", "anonymised": "on", "may_publish": "on", "version": "1"}
    assert client.post(address(story, "story_consent", story.public_id), consents).status_code == 302
    client.force_login(public)
    assert "Publish" in text(client.get(address(story)))
    client.post(address(story, "story_publish", story.public_id), {"version": "2"})
    assert "Published on 13 Nov 2026." in text(client.get(address(story)))
    page = client.post(address(story, "story_withdraw", story.public_id), {"version": "3"}, follow=True)
    assert "The story is withdrawn from every page." in text(page)
    assert "cannot be done now" in text(client.get(address(story, "story_publish", story.public_id)))


@pytest.mark.parametrize("name", ["story_consent", "story_publish", "story_withdraw"])
def test_who_reaches_the_pages_of_a_story(client, name):
    story, other = StoryFactory(), StoryFactory()
    third, _ = sides(story)
    client.force_login(third)
    assert client.get(address(other, name, other.public_id)).status_code == 404
    assert client.get(address(story, "story_withdraw", other.public_id)).status_code == 404
    client.force_login(by(PartnershipRole.OBSERVER, story))
    assert client.get(address(story, name, story.public_id)).status_code == 403


def test_the_list_asks_the_same_queries_for_1_3_and_30_stories(client):
    story = StoryFactory(may_use=True)
    partnership = story.monthly_return.partnership
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for rows in (1, 3, 30):
        for n in range(Story.objects.count(), rows):
            month = date(2020 + n // 12, n % 12 + 1, 1)
            StoryFactory(may_use=True, monthly_return__partnership=partnership, monthly_return__period=month)
        with CaptureQueriesContext(connection) as queries:
            assert text(client.get(address(story))).count("tea table") == rows
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
