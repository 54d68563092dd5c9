"""The verbs of the evaluation: allowed, refused with the reason, nothing half-done, side effects."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.roles import PartnershipRole
from pilots.actions.evaluation import NOT_WRITTEN, sign_evaluation, write_evaluation
from pilots.models import Evaluation
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import EvaluationFactory

pytestmark = pytest.mark.django_db

WRITERS = {
    PartnershipRole.EVALUATOR, PartnershipRole.PROJECT_LEAD, PartnershipRole.THIRD_SECTOR_LEAD,
    PartnershipRole.PARTNER_MANAGER,
}  # fmt: skip
TEXT = {"summary": "It worked.", "findings": "Most people saw others more often."}


def evaluator_of(partnership):
    return person_as(PartnershipRole.EVALUATOR, partnership)


@pytest.mark.parametrize("role", sorted(WRITERS))
def test_writing_makes_version_1_and_one_event_without_the_text(role):
    partnership = PartnershipFactory(in_pilot=True)
    by = person_as(role, partnership)
    evaluation = write_evaluation(
        partnership=partnership, **TEXT, unit_cost=Decimal("812.50"), by=by, version=NOT_WRITTEN
    )
    assert (evaluation.version, evaluation.written_by, evaluation.signed_off_at) == (1, by, None)
    event = AuditEvent.objects.get()
    assert (event.summary, event.after) == ("wrote version 1 of the evaluation", {"version": 1, "unit_cost": "812.50"})


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - WRITERS))
def test_writing_is_refused_to_other_roles_and_recorded(role):
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(NotPermitted, match="You may not write the evaluation"):
        write_evaluation(partnership=partnership, **TEXT, by=person_as(role, partnership))
    assert not Evaluation.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize(("trait", "reason"), [({}, "has not begun"), ({"closed": True}, "closed")])
def test_writing_is_refused_before_the_pilot_and_after_the_end(trait, reason):
    partnership = PartnershipFactory(**trait)
    with pytest.raises(NotNow, match=reason):
        write_evaluation(partnership=partnership, **TEXT, by=evaluator_of(partnership))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"summary": " "}, "summary"), ({"findings": ""}, "findings"), ({"unit_cost": Decimal(-1)}, "unit_cost")],
)
def test_what_is_missing_is_said_beside_the_field(changes, field):
    partnership = PartnershipFactory(in_pilot=True)
    with pytest.raises(ValidationError) as refusal:
        write_evaluation(partnership=partnership, **TEXT | changes, by=evaluator_of(partnership))
    assert set(refusal.value.message_dict) == {field}
    assert not Evaluation.objects.exists()


def test_a_change_after_the_sign_off_takes_the_sign_off_away():
    evaluation = EvaluationFactory(signed_off=True)
    partnership = evaluation.partnership
    write_evaluation(partnership=partnership, **TEXT, by=evaluator_of(partnership), version=1)
    evaluation.refresh_from_db()
    assert (evaluation.version, evaluation.signed_off_by, evaluation.signed_off_at) == (2, None, None)
    assert AuditEvent.objects.get().summary == "wrote version 2 of the evaluation, which has to be signed off again"


@pytest.mark.parametrize("version", [NOT_WRITTEN, 7])
def test_a_stale_tab_is_told_and_does_not_overwrite(version):
    evaluation = EvaluationFactory()
    with pytest.raises(NotNow, match="changed this"):
        write_evaluation(
            partnership=evaluation.partnership, **TEXT, by=evaluator_of(evaluation.partnership), version=version
        )
    evaluation.refresh_from_db()
    assert evaluation.summary == "It worked well enough to buy."


def test_the_evaluator_signs_off():
    evaluation = EvaluationFactory()
    by = evaluator_of(evaluation.partnership)
    sign_evaluation(evaluation=evaluation, by=by, version=1)
    evaluation.refresh_from_db()
    assert evaluation.signed_off_by == by
    assert evaluation.signed_off_at is not None
    assert AuditEvent.objects.get().summary == "signed off version 1 of the evaluation"


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - {PartnershipRole.EVALUATOR}))
def test_signing_is_refused_to_other_roles(role):
    evaluation = EvaluationFactory()
    with pytest.raises(NotPermitted, match="You may not sign off the pilot evaluation"):
        sign_evaluation(evaluation=evaluation, by=person_as(role, evaluation.partnership))
    evaluation.refresh_from_db()
    assert evaluation.signed_off_at is None


def test_signing_twice_or_what_was_not_read_is_refused():
    evaluation = EvaluationFactory(version=2)
    by = evaluator_of(evaluation.partnership)
    with pytest.raises(NotNow, match="changed this"):
        sign_evaluation(evaluation=evaluation, by=by, version=1)
    sign_evaluation(evaluation=evaluation, by=by, version=2)
    with pytest.raises(NotNow, match="has signed this version off"):
        sign_evaluation(evaluation=evaluation, by=by, version=2)
