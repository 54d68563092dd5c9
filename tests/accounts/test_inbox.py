"""The inbox: one's own messages, however they came; reading changes nothing, a button does."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from foundation.delivery import kinds, sorting
from foundation.delivery.delivery import drain
from foundation.delivery.kinds import How
from foundation.delivery.models import MailChoice, OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory
from tests.reading import text

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def ailsa(client):
    person = PersonFactory(name="Ailsa Reid")
    client.force_login(person)
    return person


def put(to, key="one", subject="Due on 8 January 2027: Report", about="", **more) -> OutboxMail:
    return enqueue(
        kind=more.pop("kind", "reminder"), key=key, to=to, subject=subject,
        template=more.pop("template", "emails/partnerships/deadline"),
        context={"name": "Ailsa", "title": "Report <b>", "due_on": "Friday", "path": "/there/",
                 "partnership": about},
        why="You get this mail because it is yours.", **more,
    )  # fmt: skip


def inbox(client, query="") -> str:
    return text(client.get(reverse("accounts:inbox") + query))


class TestTheList:
    def test_only_ones_own_and_no_key_and_nothing_planned_for_later(self, client, ailsa):
        put(ailsa, "mine", "Mine")
        put(PersonFactory(), "hers", "Somebody else’s")
        put(ailsa, "key", "A link to choose a password", kind="invitation")
        put(ailsa, "later", "For tomorrow", not_before=clock.now() + timedelta(days=1))
        page = inbox(client)
        assert "Mine" in page
        for other in ("Somebody else’s", "A link to choose a password", "For tomorrow"):
            assert other not in page

    def test_the_newest_is_first_by_the_time_it_says_though_it_was_written_earlier(self, client, ailsa):
        with clock.at(NOON):
            put(ailsa, "planned", "Written first, told last", not_before=NOON + timedelta(days=2))
            put(ailsa, "now", "Told first")
        with clock.at(NOON + timedelta(days=3)):
            page = inbox(client)
        assert page.index("told last") < page.index("Told first")

    def test_it_names_the_partnership_where_the_subject_does_not(self, client, ailsa):
        put(ailsa, "a", "Due on 8 January 2027: Report", about="Quiet Shores")
        put(ailsa, "b", "Your return is accepted: Steady Ground", about="Steady Ground")
        page = inbox(client)
        assert page.count("Quiet Shores") == page.count("Steady Ground") == 1

    def test_each_of_the_folded_messages_stands_by_itself_and_says_how_it_came(self, client, ailsa, settings):
        settings.MAILS_A_DAY = 2
        MailChoice.objects.create(person=ailsa, kind="notice", how=How.PORTAL)
        with clock.at(NOON):
            for one in range(3):
                put(ailsa, f"r{one}", f"Reminder {one}")
            put(ailsa, "n", "News", kind="notice")
            sorting.sort()
            page = inbox(client)
        assert page.count("In one mail with others") == 3
        assert page.count("Here only, as you chose") == 1
        assert "messages in one" not in page

    def test_a_fold_that_could_not_be_sent_is_told_as_that(self, client, ailsa, settings):
        settings.MAILS_A_DAY = 1
        put(ailsa, "a"), put(ailsa, "b")
        sorting.sort()
        OutboxMail.objects.filter(kind=kinds.DIGEST).update(state="dead")
        assert inbox(client).count("Here only: the mail could not be sent") == 2

    def test_an_empty_inbox_says_what_will_come(self, client, ailsa):
        assert "will be listed here" in inbox(client)
        assert "Nothing new" in inbox(client, "?show=unread")

    @pytest.mark.parametrize("query", ["?page=0", "?page=abc", "?page=99"])
    def test_a_page_that_is_not_there(self, client, ailsa, query):
        assert client.get(reverse("accounts:inbox") + query).status_code == 404

    def test_the_same_queries_at_1_3_and_300_messages(self, client, ailsa):
        counts = []
        for number in (1, 3, 300):
            for row in range(OutboxMail.objects.count(), number):
                put(ailsa, f"row-{row}")
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("accounts:inbox")).status_code == 200
            counts.append(len(captured))
        assert len(set(counts)) == 1
        assert counts[0] <= 12


class TestReading:
    def test_opening_a_message_shows_it_and_changes_nothing(self, client, ailsa):
        mail = put(ailsa)
        page = client.get(reverse("accounts:inbox_mail", args=[mail.public_id])).content.decode()
        assert "“Report &lt;b&gt;” is due on Friday." in page
        assert 'href="http://127.0.0.1:8000/there/"' in page
        assert mail.why in page
        mail.refresh_from_db()
        assert mail.read_at is None

    def test_a_button_marks_one_and_another_all(self, client, ailsa):
        first = put(ailsa, "a")
        put(ailsa, "b"), put(ailsa, "c")
        assert "3 messages not read yet" in inbox(client)
        assert client.post(reverse("accounts:inbox_read", args=[first.public_id])).status_code == 302
        assert "2 messages not read yet" in inbox(client)
        first.refresh_from_db()
        when = first.read_at
        client.post(reverse("accounts:inbox_read_all"))
        assert "You have read everything" in inbox(client)
        first.refresh_from_db()
        assert first.read_at == when, "the first time counts"

    def test_marking_all_leaves_other_peoples_alone(self, client, ailsa):
        hers = put(PersonFactory(), "hers")
        client.post(reverse("accounts:inbox_read_all"))
        hers.refresh_from_db()
        assert hers.read_at is None

    def test_somebody_elses_message_is_not_there(self, client, ailsa):
        hers = put(PersonFactory(), "hers")
        assert client.get(reverse("accounts:inbox_mail", args=[hers.public_id])).status_code == 404
        assert client.post(reverse("accounts:inbox_read", args=[hers.public_id])).status_code == 404

    @pytest.mark.parametrize("name", ["inbox_read", "inbox_read_all"])
    def test_a_link_cannot_mark(self, client, ailsa, name):
        args = [put(ailsa).public_id] if name == "inbox_read" else []
        assert client.get(reverse(f"accounts:{name}", args=args)).status_code == 405

    def test_a_sent_message_whose_template_is_broken_shows_what_was_kept(self, client, ailsa):
        mail = put(ailsa)
        drain()
        OutboxMail.objects.filter(pk=mail.pk).update(template="emails/no/such")
        answer = client.get(reverse("accounts:inbox_mail", args=[mail.public_id]))
        assert "is due on Friday" in text(answer)

    def test_the_ledger_says_when_it_was_marked_as_read_and_where_it_was_folded(self, client, settings):
        settings.MAILS_A_DAY = 1
        client.force_login(PersonFactory(administrator=True))
        rory = PersonFactory()
        with clock.at(NOON):
            mail, _ = put(rory, "a", "Alpha"), put(rory, "b", "Beta")
            sorting.sort()
        OutboxMail.objects.filter(pk=mail.pk).update(read_at=NOON)
        digest = OutboxMail.objects.get(kind=kinds.DIGEST)
        assert f"Folded into “{digest.subject}”" in text_of_links(client.get(reverse("ledger")))
        page = text_of_links(client.get(reverse("ledger_mail", args=[mail.public_id])))
        assert f"Folded into “{digest.subject}”" in page
        assert "23 November 2026, 12:00" in page
        parts = text_of_links(client.get(reverse("ledger_mail", args=[digest.public_id])))
        assert "What it tells Alpha Beta" in parts


def text_of_links(response) -> str:
    """The page's words alone: what stands inside a link or a cell follows what stands before it."""
    return " ".join(re.sub(r"<[^>]*>", " ", text(response)).split()).replace(" , which", ", which")
