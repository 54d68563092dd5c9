"""“Pass with conditions”: what it asks for, what it puts into the plan, and what a late condition does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow
from partnerships import gates, reminders
from partnerships.actions.condition import Condition
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.actions.milestone import complete_milestone, move_milestone
from partnerships.actions.summary import refresh
from partnerships.gates import Evidence
from partnerships.health import Health
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import DecisionCondition, GateDecision, Milestone, Partnership
from partnerships.plan import Block, MilestoneKind
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

IN_30_DAYS = clock.today() + timedelta(days=30)


@pytest.fixture(autouse=True)
def _gates_ask_for_nothing(monkeypatch):
    monkeypatch.setattr(gates, "evidence", lambda gate, partnership, version=None: [])


@pytest.fixture
def partnership():
    partnership = PartnershipFactory(in_pilot=True)
    both_leads_as_partners(partnership)
    return partnership


def propose(partnership, by, conditions, outcome=GateOutcome.CONDITIONS):
    return propose_decision(partnership=partnership, outcome=outcome, reason="Nearly", conditions=conditions, by=by)


def passed_with(partnership, public, third, *conditions):
    decision = propose(partnership, public, conditions)
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    return decision


def test_s14_a_condition_that_passes_its_date_undone_puts_the_partnership_at_risk_and_tells_its_owner(
    partnership, public, third
):
    passed_with(partnership, public, third, Condition("Publish the unit cost", third, IN_30_DAYS))
    milestone = partnership.milestones.get(kind=MilestoneKind.CONDITION)
    noon = clock.now().replace(hour=12)
    with clock.at(noon + timedelta(days=30)):  # the day itself: due, and not late
        refresh(partnership)
        assert partnership.health == Health.GREEN
        reminders.plan(clock.now())
    with clock.at(noon + timedelta(days=31)):
        refresh(partnership)
        assert partnership.health == Health.AMBER
        assert partnership.get_health_display() == "At risk"
        reminders.plan(clock.now())
        reminders.plan(clock.now())
    mails = list(late_mails().order_by("pk"))
    assert [mail.to for mail in mails] == [third]
    assert "Publish the unit cost" in mails[0].subject
    with clock.at(noon + timedelta(days=31)):
        complete_milestone(milestone=milestone, evidence="Published", by=public)
        partnership.refresh_from_db()
        assert partnership.health != Health.AMBER


def test_each_condition_becomes_a_milestone_of_the_decision_when_it_takes_effect(partnership, public, third):
    conditions = [Condition(f"Do thing {n}", public, IN_30_DAYS + timedelta(days=n)) for n in range(5)]
    decision = propose(partnership, public, conditions)
    assert not Milestone.objects.exists()
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.REDESIGN
    made = list(decision.milestones.order_by("due_on"))
    assert [(m.title, m.owner, m.due_on) for m in made] == [(c.text, c.owner, c.due_on) for c in conditions]
    assert {(m.kind, m.block) for m in made} == {(MilestoneKind.CONDITION, Block.EVALUATION)}
    assert (partnership.open_milestones, partnership.next_due_title) == (5, "Do thing 0")
    assert AuditEvent.objects.filter(action="milestone.add").count() == 5
    assert len(AuditEvent.objects.get(action="decision.propose").after["conditions"]) == 5


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_conditions_are_asked_for(partnership, public, count):
    with pytest.raises(ValidationError, match="one to 5 conditions"):
        propose(partnership, public, [Condition("Do it", public, IN_30_DAYS)] * count)
    assert not GateDecision.objects.exists()


def test_a_condition_has_something_to_do_a_member_and_a_day_in_the_future(partnership, public):
    cases = {
        "condition_1_text": Condition("  ", public, IN_30_DAYS),
        "condition_1_owner": Condition("Do it", PersonFactory(), IN_30_DAYS),
        "condition_1_due_on": Condition("Do it", public, clock.today()),
    }
    for field, condition in cases.items():
        with pytest.raises(ValidationError) as refusal:
            propose(partnership, public, [condition])
        assert list(refusal.value.message_dict) == [field]
    assert not DecisionCondition.objects.exists()


def test_other_outcomes_have_no_conditions(partnership, public):
    with pytest.raises(ValidationError) as refusal:
        propose(partnership, public, [Condition("Do it", public, IN_30_DAYS)], outcome=GateOutcome.NOT_YET)
    assert "outcome" in refusal.value.message_dict


def test_conditions_excuse_no_missing_evidence(monkeypatch, partnership, public):
    missing = [Evidence("A", False, "A is missing.")]
    monkeypatch.setattr(gates, "evidence", lambda gate, partnership, version=None: missing)
    with pytest.raises(NotNow, match="A is missing"):
        propose(partnership, public, [Condition("Do it", public, IN_30_DAYS)])


def test_a_partnership_does_not_close_with_conditions(client):
    live = PartnershipFactory(live=True)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, live)
    client.force_login(lead)
    page = client.get(reverse("partnerships:decision_propose", args=[live.public_id, Gate.G7])).content.decode()
    assert 'value="not_yet"' in page
    assert 'value="conditions"' not in page
    with pytest.raises(NotNow, match="cannot meet conditions any more"):
        propose(live, lead, [Condition("Do it", lead, IN_30_DAYS)])


def test_a_milestone_that_moved_is_told_late_from_its_new_date(partnership, public, third):
    passed_with(partnership, public, third, Condition("Do it", third, IN_30_DAYS))
    milestone = Milestone.objects.get()
    move_milestone(milestone=milestone, due_on=IN_30_DAYS + timedelta(days=60), reason="Holidays", by=public)
    with clock.at(clock.now() + timedelta(days=31)):
        reminders.plan(clock.now())
    assert not late_mails().exists()


def test_the_conditions_are_typed_read_signed_and_followed_in_the_browser(client, partnership, public, third):
    client.force_login(public)
    url = reverse("partnerships:decision_propose", args=[partnership.public_id, Gate.G3])
    day = f"{IN_30_DAYS:%d/%m/%Y}"
    data = {
        "outcome": "conditions", "reason": "Nearly", "version": partnership.version,
        "condition_1_text": "Agree <b>who</b> pays", "condition_1_owner": third.public_id,
    }  # fmt: skip
    assert "its owner and its due date" in client.post(url, data).content.decode()
    assert "Give one to 5 conditions" in client.post(
        url, {"outcome": "conditions", "reason": "x", "version": partnership.version}
    ).content.decode()  # fmt: skip
    stranger = data | {"condition_1_due_on": day, "condition_1_owner": PersonFactory().public_id}
    assert client.post(url, stranger).status_code == 200
    assert client.post(url, data | {"condition_1_due_on": "31/2/2027"}).status_code == 200
    assert client.post(url, data | {"condition_1_due_on": day}).status_code == 302
    decision = GateDecision.objects.get()
    client.force_login(third)
    where = reverse("partnerships:decision_sign", args=[partnership.public_id, decision.public_id])
    assert "Agree &lt;b&gt;who&lt;/b&gt; pays" in client.get(where).content.decode()
    assert client.post(where, {}).status_code == 302
    for name in ("partnership", "gate"):
        page = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id])).content.decode()
        assert "Agree &lt;b&gt;who&lt;/b&gt; pays" in page
    milestone = Milestone.objects.get(kind=MilestoneKind.CONDITION)
    page = client.get(reverse("partnerships:milestone", args=[partnership.public_id, milestone.public_id]))
    assert "Condition of a gate decision" in page.content.decode()


def late_mails():
    """Without those about the partners' own self-assessments, which are due from the day they joined."""
    return OutboxMail.objects.filter(subject__startswith="Late since").exclude(subject__contains="Assess the skills")


@pytest.mark.parametrize("name", ["gate", "partnership"])
def test_the_pages_take_the_same_few_queries_with_1_and_with_20_decisions(client, name, django_assert_max_num_queries):
    partnership = PartnershipFactory()
    both_leads_as_partners(partnership)
    public = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for rows in (1, 19):
        for _ in range(rows):
            passed_with(partnership, public, third, Condition("Do it", public, IN_30_DAYS))
            Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.DESIGN)
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse(f"partnerships:{name}", args=[partnership.public_id]))
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
