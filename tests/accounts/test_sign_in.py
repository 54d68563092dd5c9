"""Signing in: who gets in, who does not, what an attacker can and cannot do, and what is left in the history."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from foundation.audit.models import AuditEvent, Outcome
from foundation.delivery.message import text_of
from foundation.delivery.models import OutboxMail
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def person():
    return PersonFactory(email="morag@example.org", name="Morag Sinclair")


def sign_in(client, email="morag@example.org", password=PASSWORD, address="192.0.2.1", **extra):
    return client.post(SIGN_IN + extra.pop("query", ""), {"login": email, "password": password}, REMOTE_ADDR=address)


def signed_in(client) -> bool:
    return client.get("/people/").status_code == 200


def test_the_right_password_signs_in_with_a_new_session_key_and_one_event(client, person):
    client.get("/")
    client.session["before"] = "kept by an attacker"
    session = client.session
    session.save()
    client.cookies["session"] = session.session_key
    before = session.session_key
    response = sign_in(client, email="  MORAG@example.org ")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome, event.scope) == ("person.sign_in", Outcome.ALLOWED, person.audit_scope)


def test_signing_in_makes_no_row_in_allauths_own_table(client, person):
    sign_in(client)
    client.post("/password/forgotten/", {"email": person.email})
    client.get(link_in(OutboxMail.objects.get()))
    assert not EmailAddress.objects.exists()


def test_a_session_ends_twelve_hours_after_sign_in_however_busy_it_is(client, person):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as traveller:
        sign_in(client)
        for hours in (3, 6, 9, 11):
            traveller.move_to(start + timedelta(hours=hours))
            session = client.session
            session["busy"] = hours
            session.save()
            assert signed_in(client)
        traveller.move_to(start + timedelta(hours=12, seconds=1))
        assert not signed_in(client)


@pytest.mark.parametrize("address", ["morag@example.org", "nobody@example.org"])
def test_a_known_and_an_unknown_address_get_the_same_answer(client, person, address):
    response = sign_in(client, email=address, password="wrong password here")
    assert response.status_code == 200
    assert "The e-mail address or the password is not right" in response.content.decode()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_the_two_answers_differ_in_nothing_but_what_was_typed(client, person):
    pages = []
    for address in ("morag@example.org", "nobody@example.org"):
        page = sign_in(client, email=address, password="wrong password here").content.decode().replace(address, "…")
        pages.append("\n".join(line for line in page.splitlines() if "form_token" not in line and "csrf" not in line))
    assert pages[0] == pages[1]


def test_both_answers_cost_the_same_number_of_queries(client, person, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for address in ("morag@example.org", "nobody@example.org"):
        sign_in(client, email=address, password="warm up")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sign_in(client, email=address, password="wrong password here")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_unknown_address_is_recorded_without_the_address(client, person):
    sign_in(client, email="my-secret-password@example.org", password="oops")
    event = AuditEvent.objects.get()
    assert event.scope == "portal"
    assert (
        "my-secret-password" not in f"{event.summary} {event.reason} {event.object_name} {event.after} {event.before}"
    )


def test_an_attacker_who_fails_fifty_times_cannot_lock_out_the_victim(client, person, django_user_model):
    from django.test import Client

    attacker = Client()
    answers = [sign_in(attacker, password=f"guess {n}", address="198.51.100.9").content.decode() for n in range(50)]
    assert sum("too many attempts" in answer for answer in answers) == 40
    assert sign_in(client, address="203.0.113.5").status_code == 302
    assert signed_in(client)


def test_the_attackers_own_address_is_slowed_even_with_the_right_password(client, person):
    for n in range(10):
        sign_in(client, password=f"guess {n}", address="198.51.100.9")
    response = sign_in(client, address="198.51.100.9")
    assert "too many attempts from your network" in response.content.decode()
    assert not signed_in(client)


def test_a_forged_forwarding_header_does_not_give_an_attacker_a_new_address(client, person):
    for n in range(10):
        client.post(SIGN_IN, {"login": person.email, "password": f"guess {n}"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    assert "too many attempts" in sign_in(client, address="127.0.0.1").content.decode()


def test_behind_a_proxy_visitors_have_limits_of_their_own(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(12):
        client.post(
            SIGN_IN, {"login": person.email, "password": f"guess {n}"}, HTTP_X_FORWARDED_FOR="1.2.3.4, 198.51.100.9"
        )
    response = client.post(
        SIGN_IN, {"login": person.email, "password": PASSWORD}, HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.5"
    )
    assert response.status_code == 302


def test_too_many_posts_get_a_page_with_words_and_no_error(client, person):
    with time_machine.travel(timezone.now(), tick=False):  # however long sixty take
        responses = [client.post(SIGN_IN, {"login": "", "password": ""}) for _ in range(61)]
    assert responses[-1].status_code == 429
    assert "nothing is locked for good" in responses[-1].content.decode()


def test_a_closed_account_cannot_sign_in_and_is_told_so_only_with_the_right_password(client):
    PersonFactory(email="morag@example.org", is_active=False)
    assert sign_in(client)["Location"] == "/sign-in/closed/"
    assert "account is closed" in client.get("/sign-in/closed/").content.decode()
    assert "not right" in sign_in(client, password="wrong").content.decode()
    assert not signed_in(client)
    assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}


def test_an_invited_person_without_a_password_gets_the_same_answer_as_a_stranger(client):
    invited = PersonFactory(email="morag@example.org")
    invited.set_unusable_password()
    invited.save()
    for password in ("", "!", "anything"):
        assert sign_in(client, password=password).status_code == 200
    assert not signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x00//e",
    ],
)
def test_next_never_leaves_the_portal(client, person, address):
    response = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": address})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_next_leads_back_to_the_page_that_asked_for_sign_in(client, person):
    asked = client.get("/people/")
    response = client.post(asked["Location"], {"login": person.email, "password": PASSWORD})
    assert response["Location"] == "/people/"


def test_whoever_was_signed_out_while_typing_is_told_so(client):
    url = reverse("lessons:report_new")
    response = client.post(url, {"title": "Half typed"}, follow=True)
    assert response.redirect_chain[0][0].endswith(f"?next={url}")
    assert "what you sent was not saved" in response.content.decode()
    assert "what you sent was not saved" not in client.get(url, follow=True).content.decode()


def test_an_address_that_cannot_be_opened_is_not_where_signing_in_leads(client):
    response = client.post(reverse("accounts:inbox_read_all"))
    assert (response.status_code, response.url) == (302, reverse("account_login"))


def test_signing_out_is_a_post_and_the_old_cookie_is_dead(client, person):
    sign_in(client)
    cookie = client.cookies["session"].value
    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client)
    assert client.post("/sign-out/").status_code == 302
    client.cookies["session"] = cookie
    assert not signed_in(client)
    assert client.post("/sign-out/").status_code == 302, "a second click is no error"
    assert AuditEvent.objects.filter(action="person.sign_out").count() == 1


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_set_password", "account_confirm_email"])
def test_there_is_no_sign_up_and_no_page_for_addresses(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", ""), ("not an address", "x"), ("a" * 5000 + "@example.org", "x"), ("morag@example.org", "p" * 5000),
        ("mo\x00rag@example.org", "x"), ("morag@example.org", "pass\x00word"), ("\u202emorag@example.org", "\u202e"),
        ("morag@example.org\nBcc: x@example.org", "x"), ("<script>alert(1)</script>", "x"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_in_the_form(client, person, login, password):
    response = sign_in(client, email=login, password=password)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert "<script>alert" not in response.content.decode()


def link_in(mail: OutboxMail) -> str:
    from django.conf import settings

    return next(line for line in text_of(mail).splitlines() if "/password/new/" in line).removeprefix(settings.SITE_URL)


def test_a_new_password_is_asked_for_mailed_chosen_and_announced(client, person):
    other_browser = type(client)()
    sign_in(other_browser)
    response = client.post("/password/forgotten/", {"email": "MORAG@example.org"}, HTTP_HOST="localhost")
    assert response["Location"] == "/password/forgotten/sent/"
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.kind) == (person, "invitation")
    link = link_in(mail)
    page = client.get(link, follow=True)
    assert page.status_code == 200
    address = page.redirect_chain[-1][0]
    assert link not in page.content.decode()
    new = "three unrelated words walk"
    assert client.post(address, {"password1": new, "password2": new})["Location"] == "/password/new/saved/"
    assert client.get("/password/new/saved/").status_code == 200
    assert not signed_in(other_browser), "the other session ended"
    assert sign_in(client, password=new).status_code == 302
    assert OutboxMail.objects.filter(template="emails/accounts/password_changed").count() == 1
    assert "no longer works" in type(client)().get(link, follow=True).content.decode(), "the link worked once"


def test_the_key_of_a_reset_lies_nowhere_in_the_database(client, person):
    client.post("/password/forgotten/", {"email": person.email})
    mail = OutboxMail.objects.get()
    key = link_in(mail).rstrip("/").rpartition("/")[2]
    assert key not in f"{mail.context} {mail.body} {mail.key} {mail.subject}"
    assert not any(key in str(event.__dict__) for event in AuditEvent.objects.all())


def test_every_request_for_a_new_password_is_its_own_mail(client, person):
    for _ in range(2):
        client.post("/password/forgotten/", {"email": person.email})
    assert OutboxMail.objects.count() == 2


def test_a_mailbox_gets_at_most_five_reset_mails_an_hour(client, person):
    answers = [
        client.post("/password/forgotten/", {"email": person.email}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(7)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    assert OutboxMail.objects.count() == 5


@pytest.mark.parametrize("email", ["nobody@example.org", "closed@example.org"])
def test_asking_for_an_unknown_or_closed_address_looks_the_same_and_mails_nobody(client, person, email):
    PersonFactory(email="closed@example.org", is_active=False)
    response = client.post("/password/forgotten/", {"email": email})
    assert response["Location"] == "/password/forgotten/sent/"
    assert not OutboxMail.objects.exists()


def test_a_reset_link_ends_after_two_hours(client, person):
    client.post("/password/forgotten/", {"email": person.email})
    link = link_in(OutboxMail.objects.get())
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        assert "no longer works" in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize("key", ["1-x", "zzzzzzzzzzzzzzzz-abc", "1-set-password", "0-" + "a" * 300])
def test_made_up_reset_links_are_answered_with_a_way_on(client, person, key):
    response = client.get(f"/password/new/{key}/")
    assert response.status_code == 200
    assert "no longer works" in response.content.decode()


@pytest.mark.parametrize(
    ("present", "first", "second", "said"),
    [
        ("wrong", "three unrelated words walk", "three unrelated words walk", "not your present password"),
        (PASSWORD, "short", "short", "too short"),
        (PASSWORD, "password1234", "password1234", "too common"),
        (PASSWORD, "morag@example.org", "morag@example.org", "too similar"),
        (PASSWORD, "three unrelated words walk", "another one entirely", "not the same"),
        (PASSWORD, "three unrelated\x00words", "three unrelated\x00words", "ull characters"),
        (PASSWORD, "", "", "required"),
    ],
)
def test_a_change_of_password_is_refused_with_the_reason(client, person, present, first, second, said):
    client.force_login(person)
    response = client.post("/password/change/", {"oldpassword": present, "password1": first, "password2": second})
    assert said in response.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_changing_the_password_keeps_this_session_and_ends_the_others(client, person):
    other = type(client)()
    sign_in(other)
    sign_in(client)
    new = "three unrelated words walk"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/password/change/", data)["Location"] == "/"
    assert signed_in(client)
    assert not signed_in(other)
    assert AuditEvent.objects.filter(action="person.set_password", actor=person).count() == 1


def test_every_sign_in_page_opens(client, person):
    for address in ("/sign-in/", "/sign-in/closed/", "/password/forgotten/", "/password/forgotten/sent/"):
        assert client.get(address).status_code == 200, address
    assert client.get("/password/change/")["Location"].startswith("/sign-in/")
