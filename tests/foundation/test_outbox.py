"""The outbox: one row per occasion, the bell on commit, and the right state after every answer of a mail server."""

import email
import socket
import time
from datetime import timedelta
from email.policy import SMTP
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.delivery import bell
from foundation.delivery.delivery import drain
from foundation.delivery.message import compose, text_of
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.outbox import message_id
from foundation.delivery.outcomes import WAITS, wait_before
from psp_portal import celery_app
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Answer
from tests.foundation.outbox import NOON, after_drain, put
from tests.reading import plain

pytestmark = pytest.mark.usefixtures("hello_templates")


@pytest.mark.django_db
class TestEnqueue:
    def test_the_same_key_gives_the_same_row(self):
        first, second = put(), put(subject="Another subject")
        assert first.pk == second.pk
        assert second.subject == "Hello"
        assert OutboxMail.objects.count() == 1

    def test_it_goes_with_the_transaction_that_asked_for_it(self):
        def fails_after_asking():
            with transaction.atomic():
                put()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails_after_asking()
        assert not OutboxMail.objects.exists()

    def test_asking_again_inside_a_transaction_does_not_break_it(self):
        with transaction.atomic():
            put()
            put()
            put("greeting:2")
        assert OutboxMail.objects.count() == 2

    def test_an_unknown_kind_is_a_mistake_of_the_caller(self):
        with pytest.raises(ValueError, match="no kind of mail is called"):
            put(kind="gossip")

    def test_the_address_is_kept_as_it_was(self):
        person = PersonFactory(email="old@example.org")
        mail = put(to=person)
        person.email = "new@example.org"
        person.save()
        mail.refresh_from_db()
        assert mail.to_address == "old@example.org"

    def test_the_message_id_is_the_same_for_a_key_and_tells_nothing(self):
        assert message_id("a") == message_id("a") != message_id("b")
        assert "milestone" not in message_id("milestone:1")

    def test_the_bell_rings_once_it_is_committed_and_not_before(self, monkeypatch, django_capture_on_commit_callbacks):
        rung = []
        monkeypatch.setattr(bell, "ring", rung.append)
        with django_capture_on_commit_callbacks(execute=True):
            put()
            assert rung == []
        assert rung == ["foundation.delivery.tasks.deliver"]


class TestTheBell:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch):
        monkeypatch.setattr(bell, "_quiet_until", 0.0)

    def ring_at(self, monkeypatch, url) -> float:
        monkeypatch.setitem(celery_app.conf, "broker_write_url", url)
        began = time.monotonic()
        bell.ring("foundation.delivery.tasks.deliver")
        return time.monotonic() - began

    def test_a_broker_that_is_down_costs_nobody_anything(self, monkeypatch):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            took = self.ring_at(monkeypatch, f"redis://127.0.0.1:{unused.getsockname()[1]}/0")
        assert took < 30
        assert bell._quiet_until > time.monotonic()

    def test_a_broker_that_hangs_costs_one_short_timeout_and_then_nothing_for_a_while(self, monkeypatch):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
            assert self.ring_at(monkeypatch, url) < 30
            quiet_until = bell._quiet_until
            self.ring_at(monkeypatch, url)
            assert bell._quiet_until == quiet_until, "it rang again, and waited again"


@pytest.mark.django_db
class TestTheMessage:
    def test_it_is_plain_text_with_why_and_a_link_of_the_site_only(self):
        mail = put()
        text = text_of(mail)
        assert "Dear O’Neill & Sons <all>, read it here: https://portal.example/there/" in text
        assert "You get this mail because you own the milestone." in text
        message = compose(mail, text)
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"] == mail.message_id
        assert message.get_content_type() == "multipart/alternative"
        assert plain(message).startswith(text)

    @pytest.mark.parametrize(
        "nasty",
        [
            "Hi\r\nBcc: all@example.org", "Hi\nBcc: all@example.org", "Hi\rX: y", "Hi\u2028Bcc: a@b", "Hi\x0bBcc: a@b",
            "=?utf-8?q?Hi=0ABcc:_all@example.org?=", "x" * 10_000, '"; Bcc: a@b', "Ö\r\n\r\nbody",
        ],
    )  # fmt: skip
    def test_nothing_typed_becomes_a_header(self, nasty):
        mail = put(subject=nasty, to=PersonFactory(name=nasty[:100]))
        sent = email.message_from_bytes(compose(mail, "text").as_bytes(), policy=SMTP)
        assert set(sent.keys()) == {
            "Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "List-Unsubscribe",
            "List-Unsubscribe-Post", "Content-Type", "MIME-Version",
        }  # fmt: skip
        assert len(sent["To"].addresses) == 1
        assert plain(sent).startswith("text\n")

    def test_an_international_domain_is_written_in_ascii(self):
        mail = put(to=PersonFactory(email="anna@exämple.org"))
        assert compose(mail, "text")["To"].addresses[0].addr_spec == "anna@xn--exmple-cua.org"


@pytest.mark.django_db
class TestFiles:
    def test_a_mail_becomes_one_file_however_often_it_is_written(self, settings):
        mail = after_drain(put())
        assert mail.state == MailState.SENT
        assert mail.sent_at
        OutboxMail.objects.update(state=MailState.PENDING, sent_at=None)
        drain()
        (file,) = (Path(settings.VAR_DIR) / "mail").iterdir()
        assert mail.message_id.encode() in file.read_bytes()

    def test_a_folder_that_cannot_be_written_is_tried_again_later(self, settings, tmp_path):
        (tmp_path / "in-the-way").write_text("a file, not a folder")
        settings.VAR_DIR = tmp_path / "in-the-way"
        mail = after_drain(put())
        assert (mail.state, mail.attempts) == (MailState.PENDING, 1)
        assert "could not be written" in mail.last_error


