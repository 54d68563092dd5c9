"""Declared interests: anybody with a part in a partnership declares their own, and ends it with a date."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.decision import open_decision, take_off_the_table
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.recusal import recuse
from partnerships.lifecycle import passage_through
from partnerships.models import Interest, Partnership, roles_of
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


@verb("interest.declare", on="partnership")
def declare_interest(
    *, partnership: Partnership, nature: str, organisation: str, since: date, by: "Person"
) -> Interest:
    """Declare one's own interest. From now on one takes no part in gate decisions (`domain.md` 1.5).

    The open decision keeps the recusal. If the person had signed it already, the proposal comes off the table: it can
    be made again, and signed by others.
    """
    partnership = locked(partnership)
    require(by, Ability.DECLARE_INTEREST, partnership)
    stop_if(blockers_to_edit(partnership))
    if not nature.strip():
        raise ValidationError({"nature": "Say what the interest is."})
    if since > clock.today():
        raise ValidationError({"since": "Choose today or a day in the past. Declare it on the day it begins."})
    interest = Interest.objects.create(
        partnership=partnership, person=by, nature=nature, organisation=organisation, since=since
    )
    _stand_aside(interest, by)
    record(
        "interest.declare",
        on=interest,
        by=by,
        summary=f"declared an interest: {interest}, since {since:%-d %B %Y}",
        after={"nature": nature, "organisation": organisation, "since": since.isoformat()},
    )
    return interest


@verb("interest.end", on="interest")
def end_interest(*, interest: Interest, ended_on: date, by: "Person", version: int | None = None) -> None:
    """Say on which day one's own interest ended. It stays in the register, and so does every recusal."""
    partnership = locked(interest.partnership)
    interest = locked(interest, version=version)
    require(by, Ability.DECLARE_INTEREST, partnership)
    if interest.person_id != by.pk:
        raise NotPermitted(f"Only {interest.person} can end this interest.")
    stop_if(blockers_to_end(interest))
    if ended_on < interest.since:
        raise ValidationError({"ended_on": f"It began on {interest.since:%-d %B %Y}: choose a later date."})
    if ended_on > clock.today():
        raise ValidationError({"ended_on": "Choose today or a day in the past. End it when it has ended."})
    interest.ended_on, interest.version = ended_on, interest.version + 1
    interest.save(update_fields=["ended_on", "version"])
    record(
        "interest.end",
        on=interest,
        by=by,
        summary=f"ended an interest: {interest}, on {ended_on:%-d %B %Y}",
        before={"ended_on": None},
        after={"ended_on": ended_on.isoformat()},
    )


def blockers_to_end(interest: Interest) -> list[str]:
    """Why an interest cannot be ended now."""
    if interest.ended_on:
        return [f"This interest ended on {interest.ended_on:%-d %B %Y}."]
    return blockers_to_edit(interest.partnership)


def _stand_aside(interest: Interest, by: "Person") -> None:
    """Keep the person out of the decision that is open now, if it is one they could have signed."""
    decision = open_decision(interest.partnership)
    if decision is None or not roles_of(by, interest.partnership) & set(passage_through(decision.gate).signers):
        return
    recuse(decision, interest)
    record("decision.recuse", on=decision, by=by, summary=f"stood aside from {decision}")
    if decision.signatures.filter(signed_by=by).exists():
        reason = f"{by}, who had signed, declared an interest: {interest}. It can be proposed again by others."
        take_off_the_table(decision, reason, by)
