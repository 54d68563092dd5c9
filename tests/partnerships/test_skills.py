"""A partner's skills: the dates and the change by hand, who may assess, the deadline of its manager."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.skills import assess_skills
from partnerships.deadlines import due_by
from partnerships.lifecycle import OVER, Stage
from partnerships.models import SkillsAssessment
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic, change, next_due
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
KEEPERS = [role for role in PartnershipRole if Ability.KEEP_REGISTERS in ABILITIES[role]]
TWOS = dict.fromkeys(Topic.values, 2)


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partner():
    """With a contingency plan, which would be to do as well."""
    written = {"contingency_plan": "We go on with our own service.", "contingency_plan_on": date(2026, 4, 1)}
    return PartnerFactory(joined_on=date(2026, 4, 1), **written)


@pytest.fixture
def manager(partner):
    return person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)


def test_there_are_eight_topics_the_four_of_the_model_first():
    assert len(Topic) == 8
    assert Topic.labels[:4] == ["Business planning", "Marketing", "Financial management", "Risk management"]


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 10, 1)), (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 12, 15), date(2028, 6, 15)),
    ],
)  # fmt: skip
def test_due_at_joining_and_six_months_after_each(last, due):
    assert next_due(date(2026, 4, 1), last) == due


def test_change_is_the_last_less_the_first():
    moved = change(TWOS, TWOS | {"marketing": 4, "procurement": 0})
    assert (moved["marketing"], moved["procurement"], moved["evaluation"]) == (2, -2, 0)


@pytest.mark.parametrize("role", KEEPERS)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in OVER])
def test_a_partners_own_people_assess_it(role, stage):
    partner = PartnerFactory(partnership__stage=stage)
    by = person_as(role, partner.partnership, organisation=partner.organisation)
    assessment = assess_skills(partner=partner, scores=TWOS | {"marketing": 4}, by=by)
    assert (assessment.assessed_on, assessment.by_topic) == (date(2026, 11, 2), TWOS | {"marketing": 4})
    assert AuditEvent.objects.get().action == "skills.assess"


@pytest.mark.parametrize("role", list(PartnershipRole))
def test_others_are_refused_and_the_refusal_is_recorded(partner, role):
    stranger = person_as(role, partner.partnership)
    with pytest.raises(NotPermitted):
        assess_skills(partner=partner, scores=TWOS, by=stranger)
    assert not SkillsAssessment.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_not_twice_a_day_nor_after_leaving_nor_when_closed(partner, manager):
    assess_skills(partner=partner, scores=TWOS, by=manager)
    with pytest.raises(NotNow, match="has assessed its skills today"):
        assess_skills(partner=partner, scores=TWOS, by=manager)
    closed = PartnerFactory(partnership__closed=True)
    lead = person_as(PartnershipRole.PARTNER_MANAGER, closed.partnership, organisation=closed.organisation)
    with pytest.raises(NotNow, match="partnership is closed"):
        assess_skills(partner=closed, scores=TWOS, by=lead)
    gone = PartnerFactory(partnership=partner.partnership, left_on=date(2026, 10, 1))
    late = person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership, organisation=gone.organisation)
    with pytest.raises(NotNow, match="left on 1 October 2026"):
        assess_skills(partner=gone, scores=TWOS, by=late)
    assert SkillsAssessment.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"evaluation": 5}, {"evaluation": -1}, {"evaluation": None}])
def test_a_wrong_or_missing_score_is_told_and_leaves_nothing_behind(partner, manager, wrong):
    scores = {topic: points for topic, points in (TWOS | wrong).items() if points is not None}
    with pytest.raises(ValidationError) as refusal:
        assess_skills(partner=partner, scores=scores, by=manager)
    assert list(refusal.value.message_dict) == ["evaluation"]
    assert not SkillsAssessment.objects.exists()
    assert not AuditEvent.objects.exists()


def test_it_is_a_deadline_of_the_partners_manager_until_it_is_done(partner, manager):
    other = person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership)
    (deadline,) = due_by(date(2026, 12, 1))
    assert (deadline.owner, deadline.due_on) == (manager, date(2026, 4, 1))
    assert [item.title for item in todo.of(manager)] == [f"Assess the skills of {partner}"]
    assert todo.of(other) == []
    assess_skills(partner=partner, scores=TWOS, by=manager)
    assert list(due_by(date(2026, 12, 1))) == todo.of(manager) == []
    assert [d.due_on for d in due_by(date(2027, 6, 1))] == [date(2027, 5, 2)]


def test_the_manager_comes_before_a_lead_and_without_either_nobody_is_reminded(partner):
    assert list(due_by(date(2027, 1, 1))) == []
    role = PartnershipRole.THIRD_SECTOR_LEAD
    lead = person_as(role, partner.partnership, organisation=partner.organisation)
    assert [d.owner for d in due_by(date(2027, 1, 1))] == [lead]
    role = PartnershipRole.PARTNER_MANAGER
    manager = person_as(role, partner.partnership, organisation=partner.organisation)
    assert [d.owner for d in due_by(date(2027, 1, 1))] == [manager]
    assert todo.of(lead) == []


def test_assessed_in_the_browser_the_change_stands_in_the_table(client, partner, manager):
    client.force_login(manager)
    where = [partner.partnership.public_id, partner.public_id]
    url = reverse("partnerships:skills_assess", args=where)
    assert client.post(url, {}).status_code == 200
    for wrong in ("5", "-1", "x", "1e0", "<script>"):
        assert client.post(url, TWOS | {"marketing": wrong}).status_code == 200
    with clock.at(datetime(2026, 4, 1, 12, tzinfo=UTC)):
        assert client.post(url, TWOS).status_code == 302
    assert client.post(url, TWOS | {"marketing": 4, "procurement": 1}).status_code == 302
    assert client.post(url, TWOS).status_code == 200, "twice on one day"
    page = client.get(reverse("partnerships:partner_skills", args=where))
    rows = {row[0]: row[1:] for row in page.context["rows"]}
    assert rows["Marketing"] == ["2", "4", "+2", "none"]
    assert rows["Procurement"] == ["2", "1", "-1", "none"]
    assert rows["Evaluation"] == ["2", "2", "none", "none"]
    listed = client.get(reverse("partnerships:skills", args=where[:1])).context["rows"]
    assert listed == [(partner, date(2026, 11, 2), date(2027, 5, 2))]


def test_the_form_of_another_partner_is_refused(client, partner, manager):
    other = PartnerFactory(partnership=partner.partnership)
    client.force_login(manager)
    where = [partner.partnership.public_id, other.public_id]
    assert client.get(reverse("partnerships:partner_skills", args=where)).status_code == 200
    assert client.get(reverse("partnerships:skills_assess", args=where)).status_code == 403
    elsewhere = [PartnershipFactory().public_id, partner.public_id]
    assert client.get(reverse("partnerships:skills_assess", args=elsewhere)).status_code == 404
