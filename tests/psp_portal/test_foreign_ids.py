"""Other people's ids in every address that holds one: a rival, a former member and a stranger get nowhere, and write
nothing. The addresses below a partnership, a pilot and a tender have matrices of their own.

An address with an id that is not named here fails the test, so a new page cannot be forgotten.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import URLResolver, get_resolver, reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.database.ids import PublicIdConverter
from foundation.delivery.models import OutboxMail
from foundation.webhooks.models import Webhook
from lessons.actions.use import use_lesson
from lessons.models import EarlierEdition
from partnerships.actions.feed import make_feed
from partnerships.actions.reminder import mute
from partnerships.calendars import FeedKind
from partnerships.reminders import plan
from partnerships.roles import PartnershipRole
from psp_portal.policy import TABLE
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

# Everybody who is signed in reads these, whoever it is about.
FOR_EVERYBODY = {
    "accounts:organisation", "accounts:person", "lessons:report", "lessons:report_progress", "lessons:report_download",
}  # fmt: skip
MATRICES = ("partnerships", "pilots", "procurement")
HERE_ALL_THE_SAME = {"partnerships:reminder_put_off", "partnerships:reminder_resume"}
NOBODYS = "nobodysnobodysnobodysw"


def addresses(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """Name and parts of every address with an id in it that is not public."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            continue
        name, parts = f"{space}{entry.name}", entry.pattern.converters
        covered = space.rstrip(":") in MATRICES and name not in HERE_ALL_THE_SAME
        ids = any(isinstance(one, PublicIdConverter) for one in parts.values())
        if ids and not covered and name not in FOR_EVERYBODY and not TABLE[name].public:
            yield name, list(parts)


ADDRESSES = list(addresses(get_resolver()))


@pytest.fixture
def theirs():
    """One of everything of somebody's in a partnership, by the part of an address that means it."""
    partnership = PartnershipFactory()
    both_leads_as_partners(partnership)
    role = PartnershipRole.THIRD_SECTOR_LEAD
    lead = person_as(role, partnership, organisation=partnership.third_sector_lead)
    MilestoneFactory(partnership=partnership, owner=lead, due_on=clock.today() + timedelta(days=1))
    plan(clock.now())
    mail = OutboxMail.objects.filter(to=lead, kind="reminder").order_by("-pk")[0]
    hook = Webhook.objects.create(
        scope=partnership.audit_scope, name="Chat", address="https://chat.example/", made_by=lead, seen=0
    )
    draft = LessonFactory(partnership=partnership, commented=True, added_by=lead)
    draft.contributors.create(organisation=partnership.third_sector_lead)
    point = LearningPointFactory(commented=True)
    point.contributors.create(organisation=partnership.third_sector_lead)
    published = LessonFactory(published=True)
    things = {
        "partnership_id": partnership, "mail_id": mail, "webhook_id": hook, "message_id": hook.messages.create(
            action="x", body="{}"), "feed_id": make_feed(kind=FeedKind.PERSON, by=lead)[0], "organisation_id":
        partnership.third_sector_lead, "person_id": lead, "lesson_id": draft, "point_id": point,
        "use_id": use_lesson(lesson=published, partnership=partnership, occasion="risk", by=lead),
        "pause_id": mute(partnership=partnership, mail=mail, reason="Waiting", by=lead),
        "item_id": draft, "of_id": point, "profile_id": ProfileFactory(partnership=partnership),
        "edition_id": EarlierEdition.objects.create(
            lesson=published, number=1, text={"title": "As it was"}, began_at=clock.now(), ended_at=clock.now()),
    }  # fmt: skip
    ids = {part: thing.public_id for part, thing in things.items()}
    ids |= dict.fromkeys(("link_id", "version_id", "request_id", "contributor_id"), NOBODYS)
    return partnership, ids | {
        "kind": "lesson",
        "what": "learning-point",
        "code": "large-print",
        "point": point.public_id,
    }


def test_other_peoples_ids_lead_nowhere_and_change_nothing(client, theirs):
    where, ids = theirs
    rival = person_as(PartnershipRole.THIRD_SECTOR_LEAD, PartnershipFactory())
    left = person_as(PartnershipRole.PROJECT_LEAD, where)
    left.memberships.update(joined_on=clock.today() - timedelta(days=9), left_on=clock.today() - timedelta(days=1))
    events = AuditEvent.objects.filter(outcome=Outcome.ALLOWED)
    before, wrong = events.count(), []
    for person in (PersonFactory(), rival, left):
        client.force_login(person)
        for name, parts in ADDRESSES:
            for kind in ("lesson", "learning-point") if "item_id" in parts else ("lesson",):
                named = ids | ({"kind": kind, "item_id": ids["point"]} if kind == "learning-point" else {})
                address = reverse(name, kwargs={part: named[part] for part in parts})
                for ask in (client.get, client.post):
                    status = ask(address).status_code
                    if status not in (403, 404, 405):
                        wrong.append((str(person), name, ask.__name__, status))
    assert wrong == []
    assert events.count() == before


@pytest.mark.parametrize(
    "name",
    ["accounts:inbox_mail", "calendar_revoke", "calendar_make_for", "partnerships:reminder_put_off",
     "lessons:lessons_of", "lessons:lesson_judge", "lessons:draft_lesson", "lessons:review"],
)  # fmt: skip
def test_whose_ids_they_are_gets_there(client, theirs, name):
    """So that nowhere above is not simply nowhere at all."""
    partnership, ids = theirs
    client.force_login(partnership.members.get(role=PartnershipRole.THIRD_SECTOR_LEAD).person)
    address = reverse(name, kwargs={part: ids[part] for part in dict(ADDRESSES)[name]})
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("said", ["%00", "risk:%00", "issue:%00", "return:%00", "decision:%00", f"risk:{'x' * 5000}"])
@pytest.mark.parametrize(("name", "asked"), [("lessons:lessons_of", "from"), ("partnerships:sharing_log", "meeting")])
def test_an_id_in_a_query_that_is_none_fills_in_nothing(client, theirs, name, asked, said):
    """PostgreSQL takes no NUL, not even to look for it."""
    partnership, _ = theirs
    client.force_login(partnership.members.get(role=PartnershipRole.THIRD_SECTOR_LEAD).person)
    assert client.get(f"{reverse(name, args=[partnership.public_id])}?{asked}={said}").status_code == 200
