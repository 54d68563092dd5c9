"""The mail ledger: who may see it, what it says, what may be done, and how little it asks of the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.actions import mark_sent, resend
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from foundation.policy.refusals import NotNow
from tests.factories.accounts import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    person = PersonFactory(administrator=True, name="Isla Grant")
    client.force_login(person)
    return person


def mail_in(state: MailState = MailState.PENDING, key: str = "one", **fields) -> OutboxMail:
    mail = enqueue(
        kind=fields.pop("kind", "reminder"),
        key=key,
        to=fields.pop("to", None) or PersonFactory(),
        subject=fields.pop("subject", "Due on 8 January 2027: Evaluation report"),
        template=fields.pop("template", "emails/partnerships/deadline"),
        context={"name": "Ailsa", "title": "Evaluation report", "due_on": "Friday 8 January 2027", "path": "/x/"},
        why="You get this mail because it is yours.",
    )
    moment = {"sent_at": clock.now()} if state == MailState.SENT else {}
    OutboxMail.objects.filter(pk=mail.pk).update(state=state, **moment, **fields)
    mail.refresh_from_db()
    return mail


ADDRESSES = ("ledger", "ledger_mail", "ledger_resend", "ledger_mark_sent")


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", ["nobody", "commissioner", "publisher", "nothing special", "the receiver"])
def test_only_who_watches_operations_may_open_it(client, name, who):
    mail = mail_in(MailState.HELD)
    address = reverse(name, args=[] if name == "ledger" else [mail.public_id])
    if who == "the receiver":
        client.force_login(mail.to)
    elif who != "nobody":
        client.force_login(PersonFactory() if who == "nothing special" else PersonFactory(**{who: True}))
    method = client.get if name in ("ledger", "ledger_mail") else client.post
    answer = method(address)
    assert answer.status_code == (302 if who == "nobody" else 403)
    assert b"Evaluation report" not in answer.content
    mail.refresh_from_db()
    assert mail.state == MailState.HELD


class TestTheList:
    def test_who_when_why_and_the_state_in_words(self, client, administrator):
        mail = mail_in(MailState.HELD, last_error="The mail server went away before it answered.")
        page = client.get(reverse("ledger")).content.decode()
        for words in (mail.subject, mail.to.name, mail.to_address, mail.why, "Held: it may or may not have arrived",
                      "The mail server went away before it answered."):  # fmt: skip
            assert words in page

    def test_it_is_filtered_by_state_person_and_text(self, client, administrator):
        mail_in(MailState.HELD, "a", subject="Alpha", to=PersonFactory(name="Ailsa Reid"))
        mail_in(MailState.SENT, "b", subject="Beta", to=PersonFactory(name="Rory Bain", email="rory@example.org"))
        found = {
            "": {"Alpha", "Beta"},
            "state=held": {"Alpha"},
            "person=reid": {"Alpha"},
            "person=RORY@": {"Beta"},
            "text=beta": {"Beta"},
            "text=alpha&state=sent": set(),
            "state=nonsense": {"Alpha", "Beta"},
        }
        for query, subjects in found.items():
            page = client.get(f"{reverse('ledger')}?{query}").content.decode()
            assert {s for s in ("Alpha", "Beta") if f">{s}</a>" in page} == subjects, query

    @pytest.mark.parametrize("query", ["page=0", "page=-1", "page=999999999999", "page=abc"])
    def test_a_page_that_is_not_there(self, client, administrator, query):
        assert client.get(f"{reverse('ledger')}?{query}").status_code == 404

    @pytest.mark.parametrize("query", ["text=%00", "person=" + "x" * 5000, "state=%FF", "text=%25%25_"])
    def test_bad_words_do_no_harm(self, client, administrator, query):
        assert client.get(f"{reverse('ledger')}?{query}").status_code == 200

    def test_an_empty_ledger_says_what_will_appear(self, client, administrator):
        assert (
            "Invitations, reminders and notices will be listed here" in client.get(reverse("ledger")).content.decode()
        )

    def test_the_same_queries_at_1_3_and_300_rows(self, client, administrator):
        counts = []
        for number in (1, 3, 300):
            for row in range(OutboxMail.objects.count(), number):
                mail_in(key=f"row-{row}", to=administrator)
            client.get(reverse("ledger"))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("ledger")).status_code == 200
            counts.append(len(captured))
        assert len(set(counts)) == 1
        assert counts[0] <= 20


class TestOneMail:
    def test_it_shows_the_text_as_it_went_out(self, client, administrator):
        mail = mail_in(MailState.SENT, body="These very words.")
        page = client.get(reverse("ledger_mail", args=[mail.public_id])).content.decode()
        assert "These very words." in page
        assert "Send it again" not in page

    def test_it_shows_the_text_as_it_would_go_out(self, client, administrator):
        page = client.get(reverse("ledger_mail", args=[mail_in().public_id])).content.decode()
        assert "“Evaluation report” is due on Friday 8 January 2027." in page

    def test_a_link_that_signs_somebody_in_is_never_shown(self, client, administrator):
        mail = mail_in(kind="invitation", template="emails/accounts/password_changed", body="secret")
        page = client.get(reverse("ledger_mail", args=[mail.public_id])).content.decode()
        assert "The text is not shown" in page
        assert "secret" not in page

    def test_a_broken_template_is_shown_as_broken(self, client, administrator):
        mail = mail_in(MailState.DEAD, template="emails/no/such")
        answer = client.get(reverse("ledger_mail", args=[mail.public_id]))
        assert answer.status_code == 200
        assert "The text cannot be made" in answer.content.decode()

    def test_an_unknown_mail_is_not_found(self, client, administrator):
        assert client.get(reverse("ledger_mail", args=["x" * 22])).status_code == 404

    def test_at_most_20_queries(self, client, administrator, django_assert_max_num_queries):
        mail = mail_in(MailState.HELD)
        with django_assert_max_num_queries(20):
            client.get(reverse("ledger_mail", args=[mail.public_id]))


class TestDecisions:
    def test_a_held_mail_is_sent_again(self, client, administrator):
        mail = mail_in(MailState.HELD, attempts=1)
        page = client.post(reverse("ledger_resend", args=[mail.public_id]), follow=True).content.decode()
        assert "The mail is in the queue again." in page
        mail.refresh_from_db()
        assert (mail.state, mail.attempts, mail.next_try_at) == (MailState.PENDING, 1, None)
        event = AuditEvent.objects.get()
        assert (event.action, event.actor, event.scope) == ("mail.resend", administrator, "mail")

    def test_a_held_mail_is_marked_as_sent(self, client, administrator):
        mail = mail_in(MailState.HELD, kind="invitation", template="emails/accounts/password_changed")
        client.post(reverse("ledger_mark_sent", args=[mail.public_id]))
        mail.refresh_from_db()
        assert mail.state == MailState.SENT
        assert mail.sent_at
        assert mail.context == {}
        assert AuditEvent.objects.get().action == "mail.mark_sent"

    @pytest.mark.parametrize(
        ("action", "refused"),
        [
            (resend, [MailState.PENDING, MailState.SENT]),
            (mark_sent, [MailState.PENDING, MailState.SENT, MailState.DEAD]),
        ],
    )
    def test_other_states_are_refused_with_the_reason_and_nothing_done(self, action, refused, administrator):
        for state in refused:
            mail = mail_in(state, key=f"{action.__name__}-{state}")
            with pytest.raises(NotNow, match=mail.get_state_display()):
                action(mail=mail, by=administrator)
            mail.refresh_from_db()
            assert mail.state == state
        assert set(AuditEvent.objects.values_list("outcome", flat=True)) == {Outcome.REFUSED}

    def test_pressing_twice_sends_once_and_says_why(self, client, administrator):
        mail = mail_in(MailState.DEAD)
        address = reverse("ledger_resend", args=[mail.public_id])
        client.post(address)
        page = client.post(address, follow=True).content.decode()
        assert "Only a mail that is held or could not be sent is sent again." in page

    @pytest.mark.parametrize("name", ["ledger_resend", "ledger_mark_sent"])
    def test_reading_never_decides(self, client, administrator, name):
        assert client.get(reverse(name, args=[mail_in(MailState.HELD).public_id])).status_code == 405
