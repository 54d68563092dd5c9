"""The page of the pilot's money: figures worked out by hand, thresholds, corrections, what nobody has told yet."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.models import MonthlyReturn, PilotPlan
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def reader(client, partnership):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))


def page_of(client, partnership):
    return client.get(reverse("pilots:money", args=[partnership.public_id]))


def month(partnership, year, number, budget, actual, **more):
    period = date(year, number, 1)
    return ReturnFactory(
        partnership=partnership, accepted=True, period=period, budget=Decimal(budget), actual=Decimal(actual), **more
    )


def test_the_page_shows_what_was_worked_out_by_hand(client, partnership, reader):
    """The year: 9,000 + 9,000 budgeted, 9,000 + 9,620 spent: £620 over, 620/18,000 is 3.4%: on track.

    18,620 + 8,000 of the year before are £26,620; for 12 + 3 + 10 people started £1,064.80, for 6 + 5 + 4 improved
    £1,774.67 (26,620 / 15 = 1,774.666…). In O1 4 + 5 improved in April and May only: 18,620 / 9 = £2,068.89.
    """
    month(partnership, 2026, 3, 9000, 8000, new_starts=10, improved=4, forecast=Decimal(99_000))
    april = month(partnership, 2026, 4, 9000, 9000, new_starts=12, improved=6, in_kind=Decimal("450.50"))
    may = month(
        partnership, 2026, 5, 9000, 9620, new_starts=3, improved=5, in_kind=Decimal(450), forecast=Decimal(110_000),
        variance_reason="Cover for <b>sickness</b>",
    )  # fmt: skip
    alone = IndicatorFactory(partnership=partnership, percent=True, code="O1", title="Less alone")
    IndicatorFactory(partnership=partnership, percent=True, code="O2", title="On time", drawn_from="posts_filled")
    for row, improved in ((april, 4), (may, 5)):
        ValueFactory(monthly_return=row, indicator=alone, amount=Decimal(improved), out_of=Decimal(20))
    page = page_of(client, partnership)
    assert page.context["health"] == "green"
    costs = [shown for _, shown in page.context["costs"]]
    assert costs == ["£1,064.80", "£1,774.67", "£2,068.89"]
    said = text(page)
    assert (
        "<strong>£18,620 spent of a budget of £18,000</strong> from April 2026 to March 2027, up to the end of May 2026"
        in said
    )
    assert "£620 over (3.4%)" in said
    assert "The forecast for the whole year is £110,000." in said
    assert "Cost for each person improved in “O1 Less alone”" in said
    assert "Cover for &lt;b&gt;sickness" in page.content.decode()
    newest, before = page.context["tables"]
    assert (newest.name, before.name) == ("April 2026 to March 2027", "April 2025 to March 2026")
    assert [row.to_date for row in newest.rows] == ["£9,000 of £9,000", "£18,620 of £18,000"]
    assert [row.variance for row in newest.rows] == ["as planned", "£620 over (6.9%)"]
    assert (before.sum.variance, before.sum.health) == ("£1,000 under (11.1%)", "red")
    assert dict(page.context["sums"])["Cash and in kind"] == "£27,520.50"
    spend, cost = page.context["pictures"]
    assert [cells[1] for cells in spend.twin.rows] == ["£8,000", "£9,000", "£9,620"]
    assert [cells[1] for cells in cost.twin.rows] == ["£800", "£772.73", "£1,064.80"]
    assert (
        reverse("pilots:money", args=[partnership.public_id])
        in client.get(reverse("pilots:pilot", args=[partnership.public_id])).content.decode()
    )


def test_s39_the_pilots_own_thresholds_colour_the_money(client, partnership, reader):
    """£10,400 of £10,000 is 4% over: on track by the rule, at risk where the pilot agreed on 3%."""
    month(partnership, 2026, 10, 10_000, 10_400)
    assert page_of(client, partnership).context["health"] == "green"
    PilotPlan.objects.create(partnership=partnership, spend_green=Decimal(3), spend_amber=Decimal(6))
    page = page_of(client, partnership)
    assert page.context["health"] == "amber"
    assert "Up to 3% over or under" in text(page)


def test_only_the_newest_accepted_figures_count_and_corrected_ones_are_marked(client, partnership, reader):
    old = month(partnership, 2026, 9, 10_000, 10_000)
    MonthlyReturn.objects.filter(pk=old.pk).update(state="superseded")
    month(partnership, 2026, 9, 10_000, 9_900, revision=2, corrects=old, correction_reason="A bill twice")
    ReturnFactory(partnership=partnership, submitted=True, period=date(2026, 10, 1))
    page = page_of(client, partnership)
    assert [(row.actual, row.corrected) for row in page.context["tables"][0].rows] == [("£9,900", True)]
    assert "Corrected" in text(page)


def test_before_the_first_accepted_return_the_page_says_what_will_be_here(client, partnership, reader):
    ReturnFactory(partnership=partnership, submitted=True)
    assert "once the first return is accepted" in text(page_of(client, partnership))


def test_a_period_without_figures_is_no_zero(client, partnership, reader):
    month(partnership, 2026, 9, 0, 0, new_starts=None, improved=0)
    page = page_of(client, partnership)
    assert page.context["health"] == "grey"
    assert [shown for _, shown in page.context["costs"]] == ["–", "–"]
    assert len(page.context["pictures"]) == 1


def test_the_page_takes_the_same_few_queries_at_1_3_and_300_periods(
    client, partnership, reader, django_assert_max_num_queries
):
    IndicatorFactory(partnership=partnership, percent=True, code="O1")
    counts = []
    for year in (range(1990, 1991), range(1991, 1993), range(1993, 2018)):
        for one in year:
            for number in (1,) if one < 1993 else range(1, 13):
                month(partnership, one, number, 9000, 9000)
        with django_assert_max_num_queries(30) as asked:
            assert page_of(client, partnership).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_strangers_find_nothing(client, partnership):
    client.force_login(person_as(PartnershipRole.OBSERVER, PartnershipFactory()))
    assert page_of(client, partnership).status_code == 404


def test_earlier_years_are_folded_behind_their_sum(client, partnership, reader):
    for year in (2024, 2025, 2026):
        month(partnership, year, 4, 9000, 8000)
    said = text(page_of(client, partnership))
    assert said.count('<summary class="ds_details__summary">Period by period') == 2
    assert said.count("£8,000 spent of a budget of £9,000: £1,000 under (11.1%).") == 2  # the newest year stands open
