"""The pages about reminders: who sees what, forms that answer beside the field, and constant queries."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import enqueue
from partnerships.models import ReminderPause, ReminderRule
from partnerships.reminders import plan
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as
from tests.reading import text

pytestmark = pytest.mark.django_db

DUE = date(2027, 3, 12)
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
RULE = {"kind": "", "before": "14, 3", "on_the_day": "on", "from_on": "3/3/2027", "reason": "Fewer mails"}


@pytest.fixture(autouse=True)
def _the_clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(title="Quiet Shores")


@pytest.fixture
def lead(partnership, client):
    person = person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Ailsa Reid")
    client.force_login(person)
    return person


@pytest.fixture
def mail(partnership, lead):
    MilestoneFactory(partnership=partnership, owner=lead, due_on=DUE, title="Evaluation report")
    plan(clock.now())
    return OutboxMail.objects.get()


def url(name, *args):
    return reverse(f"partnerships:{name}", args=[getattr(a, "public_id", a) for a in args])


class TestMine:
    def test_it_says_what_came_and_why_by_which_rule(self, client, mail):
        page = text(client.get(url("reminders_mine")))
        assert "Evaluation report" in page
        assert "It is sent 7 working days before the day; the portal’s usual rule.</td>" in page
        assert page.count("28, 14, 7 and 1 working days before") == 1  # once for all rows

    def test_putting_off_and_asking_again(self, client, mail, partnership):
        page = text(
            client.post(url("reminder_put_off", mail), {"until_on": "9/3/2027", "reason": "Minutes"}, follow=True)
        )
        assert "Put off until 9 March 2027: Minutes" in page
        pause = ReminderPause.objects.get()
        assert "put off until 9 March 2027: Minutes" in text(client.get(mail.context["path"]))
        page = text(client.post(url("reminder_resume", pause), follow=True))
        assert "You are reminded of it again." in page
        assert "These reminders come again already." in text(client.post(url("reminder_resume", pause), follow=True))

    def test_an_empty_day_mutes(self, client, mail):
        page = text(client.post(url("reminder_put_off", mail), {"reason": "Not mine to do"}, follow=True))
        assert "Muted: Not mine to do" in page

    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(self, client, mail):
        page = text(client.post(url("reminder_put_off", mail), {"until_on": "1/3/2027", "reason": "Minutes"}))
        assert "Choose a day that is still to come." in page
        assert 'value="Minutes"' in page
        assert not ReminderPause.objects.exists()

    def test_a_second_time_the_page_says_why_not(self, client, mail):
        client.post(url("reminder_put_off", mail), {"until_on": "9/3/2027", "reason": "Minutes"})
        assert "This cannot be done now" in text(client.get(url("reminder_put_off", mail)))

    def test_somebody_elses_mail_or_pause_is_not_there(self, client, mail, partnership):
        client.post(url("reminder_put_off", mail), {"reason": "x"})
        client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership))
        assert client.get(url("reminder_put_off", mail)).status_code == 404
        assert client.post(url("reminder_resume", ReminderPause.objects.get())).status_code == 404

    def test_a_reminder_of_something_else_than_a_partnership_is_not_put_off(self, client, lead):
        odd = enqueue(kind="reminder", key="odd", to=lead, subject="x", template="emails/partnerships/deadline",
                      context={"deadline": "x", "due": "2027-03-12"}, why="x", scope="mail")  # fmt: skip
        assert client.get(url("reminder_put_off", odd)).status_code == 404

    def test_an_own_rule(self, client, lead):
        page = text(client.post(url("reminder_rule_mine"), RULE, follow=True))
        assert "Your rule is set." in page
        assert "From 3 Mar 2027, Everything that is due: 14 and 3 working days before; on the day." in page
        assert "Your own rule" in page

    def test_the_same_queries_for_1_3_and_300_mails(self, client, lead, partnership):
        counts = []
        for total in (1, 3, 300):
            have = OutboxMail.objects.count()
            for n in range(have, total):
                enqueue(kind="reminder", key=f"k{n}", to=lead, subject="x", template="t", scope=partnership.audit_scope,
                        context={"deadline": f"d{n}", "due": "2027-03-12", "title": f"T{n}"}, why="x")  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                client.get(url("reminders_mine"))
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2] <= 12


class TestOfAPartnership:
    def test_everybody_there_reads_the_reason_and_an_observer_sets_no_rule(self, client, mail, partnership, lead):
        client.post(url("reminder_put_off", mail), {"until_on": "9/3/2027", "reason": "Waiting for the minutes"})
        client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
        page = text(client.get(url("reminders", partnership)))
        assert "Waiting for the minutes" in page
        assert "Set a rule for this partnership" not in page
        assert client.get(url("reminder_rule", partnership)).status_code == 403

    def test_a_rule_is_set_and_shown(self, client, lead, partnership):
        values = RULE | {"kind": "partnerships.risks", "one_lead_after": "3", "both_leads_after": "9"}
        page = text(client.post(url("reminder_rule", partnership), values, follow=True))
        assert "This partnership’s rule since 3 March 2027" in page
        assert "the lead of the owner’s side after 3 working days, both leads after 9 working days" in page
        assert "Set by Ailsa Reid: Fewer mails" in page

    def test_the_second_button_goes_back(self, client, lead, partnership):
        client.post(url("reminder_rule", partnership), RULE)
        page = text(client.post(url("reminder_rule", partnership), RULE | {"as_usual": "1"}, follow=True))
        assert "As usual again" in page
        assert "This partnership’s rule" not in page

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"before": "14; x"}, "Enter whole numbers of working days"),
            ({"before": "500"}, "each from 1 to 120"),
            ({"before": "9" * 50}, "Enter whole numbers"),
            ({"before": "²"}, "Enter whole numbers"),
            ({"from_on": "1/3/2027"}, "Choose today or a later day"),
            ({"kind": "nonsense"}, "Select"),
            ({"one_lead_after": "-1"}, "from 1 to 120"),
            ({"one_lead_after": "9", "both_leads_after": "3"}, "later than the first one"),
            ({"reason": ""}, "Enter the reason"),
        ],
    )
    def test_what_is_wrong_is_told(self, client, lead, partnership, values, words):
        assert words.lower() in text(client.post(url("reminder_rule", partnership), RULE | values)).lower()
        assert not ReminderRule.objects.exists()

    def test_the_same_queries_for_1_3_and_300_put_off(self, client, partnership):
        client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
        owner, counts = PersonFactory(), []
        for total in (1, 3, 300):
            have = ReminderPause.objects.count()
            ReminderPause.objects.bulk_create(
                ReminderPause(
                    partnership=partnership, person=owner, deadline=f"d{n}", title="T", due_on=DUE, reason="r"
                )
                for n in range(have, total)
            )
            ReminderRule.objects.bulk_create(
                ReminderRule(partnership=partnership, from_on=NOW.date(), before=[1], reason="r", set_by=owner)
                for n in range(have, total)
            )
            with CaptureQueriesContext(connection) as asked:
                client.get(url("reminders", partnership))
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2] <= 15


class TestOfThePortal:
    def test_everybody_reads_it_and_an_administrator_sets_it(self, client):
        client.force_login(PersonFactory())
        assert "Set a rule" not in text(client.get(url("reminder_rules")))
        assert client.get(url("reminder_rule_portal")).status_code == 403
        client.force_login(PersonFactory(administrator=True, name="Isla Grant"))
        page = text(client.post(url("reminder_rule_portal"), RULE, follow=True))
        assert "The portal’s rule since 3 March 2027" in page
        assert "Set by Isla Grant: Fewer mails" in page
