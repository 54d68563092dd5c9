"""The org-id: its shape, where it comes from, and the doubles it finds."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.organisation import add_organisation, edit_organisation
from accounts.numbers import contradiction, identifiers, numbers_in, org_id_shape
from foundation.audit.models import AuditEvent
from tests.factories.accounts import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
ADD = "/organisations/add/"
CHARITIES, COMPANIES = st.from_regex(r"SC[0-9]{6}", fullmatch=True), st.from_regex(r"SC[0-9]{6}", fullmatch=True)


@pytest.fixture
def keeper():
    return PersonFactory(commissioner=True)


@pytest.mark.parametrize(
    "org_id",
    ["GB-SC-SC012345", "GB-COH-SC123456", "GB-COH-01234567", "GB-CHC-123456", "GB-CHC-1234567", "GB-LAS-EX",
     "GB-LAS-S12000036", "IE-CHY-12345", "XI-GRID-grid.1".upper()],
)  # fmt: skip
def test_these_are_org_ids(org_id):
    org_id_shape(org_id)


@pytest.mark.parametrize(
    "org_id",
    ["", "SC012345", "GB-SC", "GB-SC-", "GB-SC-012345", "GB-SC-SC01234", "GB-COH-1234567", "GB-CHC-12345", "GB-CHC-X",
     "gb-sc-sc012345", "GBR-SC-1", "GB--1", "GB-SC-SC012345\n", "GB-LAS-" + "9" * 41, "GB-LAS-<b>", "GB-SC-SC01234५"],
)  # fmt: skip
def test_these_are_not(org_id):
    with pytest.raises(ValidationError, match="An org-id is a prefix and a number"):
        org_id_shape(org_id)


@pytest.mark.parametrize(
    ("numbers", "identifier"),
    [
        ({"charity_number": "SC012345"}, "GB-SC-SC012345"),
        ({"company_number": "SC123456"}, "GB-COH-SC123456"),
        ({"charity_number": "SC012345", "company_number": "SC123456"}, "GB-SC-SC012345"),
        ({"org_id": "GB-LAS-EX"}, "GB-LAS-EX"),
        ({"charity_number": "SC012345", "org_id": "GB-LAS-EX"}, "GB-SC-SC012345"),
        ({}, ""),
    ],
)
def test_it_follows_from_the_charity_number_then_the_company_number_then_as_typed(numbers, identifier):
    assert OrganisationFactory(**numbers).identifier == identifier


@given(CHARITIES, COMPANIES)
def test_numbers_become_org_ids_and_come_back(charity, company):
    ids = identifiers(charity, company)
    assert all(org_id_shape(one) is None for one in ids)
    assert numbers_in(ids) == {"charity_number": [charity], "company_number": [company]}
    assert contradiction(charity, company, ids[0]) == contradiction(charity, company, ids[1]) == ""


def test_an_org_id_that_repeats_a_number_is_not_stored_and_one_that_contradicts_it_is_told(keeper):
    facts = {"name": "Kelp Shore", "kind": "scio", "charity_number": "SC012345", "by": keeper}
    made = add_organisation(**facts, org_id="GB-SC-SC012345")
    assert (made.org_id, made.identifier) == ("", "GB-SC-SC012345")
    with pytest.raises(ValidationError, match="not what the charity number SC012345 says"):
        edit_organisation(organisation=made, **facts, org_id="GB-SC-SC999999")
    edit_organisation(organisation=made, **facts, org_id="GB-CHC-1234567")
    assert AuditEvent.objects.order_by("pk").last().after == {"org_id": "GB-CHC-1234567"}
    with pytest.raises(ValidationError, match="prefix and a number"):
        edit_organisation(organisation=made, **facts, org_id="nonsense")
    made.refresh_from_db()
    assert (made.org_id, made.version) == ("GB-CHC-1234567", 2)


@pytest.mark.parametrize(
    ("there", "new", "field"),
    [
        ({"org_id": "GB-LAS-EX"}, {"org_id": "GB-LAS-EX"}, "org_id"),
        ({"org_id": "GB-COH-SC123456"}, {"company_number": "SC123456"}, "company_number"),
        ({"charity_number": "SC012345"}, {"org_id": "GB-SC-SC012345"}, "org_id"),
        ({"company_number": "SC123456"}, {"org_id": "GB-COH-SC123456"}, "org_id"),
    ],
)
def test_the_same_body_is_found_whether_told_as_a_number_or_as_an_org_id(client, keeper, there, new, field):
    other = OrganisationFactory(name="Old Shore Trust", **there)
    facts = {"name": "Quite Another", "kind": "scio"} | new
    with pytest.raises(ValidationError) as refusal:
        add_organisation(**facts, by=keeper)
    told = {"org_id": "org-id", "company_number": "company number"}[field]
    assert refusal.value.message_dict == {field: [f"“Old Shore Trust” has this {told} already."]}
    client.force_login(keeper)
    page = client.post(ADD, facts).content.decode()
    assert f'<a href="{other.get_absolute_url()}">Look at Old Shore Trust</a>' in page


def test_numbers_of_one_kind_are_no_double_of_the_other_kind(keeper):
    OrganisationFactory(company_number="SC123456")
    made = add_organisation(name="Kelp Shore", kind="scio", charity_number="SC123456", by=keeper)
    assert made.identifier == "GB-SC-SC123456"


def test_it_is_typed_and_read_in_the_browser(client, keeper):
    client.force_login(keeper)
    facts = {"name": "Kelp Council", "kind": "public_authority", "org_id": " gb-las-ex "}
    assert "GB-LAS-EX" in client.post(ADD, facts, follow=True).content.decode()
    page = client.post(ADD, {"name": "Other", "kind": "scio", "org_id": "<script>"})
    assert "org_id" in page.context["form"].errors


def test_a_new_name_that_is_taken_leads_to_whoever_has_it(client, keeper):
    taken, made = OrganisationFactory(name="Tide Line"), OrganisationFactory(name="Kelp Shore")
    client.force_login(keeper)
    data = {"name": "tide line", "since": "1/2/2026", "version": 1}
    page = client.post(reverse("accounts:organisation_rename", args=[made.public_id]), data).content.decode()
    assert f'<a href="{taken.get_absolute_url()}">Look at Tide Line</a>' in page
    made.refresh_from_db()
    assert made.name == "Kelp Shore"
