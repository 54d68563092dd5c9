"""The notice goes out; the deadline moves for all or for none; bids close; or the tender is abandoned with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.clock import local
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, stop_if
from procurement import envelopes, notifications
from procurement.lifecycle import FINISHED, TenderState
from procurement.models import DeadlineChange, Tender
from procurement.permissions import Ability, require
from procurement.readiness import publication_blockers

if TYPE_CHECKING:
    from accounts.models import Person


@verb("tender.publish", on="tender")
def publish(*, tender: Tender, by: "Person", version: int | None = None) -> Tender:
    """Send the notice out: everyone sees it and its released papers in the same moment, and bids can be sealed."""
    tender = locked(tender, version=version)
    require(by, Ability.PREPARE, tender)
    stop_if(publication_blockers(tender))
    envelopes.make_key(tender)
    tender.state, tender.published_at, tender.published_by = TenderState.OPEN, clock.now(), by
    tender.version += 1
    tender.save()
    released = [str(paper) for paper in tender.papers.all() if paper.is_released]
    record(
        "tender.publish",
        on=tender,
        by=by,
        summary=f"published the notice with {len(released)} papers for all bidders",
        after={**tender.facts(), "papers": released},
    )
    return tender


def blockers_to_extend(tender: Tender) -> list[str]:
    if tender.state != TenderState.OPEN:
        return ["Only the deadline of an open tender can be extended."]
    assert tender.deadline_at is not None
    if clock.database_now() > tender.deadline_at:
        return ["The deadline has passed, so it can no longer be extended."]
    return []


@verb("tender.extend", on="tender")
def extend_deadline(
    *, tender: Tender, deadline_at: datetime, reason: str, by: "Person", version: int | None = None
) -> DeadlineChange:
    """A later deadline for everyone, told to everyone."""
    tender = locked(tender, version=version)
    require(by, Ability.PREPARE, tender)
    stop_if(blockers_to_extend(tender))
    assert tender.deadline_at is not None
    if deadline_at <= tender.deadline_at:
        raise ValidationError({"deadline_at": f"Choose a moment after {local(tender.deadline_at)}."})
    if tender.contract_starts_on <= timezone.localdate(deadline_at):
        raise ValidationError({"deadline_at": "The contract would start before the deadline for bids."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Every bidder is told."})
    change = DeadlineChange.objects.create(
        tender=tender, moved_from=tender.deadline_at, moved_to=deadline_at, reason=reason, moved_by=by
    )
    answers_before = tender.last_answer_on
    tender.deadline_at, tender.version = deadline_at, tender.version + 1
    if tender.answers_due_on:  # as far before the deadline as the officer chose it
        tender.answers_due_on += timezone.localdate(deadline_at) - timezone.localdate(change.moved_from)
    tender.save(update_fields=["deadline_at", "answers_due_on", "version"])
    notifications.deadline_extended(change)
    record(
        "tender.extend",
        on=tender,
        by=by,
        summary=f"extended the deadline to {local(deadline_at)} for all bidders",
        reason=reason,
        before={"deadline_at": change.moved_from.isoformat(), "last_answer_on": str(answers_before)},
        after={"deadline_at": deadline_at.isoformat(), "last_answer_on": str(tender.last_answer_on)},
    )
    return change


def blockers_to_close(tender: Tender) -> list[str]:
    """Why bids cannot be closed now; asked by the database's clock."""
    if tender.state != TenderState.OPEN:
        return [f"This tender is “{tender.get_state_display()}”: only an open one can be closed."]
    assert tender.deadline_at is not None
    now = clock.database_now()
    if now <= tender.deadline_at:
        return [f"The deadline for bids is {local(tender.deadline_at)}. It is {local(now)} by the portal's clock."]
    return []


@verb("tender.close", on="tender")
def close(*, tender: Tender, by: "Person | None") -> Tender:
    """Close bids after the deadline. The lock waits for every bid that is being received: none is lost, none is late.

    The portal does it by itself (`by=None`); an opener may, should the worker be silent.
    """
    tender = locked(tender)
    if by is not None:
        require(by, Ability.OPEN_BIDS, tender)
    stop_if(blockers_to_close(tender))
    tender.state, tender.closed_at = TenderState.CLOSED, clock.database_now()
    tender.version += 1
    tender.save(update_fields=["state", "closed_at", "version"])
    record("tender.close", on=tender, by=by, summary="closed bids at the deadline; they stay sealed until opened")
    return tender


def close_all_due() -> int:
    """Close every open tender whose deadline has passed: what the worker's timetable calls."""
    closed = 0
    for tender in Tender.objects.filter(state=TenderState.OPEN, deadline_at__lt=clock.database_now()):
        try:
            close(tender=tender, by=None)
            closed += 1
        except NotNow:  # extended or closed in the meantime
            continue
    return closed


def blockers_to_abandon(tender: Tender) -> list[str]:
    if tender.state in FINISHED:
        return [f"This tender is “{tender.get_state_display()}”: it can no longer be abandoned."]
    return []


@verb("tender.abandon", on="tender")
def abandon(*, tender: Tender, reason: str, by: "Person", version: int | None = None) -> Tender:
    """Stop the competition. Every bidder is told the reason; bids that were not opened are never opened."""
    tender = locked(tender, version=version)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_abandon(tender))
    if not reason.strip():
        raise ValidationError({"reason": "Give the reasons. Every bidder is told, and they go into the report."})
    left = tender.state
    tender.state, tender.abandoned_at, tender.abandoned_by = TenderState.ABANDONED, clock.now(), by
    tender.abandoned_because, tender.version = reason, tender.version + 1
    tender.save()
    notifications.abandoned(tender)
    record(
        "tender.abandon",
        on=tender,
        by=by,
        summary=f"abandoned the tender, which was “{TenderState(left).label.lower()}”",
        reason=reason,
        before={"state": left},
    )
    return tender
