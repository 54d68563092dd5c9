"""The dates of a tender in calendars: to the minute, each only for whoever may know it, called off when it is."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import vobject
from django.urls import reverse

from foundation.database import clock
from partnerships.actions.feed import make_feed
from partnerships.calendars import FeedKind
from partnerships.roles import PartnershipRole
from procurement.actions.publication import abandon, extend_deadline
from tests.factories.partnerships import person_as
from tests.factories.procurement import DEADLINE, OPENED, PUBLISHED, open_tender, preparing, worked_example

pytestmark = pytest.mark.django_db
BEFORE_THE_OPENING = {"Deadline for questions", "Last day for answers", "Deadline for bids"}


def events(client, person, kind=FeedKind.PORTFOLIO, partnership=None):
    """By what is due, read by one library; the other finds as many."""
    _, token = make_feed(kind=kind, by=person, partnership=partnership)
    body = client.get(reverse("calendar_file", args=[token])).content.decode()
    found = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert len(getattr(vobject.readOne(body), "vevent_list", [])) == len(found)
    return {str(one["SUMMARY"]).split(":")[0]: one for one in found}


def test_an_open_tender_is_in_the_calendar_of_everybody_in_the_partnership_to_the_minute(client):
    story = open_tender()
    observer = person_as(PartnershipRole.OBSERVER, story.tender.partnership)
    with clock.at(PUBLISHED):
        found = events(client, observer)
        assert set(found) == {
            "Deadline for questions",
            "Last day for answers",
            "Deadline for bids",
            "The contract starts",
        }
        assert found["Deadline for bids"].decoded("DTSTART").astimezone(UTC) == DEADLINE
        assert found["The contract starts"].decoded("DTSTART") == story.tender.contract_starts_on
        assert events(client, observer, FeedKind.PERSON) == {}
        assert found["Last day for answers"].decoded("DTSTART") == date(2026, 10, 30)
        assert set(events(client, story.officer, FeedKind.PERSON)) == BEFORE_THE_OPENING


def test_what_is_being_prepared_is_the_buyers_own_business(client):
    story = preparing()
    observer = person_as(PartnershipRole.OBSERVER, story.tender.partnership)
    elsewhere = person_as(PartnershipRole.PROCUREMENT_OFFICER, story.tender.partnership)  # another employer
    with clock.at(PUBLISHED):
        assert events(client, observer) == events(client, elsewhere) == {}
        assert set(events(client, story.sponsor)) == BEFORE_THE_OPENING


def test_an_abandoned_tender_is_called_off_with_a_higher_sequence(client):
    story = open_tender()
    with clock.at(PUBLISHED):
        before = events(client, story.sponsor)
        abandon(tender=story.tender, reason="The need has changed.", by=story.officer)
        after = events(client, story.sponsor)
    assert set(after) == BEFORE_THE_OPENING
    for name, one in after.items():
        assert str(one["STATUS"]) == "CANCELLED"
        assert one["UID"] == before[name]["UID"]
        assert int(one["SEQUENCE"]) > int(before[name]["SEQUENCE"])


def test_after_the_letters_the_buyer_alone_sees_the_first_day_to_sign(client):
    story, bids = worked_example()
    award = story.award(bids["C"])
    story.send_letters(award, OPENED)
    observer = person_as(PartnershipRole.OBSERVER, story.tender.partnership)
    with clock.at(OPENED):
        found = events(client, story.officer, FeedKind.PERSON)
        assert found["First day to sign the contract"].decoded("DTSTART") == award.signable_on
        assert "First day to sign the contract" not in events(client, observer)


def test_dates_long_past_are_left_out(client):
    story = open_tender()
    with clock.at(datetime(2027, 2, 4, 12, 0, tzinfo=UTC)):  # 91 days after the deadline
        assert "Deadline for bids" not in events(client, story.sponsor)
    with clock.at(datetime(2027, 2, 3, 12, 0, tzinfo=UTC)):
        assert events(client, story.sponsor)["Deadline for bids"].decoded("DTSTART").date() == date(2026, 11, 5)


def test_a_bidders_calendar_tells_nothing_of_how_the_bids_are_judged(client):
    """Neither when it was prepared, closed or opened nor how often it was touched: only its notice has a history."""
    story, _ = worked_example()
    bidder = person_as(PartnershipRole.THIRD_SECTOR_LEAD, story.tender.partnership)
    with clock.at(OPENED):
        for one in events(client, bidder).values():
            assert one.decoded("CREATED") == one.decoded("LAST-MODIFIED") == PUBLISHED.replace(microsecond=0)
            assert int(one["SEQUENCE"]) == story.tender.partnership.version
        own = events(client, story.sponsor)["Deadline for bids"]
        assert own.decoded("LAST-MODIFIED") > PUBLISHED


def test_a_deadline_that_moves_later_is_a_change_for_everybody(client):
    story = open_tender()
    bidder = person_as(PartnershipRole.THIRD_SECTOR_LEAD, story.tender.partnership)
    with clock.at(PUBLISHED):
        before = events(client, bidder)["Deadline for bids"]
    with clock.at(PUBLISHED + timedelta(hours=3)):
        later = DEADLINE + timedelta(days=7)
        extend_deadline(tender=story.tender, deadline_at=later, reason="A paper was late.", by=story.officer)
        after = events(client, bidder)["Deadline for bids"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after.decoded("LAST-MODIFIED") == PUBLISHED + timedelta(hours=3)
