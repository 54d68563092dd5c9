"""Reminders: which rule is due when, one mail per deadline, rule, date and person, and never to the wrong person."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.models import MailState, OutboxMail
from foundation.workdays.arithmetic import add_working_days, is_working_day
from foundation.workdays.models import Holiday
from partnerships.actions.summary import refresh
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.reminders import milestones_due, plan
from partnerships.reminding import USUAL, own_step
from partnerships.roles import PartnershipRole
from partnerships.tasks import plan_reminders, refresh_health
from tests.factories.partnerships import MemberFactory, MilestoneFactory, PartnershipFactory, person_as

# Christmas 2026: Friday 25 December, Monday 28 (for Boxing Day), Friday 1 January and Monday 4 (for 2 January).
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 4)})
DUE = date(2027, 1, 8)  # a Friday


def latest_rule(today: date, due_on: date) -> str | None:
    step = own_step(today, due_on, USUAL, CHRISTMAS)
    return step and step.name


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class TestTheRules:
    """A deadline on Friday 8 January 2027, counted back over Christmas and New Year by hand."""

    @pytest.mark.parametrize(
        ("today", "rule"),
        [
            (date(2026, 11, 24), None),
            (date(2026, 11, 25), "28"),
            (date(2026, 12, 14), "28"),
            (date(2026, 12, 15), "14"),
            (date(2026, 12, 23), "14"),
            (date(2026, 12, 24), "7"),
            (date(2027, 1, 6), "7"),
            (date(2027, 1, 7), "1"),
            (date(2027, 1, 8), "0"),
            (date(2027, 1, 14), "0"),
            (date(2027, 1, 15), "late-1"),
            (date(2027, 1, 21), "late-1"),
            (date(2027, 1, 22), "late-2"),
            (date(2028, 1, 7), "late-52"),
        ],
    )
    def test_by_hand(self, today, rule):
        assert latest_rule(today, DUE) == rule

    @given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([28, 14, 7, 1]))
    def test_a_rule_starts_on_its_working_day_and_not_a_day_earlier(self, due_on, days):
        starts = add_working_days(due_on, -days, CHRISTMAS)
        assert is_working_day(starts, CHRISTMAS)
        assert latest_rule(starts, due_on) == str(days)
        assert latest_rule(starts - timedelta(days=1), due_on) != str(days)

    @given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-60, 400))
    def test_the_rule_never_goes_back(self, due_on, offset):
        order = [None, "28", "14", "7", "1", "0", *(f"late-{n}" for n in range(1, 60))]
        today = due_on + timedelta(days=offset)
        one, next_day = latest_rule(today, due_on), latest_rule(today + timedelta(days=1), due_on)
        assert order.index(one) <= order.index(next_day)


@pytest.fixture
def holidays():
    """The table is filled by a migration; a transactional test before this one may have emptied it."""
    for day in CHRISTMAS:
        Holiday.objects.get_or_create(on=day, scope="", defaults={"name": "A holiday", "statutory": True})


@pytest.fixture
def milestone(holidays):
    partnership = PartnershipFactory()
    owner = person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Ailsa Reid")
    return MilestoneFactory(partnership=partnership, owner=owner, due_on=DUE, title="Evaluation report")


@pytest.mark.django_db
class TestPlanning:
    def test_one_mail_with_the_words_the_link_and_the_key(self, milestone, settings):
        settings.SITE_URL = "https://portal.example"
        with clock.at(noon(date(2026, 12, 29))):
            assert plan(clock.now()) == 1
            drain()
        mail = OutboxMail.objects.get()
        assert mail.key == f"milestone:{milestone.public_id}:7:2027-01-08:{milestone.owner.pk}"
        assert mail.subject == "Due on 8 January 2027: Evaluation report"
        assert mail.state == MailState.SENT
        assert mail.scope == milestone.partnership.audit_scope
        path = f"https://portal.example/partnerships/{milestone.partnership.public_id}/plan/milestones/"
        assert f"{path}{milestone.public_id}/" in mail.body
        assert "“Evaluation report” is due on Friday 8 January 2027." in mail.body
        assert "You get this mail because “Evaluation report” is yours" in mail.body

    def test_every_rule_once_from_the_first_day_to_three_weeks_late(self, milestone):
        day = date(2026, 11, 1)
        while day <= DUE + timedelta(days=22):
            for hour in (0, 1):  # twice a day
                plan(noon(day) + timedelta(hours=hour))
            day += timedelta(days=1)
        rules = [key.split(":")[2] for key in OutboxMail.objects.order_by("pk").values_list("key", flat=True)]
        assert rules == ["28", "14", "7", "1", "0", "late-1", "late-2", "late-3"]

    def test_after_a_gap_only_the_latest_rule_is_sent(self, milestone):
        plan(noon(date(2026, 12, 16)))
        plan(noon(date(2027, 1, 8)))
        rules = [key.split(":")[2] for key in OutboxMail.objects.order_by("pk").values_list("key", flat=True)]
        assert rules == ["14", "0"]

    def test_nobody_is_mailed_before_seven_in_the_morning(self, milestone):
        with clock.at(datetime(2026, 12, 29, 0, 5, tzinfo=UTC)):
            plan(clock.now())
            assert drain() == 0
        with clock.at(datetime(2026, 12, 29, 7, 0, tzinfo=UTC)):
            assert drain() == 1

    def test_a_moved_deadline_is_reminded_of_anew(self, milestone):
        plan(noon(date(2026, 12, 29)))
        milestone.due_on = DUE + timedelta(days=7)
        milestone.save()
        plan(noon(date(2027, 1, 6)))
        assert {key.split(":")[3] for key in OutboxMail.objects.values_list("key", flat=True)} == {
            "2027-01-08", "2027-01-15",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "change",
        [
            lambda m: setattr(m.owner, "is_active", False),
            lambda m: setattr(m.partnership, "stage", Stage.CLOSED),
            lambda m: setattr(m, "done_on", date(2026, 12, 1)),
            lambda m: setattr(m, "owner", None),
            lambda m: m.partnership.members.update(left_on=date(2026, 12, 1)),
        ],
        ids=["inactive owner", "closed partnership", "done", "no owner", "owner left the partnership"],
    )
    def test_no_mail_for(self, milestone, change):
        owner, partnership = milestone.owner, milestone.partnership
        change(milestone)
        for row in (owner, partnership, milestone):
            row.save()
        with clock.at(noon(DUE)):
            assert plan(clock.now()) == 0

    def test_the_25_hour_day_has_one_reminder(self, milestone):
        milestone.due_on = date(2026, 10, 25)
        milestone.save()
        start = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)  # midnight in Scotland
        for hour in range(25):
            plan(start + timedelta(hours=hour))
        assert OutboxMail.objects.count() == 1

    def test_the_same_queries_for_1_and_300_milestones(self, milestone):
        def queries() -> int:
            with (
                CaptureQueriesContext(
                    connection,
                ) as captured,
                clock.at(noon(DUE)),
            ):
                list(milestones_due(DUE))
            return len(captured)

        few = queries()
        MilestoneFactory.create_batch(299, partnership=milestone.partnership, owner=milestone.owner, due_on=DUE)
        assert queries() == few == 1

    def test_the_task_plans_for_now(self, milestone):
        with clock.at(noon(DUE)):
            assert plan_reminders() == 1
            assert plan_reminders() == 0


@pytest.mark.django_db(transaction=True)
def test_four_planners_at_once_write_each_of_200_mails_once(holidays):
    member = MemberFactory(role=PartnershipRole.PROJECT_LEAD)
    MilestoneFactory.create_batch(200, partnership=member.partnership, owner=member.person, due_on=DUE)
    line, failures = threading.Barrier(4), []

    def work() -> None:
        try:
            line.wait(timeout=120)
            plan(noon(DUE))
        except Exception as error:  # noqa: BLE001  shown by the assertion below
            failures.append(error)
        finally:
            connections.close_all()

    planners = [threading.Thread(target=work) for _ in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join(timeout=300)
    assert failures == []
    assert OutboxMail.objects.count() == 200


@pytest.mark.django_db
class TestHealth:
    @pytest.fixture(autouse=True)
    def _forget(self):
        cache.clear()

    def test_a_milestone_turns_late_without_anybody_touching_it(self, milestone):
        with clock.at(noon(DUE)):
            refresh(milestone.partnership)
            assert refresh_health() == 1
        for day, health in (
            (DUE, Health.GREEN),
            (DUE + timedelta(days=1), Health.AMBER),
            (DUE + timedelta(days=31), Health.RED),
        ):
            with clock.at(noon(day)):
                refresh_health()
            milestone.partnership.refresh_from_db()
            assert milestone.partnership.health == health

    def test_once_a_day_is_enough_and_closed_partnerships_rest(self, milestone):
        PartnershipFactory(closed=True)
        with clock.at(noon(DUE)):
            assert refresh_health() == 1
            assert refresh_health() == 0

    def test_one_that_fails_is_tried_again_and_does_not_stop_the_others(self, milestone, monkeypatch):
        PartnershipFactory()
        calls = []

        def refuses_the_first(partnership):
            calls.append(partnership.pk)
            if len(calls) == 1:
                raise ZeroDivisionError
            refresh(partnership)

        monkeypatch.setattr("partnerships.tasks.refresh", refuses_the_first)
        with clock.at(noon(DUE)):
            assert refresh_health() == 1
            assert refresh_health() == 2
