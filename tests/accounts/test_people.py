"""People: facts, portal-wide roles, closing and reopening accounts; and who may see whom."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.person import close_account, edit_person, give_portal_role, reopen_account
from accounts.models import Person
from accounts.permissions import ABILITIES, Ability
from accounts.roles import SEES_EVERYONE, PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from tests.factories.accounts import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
NOT_ADMINISTRATORS = [PortalRole.NONE, PortalRole.COMMISSIONER, PortalRole.PUBLISHER]


@pytest.fixture
def administrator():
    return PersonFactory(administrator=True, name="Iona Administrator")


def test_those_who_see_everyone_are_those_who_keep_the_register():
    assert {role for role in PortalRole if Ability.KEEP_REGISTER in ABILITIES[role]} == SEES_EVERYONE
    assert {role for role in PortalRole if Ability.INVITE in ABILITIES[role]} == SEES_EVERYONE


# Facts


def test_a_person_corrects_their_own_name_and_post_but_not_their_organisation():
    person, other = PersonFactory(name="Morga"), OrganisationFactory()
    edit_person(person=person, name="Morag", job_title="Manager", by=person, version=1)
    person.refresh_from_db()
    assert (person.name, person.job_title, person.version) == ("Morag", "Manager", 2)
    with pytest.raises(NotPermitted):
        edit_person(person=person, name="Morag", organisation=other, by=person)
    person.refresh_from_db()
    assert person.organisation != other


def test_a_colleague_may_not_correct_somebody_elses_facts():
    person = PersonFactory()
    colleague = PersonFactory(organisation=person.organisation)
    with pytest.raises(NotPermitted):
        edit_person(person=person, name="Somebody else", by=colleague)
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_a_keeper_moves_a_person_to_another_organisation_and_the_old_one_stays_in_the_history(administrator):
    person, new = PersonFactory(organisation__name="Old Trust"), OrganisationFactory(name="New Trust")
    edit_person(person=person, name=person.name, organisation=new, by=administrator)
    event = AuditEvent.objects.get()
    assert (event.before["organisation"], event.after["organisation"]) == ("Old Trust", "New Trust")


def test_a_stale_edit_of_a_person_does_not_overwrite():
    person = PersonFactory()
    edit_person(person=person, name="First", by=person, version=1)
    with pytest.raises(NotNow, match="changed this"):
        edit_person(person=person, name="Second", by=person, version=1)


# Portal-wide roles


def test_an_administrator_gives_a_role_and_it_counts_at_once(client, administrator):
    person = PersonFactory(organisation__public=True)
    client.force_login(person)
    assert client.get("/people/invite/").status_code == 403
    give_portal_role(person=person, role=PortalRole.COMMISSIONER, by=administrator)
    assert client.get("/people/invite/").status_code == 200
    give_portal_role(person=person, role=PortalRole.NONE, by=administrator)
    assert client.get("/people/invite/").status_code == 403
    assert AuditEvent.objects.filter(action="person.give_role").count() == 2


@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
def test_nobody_else_gives_roles_least_of_all_to_themselves(role):
    by = PersonFactory(portal_role=role)
    with pytest.raises(NotPermitted, match="portal-wide roles"):
        give_portal_role(person=by, role=PortalRole.ADMINISTRATOR, by=by)
    by.refresh_from_db()
    assert by.portal_role == role


def test_the_last_administrator_keeps_the_role(administrator):
    PersonFactory(administrator=True, is_active=False)
    invited = PersonFactory(administrator=True)
    invited.set_unusable_password()
    invited.save()
    with pytest.raises(NotNow, match="only portal administrator who can sign in"):
        give_portal_role(person=administrator, role=PortalRole.NONE, by=administrator)
    administrator.refresh_from_db()
    assert administrator.portal_role == PortalRole.ADMINISTRATOR


def test_one_of_two_administrators_may_step_down(administrator):
    PersonFactory(administrator=True)
    give_portal_role(person=administrator, role=PortalRole.NONE, by=administrator)
    with pytest.raises(NotPermitted):
        give_portal_role(
            person=administrator, role=PortalRole.ADMINISTRATOR, by=Person.objects.get(pk=administrator.pk)
        )


def test_a_role_cannot_be_given_to_a_closed_account(administrator):
    with pytest.raises(NotNow, match="closed"):
        give_portal_role(person=PersonFactory(is_active=False), role=PortalRole.PUBLISHER, by=administrator)


def test_a_commissioner_works_for_a_public_body(administrator):
    person = PersonFactory(organisation=OrganisationFactory(name="Silver Thread"))
    with pytest.raises(NotNow, match="Silver Thread is in the register as: "):
        give_portal_role(person=person, role=PortalRole.COMMISSIONER, by=administrator)
    person.refresh_from_db()
    assert person.portal_role == PortalRole.NONE


# Closing and reopening


def test_closing_ends_sessions_links_and_rights_and_keeps_the_name(client, administrator):
    cache.clear()
    person = PersonFactory(email="ewan@example.org")
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert client.get("/people/").status_code == 200
    close_account(person=person, reason="Left the council", by=administrator)
    assert client.get("/people/").status_code == 302
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (False, False)
    event = AuditEvent.objects.get(action="person.close_account")
    assert (event.reason, event.scope) == ("Left the council", person.audit_scope)


def test_a_session_from_before_the_closing_is_dead_after_the_reopening(client, administrator):
    cache.clear()
    person = PersonFactory(email="ewan@example.org")
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    key = client.session.session_key
    close_account(person=person, reason="Mistake", by=administrator)
    reopen_account(person=person, by=administrator)
    assert Session.objects.filter(session_key=key).exists(), "the cookie still names a session …"
    assert client.get("/people/").status_code == 302, "… but it signs nobody in"
    assert Client().post("/sign-in/", {"login": person.email, "password": PASSWORD}).status_code == 200
    assert OutboxMail.objects.get().to == person


@pytest.mark.parametrize("role", NOT_ADMINISTRATORS)
@pytest.mark.parametrize("act", [close_account, reopen_account])
def test_only_administrators_close_and_reopen(role, act):
    by, person = PersonFactory(portal_role=role), PersonFactory(is_active=act is close_account)
    more = {"reason": "I want to"} if act is close_account else {}
    with pytest.raises(NotPermitted, match="close accounts"):
        act(person=person, by=by, **more)
    was = person.is_active
    person.refresh_from_db()
    assert person.is_active is was
    assert not OutboxMail.objects.exists()


def test_the_last_administrator_cannot_be_closed_and_nobody_is_closed_twice(administrator):
    with pytest.raises(NotNow, match="only portal administrator"):
        close_account(person=administrator, reason="Bye", by=administrator)
    person = PersonFactory()
    close_account(person=person, reason="Left", by=administrator)
    with pytest.raises(NotNow, match="closed already"):
        close_account(person=person, reason="Left", by=administrator)
    with pytest.raises(NotNow, match="is open"):
        reopen_account(person=administrator, by=administrator)


# The pages


def test_everybody_sees_themselves_and_their_colleagues_and_nobody_else(client):
    reader = PersonFactory()
    colleague, stranger = PersonFactory(organisation=reader.organisation), PersonFactory()
    client.force_login(reader)
    assert [row["email"] for row in client.get("/people/").context["rows"]] == sorted([reader.email, colleague.email])
    assert client.get(colleague.get_absolute_url()).status_code == 200
    assert client.get(stranger.get_absolute_url()).status_code == 404
    assert client.get(stranger.get_absolute_url() + "edit/").status_code == 404
    assert client.get(colleague.get_absolute_url() + "edit/").status_code == 403


def test_people_without_an_organisation_are_no_colleagues(client):
    reader, other = PersonFactory(organisation=None), PersonFactory(organisation=None)
    client.force_login(reader)
    assert client.get("/people/").status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("end", ["role/", "close/", "reopen/", "invite-again/"])
def test_the_acts_on_somebody_else_are_closed_to_others(client, end):
    reader = PersonFactory()
    client.force_login(reader)
    for target in (PersonFactory(), PersonFactory(organisation=reader.organisation), reader):
        assert client.post(target.get_absolute_url() + end, {"role": "administrator", "reason": "x"}).status_code == 403
    assert not Person.objects.filter(portal_role=PortalRole.ADMINISTRATOR).exists()


@pytest.mark.parametrize("end", ["", "edit/", "role/", "close/", "reopen/", "invite-again/"])
def test_an_unknown_person_is_not_found_by_an_administrator(client, administrator, end):
    client.force_login(administrator)
    method = client.post if end in ("reopen/", "invite-again/") else client.get
    assert method(f"/people/{'x' * 22}/{end}").status_code == 404


def test_closing_and_reopening_through_the_pages(client, administrator):
    person = PersonFactory()
    client.force_login(administrator)
    here = person.get_absolute_url()
    page = client.post(here + "close/", {"reason": "Left", "version": "1"}, follow=True).content.decode()
    assert "Account closed" in page
    assert "Reopen the account" in page
    token = client.get(here).context["reopen_form"]["form_token"].value()
    for _ in range(2):
        page = client.post(here + "reopen/", {"form_token": token}, follow=True).content.decode()
    assert "Invited, no password yet" in page
    assert OutboxMail.objects.count() == 1, "a double click invites once"


def test_closing_the_last_administrator_is_explained_and_the_form_not_offered(client, administrator):
    client.force_login(administrator)
    page = client.get(administrator.get_absolute_url() + "close/").content.decode()
    assert "only portal administrator who can sign in" in page
    assert 'name="reason"' not in page
    page = client.post(administrator.get_absolute_url() + "close/", {"reason": "Bye", "version": "1"})
    assert page.status_code == 200
    administrator.refresh_from_db()
    assert administrator.is_active


def test_a_stale_tab_does_not_give_a_role(client, administrator):
    person = PersonFactory(version=3)
    client.force_login(administrator)
    page = client.post(person.get_absolute_url() + "role/", {"role": "publisher", "version": "2"}).content.decode()
    assert "changed this" in page
    person.refresh_from_db()
    assert person.portal_role == PortalRole.NONE


@pytest.mark.parametrize(
    ("end", "field", "value"),
    [
        ("edit/", "name", ""), ("edit/", "name", "n" * 5000), ("edit/", "name", "A\r\nBcc: x@example.org"),
        ("edit/", "name", "\u202egnp"), ("edit/", "job_title", "bell\x07"), ("edit/", "organisation", "1"),
        ("edit/", "organisation", "' OR 1=1"), ("edit/", "organisation", "\x00"), ("edit/", "version", "first"),
        ("role/", "role", "god"), ("role/", "role", ""), ("role/", "version", "-"),
        ("close/", "reason", ""), ("close/", "reason", "r" * 5000), ("close/", "reason", "nul\x00"),
    ],
)  # fmt: skip
def test_bad_input_about_a_person_is_answered_beside_the_field(client, administrator, end, field, value):
    person = PersonFactory(name="As before")
    client.force_login(administrator)
    good = {"edit/": {"name": "New", "organisation": person.organisation.public_id}, "role/": {"role": "publisher"},
            "close/": {"reason": "Left"}}[end]  # fmt: skip
    response = client.post(person.get_absolute_url() + end, good | {"version": "1", field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    person.refresh_from_db()
    assert (person.name, person.portal_role, person.is_active) == ("As before", PortalRole.NONE, True)


def test_nobody_can_smuggle_a_role_or_an_address_through_the_form_of_facts(client):
    person = PersonFactory()
    client.force_login(person)
    data = {"name": "New", "version": "1", "portal_role": "administrator", "email": "new@example.org",
            "organisation": OrganisationFactory().public_id, "is_active": "", "by": "1"}  # fmt: skip
    assert client.post(person.get_absolute_url() + "edit/", data).status_code == 302
    was = (person.email, person.organisation)
    person.refresh_from_db()
    assert (person.name, person.portal_role) == ("New", PortalRole.NONE)
    assert (person.email, person.organisation) == was


@pytest.mark.parametrize(
    "query", ["text=%00", "text=" + "a" * 5000, "state=god", "page=0", "state=invited&state=closed"]
)
def test_junk_in_the_address_never_breaks_the_list(client, administrator, query):
    client.force_login(administrator)
    assert client.get(f"/people/?{query}").status_code in (200, 404)


def test_the_list_filters_by_the_state_of_the_account(client, administrator):
    closed, invited = PersonFactory(is_active=False), PersonFactory()
    invited.set_unusable_password()
    invited.save()
    client.force_login(administrator)
    for state, found in {"closed": closed, "invited": invited, "open": administrator}.items():
        assert [row["email"] for row in client.get(f"/people/?state={state}").context["rows"]] == [found.email]


def test_the_list_costs_the_same_with_1_3_and_300_people(client):
    reader = PersonFactory()
    client.force_login(reader)
    client.get("/people/")
    counts = []
    for total in (1, 3, 300):
        PersonFactory.create_batch(
            total - Person.objects.count(), organisation=reader.organisation, password="quick to hash here"
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/people/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 8
