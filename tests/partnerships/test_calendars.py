"""Calendar addresses: made and taken back by their own person, read without signing in, and never saying too much."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import time_machine
import vobject
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.feed import make_feed, revoke_feed
from partnerships.actions.milestone import complete_milestone, edit_milestone, move_milestone
from partnerships.calendars import FeedKind
from partnerships.lifecycle import Stage
from partnerships.models import CalendarFeed, Member, Partnership
from partnerships.models.feed import digest_of
from partnerships.plan import Block, MilestoneKind
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    ActionPointFactory,
    MeetingFactory,
    MemberFactory,
    MilestoneFactory,
    PartnershipFactory,
    person_as,
)
from tests.reading import text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
R = PartnershipRole


@pytest.fixture(autouse=True)
def _at_nine():
    cache.clear()
    with clock.at(NOW):
        yield


def address(person, kind=FeedKind.PARTNERSHIP, partnership=None) -> str:
    _, token = make_feed(kind=kind, partnership=partnership, by=person)
    return reverse("calendar_file", args=[token])


def events(client, where: str) -> dict[str, icalendar.Event]:
    """The events by their title, as both libraries read them."""
    body = client.get(where).content.decode()
    found = {str(one["SUMMARY"]): one for one in icalendar.Calendar.from_ical(body).walk("VEVENT")}
    again = getattr(vobject.readOne(body), "vevent_list", [])
    assert sorted(one.summary.value for one in again) == sorted(found)
    return found


@pytest.fixture
def lead():
    return person_as(R.PROJECT_LEAD, PartnershipFactory())


@pytest.fixture
def here(lead):
    return Partnership.objects.get()


# --- Making an address -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.CLOSED])
def test_whoever_has_a_role_makes_an_address_in_every_stage_but_the_last(stage):
    partnership = PartnershipFactory(stage=stage)
    feed, token = make_feed(kind=FeedKind.PARTNERSHIP, partnership=partnership, by=person_as(R.OBSERVER, partnership))
    assert CalendarFeed.objects.at(token) == feed
    assert len(token) == 32  # 192 bits
    assert feed.token_digest == digest_of(token) != token


def test_a_closed_partnership_has_no_calendar_and_the_refusal_is_recorded():
    partnership = PartnershipFactory(closed=True)
    with pytest.raises(NotNow, match="closed: it has no dates any more"):
        make_feed(kind=FeedKind.PARTNERSHIP, partnership=partnership, by=person_as(R.OBSERVER, partnership))
    assert not CalendarFeed.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_nobody_makes_the_calendar_of_a_partnership_they_have_no_part_in_and_the_old_address_stays(here, lead):
    old = make_feed(kind=FeedKind.PARTNERSHIP, partnership=here, by=lead)[0]
    Member.objects.filter(person=lead).update(left_on=date(2026, 8, 31))
    with pytest.raises(NotPermitted, match="Only somebody with a role"):
        make_feed(kind=FeedKind.PARTNERSHIP, partnership=here, by=lead)
    old.refresh_from_db()
    assert old.revoked_at is None


def test_a_new_address_ends_the_one_before_of_the_same_calendar_only(client, here, lead):
    own, first = address(lead, FeedKind.PERSON), address(lead, partnership=here)
    second = address(lead, partnership=here)
    assert [client.get(where).status_code for where in (own, first, second)] == [200, 404, 200]
    assert CalendarFeed.objects.visible_to(lead).open().count() == 2
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.summary) == ("calendar.make", f"made a new calendar address: {here}")
    assert event.scope == f"calendars:{lead.public_id}"


def test_no_event_holds_the_address(here, lead):
    token = address(lead, partnership=here).removeprefix("/calendar/").removesuffix(".ics")
    event = AuditEvent.objects.get()
    assert token not in str([event.summary, event.after, event.object_name, event.object_id])


# --- Taking it back ----------------------------------------------------------------------------------------------


def test_an_address_taken_back_finds_nothing_from_then_on(client, lead):
    where = address(lead, FeedKind.PORTFOLIO)
    revoke_feed(feed=CalendarFeed.objects.get(), by=lead)
    assert client.get(where).status_code == 404
    assert AuditEvent.objects.order_by("pk").last().action == "calendar.revoke"


def test_it_is_taken_back_once(lead):
    feed = make_feed(kind=FeedKind.PERSON, by=lead)[0]
    revoke_feed(feed=feed, by=lead)
    feed.refresh_from_db()
    when = feed.revoked_at
    with pytest.raises(NotNow, match="taken back before"):
        revoke_feed(feed=feed, by=lead)
    feed.refresh_from_db()
    assert feed.revoked_at == when


def test_nobody_else_takes_it_back(client, lead):
    where = address(lead, FeedKind.PERSON)
    with pytest.raises(NotPermitted):
        revoke_feed(feed=CalendarFeed.objects.get(), by=PersonFactory())
    assert client.get(where).status_code == 200


# --- In plain words ----------------------------------------------------------------------------------------------


def test_ones_own_calendar_says_what_to_do_by_when_for_which_partnership_and_where(client, here, lead, settings):
    """As it is read on a phone, by somebody who is not thinking of the portal."""
    milestone = MilestoneFactory(
        partnership=here, title="Evaluation report", owner=lead, kind=MilestoneKind.DELIVERABLE, block=Block.EVALUATION
    )
    assert FeedKind.PERSON.label == "Your own deadlines"
    where = address(lead, FeedKind.PERSON)
    assert f"X-WR-CALNAME:{settings.SITE_NAME}: my deadlines" in client.get(where).content.decode()
    event = events(client, where)[f"Due: Evaluation report ({here})"]
    page = settings.SITE_URL + reverse("partnerships:milestone", args=[here.public_id, milestone.public_id])
    assert str(event["DESCRIPTION"]).split("\n\n") == [
        "Yours to do by the end of this day. Deliverable. In the plan under “Evaluation and redesign of the contract”.",
        f"Partnership: {here}",
        f"See it in the portal, where you may have to sign in:\n{page}",
    ]
    assert str(event["URL"]) == page
    complete_milestone(milestone=milestone, evidence="It is filed.", by=lead)
    done = events(client, where)[f"Done: Evaluation report ({here})"]
    assert "Yours to do" not in done["DESCRIPTION"]


def test_an_action_point_names_the_meeting_it_was_taken_on_at(client, here, lead):
    meeting = MeetingFactory(partnership=here, title="Steering group", held_on=date(2026, 9, 10))
    ActionPointFactory(partnership=here, meeting=meeting, what="Ask the board", owner=lead, due_on=date(2026, 9, 20))
    event = events(client, address(lead, partnership=here))["Ask the board"]
    assert str(event["DESCRIPTION"]).startswith("Taken on at the meeting “Steering group” of 10 September 2026.")


# --- What a program is given -------------------------------------------------------------------------------------


def test_the_file_is_private_has_a_tag_and_is_not_sent_again_while_nothing_changed(client, here, lead):
    milestone = MilestoneFactory(partnership=here, title="Evaluation report")
    where = address(lead, partnership=here)
    first = client.get(where)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first
    again = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.head(where).status_code == 200
    edit_milestone(milestone=milestone, title="Report", owner=None, by=lead)
    changed = client.get(where, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_uid_stays_and_sequence_and_last_modified_rise_with_every_change(client, here, lead):
    milestone = MilestoneFactory(partnership=here, title="Report", due_on=date(2026, 10, 1))
    where, seen = address(lead, partnership=here), []

    def look(title="Report"):
        one = events(client, where)[title]
        seen.append((int(one["SEQUENCE"]), one.decoded("LAST-MODIFIED"), str(one["UID"])))
        return one

    assert look().decoded("DTSTART") == date(2026, 10, 1)
    with clock.at(NOW + timedelta(days=1)):
        move_milestone(milestone=milestone, due_on=date(2026, 11, 2), reason="Staff left", by=lead)
        assert look().decoded("DTSTART") == date(2026, 11, 2)
    with clock.at(NOW + timedelta(days=2)):
        edit_milestone(milestone=milestone, title="Final report", owner=None, by=lead)
        look("Final report")
    with clock.at(NOW + timedelta(days=3)):
        complete_milestone(milestone=milestone, evidence="It is filed.", by=lead)
        look("Done: Final report")
    sequences, changed, uids = zip(*seen, strict=True)
    assert list(sequences) == sorted(set(sequences))
    assert list(changed) == sorted(set(changed))
    assert set(uids) == {f"milestone:{milestone.public_id}@127.0.0.1"}


def test_what_a_stopped_partnership_leaves_undone_is_called_off_and_its_exit_tasks_are_not(client, here, lead):
    MilestoneFactory(partnership=here, title="Open")
    MilestoneFactory(partnership=here, title="Kept", done_on=date(2026, 8, 1))
    where = address(lead, partnership=here)
    before = int(events(client, where)["Open"]["SEQUENCE"])
    Partnership.objects.update(stage=Stage.STOPPED)
    now = events(client, where)
    assert {title: str(one["STATUS"]) for title, one in now.items()} == {"Open": "CANCELLED", "Done: Kept": "CONFIRMED"}
    assert int(now["Open"]["SEQUENCE"]) > before


def test_dates_long_past_fall_out(client, here, lead):
    for day in (date(2026, 6, 2), date(2026, 6, 3)):  # 91 and 90 days ago
        MilestoneFactory(partnership=here, title=f"Due {day:%d}", due_on=day)
    assert list(events(client, address(lead, partnership=here))) == ["Due 03"]


def test_each_calendar_holds_its_own_choice(client, here, lead):
    other = PartnershipFactory(title="Another")
    MemberFactory(partnership=other, person=lead)
    MilestoneFactory(partnership=here, title="Mine", owner=lead)
    MilestoneFactory(partnership=here, title="Somebody’s", owner=PersonFactory(name="Ishbel Munro"))
    MilestoneFactory(partnership=other, title="End of redesign", block=Block.EVALUATION, ends_block=True)
    meeting = MeetingFactory(partnership=here, title="Steering group", held_on=date(2026, 9, 10))
    ActionPointFactory(partnership=here, meeting=meeting, what="Ask the board", owner=lead, due_on=date(2026, 9, 20))
    found = events(client, address(lead, partnership=here))
    assert set(found) == {"Mine", "Somebody’s", "Steering group", "Ask the board"}
    own = events(client, address(lead, FeedKind.PERSON))
    assert set(own) == {f"Due: Mine ({here})", f"Due: Ask the board ({here})"}
    assert own[f"Due: Ask the board ({here})"]["UID"] == found["Ask the board"]["UID"]
    assert set(events(client, address(lead, FeedKind.PORTFOLIO))) == {"End of redesign (Another)"}
    body = client.get(address(lead, partnership=here)).content.decode()
    assert "Ishbel" not in body
    assert lead.name not in body


def test_links_begin_with_the_portals_own_address_whatever_the_request_says(client, settings, here, lead):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://psp.example", ["*"]
    MilestoneFactory(partnership=here)
    body = client.get(address(lead, partnership=here), headers={"Host": "evil.example"}).content.decode()
    assert "evil" not in body
    assert "URL:https://psp.example/partnerships/" in body


def test_losing_the_role_empties_every_calendar_at_the_next_request(client, here, lead):
    MilestoneFactory(partnership=here, owner=lead, kind=MilestoneKind.DECISION)
    feeds = [address(lead, kind, here if kind == FeedKind.PARTNERSHIP else None) for kind in FeedKind]
    assert [len(events(client, where)) for where in feeds] == [1, 1, 1]
    Member.objects.update(left_on=date(2026, 8, 31))
    assert [len(events(client, where)) for where in feeds] == [0, 0, 0]
    assert str(here).encode() not in client.get(feeds[1]).content


@pytest.mark.parametrize("token", ["x" * 32, "a", "../etc"])
def test_a_wrong_address_is_a_plain_404_that_says_nothing(client, token):
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 404


def test_a_closed_account_has_no_calendar_and_guessing_is_slowed_down(client, lead):
    where = address(lead, FeedKind.PERSON)
    lead.is_active = False
    lead.save()
    refused = client.get(where)
    assert (refused.status_code, refused["Content-Type"]) == (404, "text/plain; charset=utf-8")
    with time_machine.travel(NOW, tick=False):
        assert {client.get("/calendar/guess.ics").status_code for _ in range(30)} == {404}
        assert client.get("/calendar/guess.ics").status_code == 429


def test_a_program_that_comes_all_the_time_is_told_to_wait(client, lead):
    where = address(lead, FeedKind.PERSON)
    with time_machine.travel(NOW, tick=False):
        assert {client.get(where).status_code for _ in range(30)} == {200}
        assert client.get(where).status_code == 429
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert client.get(where).status_code == 200


@pytest.mark.parametrize("kind", list(FeedKind))
def test_a_calendar_takes_the_same_queries_however_much_is_in_it(client, kind):
    counts = []
    observer = PersonFactory()
    first = MemberFactory(person=observer).partnership
    where = address(observer, kind, first if kind == FeedKind.PARTNERSHIP else None)
    for more in (1, 2, 30):
        for _ in range(more):
            partnership = MemberFactory(person=observer).partnership
            for one in (first, partnership):
                MilestoneFactory(partnership=one, owner=observer, ends_block=True)
                MeetingFactory(partnership=one, held_on=date(2026, 9, 10))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(where).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2] <= 16


# --- The pages ---------------------------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_works(client, here, lead):
    client.force_login(lead)
    make = reverse("calendar_make_for", args=[here.public_id])
    page = client.get(make)
    token = page.context["form"]["form_token"].value()
    shown = client.post(make, {"form_token": token})
    where = text(shown).split("<code>")[1].split("</code>")[0]
    assert where.startswith("http://127.0.0.1:8000/calendar/")
    assert "Copy it now" in text(shown)
    client.logout()
    assert client.get(where.removeprefix("http://127.0.0.1:8000")).status_code == 200
    client.force_login(lead)
    again = client.post(make, {"form_token": token}, follow=True)
    assert "The form was sent twice" in text(again)
    assert CalendarFeed.objects.count() == 1
    assert where not in text(client.get(reverse("calendars")))


def test_the_page_lists_ones_own_and_warns_that_an_address_is_a_key(client, here, lead):
    address(PersonFactory(), FeedKind.PERSON)
    client.force_login(lead)
    page = text(client.get(reverse("calendars")))
    assert "An address is a key." in page
    assert str(here) in page
    assert "Made on" not in page  # the other person's
    for program in ("Outlook", "Google Calendar", "Apple Calendar"):
        assert program in page


def test_taking_back_is_asked_first_and_only_ones_own(client, lead):
    feed = make_feed(kind=FeedKind.PERSON, by=lead)[0]
    where = reverse("calendar_revoke", args=[feed.public_id])
    client.force_login(PersonFactory())
    assert client.get(where).status_code == 404
    client.force_login(lead)
    assert "Take back the calendar address" in text(client.get(where))
    client.post(where, {})
    feed.refresh_from_db()
    assert feed.revoked_at is not None


def test_a_calendar_of_a_strange_kind_or_of_a_strange_partnership_is_not_found(client, lead):
    client.force_login(lead)
    for name, key in (("calendar_make", "all"), ("calendar_make_for", PartnershipFactory().public_id)):
        assert client.get(reverse(name, args=[key])).status_code == 404


def test_the_page_takes_the_same_queries_for_one_partnership_and_for_many(client):
    person, counts = PersonFactory(), []
    client.force_login(person)
    for more in (1, 2, 60):
        MemberFactory.create_batch(more, person=person)
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("calendars"))
        counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2]
