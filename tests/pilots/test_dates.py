"""The days on which returns are due, in calendars."""

from datetime import UTC, datetime

import icalendar
import pytest
from django.urls import reverse

from foundation.database import clock
from partnerships.actions.feed import make_feed
from partnerships.calendars import FeedKind
from partnerships.lifecycle import Stage
from partnerships.models import Partnership
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import person_as
from tests.factories.pilots import ReturnFactory

pytestmark = pytest.mark.django_db


def events(client, person, kind=FeedKind.PERSON):
    _, token = make_feed(kind=kind, by=person, partnership=Partnership.objects.get() if kind == "partnership" else None)
    body = client.get(reverse("calendar_file", args=[token])).content.decode()
    return {str(e["SUMMARY"]): e for e in icalendar.Calendar.from_ical(body).walk("VEVENT")}


def test_a_return_is_the_date_of_whoever_logs_and_leads_to_where_it_is_filled_in(client):
    row = ReturnFactory()
    manager, observer = (person_as(role, row.partnership) for role in (PartnershipRole.PARTNER_MANAGER, "observer"))
    with clock.at(datetime(2026, 10, 5, 9, 0, tzinfo=UTC)):
        (own,) = events(client, manager).values()
        assert own.decoded("DTSTART") == row.due_on
        assert str(own["URL"]).endswith(reverse("pilots:return_fill_in", args=[row.partnership.public_id, row.period]))
        assert events(client, observer) == {}
        (seen,) = events(client, observer, FeedKind.PARTNERSHIP).values()
        assert str(seen["URL"]).endswith(reverse("pilots:pilot", args=[row.partnership.public_id]))


def test_a_sent_return_is_done_and_one_of_a_stopped_pilot_is_called_off(client):
    row = ReturnFactory(submitted=True)
    ReturnFactory(partnership=row.partnership, period=row.period.replace(month=11))
    manager = person_as(PartnershipRole.PARTNER_MANAGER, row.partnership)
    Partnership.objects.update(stage=Stage.STOPPED)
    with clock.at(datetime(2026, 10, 5, 9, 0, tzinfo=UTC)):
        states = {title: str(one["STATUS"]) for title, one in events(client, manager).items()}
    assert states == {"Done: Return due: October 2026 (" + row.partnership.title + ")": "CONFIRMED",
                      "Return due: November 2026 (" + row.partnership.title + ")": "CANCELLED"}  # fmt: skip
