"""The planner over days and nights: who else is told, own days off, silence, and the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OrganisationKind
from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from foundation.workdays.models import Holiday
from partnerships import deadlines
from partnerships.deadlines import Deadline
from partnerships.lifecycle import Gate, Stage
from partnerships.models import ReminderPause, ReminderRule
from partnerships.plan import MilestoneKind
from partnerships.reminders import due_reminders, plan
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.gates import passed
from tests.factories.partnerships import MilestoneFactory, PartnerFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

DUE = date(2027, 1, 8)
R = PartnershipRole


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def leads(partnership):
    public = person_as(R.PUBLIC_LEAD, partnership, organisation=partnership.public_lead, name="Morag Sinclair")
    third = person_as(R.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead, name="Isla Munro")
    return public, third


def sent_on(day):
    before = OutboxMail.objects.count()
    plan(noon(day))
    return sorted(str(mail.to) for mail in OutboxMail.objects.order_by("pk")[before:])


class TestOthers:
    def test_first_the_lead_of_the_owners_side_then_both(self, partnership, leads):
        owner = person_as(R.PARTNER_MANAGER, partnership, name="Ailsa Reid")
        MilestoneFactory(partnership=partnership, owner=owner, due_on=DUE, title="Evaluation report")
        assert sent_on(DUE) == ["Ailsa Reid"]
        assert sent_on(date(2027, 1, 15)) == ["Ailsa Reid", "Isla Munro"]
        told = OutboxMail.objects.get(to__name="Isla Munro")
        assert told.subject == "Late since 8 January 2027: Evaluation report (Ailsa Reid)"
        assert "because you are a lead" in told.why
        assert (
            "It is sent because it is 5 working days late or more; the portal’s usual rule tells the lead" in told.why
        )
        assert sent_on(date(2027, 1, 22)) == ["Ailsa Reid", "Isla Munro", "Morag Sinclair"]
        assert sent_on(date(2027, 1, 23)) == []
        with clock.at(noon(date(2027, 1, 23))):
            drain()
        assert "Ailsa Reid is working on it and was reminded too." in OutboxMail.objects.get(pk=told.pk).body

    def test_a_lead_who_is_late_is_not_told_of_it_twice_the_other_one_is(self, partnership, leads):
        MilestoneFactory(partnership=partnership, owner=leads[1], due_on=DUE)
        assert sent_on(date(2027, 1, 15)) == ["Isla Munro", "Morag Sinclair"]

    def test_whoever_left_or_closed_the_account_is_told_nothing(self, partnership, leads):
        MilestoneFactory(partnership=partnership, owner=person_as(R.PARTNER_MANAGER, partnership, name="A"), due_on=DUE)
        leads[1].is_active = False
        leads[1].save()
        partnership.members.filter(person=leads[0]).update(left_on=date(2026, 1, 1))
        assert sent_on(date(2027, 1, 22)) == ["A"]

    def test_a_lead_may_put_off_what_is_told_of_others(self, partnership, leads):
        owner = person_as(R.PARTNER_MANAGER, partnership, name="Ailsa Reid")
        row = MilestoneFactory(partnership=partnership, owner=owner, due_on=DUE)
        ReminderPause.objects.create(
            partnership=partnership, person=leads[1], deadline=f"milestone:{row.public_id}", title="x", due_on=DUE,
            until_on=date(2027, 2, 1), reason="We spoke",
        )  # fmt: skip
        assert sent_on(date(2027, 1, 15)) == ["Ailsa Reid"]


class TestDaysOfAnOrganisation:
    def test_they_move_reminders_to_its_people_and_to_nobody_else(self, partnership):
        ours, other = person_as(R.PARTNER_MANAGER, partnership), person_as(R.PARTNER_MANAGER, partnership)
        for owner in (ours, other):
            MilestoneFactory(partnership=partnership, owner=owner, due_on=date(2027, 2, 19))
        Holiday.objects.create(on=date(2027, 2, 18), name="Fair", scope=ours.organisation.audit_scope)
        plan(noon(date(2027, 2, 9)))
        assert {mail.key.split(":")[2] for mail in OutboxMail.objects.filter(to=ours)} == {"7"}
        assert {mail.key.split(":")[2] for mail in OutboxMail.objects.filter(to=other)} == {"14"}


class TestWhatTheLawAsksFor:
    @pytest.fixture
    def duty(self, partnership, leads, monkeypatch):
        officers = [person_as(R.PROCUREMENT_OFFICER, partnership, name=name) for name in ("Officer A", "Officer B")]
        duties = [
            Deadline(f"notice:{officer.public_id}", "Publish the award notice", DUE, officer, partnership, "/x/",
                     legal=True, leads=(R.PUBLIC_LEAD,), about="notice", kind="law")
            for officer in officers
        ]  # fmt: skip
        monkeypatch.setattr(deadlines, "_sources", {"law": lambda last: [d for d in duties if d.due_on <= last]})
        return duties

    def test_no_rule_and_no_pause_keeps_it_back(self, duty, partnership):
        owner = duty[0].owner
        ReminderRule.objects.create(
            person=owner, from_on=date(2026, 1, 1), on_the_day=False, weekly=False, set_by=owner
        )
        ReminderPause.objects.create(
            partnership=partnership, person=owner, deadline=duty[0].key, title="x", due_on=DUE, reason="no"
        )
        assert sent_on(DUE) == ["Officer A", "Officer B"]
        assert sent_on(DUE + timedelta(days=7)) == ["Morag Sinclair", "Officer A", "Officer B"]

    def test_two_owners_of_one_thing_are_one_mail_to_the_lead_of_the_authority_only(self, duty):
        assert sent_on(date(2027, 1, 29)) == ["Morag Sinclair", "Officer A", "Officer B"]

    def test_silence_of_the_planner_keeps_no_legal_notice_back(self, duty):
        """A notice is a row of the transaction that caused it: it waits for no planner."""
        who = PersonFactory()
        with clock.at(noon(DUE)):
            enqueue(kind="legal", key="letter:1", to=who, subject="Award", template="emails/partnerships/paused",
                    context={"name": "x", "path": "/"}, why="The law.")  # fmt: skip
        with clock.at(noon(DUE + timedelta(days=3))):
            drain()
            assert OutboxMail.objects.get(key="letter:1").state == MailState.SENT
            assert plan(clock.now()) == 2


# Beat stops for three days that hold a night of changing clocks, and starts again at any hour.
NIGHTS = (date(2026, 10, 25), date(2027, 3, 28))


class TestThreeDaysOfSilence:
    @pytest.mark.parametrize("night", NIGHTS)
    def test_at_most_one_mail_for_each_milestone_and_person(self, night, partnership, leads):
        owner = person_as(R.PARTNER_MANAGER, partnership)
        stops, starts = night - timedelta(days=2), night + timedelta(days=1)
        for offset in range(-25, 45):
            MilestoneFactory(partnership=partnership, owner=owner, due_on=night + timedelta(days=offset))
        plan(noon(stops))
        before = OutboxMail.objects.count()
        first = datetime(starts.year, starts.month, starts.day, tzinfo=UTC)
        for hours in (0, 1, 2, 9):
            plan(first + timedelta(hours=hours))
        found = [
            (mail.context["deadline"], mail.to_id)
            for mail in OutboxMail.objects.order_by("pk")[before:].only("context", "to")
        ]
        assert found, "something came due in the silence"
        assert len(found) == len(set(found))

    @pytest.mark.parametrize("night", NIGHTS)
    def test_every_hour_of_the_night_is_one_reminder_at_seven_on_the_wall(self, night, partnership):
        MilestoneFactory(partnership=partnership, owner=person_as(R.PARTNER_MANAGER, partnership), due_on=night)
        start = noon(night) - timedelta(hours=13)
        for hour in range(26):
            plan(start + timedelta(hours=hour))
        of_the_day = OutboxMail.objects.get(key__contains=f":0:{night}")
        assert of_the_day.not_before == datetime(
            night.year, night.month, night.day, 6 + (night.month == 10), tzinfo=UTC
        )


class TestSources:
    def test_a_deadline_is_over_at_midnight_on_scottish_clocks(self, partnership):
        for day, instant in ((date(2027, 3, 28), "2027-03-28T23:00"), (date(2026, 10, 25), "2026-10-26T00:00")):
            row = Deadline("k", "t", day, PersonFactory(), partnership, "/")
            assert row.due_at == datetime.fromisoformat(instant).replace(tzinfo=UTC)

    def test_every_kind_has_words(self):
        assert len(deadlines.kinds()) >= 13
        assert all(words and "." not in words for words in deadlines.kinds().values())

    def test_conditions_can_have_a_rule_of_their_own(self, partnership):
        owner = person_as(R.PARTNER_MANAGER, partnership)
        decision = passed(Gate.G1, partnership)
        MilestoneFactory(partnership=partnership, owner=owner, due_on=DUE)
        MilestoneFactory(
            partnership=partnership, owner=owner, due_on=DUE, kind=MilestoneKind.CONDITION, decision=decision
        )
        kinds = {r.deadline.kind for page in due_reminders(DUE) for r in page}
        assert kinds == {"partnerships.milestones", "partnerships.conditions"}
        assert kinds <= set(deadlines.kinds())

    def test_what_a_leaving_partner_leaves_behind(self, partnership):
        lead = person_as(R.PROJECT_LEAD, partnership)
        partner = PartnerFactory(partnership=partnership, left_on=DUE)
        theirs = person_as(R.PARTNER_MANAGER, partnership, organisation=partner.organisation)
        row = MilestoneFactory(partnership=partnership, owner=theirs, due_on=date(2027, 12, 1))

        def found():
            return [d for d in deadlines.due_by(DUE) if d.kind == "partnerships.leavers"]

        assert [(d.owner, d.due_on) for d in found()] == [(lead, DUE)]
        assert not [d for d in deadlines.due_by(DUE - timedelta(days=1)) if d.kind == "partnerships.leavers"]
        row.done_on = DUE
        row.save()
        assert found() == []

    def test_none_of_it_once_the_partnership_is_over(self, partnership):
        person_as(R.PROJECT_LEAD, partnership)
        partner = PartnerFactory(partnership=partnership, left_on=DUE)
        theirs = person_as(R.PARTNER_MANAGER, partnership, organisation=partner.organisation)
        MilestoneFactory(partnership=partnership, owner=theirs, due_on=DUE)
        partnership.stage = Stage.CLOSED
        partnership.save()
        assert plan(noon(DUE)) == 0

    def test_a_run_asks_as_much_for_1_and_for_200_deadlines(self, partnership, leads):
        """One query for each source, then three for a page of 200 and one that finds what is known."""
        owner = person_as(R.PARTNER_MANAGER, partnership, organisation__kind=OrganisationKind.CHARITY)

        def queries():
            with CaptureQueriesContext(connection) as captured:
                for page in due_reminders(date(2027, 2, 1)):
                    assert page
            return len(captured)

        MilestoneFactory(partnership=partnership, owner=owner, due_on=DUE)
        few = queries()
        MilestoneFactory.create_batch(99, partnership=partnership, owner=owner, due_on=DUE)
        assert queries() == few <= 25
