"""The register of organisations: its verbs, its pages, doubles, bad input, and the cost of its list."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.organisation import add_organisation, edit_organisation
from accounts.doubles import likeness
from accounts.models import Organisation, OrganisationKind
from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from tests.factories.accounts import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

ADD = "/organisations/add/"
FACTS = {"name": "Kelp Shore Carers", "kind": "scio", "charity_number": "SC012345", "company_number": "", "about": ""}


@pytest.fixture
def keeper():
    return PersonFactory(commissioner=True)


# The verbs


@pytest.mark.parametrize("role", [PortalRole.COMMISSIONER, PortalRole.ADMINISTRATOR])
def test_adding_puts_it_into_the_register_with_one_event(role):
    by = PersonFactory(portal_role=role)
    made = add_organisation(**FACTS, by=by)
    assert (made.name, made.sector.label) == ("Kelp Shore Carers", "Third sector")
    event = AuditEvent.objects.get()
    assert (event.action, event.scope, event.after["charity_number"]) == (
        "organisation.add", made.audit_scope, "SC012345",
    )  # fmt: skip


@pytest.mark.parametrize("role", [PortalRole.NONE, PortalRole.PUBLISHER])
def test_adding_is_refused_to_other_roles_and_the_refusal_is_recorded(role):
    by = PersonFactory(portal_role=role)
    with pytest.raises(NotPermitted, match="You may not change the register"):
        add_organisation(**FACTS, by=by)
    assert not Organisation.objects.filter(name=FACTS["name"]).exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_a_closed_account_keeps_no_register(keeper):
    keeper.is_active = False
    with pytest.raises(NotPermitted):
        add_organisation(**FACTS, by=keeper)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "KELP shore Carers"), ("charity_number", "SC012345"), ("company_number", "SC123456")],
)
def test_a_certain_double_is_refused_beside_its_field_and_leaves_nothing(keeper, field, value):
    add_organisation(**FACTS | {"company_number": "SC123456"}, by=keeper)
    facts = {"name": "Another Name", "kind": "scio", field: value}
    with pytest.raises(ValidationError) as refusal:
        add_organisation(**facts, by=keeper)
    assert "Kelp Shore Carers" in refusal.value.message_dict[field][0]
    assert Organisation.objects.filter(kind="scio").count() == 1
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("charity_number", "12345"), ("charity_number", "SC01234५"), ("charity_number", "SC012345\n"),
     ("company_number", "X1234567"), ("kind", "guild"), ("name", ""), ("name", "n" * 201)],
)  # fmt: skip
def test_facts_of_the_wrong_shape_are_refused_below_the_form_too(keeper, field, value):
    with pytest.raises(ValidationError) as refusal:
        add_organisation(**FACTS | {field: value}, by=keeper)
    assert field in refusal.value.message_dict


def test_editing_records_what_changed_and_what_it_was(keeper):
    made = OrganisationFactory(name="Old Name", kind=OrganisationKind.CHARITY)
    edit_organisation(organisation=made, **FACTS, by=keeper, version=1)
    made.refresh_from_db()
    assert (made.name, made.version) == ("Kelp Shore Carers", 2)
    event = AuditEvent.objects.get()
    assert event.before == {"name": "Old Name", "kind": "charity", "charity_number": ""}


def test_editing_is_refused_to_others_and_changes_nothing():
    made = OrganisationFactory(name="Old Name")
    with pytest.raises(NotPermitted):
        edit_organisation(organisation=made, **FACTS, by=PersonFactory(organisation=made))
    made.refresh_from_db()
    assert made.name == "Old Name"


def test_a_stale_edit_does_not_overwrite(keeper):
    made = OrganisationFactory(name="Old Name")
    edit_organisation(organisation=made, **FACTS, by=keeper, version=1)
    with pytest.raises(NotNow, match="changed this"):
        edit_organisation(organisation=made, **FACTS | {"name": "Mine"}, by=keeper, version=1)


def test_an_organisation_is_not_a_double_of_itself(keeper):
    made = add_organisation(**FACTS, by=keeper)
    edit_organisation(organisation=made, **FACTS | {"about": "Respite"}, by=keeper, version=1)
    made.refresh_from_db()
    assert made.about == "Respite"


# Names that sound alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Kelp Shore Carers", "The Kelp Shore Carers Ltd", True),
        ("Kelp Shore Carers", "Carers (Kelp Shore)", True),
        ("Kelp Shore Carers", "Kelp Shore Carer's", True),
        ("Càirdeas Befriending", "Cairdeas Befriending CIC", True),
        ("Kelp Shore Carers", "Kelp Shore Council", False),
        ("Kelp Shore Carers", "Ben Vane Furniture", False),
        ("The Group Ltd", "The Limited", False),
    ],
)
def test_likeness_ignores_order_case_accents_and_legal_form(one, other, alike):
    assert (likeness(one, other) >= 0.88) is alike
    assert likeness(one, other) == likeness(other, one) or not alike


# The pages


def test_adding_through_the_page_shows_the_new_entry(client, keeper):
    client.force_login(keeper)
    assert client.get(ADD).status_code == 200
    page = client.post(ADD, FACTS | {"charity_number": " sc 012345 "}, follow=True)
    made = Organisation.objects.get(name="Kelp Shore Carers")
    assert page.redirect_chain[-1][0] == made.get_absolute_url()
    assert made.charity_number == "SC012345"
    assert "The organisation is in the register." in page.content.decode()


def test_a_double_is_shown_beside_the_field_with_a_link_in_words(client, keeper):
    other = OrganisationFactory(name="Old Shore Trust", charity_number="SC012345")
    client.force_login(keeper)
    page = client.post(ADD, FACTS).content.decode()
    assert "“Old Shore Trust” has this charity number already." in page
    assert f'<a href="{other.get_absolute_url()}">Look at Old Shore Trust</a>' in page
    assert 'value="Kelp Shore Carers"' in page, "nothing typed is lost"


def test_a_similar_name_is_pointed_out_once_and_can_be_kept(client, keeper):
    OrganisationFactory(name="Kelp Shore Carers Ltd")
    client.force_login(keeper)
    page = client.post(ADD, FACTS).content.decode()
    assert "similar name" in page
    assert "This is a different organisation" in page
    assert client.post(ADD, FACTS | {"different": "on"}).status_code == 302
    assert Organisation.objects.filter(name="Kelp Shore Carers").exists()


def test_a_hostile_name_is_escaped_in_the_link(client, keeper):
    OrganisationFactory(name="<img src=x onerror=alert(1)>", charity_number="SC012345")
    client.force_login(keeper)
    assert "<img src=x" not in client.post(ADD, FACTS).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "n" * 5000), ("name", "bell\x07"), ("name", "\u202egnp.exe"), ("name", "nul\x00"),
        ("name", "A\r\nBcc: everyone@example.org"), ("kind", ""), ("kind", "guild"), ("kind", "\x00"),
        ("charity_number", "C" * 5000), ("charity_number", "SC12"), ("company_number", "not a number"),
        ("about", "a" * 5000), ("about", "\x1b[31mred"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_beside_the_field_and_nothing_is_saved(client, keeper, field, value):
    client.force_login(keeper)
    response = client.post(ADD, FACTS | {field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Organisation.objects.filter(kind="scio").exists()


def test_an_empty_post_is_answered_too(client, keeper):
    client.force_login(keeper)
    assert client.post(ADD).context["form"].errors.keys() == {"name", "kind"}


def test_a_double_click_adds_once(client, keeper):
    client.force_login(keeper)
    data = FACTS | {"form_token": "same-token"}
    first, second = client.post(ADD, data), client.post(ADD, data)
    assert (first.status_code, Organisation.objects.filter(kind="scio").count()) == (302, 1)
    assert second.status_code in (200, 302)


def test_a_stale_tab_keeps_what_was_typed(client, keeper):
    made = OrganisationFactory()
    client.force_login(keeper)
    address = made.get_absolute_url() + "edit/"
    assert client.post(address, FACTS | {"version": "1"}).status_code == 302
    page = client.post(address, FACTS | {"name": "Typed in the old tab", "version": "1"}).content.decode()
    assert "changed this" in page
    assert "Typed in the old tab" in page


@pytest.mark.parametrize("path", ["organisations/add/", "organisations/{}/edit/"])
def test_who_does_not_keep_the_register_may_not_open_its_forms(client, path):
    person = PersonFactory()
    client.force_login(person)
    response = client.get("/" + path.format(person.organisation.public_id))
    assert response.status_code == 403
    assert "keep the register" in response.content.decode()


def test_keepers_read_the_history_of_an_entry(client, keeper):
    made = add_organisation(**FACTS, by=keeper)
    address = made.get_absolute_url() + "history/"
    client.force_login(keeper)
    assert "added Kelp Shore Carers to the register" in client.get(address).content.decode()
    client.force_login(PersonFactory(organisation=made))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("end", ["", "edit/", "history/"])
def test_an_unknown_organisation_is_not_found(client, keeper, end):
    client.force_login(keeper)
    assert client.get(f"/organisations/{'x' * 22}/{end}").status_code == 404


def test_the_register_is_closed_to_visitors(client):
    made = OrganisationFactory()
    for address in ("/organisations/", made.get_absolute_url()):
        assert client.get(address)["Location"].startswith("/sign-in/")


def test_people_are_shown_to_colleagues_and_keepers_only(client, keeper):
    colleague = PersonFactory(name="Ailsa Reid")
    page = colleague.organisation.get_absolute_url()
    stranger, other = PersonFactory(), PersonFactory(organisation=colleague.organisation)
    seen = {}
    for name, reader in {"stranger": stranger, "colleague": other, "keeper": keeper}.items():
        client.force_login(reader)
        seen[name] = "Ailsa Reid" in client.get(page).content.decode()
    assert seen == {"stranger": False, "colleague": True, "keeper": True}


def test_the_list_finds_by_word_number_and_kind(client, keeper):
    OrganisationFactory(name="Kelp Shore Carers", charity_number="SC012345")
    OrganisationFactory(name="Ben Vane Furniture", kind=OrganisationKind.CIC)
    client.force_login(keeper)
    for query, found in {
        "text=shore+KELP": "Kelp Shore Carers", "text=SC012345": "Kelp Shore Carers", "kind=cic": "Ben Vane Furniture",
    }.items():  # fmt: skip
        rows = client.get(f"/organisations/?{query}").context["rows"]
        assert [row["name"] for row in rows] == [found]


@pytest.mark.parametrize(
    "query", ["text=%00", "text=" + "a" * 5000, "kind=guild", "page=-3", "page=x", "page=99999", "kind=cic&kind=scio",
              "text=%E2%80%AE", "text=%25_%27%22"],
)  # fmt: skip
def test_junk_in_the_address_never_breaks_the_list(client, keeper, query):
    client.force_login(keeper)
    assert client.get(f"/organisations/?{query}").status_code in (200, 404)


def test_the_list_costs_the_same_with_1_3_and_300_rows(client):
    reader = PersonFactory()
    client.force_login(reader)
    client.get("/organisations/")
    counts = []
    for total in (1, 3, 300):
        OrganisationFactory.create_batch(total - Organisation.objects.count())
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/organisations/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 8
