"""Stopping a partnership, going back, and every move between stages from one table."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow
from lessons.actions.lesson import add_lesson
from partnerships import gates, ladder, registers, reminders
from partnerships.actions.condition import Condition
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.actions.exit import EXIT_TASKS
from partnerships.actions.milestone import add_milestone, complete_milestone, move_milestone
from partnerships.actions.partnership import edit_partnership
from partnerships.health import Health
from partnerships.lifecycle import (
    GOES_FORWARD,
    PASSAGES,
    Gate,
    GateOutcome,
    Stage,
    may_move,
    passage_from,
    passage_through,
)
from partnerships.models import GateDecision, Milestone
from partnerships.plan import Block, MilestoneKind
from partnerships.roles import PartnershipRole
from pilots.models import MonthlyReturn
from procurement.actions.publication import abandon
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, both_leads_as_partners, person_as
from tests.factories.pilots import ReturnFactory
from tests.factories.procurement import TenderFactory

pytestmark = pytest.mark.django_db

O, D, P, R, T, L, C, X = Stage  # noqa: E741  O: only proposed
# Every move there is; whatever is not here is refused (domain.md 1.7 and 1.12).
LEGAL = {
    (O, D), (D, P), (P, R), (R, T), (T, L), (L, C), (P, D), (R, P), (T, R),
    (O, X), (D, X), (P, X), (R, X), (T, X), (L, X),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _gates_ask_for_nothing(monkeypatch):
    monkeypatch.setattr(gates, "evidence", lambda gate, partnership, version=None: [])


def decide(partnership, outcome, gate=None):
    """Both signers of the gate (the one that leads on) decide `outcome`; where the partnership then stands."""
    passage = passage_through(gate) if gate else passage_from(partnership.stage)
    roles = passage.signers if passage else (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)
    first, second = (person_as(role, partnership) for role in roles)
    conditions = [Condition("Do it", first, clock.today() + timedelta(days=9))]
    decision = propose_decision(
        partnership=partnership, outcome=outcome, reason="Because", by=first, gate=gate,
        conditions=conditions if outcome == GateOutcome.CONDITIONS else [],
    )  # fmt: skip
    sign_decision(decision=decision, by=second)
    partnership.refresh_from_db()
    return Stage(partnership.stage)


def stopped(**fields):
    partnership = PartnershipFactory(**{"in_pilot": True} | fields)
    both_leads_as_partners(partnership)
    public = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.STOP, reason="The funder left", by=public)
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    return partnership, public, third


@pytest.mark.parametrize("leaves", list(Stage))
def test_the_decisions_of_every_stage_lead_to_the_stages_of_the_table_and_to_no_other(leaves):
    reached = set()
    for outcome in GateOutcome:
        partnership = PartnershipFactory(stage=leaves)
        try:
            reached.add(decide(partnership, outcome))
        except NotNow:
            partnership.refresh_from_db()
            assert partnership.stage == leaves
            assert not GateDecision.objects.filter(partnership=partnership).exists()
    assert reached - {leaves} == {enters for left, enters in LEGAL if left == leaves}


@pytest.mark.parametrize("leaves", list(Stage))
@pytest.mark.parametrize("enters", list(Stage))
def test_s16_a_move_that_is_not_in_the_table_is_not_one(leaves, enters):
    assert may_move(leaves, enters) == ((leaves, enters) in LEGAL)


@pytest.mark.parametrize("review", [passage for passage in PASSAGES if passage.is_review])
@pytest.mark.parametrize("outcome", [GateOutcome.PASS, GateOutcome.CONDITIONS, GateOutcome.NOT_YET])
def test_a_review_moves_no_stage_whether_it_is_passed_or_not(review, outcome):
    partnership = PartnershipFactory(stage=review.leaves)
    assert decide(partnership, outcome, review.gate) == review.leaves
    counted = ladder.passed(review.gate, partnership)
    assert (counted is not None) == (outcome in GOES_FORWARD)


@pytest.mark.parametrize("passage", PASSAGES, ids=[passage.gate for passage in PASSAGES])
def test_s16_a_gate_is_decided_in_its_own_stage_and_in_no_other(passage):
    for stage in Stage:
        partnership = PartnershipFactory(stage=stage)
        if stage == passage.leaves:
            assert decide(partnership, GateOutcome.NOT_YET, passage.gate) == stage
            continue
        with pytest.raises(NotNow, match=r"cannot be skipped|no gate after"):
            decide(partnership, GateOutcome.PASS, passage.gate)


def test_s15_at_gate_g2_both_leads_go_back_to_design_logs_stay_readable_and_the_next_design_version_opens(client):
    partnership = PartnershipFactory(in_pilot=True)
    log = ReturnFactory(partnership=partnership, accepted=True)
    assert decide(partnership, GateOutcome.GO_BACK, Gate.G2) == Stage.DESIGN
    decision = partnership.decisions.get()
    assert (decision.gate, decision.reason) == ("G2", "Because")
    assert (partnership.design, partnership.design_since) == (2, clock.today())
    assert ladder.passed(Gate.G1, partnership) is None, "gate G1 is open again"
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(reverse("pilots:return", args=[partnership.public_id, log.period]))
    assert page.status_code == 200
    assert MonthlyReturn.objects.get() == log
    assert "design version 2" in client.get(partnership.get_absolute_url()).content.decode()
    assert decide(partnership, GateOutcome.PASS) == Stage.PILOT
    assert partnership.design == 2, "only coming back opens a new version"


def test_s19_a_stop_opens_the_exit_tasks_and_lessons_are_still_asked_for(client):
    partnership, public, third = stopped()
    assert partnership.stage == Stage.STOPPED
    tasks = list(partnership.milestones.filter(kind=MilestoneKind.EXIT))
    assert {task.title for task in tasks} == {task.title for task in EXIT_TASKS}
    assert {task.owner for task in tasks} == {public, third}
    hand_over = tasks[0]
    assert (hand_over.title, hand_over.owner) == ("Hand over everybody who uses the service", third)
    assert any("money" in task.title for task in tasks)
    taken = AuditEvent.objects.get(action="decision.take")
    assert (taken.reason, taken.after["stage"]) == ("The funder left", "stopped")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(partnership.get_absolute_url()).content.decode()
    for words in ("This partnership has stopped", "What was learned is still asked for", *(t.title for t in tasks)):
        assert words in page
    add_lesson(
        partnership=partnership, title="Ask the funder early", what_happened="It left", why="No plan", advice="Ask",
        evidence="Minutes", stage="pilot", theme="evidence", kind_of_service="mental-health", source_label="",
        by=third,
    )  # fmt: skip


def test_a_stop_needs_a_reason():
    partnership = PartnershipFactory()
    with pytest.raises(ValidationError, match="Give the reason"):
        propose_decision(
            partnership=partnership, outcome=GateOutcome.STOP, reason=" ",
            by=person_as(PartnershipRole.PUBLIC_LEAD, partnership),
        )  # fmt: skip


def test_only_exit_tasks_change_after_a_stop():
    partnership, public, _ = stopped()
    ordinary = MilestoneFactory(partnership=partnership)
    task = partnership.milestones.filter(kind=MilestoneKind.EXIT).first()
    later = clock.today() + timedelta(days=200)
    with pytest.raises(NotNow, match="has stopped"):
        complete_milestone(milestone=ordinary, evidence="", by=public)
    with pytest.raises(NotNow, match="has stopped"):
        add_milestone(partnership=partnership, title="x", block=Block.DESIGN, due_on=later, owner=None, by=public)
    with pytest.raises(NotNow, match="has stopped"):
        edit_partnership(
            partnership=partnership, title="x", need="x", service="", client_group="x", area="fife", sponsor="x",
            by=public,
        )  # fmt: skip
    with pytest.raises(NotNow, match="no gate after this stage"):
        decide(partnership, GateOutcome.NOT_YET)
    move_milestone(milestone=task, due_on=later, reason="Two people have no new place yet", by=public)
    complete_milestone(milestone=task, evidence="All moved", by=public)
    task.refresh_from_db()
    assert task.done_on == clock.today()


def test_after_a_stop_nobody_is_reminded_of_anything_but_the_exit_tasks():
    partnership, _, third = stopped()
    MilestoneFactory(partnership=partnership, owner=third, due_on=clock.today() - timedelta(days=60))
    with clock.at(clock.now() + timedelta(days=40)):
        partnership.refresh_from_db()
        reminders.plan(clock.now())
        assert [todo.title for todo in registers.owned(third)] == [
            "Complete “Hand over everybody who uses the service”"
        ]
    subjects = list(OutboxMail.objects.filter(kind="reminder").values_list("subject", flat=True))
    assert len(subjects) == 2, "its owner, and the other lead, whom it tells that it is late"
    assert all("Hand over everybody" in subject for subject in subjects)


def test_the_health_of_a_stopped_partnership_is_that_of_its_exit_tasks():
    late = {"due_on": clock.today() - timedelta(days=90)}
    partnership = PartnershipFactory(in_pilot=True)
    MilestoneFactory(partnership=partnership, **late)
    assert decide(partnership, GateOutcome.STOP) == Stage.STOPPED
    assert (partnership.health, partnership.health_because) == (Health.GREY, f"Stopped since {clock.today():%-d %B %Y}")
    assert partnership.open_milestones == len(EXIT_TASKS)


def test_a_partnership_does_not_stop_over_the_heads_of_bidders():
    tender = TenderFactory()
    partnership = tender.partnership
    with pytest.raises(NotNow, match="abandons it first"):
        decide(partnership, GateOutcome.STOP)
    officer = person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership, organisation=partnership.public_lead)
    abandon(tender=tender, reason="The funder left", by=officer)
    assert decide(partnership, GateOutcome.STOP) == Stage.STOPPED


@pytest.mark.parametrize("name", ["partnership", "plan", "partners", "memorandum", "budget", "gate", "interests"])
def test_everything_stays_readable_after_a_stop(client, name):
    partnership, _, third = stopped()
    client.force_login(third)
    page = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id]))
    assert page.status_code == 200
    assert "Stopped" in page.content.decode()
    assert Milestone.objects.exists()


def test_stopping_in_the_browser(client):
    partnership = PartnershipFactory(in_pilot=True)
    both_leads_as_partners(partnership)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    url = reverse("partnerships:decision_propose", args=[partnership.public_id, Gate.G3])
    page = client.get(url).content.decode()
    assert "Go back to design" in page
    assert "Stop the partnership for good" in page
    assert "Enter the reason" in client.post(url, {"outcome": "stop", "reason": "", "version": 1}).content.decode()
    assert client.post(url, {"outcome": "stop", "reason": "No money", "version": 1}).status_code == 302
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership))
    decision = GateDecision.objects.get()
    where = reverse("partnerships:decision_sign", args=[partnership.public_id, decision.public_id])
    assert client.post(where, {}, follow=True).status_code == 200
    gate = client.get(reverse("partnerships:gate", args=[partnership.public_id])).content.decode()
    assert "This partnership has stopped" in gate
    assert "No money" in gate
