"""The short form on one page, the full form section by section, and the pages of what a pilot agrees about itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import PortalRole
from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.lifecycle import ReturnState
from pilots.models import HealthOverride, LivingWage, PilotPlan, plan_of
from pilots.sections import Section
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnerFactory, person_as
from tests.factories.pilots import WHOLE, IndicatorFactory, ReturnFactory, StoryFactory, ValueFactory, the_two_sides
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 12, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def row():
    row = ReturnFactory()
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    return row


@pytest.fixture
def third(row, client):
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    return third


def address(row, name="return_fill_in", *more):
    return reverse(f"pilots:{name}", args=[row.partnership.public_id, row.period, *more])


def section(row, name):
    return address(row, "return_fill_in_section", name)


def of(row, name):
    return reverse(f"pilots:{name}", args=[row.partnership.public_id])


def send(client, row, name, **typed):
    row.refresh_from_db()
    return client.post(section(row, name), typed | {"version": str(row.version)})


# The short form


def short():
    row = ReturnFactory()
    third, public = the_two_sides(row.partnership)
    return row, third, public


def test_the_short_form_asks_little_and_the_full_one_everything(client, row, third):
    little, logs, _ = short()
    everything = set().union(*(client.get(section(row, s)).context["form"].fields for s in Section if s != "partners"))
    client.force_login(logs)
    asked = set(client.get(address(little)).context["form"].fields)
    assert not {"forecast", "safeguarding", "story", "posts_funded", "who_sex_male"} & asked
    assert {"longest_wait", "users_said", "changed_because", "learned"} <= asked
    assert asked < everything | {"received"}


def test_what_the_portal_knows_stands_beside_the_field(client):
    row, logs, _ = short()
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True, longest_wait=9, referrals=1200)
    client.force_login(logs)
    page = text(client.get(address(row)))
    assert "Last month: 1,200." in page
    assert "Last month: 9." in page
    assert "Improved, plus the same, plus worse. Last month: 10." in page
    assert "Earlier in this financial year: £10,400 of a budget of £10,000." in page


def test_partners_are_ticked_whose_data_arrived(client):
    row, logs, _ = short()
    here, missing = (PartnerFactory(partnership=row.partnership) for _ in range(2))
    client.force_login(logs)
    typed = {name: str(value) for name, value in WHOLE.items()} | {"version": "1", "received": [here.public_id]}
    assert client.post(address(row), typed).status_code == 302
    assert row.entry().received == {here.public_id: True, missing.public_id: False}


def test_only_partners_of_the_period_are_asked_for(client):
    row, logs, _ = short()
    there = PartnerFactory(partnership=row.partnership, left_on=date(2026, 10, 31))
    PartnerFactory(partnership=row.partnership, left_on=date(2026, 9, 30))
    PartnerFactory(partnership=row.partnership, joined_on=date(2026, 11, 1))
    client.force_login(logs)
    choices = client.get(address(row)).context["form"].fields["received"].choices
    assert [key for key, _ in choices] == [there.public_id]


def test_the_marks_stand_beside_their_fields_as_text(client):
    row, logs, public = short()
    type(row).objects.filter(pk=row.pk).update(
        **WHOLE, state="submitted", submitted_by=logs, submitted_at=clock.now(), first_submitted_on=clock.today()
    )
    client.force_login(public)
    where = address(row, "return_send_back")
    wrong = client.post(where, {"note": "Two things.", "version": "1", "field_1": "improved", "remark_2": "What?"})
    assert wrong.context["form"].errors.keys() == {"remark_1", "field_2"}
    marks = {"field_1": "improved", "remark_1": "<b>6?</b>", "field_2": "actual", "remark_2": "With VAT?"}
    assert client.post(where, {"note": "Two things.", "version": "1"} | marks).status_code == 302
    client.force_login(logs)
    page = client.get(address(row)).content.decode()
    assert "Sent back with this remark: &lt;b&gt;6?&lt;/b&gt;" in page
    assert page.index("Sent back with this remark: With VAT?") > page.index('id="div_id_actual"')
    assert "With VAT?" in text(client.get(address(row, "return")))


def test_a_remarked_section_is_to_look_at_again_and_the_note_links_to_the_field(client):
    row = ReturnFactory(returned=True, marks={"improved": "Really 6?", "learned": "Say more."})
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    logs, _ = the_two_sides(row.partnership)
    client.force_login(logs)
    response = client.get(address(row))
    states = {one.label: one.state for one in response.context["sections"]}
    again = {label for label, state in states.items() if state == "To look at again"}
    assert again == {"Outcomes", "One thing you learned"}
    for where in (response, client.get(section(row, "people")), client.get(address(row, "return"))):
        assert f'<a href="{section(row, "outcomes")}#id_improved">Outcomes: Improved</a>: Really 6?' in text(where)
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    page = text(client.get(address(row, "return")))
    assert "<li>Outcomes: Improved: Really 6?</li>" in page


def test_the_note_of_the_short_form_links_to_the_field_on_its_page(client):
    row = ReturnFactory(returned=True, marks={"actual": "With VAT?"})
    logs, _ = the_two_sides(row.partnership)
    client.force_login(logs)
    page = text(client.get(address(row, "return")))
    assert f'<a href="{address(row)}#id_actual">Money: Spent this month (£)</a>: With VAT?' in page
    assert 'id="id_actual"' in client.get(address(row)).content.decode()


def test_whoever_accepts_reads_what_is_very_different(client):
    row = ReturnFactory(submitted=True, referrals=40)
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True, actual=Decimal(3_000))
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    page = text(client.get(address(row, "return")))
    assert "Very different from September 2026:" in page
    assert "Referrals in: 40, was 12" in page
    assert "Spent this month (£): £10,400, was £3,000" in page
    assert "New starts: 8, was 8" not in page
    assert "Spent, financial year so far" in page
    assert "£13,400" in page


# The full form


@pytest.mark.usefixtures("third")
def test_each_section_saves_by_itself_and_the_list_says_what_is_missing(client, row):
    page = text(client.get(address(row)))
    assert page.count("To be filled in") == 4  # people, outcomes, money, safeguarding
    assert f'<a href="{section(row, "outcomes")}">Outcomes: 4 answers</a>' in page
    assert "Submit</button>" not in page
    response = send(client, row, "people", referrals="12", new_starts="8")
    assert response.url == section(row, "who")
    row.refresh_from_db()
    assert (row.state, row.referrals, row.new_starts) == (ReturnState.DRAFT, 12, 8)
    page = text(client.get(address(row)))
    assert "Still to be typed: Referrals accepted;" in page
    assert "Not complete" in page


@pytest.mark.usefixtures("third")
def test_the_full_form_is_submitted_from_the_list_once_complete(client, row):
    indicator = IndicatorFactory(partnership=row.partnership, code="S9")
    money, outcomes = ("budget", "actual"), ("reviewed", "improved", "same", "worse")
    typed = {name: str(value) for name, value in WHOLE.items()}
    people = {name: value for name, value in typed.items() if name not in (*money, *outcomes, "learned")}
    send(client, row, "people", **people)
    send(client, row, "who", who_sex_female="5", who_sex_male="3")
    send(client, row, "outcomes", **{name: typed[name] for name in outcomes}, **{"amount-S9": "7"})
    send(client, row, "money", **{name: typed[name] for name in money}, forecast="120000")
    send(client, row, "story", story="She runs the tea table.", may_use="on")
    response = send(client, row, "safety", safeguarding="0", incidents="0", save="Save draft")
    assert response.url == address(row)
    page = text(client.get(address(row)))
    assert "Submit</button>" in page
    row.refresh_from_db()
    page = text(client.post(address(row), {"version": str(row.version)}, follow=True))
    assert "The return for October 2026 is submitted." in page
    assert "Who started" in page
    assert "£120,000" in page
    row.refresh_from_db()
    assert row.values.get(indicator=indicator).amount == 7
    assert row.entry().story.may_use


def test_what_was_saved_is_there_after_a_lost_session(client, row, third):
    send(client, row, "voice", users_said="Evenings suit us.", save="Save draft")
    client.logout()
    assert client.get(section(row, "voice")).status_code == 302
    client.force_login(third)
    assert "Evenings suit us." in text(client.get(section(row, "voice")))


@pytest.mark.usefixtures("third")
def test_a_section_that_cannot_be_is_kept_as_a_draft_but_personal_details_are_not(client, row):
    assert send(client, row, "who", who_sex_female="9").status_code == 302
    response = send(client, row, "voice", users_said="Ring 07700 900123")
    assert "users_said" in response.context["form"].errors
    assert "Ring 07700 900123" in text(response)
    page = text(client.post(address(row), {"version": "2"}))
    assert "Submit</button>" not in page


@pytest.mark.usefixtures("third")
def test_sections_that_are_not_asked_are_404(client, row):
    assert client.get(section(row, "nonsense")).status_code == 404
    third, _ = the_two_sides(row.partnership)
    StoryFactory(monthly_return=row, withdrawn_on=date(2026, 11, 2), withdrawn_by=third)
    assert client.get(section(row, "story")).status_code == 404
    PilotPlan.objects.update(form="short")
    assert client.get(section(row, "people")).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(PartnershipRole.OBSERVER, 403), (PartnershipRole.PARTNER_MANAGER, 200)])
def test_who_reaches_a_section(client, row, role, status):
    client.force_login(person_as(role, row.partnership))
    assert client.get(section(row, "people")).status_code == status
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, ReturnFactory().partnership))
    assert client.get(section(row, "people")).status_code == 404


def test_s28_small_counts_are_hidden_from_those_who_neither_type_nor_check_them(client, row):
    accepted = ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True, new_starts=20)
    accepted.breakdown.create(dimension="sex", category="female", count=17)
    accepted.breakdown.create(dimension="sex", category="male", count=3)
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    page = client.get(address(accepted, "return"))
    assert "<5" in text(page)
    assert "17" not in numbers_in(page)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, row.partnership))
    assert "17" in numbers_in(client.get(address(accepted, "return")))


def test_pay_is_set_against_the_real_living_wage_of_the_time(client, row):
    paid = ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True, lowest_pay=Decimal(13))
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    assert "has no real Living Wage of that time" in text(client.get(address(paid, "return")))
    LivingWage.objects.create(since=date(2026, 4, 1), hourly=Decimal("13.45"), source="Published")
    assert "Below the real Living Wage (£13.45 an hour" in text(client.get(address(paid, "return")))


@pytest.mark.usefixtures("third")
def test_the_list_of_sections_asks_the_same_queries_for_1_and_30_indicators(client, row):
    counts = []
    for count in (1, 3, 30):
        for _ in range(count - row.partnership.indicators.count()):
            IndicatorFactory(partnership=row.partnership)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(row)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 24


# What a pilot agrees about itself


def planner(client, row):
    person = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    client.force_login(person)
    return person


def test_form_and_rhythm_from_the_page(client, row):
    planner(client, row)
    page = client.post(of(row, "reporting"), {"form": "short", "rhythm": "quarter", "version": "1"}, follow=True)
    assert "Every quarter of the financial year." in text(page)
    assert (plan_of(row.partnership).form, plan_of(row.partnership).rhythm) == ("short", "quarter")


def test_thresholds_from_the_page_are_checked_beside_the_field(client, row):
    planner(client, row)
    shown = client.get(of(row, "thresholds"))
    assert "Usual: 95." in text(shown)
    typed = {"up_green": "90", "up_amber": "90", "down_green": "105", "down_amber": "120", "spend_green": "5",
             "spend_amber": "10", "late_amber": "10", "version": "1"}  # fmt: skip
    assert "up_amber" in client.post(of(row, "thresholds"), typed).context["form"].errors
    assert client.post(of(row, "thresholds"), typed | {"up_amber": "70"}).status_code == 302
    assert plan_of(row.partnership).thresholds.up_amber == 70


def test_s31_both_colours_and_the_name_are_on_the_pilots_page(client, row):
    indicator = IndicatorFactory(partnership=row.partnership, code="R1", target=Decimal(100))
    accepted = ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), accepted=True)
    ValueFactory(monthly_return=accepted, indicator=indicator, amount=94)
    person = planner(client, row)
    assert "Calculated: At risk." in text(client.get(of(row, "override")))
    refused = client.post(of(row, "override"), {"judged": "amber", "reason": "So."})
    assert "judged" in refused.context["form"].errors
    page = text(client.post(of(row, "override"), {"judged": "green", "reason": "The van is back."}, follow=True))
    assert f"Set by {person} on 12 Nov 2026 until the next return is accepted: The van is back." in page
    assert "Calculated. The worst of the five below." in page
    page = text(client.post(of(row, "override_end"), {}, follow=True))
    assert "Set by" not in page
    assert HealthOverride.objects.standing().count() == 0


@pytest.mark.parametrize("name", ["reporting", "thresholds", "override", "override_end"])
def test_who_reaches_these_pages(client, row, name):
    client.force_login(person_as(PartnershipRole.PARTNER_MANAGER, row.partnership))
    assert client.get(of(row, name)).status_code == 403
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, ReturnFactory().partnership))
    assert client.get(of(row, name)).status_code == 404


def test_the_real_living_wage_from_its_page(client):
    reader = PersonFactory()
    client.force_login(reader)
    assert "Rates will be listed here" in text(client.get(reverse("pilots:living_wage")))
    assert client.get(reverse("pilots:living_wage_set")).status_code == 403
    client.force_login(PersonFactory(portal_role=PortalRole.ADMINISTRATOR))
    typed = {"since": "1/4/2026", "hourly": "£13.45", "source": "Published rate"}
    page = text(client.post(reverse("pilots:living_wage_set"), typed, follow=True))
    assert "£13.45" in page
    assert LivingWage.objects.get().since == date(2026, 4, 1)
