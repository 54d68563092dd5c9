"""What the report makes of targets that change on the way, and of small numbers."""

from datetime import UTC, date, datetime

import pytest

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.models import Breakdown
from pilots.report import Range, content_of
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory
from tests.pilots.test_papers import QUARTER, block_of, quarter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


def test_a_target_that_changes_on_the_way_is_told_as_it_was_in_each_period(partnership):
    """July asks for 5, August and September for 8 each: 21 of the quarter, and 24 started."""
    indicator = IndicatorFactory(
        partnership=partnership, target=None, profile={"2026-04": "5", "2026-08": "8"}, is_headline=True
    )
    for row in quarter(partnership):
        ValueFactory(monthly_return=row, indicator=indicator, amount=8)
    rows = block_of(content_of(partnership, QUARTER), "Indicators in these months, against their targets")["rows"]
    assert [row[:3] for row in rows] == [[str(indicator), "24", "21"]]


def test_small_numbers_show_to_nobody_on_paper_whoever_reads_it(client, partnership):
    """Three women in two months are 1 + 2: the sum is small too, and what would give it away is hidden with it."""
    july, august, september = (
        ReturnFactory(partnership=partnership, accepted=True, period=date(2026, month, 1), new_starts=starts)
        for month, starts in ((7, 23), (8, 17), (9, 0))
    )
    for row, women, men in ((july, 1, 20), (august, 2, 11), (september, 0, 0)):
        for category, count in (("female", women), ("male", men)):
            Breakdown.objects.create(monthly_return=row, dimension="sex", category=category, count=count)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    rows = dict(block_of(content_of(partnership, QUARTER), "Who started, July to September 2026: Sex")["rows"])
    assert rows["Female"] in ("<5", "Not shown")
    assert rows["Male"] in ("31", "Not shown")
    assert "3" not in rows.values()
    two_months = str(content_of(partnership, Range(date(2026, 7, 1), date(2026, 8, 1))))
    assert "Who started, " not in two_months, "what September hides would be the difference"
    assert "Who started is told of whole quarters" in two_months


def test_each_sum_says_which_months_it_lacks(partnership):
    """July and August are accepted, September is only submitted: 8 + 8 people, two months of £10,400."""
    indicator = IndicatorFactory(partnership=partnership)
    for month in (7, 8):
        row = ReturnFactory(partnership=partnership, accepted=True, period=date(2026, month, 1))
        ValueFactory(monthly_return=row, indicator=indicator, amount=8)
    ReturnFactory(partnership=partnership, submitted=True, period=date(2026, 9, 1))
    content = content_of(partnership, QUARTER)
    without = ", without September 2026"
    assert block_of(content, "People, by period")["rows"][-1][:3] == [f"All together{without}", "24", "16"]
    assert dict(block_of(content, f"Money in these months{without}")["rows"])["Spent, in cash"] == "£20,800"
    for caption in ("People reviewed", "Indicators in these months, against their targets"):
        assert block_of(content, caption + without)["rows"]
    assert "2 of 3 returns of these months are accepted. September 2026 is in no sum of this report." in str(content)
    assert ", without " not in str(content_of(partnership, Range(date(2026, 7, 1), date(2026, 8, 1))))


def test_the_year_to_date_says_which_month_in_the_middle_it_lacks(partnership):
    for month in (7, 9):
        ReturnFactory(partnership=partnership, accepted=True, period=date(2026, month, 1))
    caption = "Year to date: April 2026 to the end of September 2026, without August 2026"
    assert dict(block_of(content_of(partnership, QUARTER), caption)["rows"])["Spent"] == "£20,800"
