"""Grants as open data: what is a grant, what it lacks, the verb that says who awarded it, the pages and the files."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import jsonschema
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import ChangedMeanwhile, NotNow, NotPermitted
from partnerships.actions.grant import describe_grant
from partnerships.grants import GRANT_KINDS, HEADINGS, Award, Mend, Party, as_json, lacks
from partnerships.lifecycle import Stage
from partnerships.models import Fund, GrantAward
from partnerships.money import Certainty, FundKind
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory
from tests.factories.partnerships import FundFactory, MemberFactory, PartnershipFactory, person_as
from tests.reading import text

KEEPERS = [PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD]
TEXT = {"type": "string", "minLength": 1}
PARTIES = {
    "type": "array", "minItems": 1, "maxItems": 1,
    "items": {"type": "object", "additionalProperties": False, "required": ["id", "name"], "properties": {
        "id": TEXT | {"pattern": "^[A-Z]{2}-[A-Z0-9]+-.+$"}, "name": TEXT,
    }},
}  # fmt: skip
FIELDS = {
    "id": TEXT | {"pattern": "^360G-"},
    "title": TEXT | {"maxLength": 139},
    "description": TEXT,
    "currency": {"const": "GBP"},
    "amountAwarded": {"type": "number", "exclusiveMinimum": 0},
    "awardDate": TEXT | {"pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "fundingOrganization": PARTIES,
    "recipientOrganization": PARTIES,
}
# Ten required fields: each organisation has two (domain.md 5.7).
SCHEMA = {
    "type": "object", "additionalProperties": False, "required": ["grants"],
    "properties": {"grants": {"type": "array", "items": {
        "type": "object", "additionalProperties": False, "required": list(FIELDS), "properties": FIELDS,
    }}},
}  # fmt: skip


def example(**changes):
    """The row of `domain.md` 5.7."""
    known = {
        "prefix": "360G-example", "reference": "PSP0007-G1", "title": "Befriending pilot, year 1",
        "description": "Delivery of the pilot of PSP0007", "amount": Decimal(60000), "awarded_on": date(2024, 4, 1),
        "funder": Party("Example Council", "GB-LAS-EX"),
        "recipient": Party("Example Befriending SCIO", "GB-SC-SC000001"),
    }  # fmt: skip
    return Award(**known | changes)


def test_the_example_of_the_reference_has_all_ten_fields():
    assert lacks(example()) == []
    assert [str(value) for value in example().values()] == [
        "360G-example-PSP0007-G1", "Befriending pilot, year 1", "Delivery of the pilot of PSP0007", "GBP", "60000",
        "2024-04-01", "GB-LAS-EX", "Example Council", "GB-SC-SC000001", "Example Befriending SCIO",
    ]  # fmt: skip
    jsonschema.validate(as_json([example(), example(amount=Decimal("0.50"))]), SCHEMA)


@pytest.mark.parametrize(("changes", "what", "where"), [
    ({"prefix": ""}, "the publisher’s prefix of its identifier", Mend.OPERATOR),
    ({"title": " "}, "a title", Mend.GRANT),
    ({"title": "x" * 140}, "a title of less than 140 characters", Mend.GRANT),
    ({"description": ""}, "a description", Mend.GRANT),
    ({"awarded_on": None}, "the day it was awarded", Mend.GRANT),
    ({"funder": Party()}, "the organisation that gives it", Mend.GRANT),
    ({"funder": Party("A Trust")}, "an org-id of A Trust", Mend.FUNDER),
    ({"recipient": Party()}, "the organisation that receives it", Mend.GRANT),
    ({"recipient": Party("A SCIO")}, "an org-id of A SCIO", Mend.RECIPIENT),
    ({"confirmed": False}, "it is only hoped for, so nothing has been awarded yet", Mend.FUND),
])  # fmt: skip
def test_each_missing_field_is_named_with_where_it_is_mended(changes, what, where):
    assert lacks(example(**changes)) == [(what, where)]


WORDS = st.sampled_from(["", "A title", "y" * 150])
ORGANISATIONS = st.builds(Party, st.sampled_from(["", "A SCIO"]), st.sampled_from(["", "GB-SC-SC000001"]))


@given(
    st.builds(
        Award, st.sampled_from(["", "360G-example"]), st.just("G1"), WORDS, WORDS,
        st.decimals(min_value="0.01", max_value=10**9, places=2), st.sampled_from([None, date(2024, 4, 1)]),
        ORGANISATIONS, ORGANISATIONS,
    )
)  # fmt: skip
def test_what_lacks_nothing_fits_the_schema_and_what_lacks_something_does_not(award):
    told = jsonschema.Draft202012Validator(SCHEMA).is_valid(as_json([award]))
    assert told == (not lacks(award))


# The verb


@pytest.fixture(autouse=True)
def _november(settings):
    settings.GRANTS_PUBLISHER_PREFIX = "360G-example"
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def council(db):
    return OrganisationFactory(name="Example Council", org_id="GB-LAS-EX")


@pytest.fixture
def scio(db):
    return OrganisationFactory(name="Example Befriending SCIO", charity_number="SC000001")


@pytest.fixture
def fund(db):
    return FundFactory(kind=FundKind.GRANT, partnership__title="Befriending", source="Change fund")


def facts(council, scio, **changes):
    return {
        "title": "Befriending pilot, year 1", "description": "Delivery of the pilot", "awarded_on": date(2026, 4, 1),
        "funder": council, "recipient": scio,
    } | changes  # fmt: skip


def test_whoever_keeps_the_budget_describes_a_grant_and_corrects_it(fund, council, scio):
    for number, role in enumerate(KEEPERS, start=1):
        by = person_as(role, fund.partnership)
        describe_grant(fund=fund, by=by, version=number - 1, **facts(council, scio, title=f"Title {number}"))
        said = GrantAward.objects.get()
        assert (said.title, said.version, said.funder, said.recipient) == (f"Title {number}", number, council, scio)
    event = AuditEvent.objects.order_by("pk").last()
    assert event.summary == "described the grant of Change fund: awarded by Example Council to Example Befriending SCIO"
    assert (event.before["title"], event.after["title"]) == ("Title 2", "Title 3")


def test_describing_is_refused_to_other_roles_and_recorded(fund, council, scio):
    others = [role for role in PartnershipRole if role not in KEEPERS]
    for role in others:
        with pytest.raises(NotPermitted, match="You may not change the budget"):
            describe_grant(fund=fund, by=person_as(role, fund.partnership), **facts(council, scio))
    assert not GrantAward.objects.exists()
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == len(others)


def test_only_cash_that_somebody_awards_is_a_grant(db, council, scio):
    for kind in FundKind:
        fund = FundFactory(kind=kind)
        by = person_as(PartnershipRole.PROJECT_LEAD, fund.partnership)
        if kind in GRANT_KINDS:
            describe_grant(fund=fund, by=by, **facts(council, scio))
        else:
            with pytest.raises(NotNow, match="Only cash from a grant, a trust or a lottery"):
                describe_grant(fund=fund, by=by, **facts(council, scio))
    help_in_kind = FundFactory(kind=FundKind.GRANT, help_in_kind=True)
    with pytest.raises(NotNow, match="Only cash"):
        describe_grant(
            fund=help_in_kind, by=person_as(PartnershipRole.PROJECT_LEAD, help_in_kind.partnership),
            **facts(council, scio),
        )  # fmt: skip
    assert GrantAward.objects.count() == len(GRANT_KINDS)


def test_nothing_is_said_in_a_closed_partnership_or_from_a_stale_page(fund, council, scio):
    by = person_as(PartnershipRole.PROJECT_LEAD, fund.partnership)
    describe_grant(fund=fund, by=by, version=0, **facts(council, scio))
    with pytest.raises(ChangedMeanwhile):
        describe_grant(fund=fund, by=by, version=0, **facts(council, scio, title="Another"))
    fund.partnership.stage = Stage.CLOSED
    fund.partnership.save()
    with pytest.raises(NotNow, match="closed"):
        describe_grant(fund=fund, by=by, **facts(council, scio, title="Another"))
    assert GrantAward.objects.get().title == "Befriending pilot, year 1"


def test_nonsense_is_refused_beside_its_field(fund, council, scio):
    by = person_as(PartnershipRole.PROJECT_LEAD, fund.partnership)
    for field, changes in (
        ("awarded_on", {"awarded_on": date(2026, 11, 3)}), ("recipient", {"recipient": council}),
        ("title", {"title": "x" * 140}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refusal:
            describe_grant(fund=fund, by=by, **facts(council, scio, **changes))
        assert field in refusal.value.message_dict
    assert not GrantAward.objects.exists()
    assert not AuditEvent.objects.exists()


# The pages and the files


def described(fund, council, scio, **changes):
    by = person_as(PartnershipRole.PROJECT_LEAD, fund.partnership)
    return describe_grant(fund=fund, by=by, **facts(council, scio, **changes))


def test_s92_a_pilot_grant_is_downloaded_with_all_ten_required_columns_filled(client, fund, council, scio):
    described(fund, council, scio)
    FundFactory(partnership=fund.partnership, kind=FundKind.LOTTERY, source="Draw of the Glens")
    FundFactory(partnership=fund.partnership, kind=FundKind.OWN_BUDGET, source="Its own")
    client.force_login(person_as(PartnershipRole.OBSERVER, fund.partnership))
    address = [fund.partnership.public_id]
    told = b"".join(client.get(reverse("partnerships:grants_file", args=[*address, "csv"]))).decode()
    rows = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff"))))
    assert rows == [
        dict(zip(HEADINGS, (
            f"360G-example-{fund.public_id}", "Befriending pilot, year 1", "Delivery of the pilot", "GBP", "60000.00",
            "2026-04-01", "GB-LAS-EX", "Example Council", "GB-SC-SC000001", "Example Befriending SCIO",
        ), strict=True)),
    ]  # fmt: skip
    assert len(HEADINGS) == 10
    answer = client.get(reverse("partnerships:grants_file", args=[*address, "json"]))
    jsonschema.validate(json.loads(answer.content), SCHEMA)
    assert json.loads(answer.content)["grants"][0]["amountAwarded"] == 60000
    assert 'filename="360giving-2026-11-02.json"' in answer["Content-Disposition"]
    assert client.get(reverse("partnerships:grants_file", args=[*address, "xlsx"])).status_code == 404


def test_what_is_missing_is_listed_with_where_to_mend_it(client, fund, council, settings):
    settings.GRANTS_PUBLISHER_PREFIX = ""
    nameless = OrganisationFactory(name="New SCIO")
    described(fund, council, nameless)
    hoped = FundFactory(
        partnership=fund.partnership, kind=FundKind.TRUST, source="A Trust", certainty=Certainty.HOPED_FOR
    )
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, fund.partnership))
    page = text(client.get(reverse("partnerships:grants", args=[fund.partnership.public_id])))
    assert "<strong>No grant is ready yet.</strong> 2 are left out" in page
    assert f'An org-id of New SCIO. <a href="{nameless.get_absolute_url()}">Give it one in the register' in page
    assert "The publisher’s prefix of its identifier. The people who run the portal set it" in page
    here = [fund.partnership.public_id, hoped.public_id]
    assert f'nothing has been awarded yet. <a href="{reverse("partnerships:fund", args=here)}">Go to the fund' in page
    assert "The day it was awarded" not in page, "what is not awarded has no day yet"
    Fund.objects.filter(pk=hoped.pk).update(certainty=Certainty.CONFIRMED)
    page = text(client.get(reverse("partnerships:grants", args=[fund.partnership.public_id])))
    describes = reverse("partnerships:grant_describe", args=here)
    assert f'The day it was awarded. <a href="{describes}">Describe the grant' in page
    assert "In the file" not in page
    client.force_login(person_as(PartnershipRole.OBSERVER, fund.partnership))
    page = text(client.get(reverse("partnerships:grants", args=[fund.partnership.public_id])))
    assert "A Trust" in page
    assert describes not in page, "no link to a page that is refused"


def test_a_grant_is_described_on_its_page_and_nothing_typed_is_lost(client, fund, council, scio):
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, fund.partnership))
    address = reverse("partnerships:grant_describe", args=[fund.partnership.public_id, fund.public_id])
    assert "Who awarded it" in text(client.get(address))
    typed = {
        "funder": council.public_id, "recipient": council.public_id, "awarded_on": "1/4/2026", "title": "Year one",
        "description": "", "version": 0,
    }  # fmt: skip
    page = text(client.post(address, typed))
    assert "Nobody awards a grant to itself." in page
    assert 'value="Year one"' in page
    answer = client.post(address, typed | {"recipient": scio.public_id})
    assert answer["Location"] == reverse("partnerships:grants", args=[fund.partnership.public_id])
    page = text(client.get(answer["Location"]))
    assert "Year one" in page
    assert "Left out" not in page


def test_the_grants_of_all_my_partnerships_follow_the_portfolios_filter(client, fund, council, scio):
    person = person_as(PartnershipRole.OBSERVER, fund.partnership)
    other = FundFactory(kind=FundKind.TRUST, partnership__title="Repair")
    MemberFactory(person=person, partnership=other.partnership, role=PartnershipRole.OBSERVER)
    strange = FundFactory(kind=FundKind.TRUST)
    for one in (fund, other, strange):
        described(one, council, scio, title="")
    client.force_login(person)
    address = reverse("partnerships:all_grants_file", args=["json"])
    titles = [grant["title"] for grant in json.loads(client.get(address).content)["grants"]]
    assert titles == ["Befriending", "Repair"], "the partnership's title stands for one that is not typed"
    only = json.loads(client.get(f"{address}?text=repair").content)["grants"]
    assert [grant["title"] for grant in only] == ["Repair"]
    assert "with the filter" in text(client.get(reverse("partnerships:all_grants") + "?text=repair"))
    assert "Their grants as open data" in text(client.get(reverse("partnerships:portfolio")))


def test_as_many_queries_for_one_grant_as_for_three_hundred(client, fund, council, scio):
    client.force_login(person_as(PartnershipRole.OBSERVER, fund.partnership))
    addresses = [
        reverse("partnerships:grants", args=[fund.partnership.public_id]),
        reverse("partnerships:grants_file", args=[fund.partnership.public_id, "csv"]),
        reverse("partnerships:all_grants"),
    ]

    def count():
        with CaptureQueriesContext(connection) as queries:
            for address in addresses:
                assert client.get(address).status_code == 200
        return len(queries)

    described(fund, council, scio)
    counts = [count()]
    for wanted in (2, 297):
        funds = FundFactory.build_batch(wanted, partnership=fund.partnership, kind=FundKind.GRANT)
        made = type(fund).objects.bulk_create(funds)
        GrantAward.objects.bulk_create(GrantAward(fund=one, **facts(council, scio)) for one in made[::2])
        counts.append(count())
    assert counts[0] == counts[1] == counts[2]


def test_another_partnerships_grants_are_not_found(client, fund):
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, PartnershipFactory()))
    assert client.get(reverse("partnerships:grants", args=[fund.partnership.public_id])).status_code == 404
