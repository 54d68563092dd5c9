"""The holiday table: who adds which days, what is refused beside which field, and the page that shows them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.working_day import add_holiday
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotPermitted
from foundation.workdays.models import Holiday, Sort, bank_holidays, holidays, holidays_by_scope
from tests.factories.accounts import PersonFactory
from tests.reading import text

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
DAY = date(2027, 9, 20)  # a Monday


@pytest.fixture(autouse=True)
def _the_clock():
    with clock.at(NOW):
        yield


def adding(by, **values):
    return add_holiday(**{"on": DAY, "name": "September weekend", "sort": Sort.PORTAL, "by": by} | values)


@pytest.mark.parametrize("sort", list(Sort))
def test_an_administrator_adds_each_sort_and_it_counts_where_it_should(sort):
    administrator = PersonFactory(administrator=True)
    day = adding(administrator, sort=sort, source="Proclaimed on 1 January 2027")
    assert day.sort == sort
    assert (DAY in bank_holidays()) == (sort == Sort.STATUTORY)
    assert (DAY in holidays()) == (sort != Sort.OWN)
    own = holidays_by_scope()
    assert DAY in own.get(administrator.organisation.audit_scope, own[""])


def test_its_side_effect_is_one_event_in_the_right_history():
    administrator = PersonFactory(administrator=True)
    adding(administrator)
    adding(administrator, on=date(2027, 9, 21), sort=Sort.OWN)
    events = AuditEvent.objects.filter(action="working_day.add").order_by("pk")
    assert [event.scope for event in events] == ["workdays", administrator.organisation.audit_scope]
    assert [event.object_id for event in events] == [
        "2027-09-20", f"2027-09-21 {administrator.organisation.public_id}"
    ]  # fmt: skip
    assert events[0].summary == "added 20 September 2027: September weekend as day off for everybody in this portal"


@pytest.mark.parametrize(
    ("who", "sort"),
    [({"commissioner": True}, Sort.PORTAL), ({"commissioner": True}, Sort.STATUTORY), ({}, Sort.OWN),
     ({"publisher": True}, Sort.OWN)],
)  # fmt: skip
def test_refused_with_the_reason_and_nothing_half_done(who, sort):
    person, before = PersonFactory(**who), Holiday.objects.count()
    with pytest.raises(NotPermitted, match="You may not add"):
        adding(person, sort=sort, source="x")
    assert Holiday.objects.count() == before
    assert AuditEvent.objects.get(action="working_day.add").outcome == Outcome.REFUSED


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"on": NOW.date()}, "on", "still to come"),
        ({"on": date(2027, 9, 19)}, "on", "This is a Sunday"),
        ({"on": date(2027, 11, 30)}, "on", "in the table already: St Andrew’s Day"),
        ({"on": date(2027, 11, 30), "sort": Sort.OWN}, "on", "in the table already"),
        ({"sort": Sort.STATUTORY}, "source", "Say where"),
        ({"sort": "nonsense"}, "sort", "Choose whose"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field(values, field, words):
    before = Holiday.objects.count()
    with pytest.raises(ValidationError) as told:
        adding(PersonFactory(administrator=True), **values)
    assert words in told.value.message_dict[field][0]
    assert Holiday.objects.count() == before


def test_two_organisations_may_have_the_same_day_and_see_only_their_own(client):
    for name in ("Fife weekend", "Fair Monday"):
        person = PersonFactory(commissioner=True)
        adding(person, name=name, sort=Sort.OWN)
    client.force_login(person)
    page = text(client.get(reverse("accounts:working_days") + "?year=2027"))
    assert "Fair Monday" in page
    assert "Fife weekend" not in page


class TestThePage:
    def test_a_commissioner_adds_a_day_and_sees_it(self, client):
        person = PersonFactory(commissioner=True)
        client.force_login(person)
        answer = client.post(
            reverse("accounts:working_day_add"), {"on": "20/9/2027", "name": "September weekend", "sort": "own"},
            follow=True,
        )  # fmt: skip
        page = text(answer)
        assert "The day is in the table." in page
        assert "Monday 20 September 2027" in page
        assert f"Day off of {person.organisation}" in page

    def test_a_commissioner_cannot_post_a_bank_holiday(self, client):
        client.force_login(PersonFactory(commissioner=True))
        values = {"on": "20/9/2027", "name": "x", "sort": "statutory", "source": "x"}
        assert client.post(reverse("accounts:working_day_add"), values).status_code == 200
        assert DAY not in bank_holidays()

    @pytest.mark.parametrize("year", ["2027", "1850", "nonsense", "", "99999999999999999999"])
    def test_any_year_in_the_address_is_answered(self, client, year):
        client.force_login(PersonFactory())
        answer = client.get(reverse("accounts:working_days"), {"year": year})
        assert "Good Friday" in text(answer)
        assert b"Add a day" not in answer.content

    def test_the_history_tells_who_added_what(self, client):
        adding(PersonFactory(administrator=True, name="Isla Grant"))
        client.force_login(PersonFactory())
        page = text(client.get(reverse("accounts:working_days_history")))
        assert "<strong>Isla Grant</strong> added 20 September 2027: September weekend" in page

    def test_the_same_queries_for_1_3_and_300_more_days(self, client):
        client.force_login(person := PersonFactory())
        counts = []
        for total in (1, 3, 300):
            have = Holiday.objects.filter(scope=person.organisation.audit_scope).count()
            Holiday.objects.bulk_create(
                Holiday(on=date.fromordinal(date(2027, 1, 1).toordinal() + n), name="Own", added_by=person,
                        added_at=NOW, scope=person.organisation.audit_scope)
                for n in range(have, total)
            )  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse("accounts:working_days"), {"year": "2027"})
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2] <= 12
