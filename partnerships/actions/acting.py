"""Whoever holds two conflicting roles in a partnership acts in one of them at a time (`domain.md` 1.5, 1.6)."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.models import ActingRole, GateDecision, Partnership, PilotExtension, parts_of
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

ONE_SIDE_ONLY = "You hold no two roles here that conflict with each other, so there is nothing to choose."


def blockers_to_act_otherwise(partnership: Partnership, person: "Person") -> list[str]:
    """Why the person cannot change sides now: their own signature stands under a proposal that is open."""
    mine = {"partnership": partnership, "signatures__signed_by": person}
    proposals = [
        *GateDecision.objects.filter(**mine, decided_at=None, withdrawn_at=None).distinct(),
        *PilotExtension.objects.open().filter(**mine).distinct(),
    ]
    return [
        f"Your signature stands under “{proposal}”, which is still open. When it is decided or withdrawn you can act "
        "in your other role."
        for proposal in proposals
    ]


@verb("member.act_as", on="partnership")
def act_as(*, partnership: Partnership, role: str, by: "Person") -> None:
    """Act in one of one's own conflicting roles from now on; what the other one permits is set aside."""
    partnership = locked(partnership)
    parts = parts_of(by, partnership)
    if not parts.torn:
        raise NotPermitted(ONE_SIDE_ONLY)
    stop_if(blockers_to_act_otherwise(partnership, by))
    if role not in parts.torn:
        raise ValidationError({"role": "Choose one of your own roles."})
    chosen = PartnershipRole(role)
    row, _ = ActingRole.objects.update_or_create(
        partnership=partnership, person=by, defaults={"role": chosen, "since": clock.now()}
    )
    after = parts_of(by, partnership)
    record(
        "member.act_as",
        on=row,
        by=by,
        summary=f"acts as {chosen.label.lower()} from now on",
        before={"acts_in": sorted(parts.acting)},
        after={"acts_in": sorted(after.acting), "set_aside": sorted(after.set_aside)},
    )
