"""Rules and reminders put off: each verb allowed, refused with the reason, nothing half-done, and its side effects."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.reminder import (
    LONGEST_BREAK,
    mute,
    resume,
    set_own_rule,
    set_partnership_rule,
    set_portal_rule,
    snooze,
)
from partnerships.lifecycle import Stage
from partnerships.models import ReminderPause, ReminderRule
from partnerships.reminders import plan
from partnerships.reminding import Rule
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory, MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

DUE = date(2027, 3, 12)
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)  # seven working days before
TODAY = NOW.date()
RULE = Rule((10, 2), True, False, 3, 6)


@pytest.fixture(autouse=True)
def _the_clock():
    with clock.at(NOW):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Ailsa Reid")


@pytest.fixture
def mail(partnership, lead):
    MilestoneFactory(partnership=partnership, owner=lead, due_on=DUE, title="Evaluation report")
    plan(clock.now())
    return OutboxMail.objects.get()


def rule_for(which, partnership, by, **values):
    values = {"kind": "", "rule": RULE, "from_on": TODAY, "reason": "Fewer mails"} | values
    if which == "portal":
        return set_portal_rule(**values, by=by)
    if which == "partnership":
        return set_partnership_rule(partnership=partnership, **values, by=by)
    return set_own_rule(**values, by=by)


WHICH = ("portal", "partnership", "own")


class TestRules:
    @pytest.fixture
    def able(self, partnership, lead):
        return {"portal": PersonFactory(administrator=True), "partnership": lead, "own": lead}

    @pytest.mark.parametrize("which", WHICH)
    def test_allowed_with_its_event(self, which, partnership, able):
        row = rule_for(which, partnership, able[which], kind="partnerships.risks")
        assert row.rule == RULE
        assert (row.partnership, row.person) == (
            partnership if which == "partnership" else None,
            able[which] if which == "own" else None,
        )
        event = AuditEvent.objects.get(action__startswith="reminders.")
        assert (event.scope, event.reason) == (row.audit_scope, "Fewer mails")
        assert event.summary.startswith("set how people are reminded of reviews of risks from 3 March 2027: 10 and 2")

    @pytest.mark.parametrize("which", WHICH)
    def test_back_to_the_usual_rule(self, which, partnership, able):
        assert rule_for(which, partnership, able[which], rule=None).rule is None

    @pytest.mark.parametrize(
        ("which", "who"),
        [("portal", {"commissioner": True}), ("portal", {}), ("partnership", {}), ("partnership", {"role": "observer"}),
         ("own", {"is_active": False})],
    )  # fmt: skip
    def test_refused_to_others(self, which, who, partnership):
        role = who.pop("role", None)
        person = person_as(PartnershipRole(role), partnership) if role else PersonFactory(**who)
        with pytest.raises(NotPermitted):
            rule_for(which, partnership, person)
        assert not ReminderRule.objects.exists()
        assert AuditEvent.objects.get(action__startswith="reminders.").outcome == Outcome.REFUSED

    @pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.STOPPED])
    def test_refused_once_the_partnership_is_over(self, stage, partnership, lead):
        partnership.stage = stage
        partnership.save()
        with pytest.raises(NotNow, match="Its plan"):
            rule_for("partnership", partnership, lead)
        assert not ReminderRule.objects.exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"kind": "nonsense"}, "kind"),
            ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
            ({"reason": "  "}, "reason"),
            ({"rule": Rule((0,))}, "before"),
            ({"rule": Rule((121,))}, "before"),
            ({"rule": Rule(tuple(range(1, 10)))}, "before"),
            ({"rule": Rule(one_lead_after=0)}, "one_lead_after"),
            ({"rule": Rule(one_lead_after=5, both_leads_after=5)}, "both_leads_after"),
            ({"rule": Rule(both_leads_after=400)}, "both_leads_after"),
        ],
    )
    def test_what_is_wrong_is_told_beside_the_field(self, values, field, partnership, lead):
        with pytest.raises(ValidationError) as told:
            rule_for("partnership", partnership, lead, **values)
        assert list(told.value.message_dict) == [field]
        assert not ReminderRule.objects.exists()

    def test_the_planner_follows_it_from_its_day_and_the_mail_says_whose_it_is(self, partnership, lead):
        MilestoneFactory(partnership=partnership, owner=lead, due_on=DUE, title="Evaluation report")
        rule_for("partnership", partnership, lead, rule=Rule((8,)), from_on=date(2027, 3, 4))
        assert plan(clock.now()) == 1
        assert plan(datetime(2027, 3, 4, 12, tzinfo=UTC)) == 1
        usual, own = OutboxMail.objects.order_by("pk")
        assert "It is sent 7 working days before the day; the portal’s usual rule: 28, 14, 7 and 1" in usual.why
        assert "8 working days before the day; this partnership’s rule since 4 March 2027: 8 working days" in own.why

    def test_the_length_of_the_longest_reason_fits_the_mail(self, partnership, lead):
        partnership.title = "Long words of a partnership " * 5
        partnership.save()
        MilestoneFactory(partnership=partnership, owner=lead, due_on=DUE, title="Long words of a milestone " * 5)
        plan(clock.now())
        assert OutboxMail.objects.get().why.endswith("every week while it is late.")


class TestPutOff:
    def put_off(self, mail, partnership, by, until_on=date(2027, 3, 9), reason="Waiting for the minutes"):
        if until_on:
            return snooze(partnership=partnership, mail=mail, until_on=until_on, reason=reason, by=by)
        return mute(partnership=partnership, mail=mail, reason=reason, by=by)

    @pytest.mark.parametrize("until_on", [date(2027, 3, 9), None])
    def test_allowed_with_its_event_that_others_can_read(self, until_on, mail, partnership, lead):
        pause = self.put_off(mail, partnership, lead, until_on)
        assert (pause.title, pause.due_on, pause.until_on) == ("Evaluation report", DUE, until_on)
        event = AuditEvent.objects.get(action="reminders.snooze" if until_on else "reminders.mute")
        assert (event.scope, event.reason) == (partnership.audit_scope, "Waiting for the minutes")

    @pytest.mark.parametrize("until_on", [date(2027, 3, 9), None])
    def test_refused_while_it_is_put_off_already(self, until_on, mail, partnership, lead):
        self.put_off(mail, partnership, lead)
        with pytest.raises(NotNow, match="put off until 9 March 2027: Waiting"):
            self.put_off(mail, partnership, lead, until_on)
        assert ReminderPause.objects.count() == 1

    @pytest.mark.parametrize("until_on", [date(2027, 3, 9), None])
    def test_refused_where_the_law_asks_for_it(self, until_on, mail, partnership, lead):
        mail.context["legal"] = True
        mail.save()
        with pytest.raises(NotNow, match="The law asks for this"):
            self.put_off(mail, partnership, lead, until_on)
        assert not ReminderPause.objects.exists()

    def test_refused_for_a_mail_that_is_no_reminder(self, mail, partnership, lead):
        mail.kind = "notice"
        mail.save()
        with pytest.raises(NotNow, match="Only a reminder"):
            self.put_off(mail, partnership, lead)

    @pytest.mark.parametrize("who", ["another member", "whoever left", "another partnership"])
    def test_refused_to_others(self, who, mail, partnership, lead):
        by, where = lead, partnership
        if who == "another member":
            by = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
        elif who == "whoever left":
            partnership.members.update(left_on=date(2027, 3, 1))
        else:
            where = MemberFactory(person=lead).partnership
        for until_on in (date(2027, 3, 9), None):
            with pytest.raises(NotPermitted, match="Only whoever gets"):
                self.put_off(mail, where, by, until_on)
        assert not ReminderPause.objects.exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"until_on": TODAY}, "until_on"),
            ({"until_on": TODAY + LONGEST_BREAK + timedelta(days=1)}, "until_on"),
            ({"reason": " "}, "reason"),
            ({"until_on": None, "reason": " "}, "reason"),
        ],
    )
    def test_what_is_wrong_is_told_beside_the_field(self, values, field, mail, partnership, lead):
        with pytest.raises(ValidationError) as told:
            self.put_off(mail, partnership, lead, **values)
        assert list(told.value.message_dict) == [field]
        assert not ReminderPause.objects.exists()

    def test_nothing_comes_until_the_day_and_then_one_that_says_so(self, mail, partnership, lead):
        self.put_off(mail, partnership, lead, date(2027, 3, 9))
        days = [date(2027, 3, 3) + timedelta(days=n) for n in range(10)]
        sent = {day: plan(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) for day in days}
        assert [day for day, count in sent.items() if count] == [date(2027, 3, 9), date(2027, 3, 11), DUE]
        again = OutboxMail.objects.order_by("pk")[1]
        assert "It is sent because it was put off until now" in again.why

    def test_one_that_is_over_can_be_put_off_anew(self, mail, partnership, lead):
        self.put_off(mail, partnership, lead, date(2027, 3, 4))
        with clock.at(NOW + timedelta(days=1)):
            self.put_off(mail, partnership, lead, date(2027, 3, 9))
        assert ReminderPause.objects.open().count() == 1

    def test_muted_until_its_date_moves(self, mail, partnership, lead):
        self.put_off(mail, partnership, lead, None)
        assert plan(datetime(2027, 3, 18, 12, tzinfo=UTC)) == 0
        partnership.milestones.update(due_on=date(2027, 3, 26))
        assert plan(datetime(2027, 3, 18, 12, tzinfo=UTC)) == 1

    def test_the_leads_are_told_all_the_same_and_read_why(self, mail, partnership, lead):
        person_as(PartnershipRole.PUBLIC_LEAD, partnership, name="Morag Sinclair")
        self.put_off(mail, partnership, lead, date(2027, 4, 30))
        assert plan(datetime(2027, 3, 19, 12, tzinfo=UTC)) == 1
        told = OutboxMail.objects.order_by("-pk")[0]
        assert told.to.name == "Morag Sinclair"
        assert told.context["quiet"] == "put off until 30 April 2027: Waiting for the minutes"


class TestResume:
    @pytest.fixture
    def pause(self, mail, partnership, lead):
        return mute(partnership=partnership, mail=mail, reason="Too many", by=lead)

    def test_allowed_and_reminders_come_again(self, pause, lead):
        resume(pause=pause, by=lead)
        assert AuditEvent.objects.get(action="reminders.resume").scope == pause.partnership.audit_scope
        assert plan(datetime(2027, 3, 12, 12, tzinfo=UTC)) == 1

    def test_refused_when_they_come_already(self, pause, lead):
        resume(pause=pause, by=lead)
        with pytest.raises(NotNow, match="come again already"):
            resume(pause=pause, by=lead)
        assert AuditEvent.objects.filter(action="reminders.resume", outcome=Outcome.REFUSED).count() == 1

    def test_refused_to_others_and_nothing_changes(self, pause, partnership):
        with pytest.raises(NotPermitted, match="Only whoever put"):
            resume(pause=pause, by=person_as(PartnershipRole.PROJECT_LEAD, partnership))
        pause.refresh_from_db()
        assert pause.ended_at is None
