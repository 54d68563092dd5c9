"""The overall colour, set by a person one step from the calculated one, with a reason (scenario 31)."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots import rag
from pilots.models import HealthOverride
from pilots.standing import overall_of, standing_of

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_override(partnership: Partnership, calculated: Health) -> list[str]:
    """Why no overall colour can be set now."""
    if partnership.stage != Stage.PILOT:
        return ["The overall colour is set while the pilot runs, and it is not running."]
    if calculated == Health.GREY:
        return ["Nothing has a target yet, so there is no calculated colour to differ from."]
    return []


@verb("health.override", on="partnership")
def override_health(*, partnership: Partnership, judged: str, reason: str, by: "Person") -> HealthOverride:
    """Set the overall colour one step from the calculated one; it ends when the next return is accepted."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    calculated = overall_of(partnership, standing_of(partnership)).calculated
    stop_if(blockers_to_override(partnership, calculated))
    _check(calculated, Health(judged), reason)
    HealthOverride.objects.standing().filter(partnership=partnership).update(ended_at=clock.now())
    override = HealthOverride.objects.create(
        partnership=partnership, calculated=calculated, judged=judged, reason=reason, set_by=by, set_at=clock.now()
    )
    record(
        "health.override",
        on=override,
        by=by,
        summary=f"set the pilot’s overall state to “{Health(judged).label}”, calculated “{calculated.label}”",
        reason=reason,
        before={"health": calculated},
        after={"health": judged},
    )
    return override


@verb("health.drop_override", on="partnership")
def drop_override(*, partnership: Partnership, by: "Person") -> None:
    """Go back to the calculated colour before the next return is accepted."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    override = HealthOverride.objects.standing().filter(partnership=partnership).first()
    stop_if([] if override else ["Nobody has set another overall state: the calculated one is shown."])
    assert override is not None
    override.ended_at = clock.now()
    override.save(update_fields=["ended_at"])
    record("health.drop_override", on=override, by=by, summary="went back to the calculated overall state of the pilot")


def end_with_the_next_return(partnership: Partnership) -> bool:
    """What a person judged by older figures says nothing about the new ones. Part of accepting a return."""
    return bool(HealthOverride.objects.standing().filter(partnership=partnership).update(ended_at=clock.now()))


def _check(calculated: Health, judged: Health, reason: str) -> None:
    found = {}
    if not rag.one_step(calculated, judged):
        found["judged"] = (
            f"The calculated state is “{calculated.label}”. It can be set one step better or worse, no further"
            " and not to itself."
        )
    if not reason.strip():
        found["reason"] = "Say why the figures do not tell the whole story. It is shown with your name."
    if found:
        raise ValidationError(found)
