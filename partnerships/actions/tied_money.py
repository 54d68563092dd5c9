"""Letting an instalment go that is tied to a return: once that is accepted, or all the same, by name (scenario 40)."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.fund import tie_of
from partnerships.actions.partnership import blockers_to_edit
from partnerships.models import Instalment
from partnerships.money import pounds
from partnerships.permissions import Ability, require
from partnerships.tied import Tie

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_release(instalment: Instalment, tie: Tie | None) -> list[str]:
    """Why an instalment cannot be released now; `tie` is how its return stands."""
    if found := _blockers_but_the_return(instalment):
        return found
    return [] if tie is None or tie.accepted else [tie.told]


def blockers_to_release_anyway(instalment: Instalment, tie: Tie | None) -> list[str]:
    """Why an instalment cannot be released over a return that is not accepted."""
    if found := _blockers_but_the_return(instalment):
        return found
    if tie and tie.accepted:
        return [f"The {tie.name} is accepted. Release the instalment: it needs no reason."]
    return []


def _blockers_but_the_return(instalment: Instalment) -> list[str]:
    if not instalment.return_for:
        return ["This instalment is tied to no return, so nothing holds it back."]
    if instalment.released_on:
        return [f"{instalment.released_by} released this instalment on {instalment.released_on:%-d %B %Y}."]
    if not instalment.fund.is_confirmed:
        return ["This fund is only hoped for. Mark it as confirmed when it is, and the instalment can be released."]
    return blockers_to_edit(instalment.fund.partnership)


@verb("instalment.release", on="instalment")
def release_instalment(*, instalment: Instalment, by: "Person", version: int | None = None) -> None:
    """Let the money go, because the return it is tied to is accepted."""
    row = _locked(instalment, version, Ability.RELEASE_MONEY, by)
    stop_if(blockers_to_release(row, tie := tie_of(row)))
    assert tie
    _release(row, by)
    told = f"released {pounds(row.amount)} from {row.fund}: the {tie.name} is accepted"
    record("instalment.release", on=row, by=by, summary=told, after=_facts(row))


@verb("instalment.release_anyway", on="instalment")
def release_anyway(*, instalment: Instalment, reason: str, by: "Person", version: int | None = None) -> None:
    """Let the money go although the return it is tied to is not accepted; who did it and why is kept with it."""
    row = _locked(instalment, version, Ability.OVERRIDE_RELEASE, by)
    stop_if(blockers_to_release_anyway(row, tie := tie_of(row)))
    assert tie
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is released all the same. Everyone in the partnership reads it."})
    _release(row, by, reason.strip())
    told = f"released {pounds(row.amount)} from {row.fund}, although the {tie.name} is not accepted"
    record("instalment.release_anyway", on=row, by=by, summary=told, reason=reason, after=_facts(row))


def _locked(instalment: Instalment, version: int | None, ability: Ability, by: "Person") -> Instalment:
    """With its partnership, so that its return cannot be judged meanwhile."""
    partnership = locked(instalment.fund.partnership)
    fund = locked(instalment.fund)
    row = locked(instalment, version=version)
    require(by, ability, partnership)
    fund.partnership, row.fund = partnership, fund
    return row


def _release(row: Instalment, by: "Person", because: str = "") -> None:
    row.released_on, row.released_by, row.released_because = clock.today(), by, because
    row.version += 1
    row.save(update_fields=["released_on", "released_by", "released_because", "version"])


def _facts(row: Instalment) -> dict[str, str]:
    return {"amount": str(row.amount), "return_for": str(row.return_for), "released_on": str(row.released_on)}
