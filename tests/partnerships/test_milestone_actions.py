"""The verbs of a milestone: allowed, refused with the reason, nothing half-done, side effects."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.milestone import complete_milestone, move_milestone
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, person_as

pytestmark = pytest.mark.django_db


def test_moving_keeps_the_first_date_the_reason_and_one_event():
    milestone = MilestoneFactory(due_on=date(2026, 10, 1))
    lead = person_as(PartnershipRole.PROJECT_LEAD, milestone.partnership)
    move_milestone(milestone=milestone, due_on=date(2026, 12, 1), reason="Recruitment took longer", by=lead)
    milestone.refresh_from_db()
    assert (milestone.baseline_on, milestone.due_on) == (date(2026, 10, 1), date(2026, 12, 1))
    assert milestone.moves.get().reason == "Recruitment took longer"
    milestone.partnership.refresh_from_db()
    assert milestone.partnership.next_due_on == date(2026, 12, 1)
    event = AuditEvent.objects.get()
    assert (event.action, event.outcome, event.scope) == (
        "milestone.move", Outcome.ALLOWED, milestone.partnership.audit_scope,
    )  # fmt: skip


@pytest.mark.parametrize("role", [PartnershipRole.OBSERVER, PartnershipRole.PARTNER_MANAGER, PartnershipRole.SPONSOR])
def test_moving_is_refused_to_other_roles_and_the_refusal_is_recorded(role):
    milestone = MilestoneFactory()
    with pytest.raises(NotPermitted, match="You may not change the plan"):
        move_milestone(
            milestone=milestone, due_on=date(2027, 1, 1), reason="Because", by=person_as(role, milestone.partnership)
        )
    milestone.refresh_from_db()
    assert milestone.due_on == date(2026, 10, 1)
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_moving_in_a_closed_partnership_is_refused_with_the_reason():
    milestone = MilestoneFactory(partnership__stage=Stage.CLOSED)
    lead = person_as(PartnershipRole.PUBLIC_LEAD, milestone.partnership)
    with pytest.raises(NotNow, match="closed"):
        move_milestone(milestone=milestone, due_on=date(2027, 1, 1), reason="Because", by=lead)


def test_moving_without_a_reason_says_so_beside_the_field_and_leaves_nothing_behind():
    milestone = MilestoneFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, milestone.partnership)
    with pytest.raises(ValidationError) as refusal:
        move_milestone(milestone=milestone, due_on=date(2027, 1, 1), reason=" ", by=lead)
    assert "reason" in refusal.value.message_dict
    assert not milestone.moves.exists()
    assert not AuditEvent.objects.exists()


def test_a_stale_tab_is_told_and_does_not_overwrite():
    milestone = MilestoneFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, milestone.partnership)
    move_milestone(milestone=milestone, due_on=date(2027, 1, 1), reason="First", by=lead, version=1)
    with pytest.raises(NotNow, match="changed this"):
        move_milestone(milestone=milestone, due_on=date(2027, 2, 1), reason="Second", by=lead, version=1)


def test_completing_twice_is_refused():
    milestone = MilestoneFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, milestone.partnership)
    complete_milestone(milestone=milestone, evidence="Minutes of 3 May", by=lead)
    with pytest.raises(NotNow, match="was completed on"):
        complete_milestone(milestone=milestone, evidence="Again", by=lead)
