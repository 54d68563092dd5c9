"""How a pilot reports (form and rhythm) and by which thresholds it is judged: per partnership, editable."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, stop_if
from partnerships.actions.summary import refresh
from partnerships.lifecycle import over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.actions.returns import make_returns
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, PilotPlan, plan_of
from pilots.periods import Rhythm
from pilots.rag import Thresholds
from pilots.sections import ReturnForm

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_set_up(partnership: Partnership) -> list[str]:
    """Why neither form, rhythm nor thresholds can be changed now."""
    return over_blockers(partnership.stage, "How its pilot reports")


@verb("pilot_plan.report", on="partnership")
def set_reporting(
    *, partnership: Partnership, form: str, rhythm: str, by: "Person", version: int | None = None
) -> PilotPlan:
    """Choose the form and the rhythm. Returns that have begun stay; those of the future follow the new rhythm."""
    plan = _to_change(partnership, by, version)
    if form not in ReturnForm.values or rhythm not in Rhythm.values:
        raise ValidationError({"form": "Choose a form and a rhythm from the lists."})
    before = {"form": plan.form, "rhythm": plan.rhythm}
    other_rhythm = plan.rhythm != rhythm
    plan.form, plan.rhythm = form, rhythm
    _save(plan)
    if other_rhythm:
        _plan_anew(plan.partnership, by)
    record(
        "pilot_plan.report",
        on=plan,
        by=by,
        summary=f"chose the form “{plan.get_form_display()}” and the rhythm “{plan.get_rhythm_display()}”",
        before=before,
        after={"form": form, "rhythm": rhythm},
    )
    return plan


@verb("pilot_plan.judge", on="partnership")
def set_thresholds(
    *, partnership: Partnership, thresholds: Thresholds, by: "Person", version: int | None = None
) -> PilotPlan:
    """Agree where green and amber end. Every colour of the pilot is worked out anew."""
    plan = _to_change(partnership, by, version)
    if found := thresholds.faults():
        raise ValidationError(dict(found))
    before = _plain(plan.thresholds)
    for name, value in asdict(thresholds).items():
        setattr(plan, name, value)
    _save(plan)
    refresh(plan.partnership)
    record(
        "pilot_plan.judge",
        on=plan,
        by=by,
        summary="changed the thresholds of the pilot’s colours",
        before=before,
        after=_plain(thresholds),
    )
    return plan


def _to_change(partnership: Partnership, by: "Person", version: int | None) -> PilotPlan:
    """The plan, its partnership locked, once this person may change it now."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_set_up(partnership))
    plan = plan_of(partnership)
    if version is not None and version != plan.version:
        raise ChangedMeanwhile(plan)
    plan.partnership = partnership
    return plan


def _save(plan: PilotPlan) -> None:
    plan.version += 1
    plan.save()


def _plan_anew(partnership: Partnership, by: "Person") -> None:
    """Returns of the future that nobody has touched are made again for the same months, in the new rhythm."""
    ahead = MonthlyReturn.objects.filter(
        partnership=partnership, period__gt=clock.today(), state=ReturnState.PLANNED
    ).order_by("period")
    rows = list(ahead)
    if not rows:
        return
    first, months = rows[0].period, sum(row.months for row in rows)
    ahead.delete()
    make_returns(partnership, first, months, by)


def _plain(thresholds: Thresholds) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in asdict(thresholds).items()}
