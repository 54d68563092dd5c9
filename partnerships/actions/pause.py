"""A partnership stands still for a while: nothing is decided until it is resumed. A pause is a date, not a stage."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.summary import refresh
from partnerships.models import Member, Partner, Partnership
from partnerships.notifications import mail_paused
from partnerships.permissions import Ability, require
from partnerships.roles import PartnerPart, PartnershipRole
from partnerships.succession import SUCCESSOR_DAYS, left_before

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Person

WANT_OF_LEAD = f"The third sector lead has left and no successor was named within {SUCCESSOR_DAYS} days."


def blockers_to_decide(partnership: Partnership) -> list[str]:
    """Why nothing can be proposed or signed at a gate while the partnership is paused."""
    if partnership.paused_on is None:
        return []
    return [
        f"This partnership is paused since {partnership.paused_on:%-d %B %Y}: {partnership.paused_because} "
        "Nothing is decided until it is resumed."
    ]


def blockers_to_pause(partnership: Partnership) -> list[str]:
    if partnership.paused_on:
        return [f"It is paused since {partnership.paused_on:%-d %B %Y} already."]
    return blockers_to_edit(partnership)


def blockers_to_resume(partnership: Partnership) -> list[str]:
    if partnership.paused_on is None:
        return ["It is not paused."]
    if partnership.paused_for_want_of_lead:
        return ["It waits for a third sector lead. Name a successor: that lifts the pause."]
    return blockers_to_edit(partnership)


@verb("partnership.pause", on="partnership")
def pause(*, partnership: Partnership, reason: str, by: "Person", version: int | None = None) -> None:
    """Stop deciding from today, with a reason that everyone reads. The sponsor is told by mail."""
    partnership = locked(partnership, version=version)
    require(by, Ability.STEER, partnership)
    stop_if(blockers_to_pause(partnership))
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Everyone in the partnership can read it."})
    _pause(partnership, reason, by)


@verb("partnership.resume", on="partnership")
def resume(*, partnership: Partnership, reason: str, by: "Person", version: int | None = None) -> None:
    """Go on. The history keeps the pause with both reasons."""
    partnership = locked(partnership, version=version)
    require(by, Ability.STEER, partnership)
    stop_if(blockers_to_resume(partnership))
    if not reason.strip():
        raise ValidationError({"reason": "Say what has changed. Everyone in the partnership can read it."})
    assert partnership.paused_on
    before = {"paused_on": partnership.paused_on.isoformat(), "because": partnership.paused_because}
    partnership.paused_on, partnership.paused_because = None, ""
    partnership.version += 1
    partnership.save(update_fields=["paused_on", "paused_because", "version"])
    refresh(partnership)
    record("partnership.resume", on=partnership, by=by, summary="resumed the partnership", reason=reason, before=before)


@verb("partnership.pause_for_want_of_lead", on="partnership")
def pause_for_want_of_lead(*, partnership: Partnership, by: "Person | None") -> bool:
    """What the calendar does (`by` is nobody): False when it is paused already or has a lead again."""
    partnership = locked(partnership)
    if not without_lead(clock.today()).filter(pk=partnership.pk).exists():
        return False
    partnership.paused_for_want_of_lead = True
    _pause(partnership, WANT_OF_LEAD, by)
    return True


def without_lead(today: "date") -> QuerySet[Partnership]:
    """Open partnerships whose third sector lead left too long ago, and that are not paused yet (scenario 21)."""
    leads = Partner.objects.filter(partnership=OuterRef("pk"), part=PartnerPart.THIRD_SECTOR_LEAD)
    in_time = leads.filter(Q(left_on=None) | Q(left_on__gte=left_before(today)))
    return Partnership.objects.open().filter(Exists(leads), ~Exists(in_time), paused_on=None)


def _pause(partnership: Partnership, reason: str, by: "Person | None") -> None:
    partnership.paused_on, partnership.paused_because = clock.today(), reason
    partnership.version += 1
    partnership.save(update_fields=["paused_on", "paused_because", "paused_for_want_of_lead", "version"])
    sponsors = Member.objects.current().filter(partnership=partnership, role=PartnershipRole.SPONSOR)
    for member in sponsors.select_related("person"):
        mail_paused(partnership, member.person)
    refresh(partnership)
    record(
        "partnership.pause",
        on=partnership,
        by=by,
        summary="paused the partnership",
        reason=reason,
        after={"paused_on": partnership.paused_on.isoformat()},
    )
