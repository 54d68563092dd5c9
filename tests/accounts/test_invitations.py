"""Invitations: the only way in. The link works once, for 14 days, and opens on the thing to do."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.actions.invitation import accept_invitation, invite, invite_to_portal, resend_invitation
from accounts.models import Invitation, Person
from accounts.models.invitation import token_for
from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.message import compose, text_of
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import AlreadyDone, NotNow, NotPermitted
from tests.factories.accounts import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

GOOD = "three unrelated words walk"


@pytest.fixture
def host():
    return PersonFactory(commissioner=True, name="Ishbel Grant")


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Kelp Shore Carers")


@pytest.fixture
def invited(host, organisation):
    return invite_to_portal(
        email=" Calum@Example.org", name="Calum Reid", organisation=organisation, message="See you Monday", by=host
    )


def link_of(person: Person) -> str:
    return f"/invitation/{token_for(person.invitations.first().public_id)}/"


def later(**by):
    return clock.at(clock.now() + timedelta(**by))


# Inviting


def test_inviting_makes_a_person_without_a_password_one_mail_and_one_event(invited, host, organisation):
    assert (invited.email, invited.organisation, invited.has_usable_password()) == (
        "calum@example.org", organisation, False,
    )  # fmt: skip
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to, mail.to_address) == ("invitation", invited, "calum@example.org")
    assert "Ishbel Grant" in mail.why
    text = text_of(mail)
    assert "See you Monday" in text
    assert re.search(r"http://127\.0\.0\.1:8000/invitation/[\w-]{43}/\n", text)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.scope) == ("invitation.send", host, invited.audit_scope)


def test_the_database_holds_the_hash_of_the_token_and_never_the_token(invited):
    invitation, mail = Invitation.objects.get(), OutboxMail.objects.get()
    token = link_of(invited).split("/")[2]
    assert token in text_of(mail)
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    everything = f"{vars(invitation)} {vars(mail)} {[vars(event) for event in AuditEvent.objects.all()]}"
    assert token not in everything


def test_another_secret_key_makes_another_token(invited, settings):
    before = link_of(invited)
    settings.SECRET_KEY = "another key entirely, and long enough for anybody"
    assert link_of(invited) != before


@pytest.mark.parametrize("role", [PortalRole.NONE, PortalRole.PUBLISHER])
def test_inviting_to_the_portal_is_refused_to_other_roles_and_leaves_nothing(role, organisation):
    by = PersonFactory(portal_role=role)
    with pytest.raises(NotPermitted, match="invite people"):
        invite_to_portal(email="calum@example.org", name="Calum", organisation=organisation, by=by)
    assert not Person.objects.filter(email="calum@example.org").exists()
    assert not OutboxMail.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_an_upper_floor_that_has_asked_its_own_permission_may_invite(organisation):
    lead = PersonFactory()
    person = invite(email="calum@example.org", name="Calum", organisation=organisation, opens="/pilots/", by=lead)
    assert person.invitations.get().opens == "/pilots/"


def test_a_known_person_with_a_password_is_given_back_unchanged_and_unbothered(host, organisation):
    known = PersonFactory(email="calum@example.org", name="Calum Reid")
    person = invite(email="CALUM@example.org", name="Somebody Else", organisation=organisation, by=host)
    assert (person, person.name, person.organisation) == (known, "Calum Reid", known.organisation)
    assert not OutboxMail.objects.exists()
    assert not Invitation.objects.exists()


def test_a_known_person_without_a_password_gets_a_new_link_and_the_old_one_dies(invited, host, organisation):
    old = link_of(invited)
    again = invite(email=invited.email, name="Calum", organisation=organisation, opens="/partnerships/", by=host)
    assert again == invited
    assert Client().get(old).status_code == 410
    assert Client().get(link_of(invited)).status_code == 200
    assert OutboxMail.objects.count() == 2


def test_a_closed_account_is_not_invited_behind_the_administrators_back(host, organisation):
    PersonFactory(email="calum@example.org", is_active=False)
    with pytest.raises(NotNow, match="closed"):
        invite_to_portal(email="calum@example.org", name="Calum", organisation=organisation, by=host)
    assert not OutboxMail.objects.exists()


def test_a_header_in_the_hosts_name_stays_in_the_subject(organisation):
    host = PersonFactory(commissioner=True, name="Ishbel\r\nBcc: everyone@example.org")
    invite_to_portal(email="calum@example.org", name="Calum\nX: y", organisation=organisation, by=host)
    mail = OutboxMail.objects.get()
    message = compose(mail, text_of(mail))
    assert message["Bcc"] is None
    assert message["X"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["calum@example.org"]


# Sending again


def test_sending_again_kills_the_old_link_and_keeps_message_and_destination(host, organisation):
    person = invite(
        email="c@example.org", name="Calum", organisation=organisation, opens="/pilots/", message="Hello", by=host
    )
    old = link_of(person)
    with later(days=1):
        new = resend_invitation(person=person, by=host)
        assert (new.opens, new.message) == ("/pilots/", "Hello")
        assert new.expires_at == clock.now() + timedelta(days=14)
        assert Client().get(old).status_code == 410


def test_sending_again_is_refused_to_others_and_pointless_after_a_password(invited, host):
    with pytest.raises(NotPermitted):
        resend_invitation(person=invited, by=PersonFactory())
    with pytest.raises(NotNow, match="chosen a password"):
        resend_invitation(person=host, by=host)
    with pytest.raises(NotNow, match="closed"):
        resend_invitation(person=PersonFactory(is_active=False), by=host)
    assert OutboxMail.objects.count() == 1


# Accepting


def test_accepting_sets_the_password_once(invited):
    invitation = Invitation.objects.get()
    accept_invitation(invitation=invitation, password=GOOD, by=invited)
    invited.refresh_from_db()
    assert invited.check_password(GOOD)
    with pytest.raises(AlreadyDone):
        accept_invitation(invitation=invitation, password=GOOD, by=invited)
    with pytest.raises(NotNow, match="has been used"):
        accept_invitation(invitation=invitation, password="another password here", by=invited)
    invited.refresh_from_db()
    assert invited.check_password(GOOD)
    assert AuditEvent.objects.filter(action="invitation.accept", outcome=Outcome.ALLOWED).count() == 1


def test_a_bad_password_is_refused_and_the_link_stays_open(invited):
    invitation = Invitation.objects.get()
    with pytest.raises(ValidationError):
        accept_invitation(invitation=invitation, password="calum@example.org", by=invited)
    invitation.refresh_from_db()
    assert invitation.is_open
    assert not Person.objects.get(pk=invited.pk).has_usable_password()


def test_the_page_says_who_invited_and_a_get_changes_nothing(client, invited):
    for _ in range(2):
        page = client.get(link_of(invited))
        assert page.status_code == 200
    text = page.content.decode()
    assert "Ishbel Grant of" in text
    assert "See you Monday" in text
    assert "calum@example.org" in text
    assert "no-store" in page["Cache-Control"]
    assert Invitation.objects.get().is_open


def test_accepting_on_the_page_signs_in_and_opens_on_the_thing_to_do(client, host, organisation):
    person = invite(email="c@example.org", name="Calum", organisation=organisation, opens="/people/", by=host)
    link = link_of(person)
    response = client.post(link, {"password1": GOOD, "password2": GOOD})
    assert response["Location"] == "/people/"
    assert client.get("/people/").status_code == 200
    assert client.session.get_expiry_age() <= 12 * 60 * 60
    assert Client().get(link).status_code == 410


def test_a_double_click_on_the_invitation_signs_in_both_times(invited):
    data = {"password1": GOOD, "password2": GOOD, "form_token": "the-same"}
    for browser in (Client(), Client()):
        assert browser.post(link_of(invited), data)["Location"] == "/"
        assert browser.get("/people/").status_code == 200


def test_a_used_link_with_another_password_lets_nobody_in(client, invited):
    link = link_of(invited)
    Client().post(link, {"password1": GOOD, "password2": GOOD})
    response = client.post(link, {"password1": "an attacker's own one", "password2": "an attacker's own one"})
    assert response.status_code == 410
    assert client.get("/people/").status_code == 302
    assert Person.objects.get(pk=invited.pk).check_password(GOOD)


def test_accepting_while_somebody_else_is_signed_in_changes_the_person(client, invited, host):
    client.force_login(host)
    client.post(link_of(invited), {"password1": GOOD, "password2": GOOD})
    assert client.get("/").context["user"] == invited


@pytest.mark.parametrize(
    "opens",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "http:///x",
        "\t//evil.example",
    ],
)
def test_the_link_never_opens_on_another_site(client, host, organisation, opens):
    person = invite(email="c@example.org", name="Calum", organisation=organisation, opens=opens, by=host)
    assert client.post(link_of(person), {"password1": GOOD, "password2": GOOD})["Location"] == "/"


def test_the_link_ends_after_14_days(client, invited):
    with later(days=13, hours=23):
        assert client.get(link_of(invited)).status_code == 200
    with later(days=14, seconds=1):
        for response in (
            client.get(link_of(invited)),
            client.post(link_of(invited), {"password1": GOOD, "password2": GOOD}),
        ):
            assert response.status_code == 410
            assert "Ask for a new invitation" in response.content.decode()
    assert not Person.objects.get(pk=invited.pk).has_usable_password()


def test_the_link_of_a_closed_account_is_dead(client, invited):
    Person.objects.filter(pk=invited.pk).update(is_active=False)
    assert client.post(link_of(invited), {"password1": GOOD, "password2": GOOD}).status_code == 410


def test_a_password_chosen_by_reset_makes_the_link_useless(client, invited):
    invited.set_password(GOOD)
    invited.save()
    link = link_of(invited)
    assert client.get(link).status_code == 410
    other = {"password1": "another password here", "password2": "another password here"}
    assert client.post(link, other).status_code == 410
    assert Person.objects.get(pk=invited.pk).check_password(GOOD)


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5000, "-", "%00", "..%2f..%2f", "é"])
def test_a_made_up_link_is_not_found(client, invited, token):
    for response in (client.get(f"/invitation/{token}/"), client.post(f"/invitation/{token}/", {"password1": GOOD})):
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("", "", "password1"), ("short", "short", "password1"), ("password1234", "password1234", "password1"),
        ("calum@example.org", "calum@example.org", "password1"), (GOOD, "something different", "password2"),
        ("nul\x00 in the middle", "nul\x00 in the middle", "password1"),
        ("\u202e" + GOOD, "\u202e" + GOOD, "password1"),
    ],
)  # fmt: skip
def test_a_bad_password_is_answered_beside_the_field(client, invited, first, second, field):
    response = client.post(link_of(invited), {"password1": first, "password2": second})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert client.get("/people/").status_code == 302


def test_a_very_long_password_works(client, invited):
    long = "word " * 800
    assert client.post(link_of(invited), {"password1": long, "password2": long}).status_code == 302
    assert Person.objects.get(pk=invited.pk).check_password(long)


# The page that invites


def test_inviting_through_the_page(client, host, organisation):
    client.force_login(host)
    assert (
        f'value="{organisation.public_id}" selected'
        in client.get(f"/people/invite/?organisation={organisation.public_id}").content.decode()
    )
    data = {"name": "Calum", "email": "calum@example.org", "organisation": organisation.public_id, "message": ""}
    page = client.post("/people/invite/", data | {"form_token": "one"}, follow=True)
    person = Person.objects.get(email="calum@example.org")
    assert page.redirect_chain[-1][0] == person.get_absolute_url()
    client.post("/people/invite/", data | {"form_token": "one"})
    assert OutboxMail.objects.count() == 1, "a double click mails once"


def test_a_known_and_a_new_address_get_the_same_sentence(client, host, organisation):
    PersonFactory(email="known@example.org")
    client.force_login(host)
    said = set()
    for email in ("known@example.org", "new@example.org"):
        data = {"name": "Calum", "email": email, "organisation": organisation.public_id}
        page = client.post("/people/invite/", data, follow=True)
        said.add(tuple(str(message) for message in page.context["messages"]))
    assert said == {("This person has an invitation, or can sign in already.",)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "n" * 5000), ("name", "Calum\r\nBcc: x@example.org"), ("name", "\u202emulaC"),
        ("email", ""), ("email", "nobody"), ("email", "a@example.org\nBcc: b@example.org"),
        ("email", "a" * 5000 + "@x.org"),
        ("email", "a@example.org, b@example.org"), ("email", "nul\x00@example.org"),
        ("organisation", ""), ("organisation", "1"), ("organisation", "\x00"), ("message", "m" * 5000),
        ("message", "bell\x07"),
    ],
)  # fmt: skip
def test_bad_input_on_the_invitation_is_answered_beside_the_field(client, host, organisation, field, value):
    client.force_login(host)
    good = {"name": "Calum", "email": "calum@example.org", "organisation": organisation.public_id, "message": ""}
    response = client.post("/people/invite/", good | {field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not OutboxMail.objects.exists()