@pytest.mark.django_db
class TestWhatTheServerSays:
    def test_accepted(self, sink):
        mail = after_drain(put())
        assert mail.state == MailState.SENT
        assert mail.body.startswith("Dear O’Neill & Sons <all>")
        (message,) = sink.messages
        assert message["To"].addresses[0].addr_spec == mail.to_address
        assert plain(message).startswith(mail.body)

    def test_lines_that_start_with_a_dot_arrive_whole(self, sink):
        person = PersonFactory()
        mail = put(to=person)
        OutboxMail.objects.update(context={"greeting": "one\n.two\n..three\n."})
        after_drain(mail)
        assert "one\n.two\n..three\n." in plain(sink.messages[0])

    def test_not_now_is_tried_again_and_then_arrives_once(self, sink):
        mail = put()
        sink.plan(mail.to_address, Answer.NOT_NOW)
        with clock.at(NOON):
            after_drain(mail)
            assert (mail.state, mail.last_error) == (MailState.PENDING, "The mail server answered 451 greylisted")
            assert timedelta(seconds=45) <= mail.next_try_at - NOON <= timedelta(seconds=75)
            assert drain() == 0
        with clock.at(NOON + timedelta(minutes=2)):
            after_drain(mail)
        assert mail.state == MailState.SENT
        assert sink.arrived() == {mail.message_id: 1}

    @pytest.mark.parametrize("answer", [Answer.NEVER, Answer.NEVER_AFTER_DATA])
    def test_never_is_dead_at_once(self, sink, answer):
        mail = put()
        sink.plan(mail.to_address, answer)
        after_drain(mail)
        assert (mail.state, mail.attempts) == (MailState.DEAD, 1)
        assert "The mail server answered 55" in mail.last_error

    @pytest.mark.parametrize("answer", [Answer.DROP_BEFORE_STORING, Answer.DROP_AFTER_STORING])
    def test_a_line_that_drops_after_the_text_leaves_the_mail_held(self, sink, answer):
        mail = put()
        sink.plan(mail.to_address, answer)
        after_drain(mail)
        assert mail.state == MailState.HELD
        assert mail.body
        assert drain() == 0

    def test_a_legal_notice_in_doubt_is_sent_again_under_the_same_message_id(self, sink):
        mail = put(kind="legal")
        sink.plan(mail.to_address, Answer.DROP_AFTER_STORING)
        after_drain(mail)
        assert mail.state == MailState.PENDING
        OutboxMail.objects.update(next_try_at=None)
        after_drain(mail)
        assert mail.state == MailState.SENT
        assert sink.arrived() == {mail.message_id: 2}

    def test_a_line_that_drops_before_the_text_leaves_no_doubt(self, sink):
        mail = put()
        sink.plan(mail.to_address, Answer.DROP_AT_DATA)
        assert after_drain(mail).state == MailState.PENDING
        sink.plan("*", Answer.HANG_UP_AT_ONCE)
        OutboxMail.objects.update(next_try_at=None)
        assert after_drain(mail).state == MailState.PENDING

    def test_a_server_that_is_not_there_is_tried_again(self, settings):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            settings.MAIL_URL = f"smtp://127.0.0.1:{unused.getsockname()[1]}/"
            mail = after_drain(put())
        assert mail.state == MailState.PENDING
        assert "could not be reached" in mail.last_error

    def test_a_sealed_text_is_not_kept_once_it_is_sent(self, sink):
        mail = after_drain(put(kind="invitation"))
        assert (mail.state, mail.body, mail.context) == (MailState.SENT, "", {})
        assert "Dear O’Neill" in plain(sink.messages[0])

    def test_not_before_is_kept(self, sink):
        mail = put(not_before=NOON)
        with clock.at(NOON - timedelta(minutes=1)):
            assert after_drain(mail).state == MailState.PENDING
        with clock.at(NOON):
            assert after_drain(mail).state == MailState.SENT


@pytest.mark.django_db
class TestPoison:
    def test_a_broken_text_is_dead_after_five_tries_and_the_others_flow(self, sink):
        broken, good = put("broken", template="broken"), put("good")
        for day in range(8):
            with clock.at(NOON + timedelta(days=day)):
                drain()
        broken.refresh_from_db()
        good.refresh_from_db()
        assert (broken.state, broken.attempts) == (MailState.DEAD, 5)
        assert "TemplateSyntaxError" in broken.last_error
        assert good.state == MailState.SENT

    def test_an_address_no_server_can_take_is_dead_in_the_end(self, sink):
        mail = put(to=PersonFactory(email="jürgen@example.org"))
        for day in range(8):
            with clock.at(NOON + timedelta(days=day)):
                drain()
        mail.refresh_from_db()
        assert mail.state == MailState.DEAD
        assert not sink.messages

    def test_a_missing_template_is_dead_too(self, sink):
        mail = put(template="no_such")
        OutboxMail.objects.update(attempts=4)
        assert after_drain(mail).state == MailState.DEAD


class TestWaiting:
    def test_the_waits_add_up_to_a_day(self):
        assert timedelta(hours=24) <= sum(WAITS, timedelta()) <= timedelta(hours=25)

    @given(st.integers(1, 30))
    def test_each_wait_is_its_own_give_or_take_a_quarter_and_then_it_gives_up(self, attempt):
        wait = wait_before(attempt)
        if attempt > len(WAITS):
            assert wait is None
        else:
            assert WAITS[attempt - 1] * 0.75 <= wait <= WAITS[attempt - 1] * 1.25
