"""The award and what follows: letters, standstill, challenges, the signature, the notice."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from foundation.workdays.models import bank_holidays
from partnerships import ladder
from partnerships.lifecycle import Gate
from procurement import notifications
from procurement.envelopes import price_blockers
from procurement.lifecycle import TenderState
from procurement.models import Award, Bid, Challenge, StandstillLetter, Tender
from procurement.permissions import Ability, require
from procurement.results import facts, results
from procurement.timetable import award_notice_due

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_award(tender: Tender) -> list[str]:
    """Why no award can be decided now."""
    if tender.state != TenderState.EVALUATING:
        return [f"This tender is “{tender.get_state_display()}”: an award is decided while bids are evaluated."]
    return price_blockers(tender) or _gate_blockers(tender)


def _gate_blockers(tender: Tender) -> list[str]:
    """Gate G5 was passed with these scores: the pass of a tender that was abandoned before is not one for this."""
    decision, locked_at = ladder.passed(Gate.G5, tender.partnership), tender.quality_locked_at
    if decision and decision.decided_at and locked_at and decision.decided_at >= locked_at:
        return []
    return [
        "Gate G5 has not been passed. The procurement officer and the sponsor decide at it whether the recommendation "
        "is sound, on the partnership’s page “Gates”."
    ]


@verb("award.decide", on="tender")
def award_contract(
    *,
    tender: Tender,
    bid: Bid,
    reasons: str,
    by: "Person",
    keep_standstill: bool = True,
    version: int | None = None,
) -> Award:
    """Decide for the bid ranked first. With a single bid the buyer may do without standstill; otherwise it is due."""
    tender = locked(tender, version=version)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_award(tender))
    rows = results(tender)
    first = {row.bid.pk: row for row in rows if row.ranked.rank == 1}
    if bid.pk not in first:
        names = " and ".join(row.name for row in first.values())
        stop_if([f"The published criteria put {names} first. The award can go to no other bid."])
    if not reasons.strip():
        raise ValidationError({"reasons": "Give the reasons. They go into the award report."})
    has_standstill = keep_standstill or len(rows) > 1
    award = Award.objects.create(
        tender=tender, bid=bid, reasons=reasons, decided_by=by, decided_at=clock.now(), results=facts(rows),
        has_standstill=has_standstill, signable_on=None if has_standstill else clock.today(),
    )  # fmt: skip
    StandstillLetter.objects.bulk_create(StandstillLetter(award=award, bid=row.bid) for row in rows)
    tender.state, tender.version = TenderState.STANDSTILL, tender.version + 1
    tender.save(update_fields=["state", "version"])
    record(
        "award.decide",
        on=award,
        by=by,
        summary=f"decided the award for {first[bid.pk].name}",
        reason=reasons,
        after={"results": facts(rows), "standstill": has_standstill},
    )
    return award


def blockers_to_sign(award: Award) -> list[str]:
    """Why the contract cannot be signed today, with the date when it can."""
    if award.signed_on:
        return [f"The contract was signed on {award.signed_on:%-d %B %Y}."]
    if award.tender.state != TenderState.STANDSTILL:
        return [f"This tender is “{award.tender.get_state_display()}”."]
    if challenge := award.challenges.filter(ended_on=None).first():
        return [
            f"A challenge was received on {challenge.received_on:%-d %B %Y}. The contract cannot be signed before the "
            "proceedings have ended or the court has lifted the suspension, and that has been recorded here."
        ]
    waiting = award.letters.filter(sent_at=None).count()
    if waiting:
        return [f"{waiting} of the letters to bidders {'has' if waiting == 1 else 'have'} not been sent."]
    if award.signable_on is None or clock.today() < award.signable_on:
        return [
            f"Standstill ends at midnight at the end of {award.standstill_ends_on:%-d %B %Y}. "
            f"The contract can be signed from {award.signable_on:%-d %B %Y}."
        ]
    return []


@verb("award.sign", on="award")
def sign_contract(*, award: Award, by: "Person", version: int | None = None) -> Award:
    """Record today's signature of the contract, and work out by when the award notice is due."""
    tender = locked(award.tender, version=version)
    award = locked(award)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_sign(award))
    award.signed_on, award.signed_by = clock.today(), by
    award.notice_due_on = award_notice_due(award.signed_on, bank_holidays())
    award.save(update_fields=["signed_on", "signed_by", "notice_due_on"])
    tender.state, tender.version = TenderState.AWARDED, tender.version + 1
    tender.save(update_fields=["state", "version"])
    notifications.signed(award)
    record(
        "award.sign",
        on=award,
        by=by,
        summary=f"signed the contract with {award.bid.organisation}; "
        f"the award notice is due by {award.notice_due_on:%-d %B %Y}",
        after={"signed_on": award.signed_on.isoformat(), "notice_due_on": award.notice_due_on.isoformat()},
    )
    return award


@verb("award.notice", on="award")
def record_award_notice(*, award: Award, published_on: date, reference: str, by: "Person") -> Award:
    """Record that the award notice is out on the national website."""
    tender = locked(award.tender)
    award = locked(award)
    require(by, Ability.AWARD, tender)
    if award.signed_on is None:
        stop_if(["The award notice follows the signature of the contract."])
    assert award.signed_on is not None
    if not award.signed_on <= published_on <= clock.today():
        raise ValidationError({"published_on": "Give a day from the signature up to today."})
    award.notice_published_on = published_on
    award.save(update_fields=["notice_published_on"])
    record(
        "award.notice",
        on=award,
        by=by,
        summary=f"recorded the award notice {reference} of {published_on:%-d %B %Y}",
        after={"reference": reference},
    )
    return award


@verb("challenge.record", on="award")
def record_challenge(*, award: Award, received_on: date, summary: str, by: "Person") -> Challenge:
    """Lock the signing: proceedings were served (r89)."""
    tender = locked(award.tender)
    require(by, Ability.AWARD, tender)
    if tender.state != TenderState.STANDSTILL:
        stop_if([f"This tender is “{tender.get_state_display()}”: there is no signature to stop."])
    if received_on > clock.today():
        raise ValidationError({"received_on": "This day is in the future."})
    assert tender.published_at is not None
    if received_on < timezone.localdate(tender.published_at):
        raise ValidationError({"received_on": "Give a day after the notice went out."})
    if not summary.strip():
        raise ValidationError({"summary": "Say what was served and by whom."})
    challenge = Challenge.objects.create(award=award, received_on=received_on, summary=summary, recorded_by=by)
    record("challenge.record", on=challenge, by=by, summary="recorded a legal challenge; signing is locked",
           reason=summary)  # fmt: skip
    return challenge


@verb("challenge.end", on="challenge")
def end_challenge(*, challenge: Challenge, ended_on: date, how: str, by: "Person") -> Challenge:
    """Unlock the signing: the proceedings ended, or the court lifted the suspension."""
    tender = locked(challenge.award.tender)
    challenge = locked(challenge)
    require(by, Ability.AWARD, tender)
    if challenge.ended_on:
        stop_if([f"The end of this challenge was recorded for {challenge.ended_on:%-d %B %Y}."])
    if not challenge.received_on <= ended_on <= clock.today():
        raise ValidationError({"ended_on": "Give a day from the challenge up to today."})
    if not how.strip():
        raise ValidationError({"how": "Say how it ended."})
    challenge.ended_on, challenge.ended_how, challenge.ended_by = ended_on, how, by
    challenge.save(update_fields=["ended_on", "ended_how", "ended_by"])
    record("challenge.end", on=challenge, by=by, summary="recorded the end of the challenge", reason=how)
    return challenge
