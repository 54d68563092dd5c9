"""The evaluation of the pilot: written, changed, signed off. A change after the sign-off takes the sign-off away."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, stop_if
from partnerships.actions.summary import refresh
from partnerships.lifecycle import Stage, has_reached, over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.models import Evaluation
from pilots.permissions import require_to_write_evaluation

if TYPE_CHECKING:
    from accounts.models import Person
    from foundation.files.models import StoredFile

NOT_WRITTEN = 0  # the version of an evaluation that does not exist yet


def blockers_to_write(partnership: Partnership) -> list[str]:
    """Why the evaluation cannot be written or changed now."""
    if not has_reached(partnership.stage, Stage.PILOT):
        return ["The pilot has not begun, so there is nothing to evaluate yet."]
    return over_blockers(partnership.stage, "Its evaluation")


def blockers_to_sign(evaluation: Evaluation) -> list[str]:
    """Why the evaluation cannot be signed off now."""
    if evaluation.signed_off_at:
        return [f"{evaluation.signed_off_by} has signed this version off."]
    return blockers_to_write(evaluation.partnership)


@verb("evaluation.write", on="partnership")
def write_evaluation(
    *,
    partnership: Partnership,
    summary: str,
    findings: str,
    by: "Person",
    unit_cost: Decimal | None = None,
    document: "StoredFile | None" = None,
    version: int | None = None,
) -> Evaluation:
    """Write the evaluation, or change it. A change makes the next version, and that one is not signed off."""
    partnership = locked(partnership)
    require_to_write_evaluation(by, partnership)
    stop_if(blockers_to_write(partnership))
    evaluation = Evaluation.objects.select_for_update().filter(partnership=partnership).first()
    if version is not None and version != (evaluation.version if evaluation else NOT_WRITTEN):
        raise ChangedMeanwhile(evaluation or partnership)
    _check(summary, findings, unit_cost)
    was_signed_off = bool(evaluation and evaluation.signed_off_at)
    if evaluation is None:
        evaluation = Evaluation(partnership=partnership)
    else:
        evaluation.version += 1
    evaluation.summary, evaluation.findings, evaluation.unit_cost = summary, findings, unit_cost
    evaluation.document = document or evaluation.document
    evaluation.written_by, evaluation.signed_off_by, evaluation.signed_off_at = by, None, None
    evaluation.save()
    refresh(partnership)
    record(
        "evaluation.write",
        on=evaluation,
        by=by,
        summary=f"wrote version {evaluation.version} of the evaluation"
        + (", which has to be signed off again" if was_signed_off else ""),
        after={"version": evaluation.version, "unit_cost": None if unit_cost is None else str(unit_cost)},
    )
    return evaluation


@verb("evaluation.sign", on="evaluation")
def sign_evaluation(*, evaluation: Evaluation, by: "Person", version: int | None = None) -> None:
    """Sign off the evaluation as it stands: gate G3 asks for it."""
    partnership = locked(evaluation.partnership)
    evaluation = locked(evaluation, version=version)
    require(by, Ability.SIGN_EVALUATION, partnership)
    stop_if(blockers_to_sign(evaluation))
    evaluation.signed_off_by, evaluation.signed_off_at = by, clock.now()
    evaluation.save(update_fields=["signed_off_by", "signed_off_at"])
    refresh(partnership)
    record(
        "evaluation.sign",
        on=evaluation,
        by=by,
        summary=f"signed off version {evaluation.version} of the evaluation",
        after={"version": evaluation.version},
    )


def _check(summary: str, findings: str, unit_cost: Decimal | None) -> None:
    found = {}
    if not summary.strip():
        found["summary"] = "Say in a few sentences whether the pilot worked."
    if not findings.strip():
        found["findings"] = "Say what was found, and how it is known."
    if unit_cost is not None and unit_cost < 0:
        found["unit_cost"] = "A cost cannot be below £0."
    if found:
        raise ValidationError(found)
