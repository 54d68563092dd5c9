"""The page of one indicator: its months, its rule, and what is behind a month that is not on track."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.roles import PartnershipRole
from pilots.lifecycle import ReturnState
from pilots.periods import months_from
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, StoryFactory, ValueFactory
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db


def address(indicator):
    return reverse("pilots:indicator", args=[indicator.partnership.public_id, indicator.public_id])


def told(indicator, *figures, **columns):
    """An accepted return a month from April 2026, with the indicator's figure in each."""
    rows = []
    for period, (amount, out_of) in zip(months_from(date(2026, 4, 1), len(figures)), figures, strict=True):
        rows.append(ReturnFactory(partnership=indicator.partnership, period=period, accepted=True, **columns))
        ValueFactory(monthly_return=rows[-1], indicator=indicator, amount=amount, out_of=out_of)
    return rows


def reading(client, indicator, role=PartnershipRole.OBSERVER):
    client.force_login(person_as(role, indicator.partnership))
    return client.get(address(indicator))


def test_s29_the_parts_of_a_percentage_stand_beside_it_on_both_pages(client):
    indicator = IndicatorFactory(percent=True, code="O1")
    told(indicator, (40, 50), (9, 10), (30, 60))
    response = reading(client, indicator)
    assert "<strong>65.8%</strong> so far (79 of 120, all months together), target so far 80%" in text(response)
    assert "73" not in numbers_in(response)
    pilot = client.get(reverse("pilots:pilot", args=[indicator.partnership.public_id]))
    assert '65.8%<br><span class="ds_hint-text">79 of 120, all months together</span>' in text(pilot)
    assert "73" not in numbers_in(pilot)


def test_the_rule_of_a_sum_the_latest_a_mean_and_a_cost_in_words(client):
    partnership = PartnershipFactory(in_pilot=True)
    row = ReturnFactory(partnership=partnership, accepted=True)
    of_sum = IndicatorFactory(partnership=partnership)
    latest = IndicatorFactory(partnership=partnership, rollup="latest")
    mean = IndicatorFactory(partnership=partnership, days=True)
    cost = IndicatorFactory(partnership=partnership, unit="pounds", rollup="ratio", direction="down")
    for indicator, amount, out_of in ((of_sum, 8, None), (latest, 8, None), (mean, 7, 12), (cost, 10_400, 8)):
        ValueFactory(monthly_return=row, indicator=indicator, amount=amount, out_of=out_of)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = text(client.get(reverse("pilots:pilot", args=[partnership.public_id])))
    for rule in ("the months added up", "the latest month", "mean of 12 people", "£10,400 for 8, all months together"):
        assert f">{rule}" in page


def test_s30_each_month_is_judged_against_its_own_target_and_all_against_the_profile_so_far(client):
    indicator = IndicatorFactory(target=None, profile={"2026-04": "5", "2026-06": "8"})
    told(indicator, (5, None), (4, None), (8, None))
    page = text(reading(client, indicator))
    assert "<strong>17</strong> so far (the months added up), target so far 18." in page
    assert "from 5 in April 2026 to 8 in June 2026, in 2 steps, each month" in page
    assert page.count("Off track") == 0
    assert page.count(">At risk<") == 3  # all months together, and May: in the list of reasons and in the table


def test_the_reason_behind_a_month_is_what_its_return_says_with_a_story_only_by_consent(client):
    indicator = IndicatorFactory(target=Decimal(10))
    rows = told(indicator, (3, None), (10, None), (2, None))
    for row, risk in zip(rows, ("Two volunteers left.", "All is well.", ""), strict=True):
        row.risks = risk
        row.save()
    StoryFactory(monthly_return=rows[0], text="She came back after a week.", may_use=True)
    StoryFactory(monthly_return=rows[2], text="He told this to nobody else.", may_use=False)
    page = text(reading(client, indicator))
    assert "Two volunteers left." in page
    assert "She came back after a week." in page
    assert "All is well." not in page  # that month was on track
    assert "The return of this month gives no reason." in page
    for role in (PartnershipRole.OBSERVER, PartnershipRole.THIRD_SECTOR_LEAD):
        assert "He told this to nobody else." not in text(reading(client, indicator, role))
    assert reverse("pilots:return", args=[indicator.partnership.public_id, date(2026, 4, 1)]) in page


def test_a_month_that_is_not_accepted_is_not_told(client):
    indicator = IndicatorFactory(target=Decimal(10))
    row = ReturnFactory(partnership=indicator.partnership, submitted=True, risks="Not yet accepted.")
    ValueFactory(monthly_return=row, indicator=indicator, amount=3)
    page = text(reading(client, indicator))
    assert "No month has a figure yet." in page
    assert "Not yet accepted." not in page


def test_a_correction_takes_the_place_of_what_it_corrects_and_shares_its_story(client):
    indicator = IndicatorFactory(target=Decimal(10))
    (first,) = told(indicator, (3, None))
    StoryFactory(monthly_return=first, text="She came back.", may_use=True)
    first.state = ReturnState.SUPERSEDED
    first.save()
    second = ReturnFactory(
        partnership=indicator.partnership, period=first.period, accepted=True, revision=2, corrects=first,
        correction_reason="Counted again.",
    )  # fmt: skip
    ValueFactory(monthly_return=second, indicator=indicator, amount=4)
    response = reading(client, indicator)
    assert "Corrected" in text(response)
    assert "She came back." in text(response)
    assert "<strong>4</strong> so far" in text(response)


def test_the_same_few_queries_for_1_3_and_100_months(client):
    indicator = IndicatorFactory(target=Decimal(10))
    client.force_login(person_as(PartnershipRole.OBSERVER, indicator.partnership))
    counts, there = [], 0
    for count in (1, 3, 100):
        for period in months_from(date(2011, 1, 1), count)[there:]:
            row = ReturnFactory(partnership=indicator.partnership, period=period, accepted=True)
            ValueFactory(monthly_return=row, indicator=indicator, amount=2)
        there = count
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(indicator)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_whoever_has_no_part_in_it_gets_404_and_so_does_another_partnerships_indicator(client):
    indicator, other = IndicatorFactory(), IndicatorFactory()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, other.partnership))
    assert client.get(address(indicator)).status_code == 404
    mixed = reverse("pilots:indicator", args=[other.partnership.public_id, indicator.public_id])
    assert client.get(mixed).status_code == 404
