"""The pilot's page, its indicators and its evaluation: who sees what, in how many queries."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.models import Evaluation, Indicator, MonthlyReturn
from pilots.periods import months_from
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory, ValueFactory
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db

READING = ["pilot", "returns", "indicators", "evaluation"]
FORMS = ["indicator_add", "returns_plan", "evaluation_write"]


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 17, 9, tzinfo=UTC)):
        yield


def address(name, partnership, *more):
    return reverse(f"pilots:{name}", args=[partnership.public_id, *more])


def as_role(client, role, partnership):
    person = person_as(role, partnership)
    client.force_login(person)
    return person


def test_the_pilots_page_shows_where_it_stands(client):
    indicator = IndicatorFactory(code="R1", target=Decimal(10), is_headline=True)
    partnership = indicator.partnership
    for period, starts in ((date(2026, 8, 1), 9), (date(2026, 9, 1), 8)):
        row = ReturnFactory(partnership=partnership, period=period, accepted=True)
        ValueFactory(monthly_return=row, indicator=indicator, amount=starts)
    ReturnFactory(partnership=partnership, period=date(2026, 10, 1))
    ReturnFactory(partnership=partnership, period=date(2026, 12, 1))
    as_role(client, PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    response = client.get(address("pilot", partnership))
    assert {"17", "20"} <= numbers_in(response)
    page = text(response)
    assert "Fill in the return for October 2026" in page
    assert "£20,800 spent of a budget of £20,000" in page
    assert "Overdue: late" in page  # due on 13 November
    assert "1 more month planned, to December 2026." in page
    assert "R1 people starting, month by month" in page
    assert "The same as a table" in page


def test_s33_each_state_has_its_word_and_its_shape(client):
    partnership = PartnershipFactory(in_pilot=True)
    row = ReturnFactory(partnership=partnership, accepted=True)
    for code, amount in (("R1", 95), ("R2", 94), ("R3", 79)):
        indicator = IndicatorFactory(partnership=partnership, code=code, target=Decimal(100))
        ValueFactory(monthly_return=row, indicator=indicator, amount=amount)
    IndicatorFactory(partnership=partnership, code="R4", target=None)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    page = text(client.get(address("pilot", partnership)))
    for colour, word in (("green", "On track"), ("amber", "At risk"), ("red", "Off track"), ("grey", "No target")):
        assert f'<span class="psp_health psp_health--{colour}">{word}</span>' in page


def test_an_empty_pilot_says_what_will_appear(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    page = text(client.get(address("pilot", partnership)))
    assert "Each month's return will be listed here" in page
    assert "once the first return is accepted" in page


def test_the_pilots_page_lists_the_newest_returns_and_older_ones_that_wait(client):
    partnership = PartnershipFactory(in_pilot=True)
    for period in months_from(date(2026, 1, 1), 10):
        ReturnFactory(partnership=partnership, period=period, accepted=period != date(2026, 3, 1))
    as_role(client, PartnershipRole.OBSERVER, partnership)
    few = client.get(address("pilot", partnership)).context["returns"]
    assert [row.month.split()[0] for row in few] == ["October", "September", "August", "July", "March"]
    every = client.get(address("returns", partnership)).context["returns"]
    assert len(every) == 10
    assert text(client.get(address("pilot", partnership))).count(address("returns", partnership) + '"') == 1


def many_returns(partnership, count):
    indicator = Indicator.objects.get(partnership=partnership)
    there = MonthlyReturn.objects.filter(partnership=partnership).count()
    for period in months_from(date(2001, 1, 1), count)[there:]:
        row = ReturnFactory(
            partnership=partnership, period=period, accepted=True,
            submitted_by=partnership.members.first().person, accepted_by=partnership.members.last().person,
        )  # fmt: skip
        ValueFactory(monthly_return=row, indicator=indicator)


@pytest.mark.parametrize("name", ["pilot", "return", "returns"])
def test_the_same_few_queries_for_1_3_and_300_returns(client, name):
    partnership = IndicatorFactory(is_headline=True).partnership
    person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    counts = []
    for count in (1, 3, 300):
        many_returns(partnership, count)
        more = [date(2001, 1, 1)] if name == "return" else []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, partnership, *more)).status_code == 200
        counts.append(len(queries))
    # The first page has no pager, so one query is the most that may come with the second.
    assert counts[0] == counts[1] == counts[2], counts
    assert counts[0] <= 20


def test_the_same_few_queries_for_1_3_and_300_indicators(client):
    partnership = PartnershipFactory(in_pilot=True)
    ReturnFactory(partnership=partnership, accepted=True)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    counts = []
    for count in (1, 3, 300):
        for _ in range(count - Indicator.objects.count()):
            IndicatorFactory(partnership=partnership)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("indicators", partnership))
            client.get(address("pilot", partnership))
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("name", READING + FORMS)
def test_a_partner_of_another_partnership_gets_404(client, name):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.PUBLIC_LEAD, PartnershipFactory(in_pilot=True))
    assert client.get(address(name, partnership)).status_code == 404


@pytest.mark.parametrize("stage", ["design", "pilot", "closed"])
@pytest.mark.parametrize("name", READING)
def test_an_observer_reads_every_page_at_every_stage(client, name, stage):
    partnership = PartnershipFactory(stage=stage)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    response = client.get(address(name, partnership))
    assert response.status_code == 200
    assert "ds_button" not in text(response).split('id="main-content"')[1]


@pytest.mark.parametrize("name", FORMS)
def test_an_observer_is_told_who_may_send_the_forms(client, name):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.OBSERVER, partnership)
    assert client.get(address(name, partnership)).status_code == 403
    assert client.post(address(name, partnership), {}).status_code == 403


INDICATOR = {
    "code": "R1", "title": "people starting", "unit": "count", "rollup": "sum", "direction": "up", "drawn_from": "",
    "baseline": "0", "baseline_on": "1/4/2026", "target": "10", "version": "0",
}  # fmt: skip


def test_an_indicator_is_added_and_changed(client):
    partnership = PartnershipFactory()
    as_role(client, PartnershipRole.PROJECT_LEAD, partnership)
    page = text(client.post(address("indicator_add", partnership), INDICATOR, follow=True))
    assert "R1 people starting" in page
    assert "10 each month" in page
    indicator = Indicator.objects.get()
    where = address("indicator_edit", partnership, indicator.public_id)
    assert 'value="R1"' in text(client.get(where))
    client.post(where, INDICATOR | {"target": "12", "version": "1"})
    indicator.refresh_from_db()
    assert indicator.target == 12
    stale = client.post(where, INDICATOR | {"target": "13", "version": "1"})
    assert "changed this" in text(stale)


@pytest.mark.parametrize(
    ("name", "bad"),
    [("code", "r1 "), ("target", "NaN"), ("target", "1e309"), ("baseline", "9" * 40), ("baseline_on", "yesterday"),
     ("unit", "furlongs"), ("title", "a\x00b"), ("title", ""), ("rollup", "weighted"), ("unit", "percent")],
)  # fmt: skip
def test_a_bad_indicator_is_refused_on_the_form(client, name, bad):
    partnership = PartnershipFactory()
    as_role(client, PartnershipRole.PROJECT_LEAD, partnership)
    response = client.post(address("indicator_add", partnership), INDICATOR | {name: bad})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Indicator.objects.exists()


def test_an_indicator_of_another_partnership_is_404(client):
    other = IndicatorFactory()
    partnership = PartnershipFactory()
    as_role(client, PartnershipRole.PROJECT_LEAD, partnership)
    assert client.get(address("indicator_edit", partnership, other.public_id)).status_code == 404


def test_the_evaluation_is_written_signed_off_and_changed(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.EVALUATOR, partnership)
    typed = {"summary": "It worked.", "findings": "People saw others more.", "unit_cost": "£812.50", "version": "0"}
    page = text(client.post(address("evaluation_write", partnership), typed, follow=True))
    assert "Sign off this version" in page
    assert "£812.50" in page
    page = text(client.post(address("evaluation_sign", partnership), {"version": "1"}, follow=True))
    assert "Signed off by" in page
    assert "takes the sign-off away" in text(client.get(address("evaluation_write", partnership)))
    client.post(address("evaluation_write", partnership), typed | {"version": "1"})
    evaluation = Evaluation.objects.get()
    assert (evaluation.version, evaluation.signed_off_at) == (2, None)


@pytest.mark.parametrize("version", ["0", "", "nonsense"])
def test_signing_what_was_not_read_shows_it_again(client, version):
    evaluation = EvaluationFactory()
    as_role(client, PartnershipRole.EVALUATOR, evaluation.partnership)
    response = client.post(address("evaluation_sign", evaluation.partnership), {"version": version})
    assert response.status_code == 200
    assert response.context["form"].errors
    evaluation.refresh_from_db()
    assert evaluation.signed_off_at is None


def test_signing_what_is_not_written_is_404(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.EVALUATOR, partnership)
    assert client.post(address("evaluation_sign", partnership), {"version": "0"}).status_code == 404


def test_the_report_is_kept_and_comes_back_as_an_attachment_to_members_only(client):
    partnership = PartnershipFactory(in_pilot=True)
    as_role(client, PartnershipRole.EVALUATOR, partnership)
    report = SimpleUploadedFile("report.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    typed = {"summary": "It worked.", "findings": "More company.", "version": "0", "document": report}
    response = client.post(address("evaluation_write", partnership), typed)
    assert response.status_code == 302, response.context["form"].errors
    as_role(client, PartnershipRole.OBSERVER, partnership)
    fetched = client.get(address("evaluation_report", partnership))
    assert fetched["Content-Disposition"].startswith("attachment")
    assert b"".join(fetched.streaming_content).startswith(b"%PDF-1.7")
    as_role(client, PartnershipRole.OBSERVER, PartnershipFactory(in_pilot=True))
    assert client.get(address("evaluation_report", partnership)).status_code == 404


def test_a_report_that_is_not_there_is_404(client):
    evaluation = EvaluationFactory()
    as_role(client, PartnershipRole.OBSERVER, evaluation.partnership)
    assert client.get(address("evaluation_report", evaluation.partnership)).status_code == 404
