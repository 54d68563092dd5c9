"""Leases, chunks and journals: what a process that dies, sleeps or gives up leaves behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from foundation.database import clock
from foundation.delivery import journal, outcomes
from foundation.delivery.delivery import chunk_size, claim, drain, release_expired
from foundation.delivery.models import MailState, OutboxMail
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Answer
from tests.foundation.outbox import NOON, after_drain, put

pytestmark = pytest.mark.usefixtures("hello_templates")


@pytest.mark.django_db
class TestLeases:
    @pytest.fixture(autouse=True)
    def _at_noon(self):
        with clock.at(NOON):
            yield

    def later(self):
        return clock.at(NOON + timedelta(minutes=10))

    def test_a_claimed_mail_is_left_in_peace(self):
        put()
        assert claim()
        assert claim() == []
        assert release_expired() == 0

    def test_a_process_that_died_before_the_text_loses_nothing(self):
        mail = put()
        claim()
        with self.later():
            after_drain(mail)
        assert (mail.state, mail.attempts) == (MailState.SENT, 2)

    def test_a_process_that_died_after_the_marker_leaves_the_mail_held_when_no_journal_knows_better(self):
        put()
        (mail,) = claim()
        mail.body = "text"
        outcomes.mark([mail], MailState.DATA)
        with self.later():
            after_drain(mail)
        assert (mail.state, mail.body) == (MailState.HELD, "text")

    def test_of_a_chunk_only_what_was_begun_is_in_doubt(self):
        mails = [put(f"greeting:{number}") for number in range(4)]
        book = self.a_process_that_dies(mails)
        for mail in mails[:3]:
            book.begins(mail.pk)
        book.ended(mails[0].pk, sent=True)
        book.ended(mails[1].pk, sent=False)
        with self.later():
            release_expired()
        states = [OutboxMail.objects.get(pk=mail.pk).state for mail in mails]
        assert states == [MailState.SENT, MailState.PENDING, MailState.HELD, MailState.PENDING]
        assert not list(journal.folder().iterdir()), "a journal that nobody needs any more stays"

    def test_what_was_never_begun_is_not_given_up_however_many_processes_stopped(self):
        mail = put()
        OutboxMail.objects.update(attempts=60)
        self.a_process_that_dies([mail])
        with self.later():
            release_expired()
        assert OutboxMail.objects.get().state == MailState.PENDING

    def test_after_a_power_cut_the_whole_chunk_is_in_doubt(self, monkeypatch):
        mails = [put(f"greeting:{number}") for number in range(3)]
        self.a_process_that_dies(mails)
        monkeypatch.setattr(journal, "boot", lambda: "another-boot")
        with self.later():
            release_expired()
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.HELD}

    def test_where_no_boot_is_known_mails_go_one_by_one(self, monkeypatch, sink):
        monkeypatch.setattr(journal, "boot", lambda: "")
        mails = [put(f"greeting:{number}") for number in range(3)]
        claimed = claim(chunk_size())
        assert [mail.pk for mail in claimed] == [mails[0].pk]
        with self.later():
            drain()
        assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}

    def test_whatever_stopped_its_process_comes_alone_the_next_time(self):
        for number in range(3):
            put(f"greeting:{number}")
        assert len(claim(50)) == 3
        put("greeting:new")
        with self.later():
            release_expired()
            assert [len(claim(50)) for _ in range(5)] == [1, 1, 1, 1, 0]

    def test_a_paused_process_changes_nothing_when_it_wakes(self):
        mail = put()
        book = self.a_process_that_dies([mail])
        with self.later():
            drain()
            with pytest.raises(journal.Sealed):
                book.begins(mail.pk)
            assert not outcomes.write(mail, MailState.DEAD, "too late")
            outcomes.all_sent([mail])
            outcomes.give_back([mail])
        assert OutboxMail.objects.get().attempts == 2
        assert OutboxMail.objects.get().state == MailState.SENT

    def test_a_release_that_comes_while_the_marker_is_set_does_not_put_the_mail_back(self):
        put()
        (seen_by_another,) = claim()
        outcomes.mark([OutboxMail.objects.get()], MailState.DATA)
        assert not outcomes.try_later(seen_by_another, outcomes.STOPPED, at_once=True)
        assert OutboxMail.objects.get().state == MailState.DATA

    def test_what_is_given_back_is_as_if_nobody_had_touched_it(self, sink):
        mails = [put(f"greeting:{number}") for number in range(3)]
        seen = []
        drain(stop=lambda: seen.append(1) or len(seen) > 2)
        states = [OutboxMail.objects.get(pk=mail.pk) for mail in mails]
        assert [(mail.state, mail.attempts) for mail in states].count((MailState.PENDING, 0)) == 2
        assert drain() == 2
        assert set(sink.arrived().values()) == {1}

    def a_process_that_dies(self, mails):
        """It claimed the mails, set the marker and made their journal."""
        claimed = claim(50)
        for mail, row in zip(mails, claimed, strict=True):
            mail.attempts, mail.state = row.attempts, MailState.DATA
        book = journal.Journal((mail.pk, mail.attempts) for mail in claimed)
        outcomes.mark(claimed, MailState.DATA)
        return book


@pytest.mark.django_db
class TestAChunk:
    def test_many_mails_go_over_one_connection(self, sink):
        for number in range(5):
            put(f"greeting:{number}")
        assert drain() == 5
        assert (sink.connections, len(sink.messages)) == (1, 5)

    def test_one_bad_mail_stops_none_of_the_others(self, sink):
        mails = [put(f"greeting:{number}") for number in range(6)]
        for mail, answer in zip(
            mails,
            [Answer.NOT_NOW, Answer.NEVER, Answer.NEVER_AFTER_DATA, Answer.DROP_AT_DATA, Answer.DROP_AFTER_STORING],
            strict=False,
        ):
            sink.plan(mail.to_address, answer)
        drain()
        assert [OutboxMail.objects.get(pk=mail.pk).state for mail in mails] == [
            MailState.PENDING, MailState.DEAD, MailState.DEAD, MailState.PENDING, MailState.HELD, MailState.SENT,
        ]  # fmt: skip

    def test_a_server_that_is_not_there_is_asked_once_for_the_whole_chunk(self, sink):
        for number in range(3):
            put(f"greeting:{number}")
        sink.plan("*", *[Answer.HANG_UP_AT_ONCE] * 9)
        drain()
        assert sink.connections == 1
        assert set(OutboxMail.objects.values_list("state", "attempts")) == {(MailState.PENDING, 1)}

    def test_three_commits_whatever_the_number(self, sink):
        counts = []
        for size in (2, 40):
            for number in range(size):
                put(f"greeting:{size}:{number}", to=self.person())
            with CaptureQueriesContext(connection) as captured:
                assert drain() == size
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_a_journal_that_cannot_be_written_keeps_the_mails_for_later(self, sink, settings, tmp_path):
        (tmp_path / "in-the-way").write_text("a file, not a folder")
        settings.VAR_DIR = tmp_path / "in-the-way"
        mail = after_drain(put())
        assert (mail.state, sink.messages) == (MailState.PENDING, [])
        assert "could not be written" in mail.last_error

    def person(self):
        return Person.objects.first() or PersonFactory()
