"""The evidence this app hangs on the gates G4 (ready to tender) and G6 (start the new service)."""

from foundation.database import clock
from partnerships.gates import Evidence
from partnerships.models import Partnership
from procurement.lifecycle import TenderState
from procurement.models import Award, Tender
from procurement.readiness import criteria_total, disclosure_missing, weight_faults


def _tender(partnership: Partnership) -> Tender | None:
    return Tender.objects.filter(partnership=partnership).exclude(state=TenderState.ABANDONED).first()


def tender_is_prepared(partnership: Partnership) -> list[Evidence]:
    """G4: there is a tender, and its weights make 100."""
    tender = _tender(partnership)
    if tender is None:
        return [
            Evidence("Tender", met=False, sentence="No tender has been prepared. The procurement officer starts it.")
        ]
    count = tender.criteria.count()
    faults = weight_faults(tender.price_weight, criteria_total(tender))
    if not count or faults:
        return [Evidence("Criteria", met=False, sentence=" ".join(faults) or "The tender has no quality criteria.")]
    return [Evidence("Criteria", met=True, sentence=f"{count} quality criteria and price make 100%.")]


def disclosure_is_reviewed(partnership: Partnership) -> list[Evidence]:
    """G4: every paper the partnership shared has a decision (`domain.md` scenario 45)."""
    tender = _tender(partnership)
    missing = disclosure_missing(tender) if tender else ["No paper has been reviewed."]
    if missing:
        return [Evidence("Papers for all bidders", met=False, sentence=sentence) for sentence in missing]
    assert tender is not None
    return [Evidence("Papers for all bidders", met=True, sentence=f"{tender.papers.count()} papers reviewed.")]


def no_tender_is_unfinished(partnership: Partnership) -> list[str]:
    """A partnership does not stop over the heads of bidders: the tender is abandoned first, and they are told why."""
    tender = _tender(partnership)
    if tender is None or tender.state == TenderState.AWARDED:
        return []
    return [f"The tender “{tender}” is “{tender.get_state_display()}”. The procurement officer abandons it first."]


def award_is_final(partnership: Partnership) -> list[Evidence]:
    """G6: award made, standstill over, no challenge open, contract signed."""
    award = Award.objects.filter(tender__partnership=partnership).exclude(tender__state=TenderState.ABANDONED).first()
    if award is None:
        return [Evidence("Award", met=False, sentence="No award has been decided.")]
    return [
        Evidence("Award", met=True, sentence=f"The award was decided for {award.bid.organisation}."),
        _standstill(award),
        _challenge(award),
        Evidence("Contract", award.signed_on is not None,
                 f"The contract was signed on {award.signed_on:%-d %B %Y}." if award.signed_on
                 else "The contract has not been signed."),
    ]  # fmt: skip


def _standstill(award: Award) -> Evidence:
    if not award.has_standstill:
        return Evidence("Standstill", met=True, sentence="No standstill was due: there was a single bid.")
    if award.standstill_ends_on is None:
        return Evidence(
            "Standstill", met=False, sentence="Standstill has not begun: letters to bidders are still to go."
        )
    over = clock.today() > award.standstill_ends_on
    words = "ended at the end of" if over else "runs until the end of"
    return Evidence("Standstill", over, f"Standstill {words} {award.standstill_ends_on:%-d %B %Y}.")


def _challenge(award: Award) -> Evidence:
    if challenge := award.challenges.filter(ended_on=None).first():
        sentence = f"A challenge received on {challenge.received_on:%-d %B %Y} is still open."
        return Evidence("Challenge", met=False, sentence=sentence)
    return Evidence("Challenge", met=True, sentence="No legal challenge is open.")
