"""The logic model: how it is typed, its verb, and its page drawn from data."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import ChangedMeanwhile, NotNow, NotPermitted
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from pilots.actions.logic_model import write_logic_model
from pilots.logic import LONGEST, MOST, Column, Statement, column_of, statements_of, typed_as
from pilots.models import LogicModel, LogicStatement
from tests.factories.partnerships import FundFactory, PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory
from tests.reading import text

WRITTEN = {"activities": "Weekly visits\nA phone call on the first day", "outputs": "People are visited [R1]"}


def lead_of(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


def test_a_statement_is_typed_with_the_codes_of_its_indicators():
    found = statements_of("Weekly visits [R1, S2, R1]\n\n  Tea on Thursdays ", {"R1", "S2"})
    assert found == [Statement("Weekly visits", ("R1", "S2")), Statement("Tea on Thursdays")]
    assert typed_as(found) == "Weekly visits [R1, S2]\nTea on Thursdays"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Visits [R9]", "“R9” is not the code of an indicator"),
        ("[R1]", "Each line is a statement"),
        ("x" * (LONGEST + 1), "Each line is a statement"),
        ("x\n" * (MOST + 1), f"at most {MOST}"),
    ],
)
def test_what_cannot_be_a_statement_is_told_in_words(typed, said):
    with pytest.raises(ValueError, match=said):
        statements_of(typed, {"R1"})


words = st.text("abcXYZ 12", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(
    st.lists(
        st.builds(Statement, words, st.lists(st.sampled_from(["R1", "O-W"]), unique=True, max_size=2).map(tuple)),
        max_size=4,
    )
)
def test_what_is_shown_in_the_box_is_what_was_kept(statements):
    assert statements_of(typed_as(statements), {"R1", "O-W"}) == statements


def test_an_indicator_that_no_statement_names_stands_by_its_code():
    told = [column_of(code) for code in ("R1", "V2", "Q1", "O1", "O-W", "M1", "K1", "D1")]
    assert told == [Column.OUTPUTS] * 3 + [Column.OUTCOMES] * 2 + [None] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.DESIGN, Stage.PILOT, Stage.REDESIGN, Stage.TENDER, Stage.LIVE])
def test_it_is_written_until_the_partnership_is_over_with_one_event(stage):
    partnership = IndicatorFactory(code="R1", partnership__stage=stage).partnership
    model = write_logic_model(partnership=partnership, columns=WRITTEN, by=lead_of(partnership), version=0)
    rows = {(row.column, row.text) for row in model.statements.all()}
    assert rows == {
        ("activities", "Weekly visits"), ("activities", "A phone call on the first day"),
        ("outputs", "People are visited"),
    }  # fmt: skip
    event = AuditEvent.objects.get()
    assert (event.summary, event.after["outputs"]) == ("wrote the logic model", "People are visited [R1]")
    write_logic_model(partnership=partnership, columns={"need": "Company"}, by=lead_of(partnership), version=1)
    assert [row.text for row in LogicStatement.objects.all()] == ["Company"]
    assert AuditEvent.objects.filter(summary="changed the logic model").count() == 1


@pytest.mark.django_db
def test_it_is_refused_to_others_once_it_is_over_and_from_a_stale_tab():
    partnership = IndicatorFactory(code="R1").partnership
    with pytest.raises(NotPermitted):
        write_logic_model(
            partnership=partnership, columns=WRITTEN, by=person_as(PartnershipRole.EVALUATOR, partnership)
        )
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED
    with pytest.raises(ChangedMeanwhile):
        write_logic_model(partnership=partnership, columns=WRITTEN, by=lead_of(partnership), version=7)
    for stage in (Stage.CLOSED, Stage.STOPPED):
        over = PartnershipFactory(stage=stage)
        with pytest.raises(NotNow, match=stage.label.lower()):
            write_logic_model(partnership=over, columns={"need": "Company"}, by=lead_of(over))
    assert not LogicModel.objects.exists()


@pytest.mark.django_db
def test_what_does_not_fit_is_refused_beside_its_column_and_nothing_is_half_done():
    partnership = IndicatorFactory(code="R1").partnership
    write_logic_model(partnership=partnership, columns=WRITTEN, by=lead_of(partnership))
    for columns, fields in (
        ({"need": "Company", "outputs": "Visits [R9]", "outcomes": "Joy [O9]"}, {"outputs", "outcomes"}),
        ({}, {"activities"}),
    ):
        with pytest.raises(ValidationError) as refusal:
            write_logic_model(partnership=partnership, columns=columns, by=lead_of(partnership))
        assert set(refusal.value.message_dict) == fields
    assert LogicStatement.objects.count() == 3
    assert LogicModel.objects.get().version == 1
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_the_page_is_drawn_from_what_is_written_and_from_what_the_portal_knows(client):
    partnership = IndicatorFactory(code="R1", partnership=PartnershipFactory(in_pilot=True)).partnership
    row = ReturnFactory(partnership=partnership, accepted=True, posts_funded=4, in_post=3)
    ValueFactory(monthly_return=row, indicator=partnership.indicators.get(), amount=12)
    IndicatorFactory(partnership=partnership, code="O1", title="people improved")
    IndicatorFactory(partnership=partnership, code="K1", title="red risks")
    FundFactory(partnership=partnership, source="The Big Trust")
    write_logic_model(partnership=partnership, columns=WRITTEN, by=lead_of(partnership))
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = text(client.get(reverse("pilots:logic_model", args=[partnership.public_id])))
    drawing, table = page.split("</svg>")
    for told in ("Weekly visits", "R1 people starting: 12 so far, on track", "4 funded posts", "The Big Trust"):
        assert told in table
    assert "O1 people improved: no figure yet" in table
    assert "red risks" not in page
    assert "Older people who live alone see too few other people." in table
    assert "Weekly visits" in drawing
    assert "Change the logic model" not in page
    paper = text(client.get(reverse("pilots:logic_model_print", args=[partnership.public_id])))
    assert "<li>People are visited<br>" in paper
    assert "R1 people starting: 12 so far, on track" in paper


@pytest.mark.django_db
def test_the_form_keeps_what_was_typed_and_says_what_is_wrong_beside_the_column(client):
    partnership = IndicatorFactory(code="R1").partnership
    client.force_login(lead_of(partnership))
    address = reverse("pilots:logic_model_write", args=[partnership.public_id])
    assert "Indicators: R1 people starting." in text(client.get(address))
    page = text(client.post(address, {"need": "Company", "outputs": "Visits [R9]", "version": "0"}))
    assert "“R9” is not the code of an indicator here" in page
    assert "Visits [R9]</textarea>" in page
    response = client.post(address, {"need": "Company", "outputs": "Visits [R1]", "version": "0"}, follow=True)
    assert "The logic model is saved." in text(response)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert client.get(address).status_code == 403
    client.force_login(lead_of(PartnershipFactory()))
    for name in ("logic_model", "logic_model_print", "logic_model_write"):
        assert client.get(reverse(f"pilots:{name}", args=[partnership.public_id])).status_code == 404


@pytest.mark.django_db
def test_the_same_few_queries_for_1_and_12_statements_and_many_indicators(client):
    partnership = IndicatorFactory(code="R1").partnership
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for count in (1, MOST):
        for number in range(count):
            IndicatorFactory(partnership=partnership, code=f"X{count}-{number}")
            FundFactory(partnership=partnership)
        lines = "\n".join(f"Statement {n} [R1, X{count}-{n}]" for n in range(count))
        write_logic_model(
            partnership=partnership, columns=dict.fromkeys(("outputs", "outcomes"), lines), by=lead_of(partnership)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("pilots:logic_model", args=[partnership.public_id])).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 20
