"""The panel: who is on it, what they declare, and how a conflict closes the file to them at once."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from procurement import notifications
from procurement.involved import involved
from procurement.lifecycle import FINISHED, Interest, TenderState
from procurement.models import Bidder, ConsensusScore, PanelMember, Score, Tender
from procurement.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_change(tender: Tender) -> list[str]:
    """Why nobody can join the panel any more."""
    if tender.state in FINISHED:
        return [f"This tender is “{tender.get_state_display()}”: its panel no longer changes."]
    if tender.quality_locked_at:
        return ["The agreed scores are locked, so the panel no longer changes."]
    return []


def blockers_to_serve(tender: Tender, person: "Person") -> list[str]:
    """Why this person cannot be on the panel."""
    if found := blockers_to_change(tender):
        return found
    if tender.panel.filter(person=person, ended_at=None).exists():
        return [f"{person} is on the panel already."]
    if because := _prior_involvement(tender, person):
        return [
            f"{person} works for {person.organisation}, which {because}. Nobody employed by a partner or by an "
            "organisation related to one may score, whether it bids or not."
        ]
    if tender.opened_at and _works_for_bidder(tender, person):
        return [f"{person} works for {person.organisation}, which has sent a bid."]
    return []


def _prior_involvement(tender: Tender, person: "Person") -> str | None:
    return next((row.because for row in involved(tender) if row.organisation.pk == person.organisation_id), None)


def _works_for_bidder(tender: Tender, person: "Person") -> bool:
    return Bidder.objects.filter(
        bids__in=tender.bids.counting(),
        organisation=person.organisation_id,
    ).exists()


@verb("panel.add", on="tender")
def add_panel_member(*, tender: Tender, person: "Person", by: "Person") -> PanelMember:
    """Name somebody to the panel. They see nothing but the bidders' names until they have declared."""
    tender = locked(tender)
    require(by, Ability.KEEP_PANEL, tender)
    stop_if(blockers_to_serve(tender, person))
    member = PanelMember.objects.create(tender=tender, person=person)
    notifications.invited_to_panel(member)
    record("panel.add", on=member, by=by, summary=f"named {person} to the panel")
    return member


@verb("panel.remove", on="member")
def remove_panel_member(*, member: PanelMember, reason: str, by: "Person") -> None:
    """End somebody's service on the panel before scores are locked. Their scores are set aside and kept."""
    tender = locked(member.tender)
    member = locked(member)
    require(by, Ability.KEEP_PANEL, tender)
    if member.ended_at:
        stop_if([f"{member.person} is no longer on the panel."])
    if tender.quality_locked_at:
        stop_if(["The agreed scores are locked, so the panel no longer changes."])
    if not reason.strip():
        raise ValidationError({"reason": "Say why."})
    member.ended_at = clock.now()
    member.save(update_fields=["ended_at"])
    _set_aside(member)
    record("panel.remove", on=member, by=by, summary=f"took {member.person} off the panel", reason=reason)


def blockers_to_declare(member: PanelMember) -> list[str]:
    """Why nothing can be declared now."""
    if member.ended_at:
        return ["You are no longer on this panel."]
    if member.tender.opened_at is None:
        return ["You will be asked once bids are opened: only then can you know who the bidders are."]
    if member.tender.state not in (TenderState.EVALUATING, TenderState.STANDSTILL):
        return [f"This tender is “{member.tender.get_state_display()}”."]
    return []


@verb("panel.declare", on="member")
def declare_interest(*, member: PanelMember, interest: str, statement: str, by: "Person") -> PanelMember:
    """Declare, before reading any bid, or later when something comes to light. A conflict closes the file at once."""
    tender = locked(member.tender)
    member = locked(member)
    if member.person_id != by.pk:
        raise NotPermitted("Only the member of the panel can declare, nobody for them.")
    stop_if(blockers_to_declare(member))
    if interest not in (Interest.CLEAR, Interest.CONFLICT):
        raise ValidationError({"interest": "Choose one of the two."})
    if interest == Interest.CONFLICT and not statement.strip():
        raise ValidationError({"statement": "Say what the interest is."})
    if interest == Interest.CLEAR and member.interest == Interest.CONFLICT:
        stop_if(["You declared a conflict. Only a new appointment by the procurement officer can follow it."])
    if interest == Interest.CLEAR and _works_for_bidder(tender, by):
        raise ValidationError(
            {"interest": f"You work for {by.organisation}, which has sent a bid. That is a conflict."}
        )
    member.interest, member.statement, member.declared_at = interest, statement, clock.now()
    member.save(update_fields=["interest", "statement", "declared_at"])
    if interest == Interest.CONFLICT:
        _set_aside(member)
        notifications.substitute_needed(member)
    record(
        "panel.declare",
        on=member,
        by=by,
        summary=f"declared: {member.get_interest_display().lower()}",
        reason=statement,
        after={"interest": interest},
    )
    return member


def _set_aside(member: PanelMember) -> None:
    """Keep the member's scores but count them no more; what was agreed with them must be agreed again."""
    tender, now = member.tender, clock.now()
    scores = Score.objects.current().filter(member=member)
    touched = list(scores.values_list("bid", "criterion"))
    scores.update(set_aside_at=now)
    if tender.quality_locked_at is None:
        for bid, criterion in touched:
            ConsensusScore.objects.current().filter(bid=bid, criterion=criterion).update(superseded_at=now)
