"""Who started over a range: what may be chosen, what a reader sees and what those who type the counts see."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.breakdown import HIDDEN
from pilots.models import Breakdown
from pilots.periods import months_from
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 17, 9, tzinfo=UTC)):
        yield


def counted(partnership, *women_and_men, since=APRIL):
    """An accepted return a month; everybody who started told their sex."""
    for period, (women, men) in zip(months_from(since, len(women_and_men)), women_and_men, strict=True):
        row = ReturnFactory(partnership=partnership, period=period, accepted=True)
        row.new_starts = women + men
        row.save()
        Breakdown.objects.bulk_create(
            Breakdown(monthly_return=row, dimension="sex", category=category, count=count)
            for category, count in (("female", women), ("male", men))
        )


def reading(client, indicator, role=PartnershipRole.OBSERVER, chosen=""):
    client.force_login(person_as(role, indicator.partnership))
    address = reverse("pilots:who_started", args=[indicator.partnership.public_id, indicator.public_id])
    return client.get(address, {"range": chosen} if chosen else {})


def test_s28_a_sum_that_gives_a_month_away_is_not_shown_to_readers_but_to_those_who_type_it(client):
    indicator = IndicatorFactory(drawn_from="new_starts")
    counted(indicator.partnership, (13, 42), (19, 40), (18, 41), (3, 42), (19, 40), (18, 41))
    response = reading(client, indicator, chosen="2026-07-3")
    assert "July to September 2026: 163 people started" in text(response)
    assert HIDDEN in text(response)
    assert {"40", "123"}.isdisjoint(numbers_in(response))
    openly = reading(client, indicator, chosen="2026-04-3")
    assert {"50", "123"} <= numbers_in(openly)
    typed = reading(client, indicator, PartnershipRole.THIRD_SECTOR_LEAD, chosen="2026-07-3")
    assert {"40", "123"} <= numbers_in(typed)


def test_only_what_is_over_and_accepted_is_offered(client):
    indicator = IndicatorFactory(drawn_from="new_starts")
    counted(indicator.partnership, *[(9, 9)] * 5)
    ReturnFactory(partnership=indicator.partnership, period=date(2026, 9, 1), submitted=True)
    page = text(reading(client, indicator))
    assert "April to June 2026" in page
    assert "July to September 2026" not in page
    assert "All whole years together" not in page
    assert "April to June 2026: 54 people started" in text(reading(client, indicator, chosen="2026-07-3"))


def test_a_whole_year_and_all_of_them_together(client):
    indicator = IndicatorFactory(drawn_from="new_starts")
    counted(indicator.partnership, *[(9, 9)] * 24, since=date(2024, 4, 1))
    year = reading(client, indicator, chosen="2025-04-12")
    assert "Financial year 2025-26: 216 people started" in text(year)
    assert "108" in numbers_in(year)
    assert {"432", "216"} <= numbers_in(reading(client, indicator, chosen="all"))


def test_before_the_first_quarter_is_over_the_page_says_so(client):
    indicator = IndicatorFactory(drawn_from="new_starts")
    assert "once a whole quarter is over" in text(reading(client, indicator))


def test_only_an_indicator_of_people_starting_can_be_broken_down_and_only_by_those_with_a_part(client):
    assert reading(client, IndicatorFactory()).status_code == 404
    indicator = IndicatorFactory(drawn_from="new_starts")
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, PartnershipFactory()))
    address = reverse("pilots:who_started", args=[indicator.partnership.public_id, indicator.public_id])
    assert client.get(address).status_code == 404


def test_the_same_few_queries_for_3_and_100_months(client):
    indicator = IndicatorFactory(drawn_from="new_starts")
    client.force_login(person_as(PartnershipRole.OBSERVER, indicator.partnership))
    address = reverse("pilots:who_started", args=[indicator.partnership.public_id, indicator.public_id])
    counts, there = [], 0
    for count in (3, 100):
        counted(indicator.partnership, *[(9, 9)] * (count - there), since=months_from(date(2015, 4, 1), there + 1)[-1])
        there = count
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
