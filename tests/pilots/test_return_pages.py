"""The return's pages: two buttons, nothing typed is lost, no bad input is a fault of the portal."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.lifecycle import ReturnState
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import WHOLE, IndicatorFactory, ReturnFactory, ValueFactory, the_two_sides
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 12, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def row():
    return ReturnFactory()


@pytest.fixture
def third(row, client):
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    return third


@pytest.fixture
def public(row, client):
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    return public


def address(row, name="return_fill_in"):
    return reverse(f"pilots:{name}", args=[row.partnership.public_id, row.period])


def typed(row, **changes):
    """What a browser sends for the form as it stands."""
    return {name: str(value) for name, value in WHOLE.items()} | {"version": str(row.version)} | changes


# Filling in


@pytest.mark.usefixtures("third")
def test_submit_sends_and_shows_the_return(client, row):
    response = client.post(address(row), typed(row), follow=True)
    assert response.redirect_chain == [(address(row, "return"), 302)]
    assert "The return for October 2026 is submitted. The public sector lead checks it" in text(response)
    row.refresh_from_db()
    assert (row.state, row.active_at_end) == (ReturnState.SUBMITTED, 33)


@pytest.mark.usefixtures("third")
def test_save_draft_keeps_half_a_month_and_comes_back_to_it(client, row):
    response = client.post(address(row), {"version": "1", "save": "Save draft", "referrals": "12"}, follow=True)
    assert response.redirect_chain == [(address(row), 302)]
    assert "Your draft of the return for October 2026 is saved." in text(response)
    assert 'value="12"' in text(response)
    row.refresh_from_db()
    assert (row.state, row.referrals) == (ReturnState.DRAFT, 12)


@pytest.mark.usefixtures("third")
def test_the_first_button_saves_the_draft_so_that_enter_submits_nothing(client, row):
    page = text(client.get(address(row)))
    assert 0 < page.index("Save draft</button>") < page.index("Submit</button>")


@pytest.mark.usefixtures("third")
def test_s24_submitting_34_says_expected_33_beside_the_field_and_loses_nothing(client, row):
    response = client.post(address(row), typed(row, active_at_end="34", risks="Two vans are old."))
    page = text(response)
    assert response.status_code == 200
    assert "You typed 34; expected 33" in page
    assert 'id="id_active_at_end_error"' in page
    assert "Two vans are old." in page
    assert response.context["form"].errors.keys() == {"active_at_end"}
    row.refresh_from_db()
    assert row.state == ReturnState.PLANNED


@pytest.mark.usefixtures("third")
def test_submitting_an_empty_return_names_every_field_it_lacks(client, row):
    response = client.post(address(row), {"version": "1"})
    assert {"referrals", "active_at_end", "reviewed", "budget", "actual"} <= response.context["form"].errors.keys()
    assert "Type 0 if there was nobody." in text(response)


def test_the_start_figure_is_carried_over_and_marked(client, row, third):
    ReturnFactory(partnership=row.partnership, period=date(2026, 9, 1), submitted=True, submitted_by=third)
    page = text(client.get(address(row)))
    assert "Carried over from September 2026, which ended with 33." in page
    assert 'name="active_at_start" value="33"' in page


@pytest.mark.parametrize(
    "other", [{"period": date(2026, 9, 1), "draft": True}, {"period": date(2026, 8, 1), "submitted": True}]
)
@pytest.mark.usefixtures("third")
def test_a_draft_or_an_older_month_carries_nothing_over(client, row, other):
    ReturnFactory(partnership=row.partnership, **other | {"active_at_end": 33})
    assert "Carried over" not in text(client.get(address(row)))


@pytest.mark.usefixtures("third")
def test_a_decimal_comma_is_explained_with_pence_only_where_it_is_money(client, row):
    IndicatorFactory(partnership=row.partnership, code="S1", unit="points", rollup="latest")
    IndicatorFactory(partnership=row.partnership, code="S3", unit="pounds")
    typed = {"version": "1", "save": "x", "amount-S1": "3,5", "amount-S3": "3,5", "actual": "12,50"}
    errors = client.post(address(row), typed).context["form"].errors
    assert "pence" not in str(errors["amount-S1"])
    assert "Write decimals after a full stop, for example 3.5" in str(errors["amount-S1"])
    assert "Write pence after a full stop" in str(errors["amount-S3"])
    assert "Write pence after a full stop" in str(errors["actual"])


@pytest.mark.usefixtures("third")
def test_indicators_have_a_box_or_two_and_only_those_that_are_typed(client, row):
    IndicatorFactory(partnership=row.partnership, code="O1", percent=True)
    IndicatorFactory(partnership=row.partnership, code="S2", title="volunteer hours")
    IndicatorFactory(partnership=row.partnership, code="R1", drawn_from="new_starts")
    fields = client.get(address(row)).context["form"].fields
    assert {name for name in fields if "-" in name} == {"amount-O1", "out_of-O1", "amount-S2"}
    boxes = {"amount-O1": "40", "out_of-O1": "50", "amount-S2": "£1,200.50"}
    assert client.post(address(row), typed(row) | boxes).status_code == 302
    values = row.values.order_by("indicator__code").values_list("indicator__code", "amount", "out_of")
    assert list(values) == [("O1", 40, 50), ("R1", 8, None), ("S2", 1200.5, None)]


@pytest.mark.usefixtures("third")
def test_the_note_of_a_returned_return_is_on_top(client):
    row = ReturnFactory(returned=True)
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    page = text(client.get(address(row)))
    assert page.index("Please check the number of exits.") < page.index('class="psp_form"')


BAD_NUMBERS = [
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "-Infinity",
    "sNaN",
    "1" + "0" * 30,
    "10^30",
    "twelve",
    "1.5.2",
    "½",
    "9" * 5000,
]


@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("button", ["save", "submit"])
@pytest.mark.parametrize("name", ["new_starts", "actual", "amount-S2"])
@pytest.mark.usefixtures("third")
def test_a_bad_number_is_refused_beside_its_field_and_stays_in_it(client, row, name, button, bad):
    IndicatorFactory(partnership=row.partnership, code="S2")
    response = client.post(address(row), typed(row, **{name: bad, button: "x"}))
    assert response.status_code == 200
    assert name in response.context["form"].errors
    assert bad in text(response)
    row.refresh_from_db()
    assert (row.state, row.new_starts, row.version) == (ReturnState.PLANNED, None, 1)


@pytest.mark.parametrize("bad", ["a\x00b", "a\x07b", "a\u202eb"])
@pytest.mark.usefixtures("third")
def test_control_characters_are_refused_beside_the_field(client, row, bad):
    response = client.post(address(row), typed(row, learned=bad))
    assert response.status_code == 200
    assert "learned" in response.context["form"].errors


@pytest.mark.parametrize(
    ("name", "bad"),
    [("learned", "x" * 2001), ("learned_theme", "x" * 101), ("learned_stage", "nonsense"), ("version", "nonsense"),
     ("version", "9" * 40), ("form_token", "x" * 41)],
)  # fmt: skip
@pytest.mark.usefixtures("third")
def test_what_no_browser_sends_is_refused_too(client, row, name, bad):
    assert client.post(address(row), typed(row, **{name: bad})).status_code == 200
    row.refresh_from_db()
    assert row.state == ReturnState.PLANNED


@pytest.mark.usefixtures("third")
def test_what_is_typed_is_shown_as_text_never_as_markup(client, row):
    client.post(address(row), typed(row, learned="<script>alert(1)</script>"))
    page = client.get(address(row, "return")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.usefixtures("third")
def test_a_double_click_submits_once(client, row):
    token = client.get(address(row)).context["form"]["form_token"].value()
    first = client.post(address(row), typed(row, form_token=token))
    second = client.post(address(row), typed(row, form_token=token), follow=True)
    assert first.status_code == 302
    assert second.status_code == 200
    assert AuditEvent.objects.filter(action="return.submit", outcome="allowed").count() == 1


@pytest.mark.usefixtures("third")
def test_a_double_click_on_save_draft_is_told_it_was_saved(client, row):
    token = client.get(address(row)).context["form"]["form_token"].value()
    typed_twice = {"version": "1", "save": "x", "referrals": "3", "form_token": token}
    client.post(address(row), typed_twice)
    page = text(client.post(address(row), typed_twice, follow=True))
    assert "This was already saved" in page
    assert [event.outcome for event in AuditEvent.objects.filter(action="return.save_draft")] == ["allowed"]


@pytest.mark.usefixtures("third")
def test_a_stale_tab_is_told_and_what_was_typed_is_still_there(client, row):
    client.post(address(row), {"version": "1", "save": "x", "referrals": "3"})
    response = client.post(address(row), {"version": "1", "save": "x", "referrals": "44"})
    assert "changed this" in text(response)
    assert 'value="44"' in text(response)
    row.refresh_from_db()
    assert row.referrals == 3


@pytest.mark.usefixtures("third")
def test_a_return_that_cannot_be_filled_in_says_why_instead_of_a_form(client):
    row = ReturnFactory(accepted=True)
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    page = text(client.get(address(row)))
    assert "its figures are fixed" in page
    assert "Save draft" not in page


# Reading, accepting, sending back


def test_the_other_side_accepts_what_it_has_read(client):
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    page = text(client.get(address(row, "return")))
    assert "Accept the return</button>" in page
    assert f'action="{address(row, "return_accept")}"' in page
    response = client.post(address(row, "return_accept"), {"version": "1"}, follow=True)
    assert "The return for October 2026 is accepted." in text(response)
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == (ReturnState.ACCEPTED, public)


@pytest.mark.parametrize("version", ["0", "", "nonsense"])
def test_accepting_what_was_not_read_shows_the_return_again_with_the_reason(client, version):
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    response = client.post(address(row, "return_accept"), {"version": version})
    assert response.status_code == 200
    assert response.context["form"].errors
    row.refresh_from_db()
    assert row.state == ReturnState.SUBMITTED


def test_whoever_checks_reads_money_for_people_as_the_pilots_page_tells_it(client):
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    each = {"partnership": row.partnership, "unit": "pounds", "rollup": "ratio"}
    ValueFactory(monthly_return=row, indicator=IndicatorFactory(code="M2", **each), amount=13_900, out_of=5)
    spent = IndicatorFactory(code="M1", **each | {"unit": "percent"}, drawn_from="spend_of_budget")
    ValueFactory(monthly_return=row, indicator=spent, amount=13_900, out_of=11_500)
    client.force_login(public)
    page = text(client.get(reverse("pilots:return", args=[row.partnership.public_id, row.period])))
    assert "£13,900 for 5" in page
    assert "£13,900 of £11,500" in page
    assert "out of 5" not in page


def test_accepting_twice_is_told_that_it_is_accepted(client):
    row = ReturnFactory(accepted=True)
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    assert "nothing to accept or send back" in text(client.post(address(row, "return_accept"), {"version": "1"}))


def test_the_submitter_is_told_that_a_second_person_is_needed(client):
    row = ReturnFactory(submitted=True)
    row.partnership.members.create(
        person=row.submitted_by, role=PartnershipRole.PUBLIC_LEAD, joined_on=date(2026, 4, 1)
    )
    client.force_login(row.submitted_by)
    page = text(client.get(address(row, "return")))
    assert "A second person has to accept it" in page
    assert "Accept the return</button>" not in page
    assert client.post(address(row, "return_accept"), {"version": "1"}).status_code == 403


def test_sending_back_needs_a_note_and_keeps_it(client):
    row = ReturnFactory(submitted=True)
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    assert "note" in client.post(address(row, "return_send_back"), {"version": "1"}).context["form"].errors
    response = client.post(address(row, "return_send_back"), {"version": "1", "note": "Check the exits."}, follow=True)
    assert "Check the exits." in text(response)
    row.refresh_from_db()
    assert row.state == ReturnState.RETURNED


def test_an_explained_return_shows_that_it_does_not_add_up(client):
    row = ReturnFactory(submitted=True, active_at_end=34, reach_explanation="One person came back.")
    _, public = the_two_sides(row.partnership)
    client.force_login(public)
    page = text(client.get(address(row, "return")))
    assert "Does not add up" in page
    assert "One person came back." in page


# Who sees what

NAMES = ["return", "return_fill_in", "return_send_back"]


@pytest.mark.parametrize("name", NAMES)
def test_a_partner_of_another_partnership_gets_404(client, row, name):
    elsewhere = ReturnFactory()
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, elsewhere.partnership))
    assert client.get(address(row, name)).status_code == 404
    if name != "return":
        assert client.post(address(row, name), typed(row)).status_code == 404
    assert client.post(address(row, "return_accept"), {"version": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (PartnershipRole.OBSERVER, "return", 200),
        (PartnershipRole.OBSERVER, "return_fill_in", 403),
        (PartnershipRole.OBSERVER, "return_send_back", 403),
        (PartnershipRole.PUBLIC_LEAD, "return_fill_in", 403),
        (PartnershipRole.THIRD_SECTOR_LEAD, "return_send_back", 403),
        (PartnershipRole.PARTNER_MANAGER, "return_fill_in", 200),
    ],
)
def test_roles_see_the_forms_they_may_send(client, row, role, name, status):
    client.force_login(person_as(role, row.partnership))
    assert client.get(address(row, name)).status_code == status


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "0000-01", "2026-1", "nonsense", "2027-10"])
def test_a_month_that_is_not_there_is_404(client, row, third, month):
    base = reverse("pilots:pilot", args=[row.partnership.public_id])
    assert client.get(f"{base}returns/{month}/").status_code == 404


def test_planning_returns_from_the_page(client):
    partnership = PartnershipFactory(in_pilot=True)
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    where = reverse("pilots:returns_plan", args=[partnership.public_id])
    for month in ("soon", "31/12/9999"):
        assert "first_month" in client.post(where, {"first_month": month, "months": "3"}).context["form"].errors
    assert "months" in client.post(where, {"first_month": "10/2026", "months": "1e309"}).context["form"].errors
    page = text(client.post(where, {"first_month": "10/2026", "months": "3"}, follow=True))
    assert "The returns are planned." in page
    assert "1 more month planned, to December 2026." in page


@pytest.mark.usefixtures("third")
def test_the_form_asks_the_same_few_queries_for_1_3_and_30_indicators(client, row):
    counts = []
    for count in (1, 3, 30):
        for _ in range(count - row.partnership.indicators.count()):
            IndicatorFactory(partnership=row.partnership)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(row)).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20
