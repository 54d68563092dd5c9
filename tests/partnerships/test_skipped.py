"""After a silence of the planner: what is skipped is written down, with the reason, and never sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.delivery.actions import resend
from foundation.delivery.delivery import drain
from foundation.delivery.models import MailState, OutboxMail
from foundation.heartbeats.models import Heartbeat, beat
from foundation.policy.refusals import NotNow
from partnerships.actions.milestone import move_milestone
from partnerships.models import ReminderPause
from partnerships.reminders import plan
from partnerships.reminding import Step, own_step, own_steps, skipped, why_skipped
from partnerships.roles import PartnershipRole
from partnerships.tasks import plan_reminders
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as
from tests.partnerships.test_reminding import RULES
from tests.reading import text

DUE = date(2027, 1, 8)  # a Friday; 7 working days before: 29 December (bank holidays on 1 and 4 January)
R = PartnershipRole
SKIPPED = MailState.SKIPPED


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def steps(*states):
    rows = OutboxMail.objects.filter(state__in=states) if states else OutboxMail.objects.all()
    return {mail.key.split(":")[2] for mail in rows}


class TestTheArithmetic:
    @given(RULES, st.integers(-100, 60), st.booleans())
    def test_the_last_of_the_steps_is_the_one_that_is_sent(self, rule, offset, firm):
        today = DUE + timedelta(days=offset)
        found = own_steps(today, DUE, rule, frozenset(), firm=firm)
        last = own_step(today, DUE, rule, frozenset(), firm=firm)
        assert (found[-1].since if found else None) == (last and last.since)

    @given(RULES, st.integers(-100, 60), st.integers(0, 60))
    def test_only_what_came_due_in_the_silence_and_is_followed_is_skipped(self, rule, offset, silence):
        today = DUE + timedelta(days=offset)
        found, after = own_steps(today, DUE, rule, frozenset()), today - timedelta(days=silence)
        if found:
            steps_skipped = skipped(found, found[-1], after)
            assert found[-1] not in steps_skipped
            assert all(after < step.since < found[-1].since for step in steps_skipped)
            assert steps_skipped == [] or silence > 1

    def test_the_reason_in_words(self):
        said = why_skipped(Step("7", date(2027, 1, 5)), Step("1", date(2027, 1, 8)))
        assert said == "No reminders were planned on 5 January 2027. The reminder 3 days later took its place."
        assert "1 day later" in why_skipped(Step("7", date(2027, 1, 5)), Step("1", date(2027, 1, 6)))


@pytest.mark.django_db
class TestAfterASilence:
    @pytest.fixture
    def partnership(self):
        return PartnershipFactory()

    @pytest.fixture
    def owner(self, partnership):
        return person_as(R.PARTNER_MANAGER, partnership, name="Ailsa Reid")

    @pytest.fixture
    def milestone(self, partnership, owner):
        return self.added(date(2026, 11, 2), partnership, owner)

    def added(self, day, partnership, owner, due_on=DUE):
        return MilestoneFactory(
            partnership=partnership, owner=owner, due_on=due_on, title="Evaluation report", created_at=noon(day)
        )

    def test_each_step_of_the_silence_is_skipped_and_only_the_last_is_sent(self, milestone):
        plan(noon(date(2026, 12, 1)))
        assert steps() == {"28"}
        assert plan(noon(DUE), last_run=noon(date(2026, 12, 1))) == 1
        assert steps(SKIPPED) == {"14", "7", "1"}
        assert steps(MailState.PENDING, MailState.UNSORTED) == {"28", "0"}
        mail = OutboxMail.objects.get(state=SKIPPED, key__contains=":1:")
        assert mail.skipped_because == (
            "No reminders were planned on 7 January 2027. The reminder 1 day later took its place."
        )
        assert mail.why.startswith("You would have got this mail because “Evaluation report” is yours")
        assert "It would have been sent 1 working day before the day" in mail.why
        assert mail.subject == "Due on 8 January 2027: Evaluation report"
        assert (mail.not_before, mail.next_try_at) == (datetime(2027, 1, 7, 7, tzinfo=UTC), None)

    def test_again_and_again_writes_nothing_new(self, milestone):
        for _ in range(3):
            plan(noon(DUE), last_run=noon(date(2026, 12, 1)))
        assert OutboxMail.objects.count() == 4
        assert plan(noon(DUE), last_run=noon(DUE)) == 0

    def test_without_a_silence_nothing_is_skipped(self, milestone):
        last = None
        for offset in range(-60, 20):
            now = noon(DUE + timedelta(days=offset))
            plan(now, last_run=last)
            last = now
        assert steps(SKIPPED) == set()
        assert steps() == {"28", "14", "7", "1", "0", "late-1", "late-2"}

    def test_what_was_due_before_the_silence_is_no_gap(self, milestone):
        """A milestone that is made five days before its date never had its earlier reminders: nobody skipped them."""
        plan(noon(DUE), last_run=noon(DUE - timedelta(days=1)))
        assert steps(SKIPPED) == set()

    def test_nothing_was_skipped_of_a_milestone_before_it_was_added(self, partnership, owner):
        """Its reminder of 29 December was never to be sent; the one of the day on which it was added was on its way."""
        self.added(date(2026, 12, 30), partnership, owner)
        self.added(DUE, partnership, owner)
        assert plan(noon(DUE), last_run=noon(date(2026, 12, 1))) == 2
        assert [mail.key.split(":")[2] for mail in OutboxMail.objects.filter(state=SKIPPED)] == ["1"]

    def test_nothing_was_skipped_of_a_date_before_a_milestone_moved_to_it(self, milestone, owner):
        lead = person_as(R.PROJECT_LEAD, milestone.partnership)
        for day, to in ((date(2026, 12, 10), date(2027, 3, 1)), (date(2027, 1, 6), DUE)):
            with clock.at(noon(day)):
                move_milestone(milestone=milestone, due_on=to, reason="It could not be sooner.", by=lead)
        plan(noon(DUE), last_run=noon(date(2026, 12, 1)))
        assert steps(SKIPPED) == {"1"}

    def test_no_lead_is_told_of_a_skipped_reminder_before_the_date_was_set(self, partnership, owner):
        person_as(R.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
        person_as(R.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
        self.added(date(2027, 1, 18), partnership, owner)
        plan(noon(date(2027, 1, 22)), last_run=noon(date(2027, 1, 11)))
        assert not OutboxMail.objects.filter(state=SKIPPED).exists()

    def test_it_is_never_sent_nor_read_in_the_inbox(self, milestone, owner, client):
        plan(noon(DUE), last_run=noon(date(2026, 12, 1)))
        with clock.at(noon(DUE)):
            drain()
            assert OutboxMail.objects.filter(state=MailState.SENT).count() == 1
            assert OutboxMail.objects.filter(state=SKIPPED).count() == 3
            assert OutboxMail.objects.inbox_of(owner, clock.now()).count() == 1
        with pytest.raises(NotNow, match="Skipped"):
            resend(mail=OutboxMail.objects.filter(state=SKIPPED).first(), by=PersonFactory(administrator=True))

    def test_what_was_put_off_then_is_not_called_skipped(self, milestone, partnership, owner):
        until = date(2027, 1, 6)
        ReminderPause.objects.create(
            partnership=partnership, person=owner, deadline=f"milestone:{milestone.public_id}", title="x",
            due_on=DUE, until_on=until, reason="We wait",
        )  # fmt: skip
        plan(noon(DUE), last_run=noon(date(2026, 12, 1)))
        assert steps(SKIPPED) == {"again-20270106", "1"}

    def test_a_lead_who_would_have_been_told_first(self, milestone, partnership):
        person_as(R.PUBLIC_LEAD, partnership, organisation=partnership.public_lead, name="Morag")
        person_as(R.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead, name="Isla")
        plan(noon(date(2027, 1, 22)), last_run=noon(DUE))
        found = OutboxMail.objects.filter(state=SKIPPED, key__contains=":lead:")
        assert [str(mail.to) for mail in found] == ["Isla"]
        assert found[0].why.startswith("You would have got this mail because you are a lead")

    def test_the_worker_knows_its_last_run_after_days_of_silence(self, milestone):
        with clock.at(noon(DUE - timedelta(days=5))):
            plan_reminders()
        with clock.at(noon(DUE)):
            beat("worker@new")
            plan_reminders()
        assert steps(SKIPPED) == {"1"}
        assert Heartbeat.objects.get(process="planner").at == noon(DUE)

    def test_the_ledger_says_why(self, milestone, client):
        plan(noon(DUE), last_run=noon(DUE - timedelta(days=2)))
        client.force_login(PersonFactory(administrator=True))
        said = "Skipped: no reminders were planned on 7 January 2027. The reminder 1 day later took its place."
        page = text(client.get(reverse("ledger"), {"state": SKIPPED}))
        assert said in page
        assert "1 mail matches your filter" in page
        mail = OutboxMail.objects.get(state=SKIPPED)
        page = text(client.get(reverse("ledger_mail", args=[mail.public_id])))
        assert said in page
        assert "Send it again" not in page
        assert "Not yet Tries" not in page

    def test_whose_it_is_reads_it_beside_the_reminder_that_came(self, milestone, owner, client):
        plan(noon(DUE), last_run=noon(DUE - timedelta(days=2)))
        client.force_login(owner)
        with clock.at(noon(DUE)):
            page = text(client.get(reverse("partnerships:reminders_mine")))
        assert page.count("Evaluation report") >= 1
        assert "Skipped before:<br>No reminders were planned on 7 January 2027." in page
        assert "It is sent on the day" in page
