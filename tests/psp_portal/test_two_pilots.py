"""Two pilots of the demo over 24 months, one of them drifting: its pages agree with a calculation made by hand."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from foundation.database import clock
from partnerships.models import Instalment, Partnership, PilotExtension
from pilots.models import MonthlyReturn
from psp_portal.demo import means, personas
from psp_portal.demo.people import bring_in_everybody, person
from psp_portal.demo.plots import BEFRIENDING, DRIFTING
from psp_portal.demo.story import Chapter
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def november():
    with clock.at(datetime(2026, 11, 20, 9, tzinfo=UTC)):
        bring_in_everybody()
        means.bring_in_outcomes()
        yield clock.today()


def test_both_long_pilots_are_planned_for_more_than_24_months():
    """From the first of the month 26 months ago: the last return is a draft, the one before waits, 24 are accepted."""
    for plot in (BEFRIENDING, DRIFTING):
        assert plot.began_months_ago - 6 == 26
        assert sum(plot.months.values()) - 12 >= plot.began_months_ago


def test_the_drifting_pilots_pages_agree_with_a_calculation_by_hand(client, november):
    """24 accepted returns, September 2024 to August 2026: twelve good months, six poorer ones, six poor ones.

    started    12 × 8 + 6 × 6 + 6 × 4 =  96 + 36 + 24 = 156 of a target of 24 × 8 = 192: 81.25 %, amber (80 to 95)
    improved   12 × 6 + 6 × 5 + 6 × 4 =  72 + 30 + 24 = 126 of 24 × 10 = 240: 52.5 % of a target of 60 %: 0.875, amber
    spent      12 × 8,000 + 6 × 8,400 + 6 × 9,000 = 96,000 + 50,400 + 54,000 = 200,400 of 24 × 8,000 = 192,000:
               8,400 over, which is 4.375 %
    the year   April to August 2026 are five poor months: 45,000 of 40,000, 5,000 over, 12.5 %: red
    each       200,400 / 156 = 1,284.615… started; 200,400 / 126 = 1,590.476… improved
    quarter    July and August are accepted, September waits: 8 started (of 16: red), 8 of 20 improved (40 %: red),
               18,000 of 16,000: 2,000 over (12.5 %); 18,000 / 8 = 2,250 for each
    late       every second month from the 15th on came on the 25th: November 2025, January, March, May, July 2026
    """
    Chapter(DRIFTING, november).tell()
    partnership = Partnership.objects.get(title=DRIFTING.title)
    assert MonthlyReturn.objects.accepted().filter(partnership=partnership).count() == 24
    assert PilotExtension.objects.filter(partnership=partnership).count() == 1
    client.force_login(person(personas.COMMISSIONER))

    def read(name):
        page = client.get(reverse(f"pilots:{name}", args=[partnership.public_id]))
        return page, text(page)

    pilot, said = read("pilot")
    rows = {row.name.split()[0]: (row.to_date, row.target, row.health.value) for row in pilot.context["indicators"]}
    assert rows == {"R1": ("156", "192", "amber"), "O1": ("52.5%", "60%", "amber")}
    assert "£45,000 spent of a budget of £40,000, April 2026 to August 2026" in said
    parts = dict(pilot.context["overall_parts"])
    assert {name: parts[name].value for name in ("Reach", "Outcomes", "Money")} == {
        "Reach": "amber", "Outcomes": "amber", "Money": "red",
    }  # fmt: skip
    assert pilot.context["overall"].calculated == "red"

    money, said = read("money")
    assert [shown for _, shown in money.context["costs"]] == ["£1,284.62", "£1,590.48", "£1,590.48"]
    assert dict(money.context["sums"])["Difference"] == "£8,400 over (4.4%)"
    assert "£45,000 spent of a budget of £40,000" in said
    assert "£5,000 over (12.5%)" in said
    assert money.context["health"] == "red"
    spend, cost = (picture.twin.rows for picture in money.context["pictures"])
    assert [(row[1], row[2]) for row in (spend[0], spend[12], spend[-1])] == [
        ("£8,000", "£8,000"), ("£8,400", "£8,000"), ("£9,000", "£8,000"),
    ]  # fmt: skip
    # After twelve months 96,000 / 96 and 96,000 / 72; after all of them as above.
    assert [row[1:] for row in (cost[11], cost[-1])] == [("£1,000", "£1,333.33"), ("£1,284.62", "£1,590.48")]

    report, said = read("report")
    assert "Report of the pilot, July to September 2026" in said
    assert "2 of 3 returns of these months are accepted." in said
    told = {b["caption"]: b for s in report.context["sections"] for b in s["blocks"] if "caption" in b}
    in_quarter = dict(told["Money in these months, without September 2026"]["rows"])
    assert (in_quarter["Spent, in cash"], in_quarter["Difference"]) == ("£18,000", "£2,000 over (12.5%)")
    assert {in_quarter[f"Cost for each person {done}"] for done in ("started", "improved")} == {"£2,250"}
    year = dict(told["Year to date: April 2026 to the end of August 2026"]["rows"])
    assert (year["Spent"], year["Budget"], year["State"]["health"]) == ("£45,000", "£40,000", "red")
    results = {
        row[0].split()[0]: row[1:]
        for row in told["Indicators in these months, against their targets, without September 2026"]["rows"]
    }
    assert [results["O1"][:2], results["R1"][:2]] == [["40%", "60%"], ["8", "16"]]
    assert {row[-1]["health"] for row in results.values()} == {"red"}
    late = {row[0]: row[2:4] for row in told["When the returns came"]["rows"]}
    assert late["July 2026"] == ["25 August 2026", {"health": "amber", "word": "At risk"}]
    assert late["August 2026"][1]["health"] == "green"
    state = dict(told["State of the pilot"]["rows"])
    assert (state["Overall, calculated"]["health"], state["Money"]["health"]) == ("red", "red")
    assert "£45,000" in said
    assert "£2,250" in said

    tied = Instalment.objects.filter(fund__partnership=partnership, return_for__isnull=False)
    _, ready, early, held = tied.order_by("due_on")
    assert ready.is_held
    assert early.released_by == person(personas.SPONSOR)
    assert early.released_because
    assert held.is_held
