"""The facts this app tells the gates G4 (ready to tender), G5 (award) and G6 (start the new service).

Everybody with a part in the partnership reads them, bidders among them: no line names or counts bidders, or tells the
winner before the contract is signed.
"""

from foundation.database import clock
from partnerships import gates
from partnerships.gates import Evidence, Fact
from partnerships.models import Partnership
from procurement.lifecycle import Interest, TenderState
from procurement.models import Award, ConsensusScore, Tender
from procurement.readiness import criteria_total, disclosure_missing, stage_blockers, weight_faults


def register() -> None:
    """Offer every fact below to the checklists."""
    for key, label, check in (
        ("tender", "The tender is prepared", tender_is_prepared),
        ("disclosure", "The papers for all bidders are decided on", disclosure_is_reviewed),
        ("declarations", "The panel has declared its interests", panel_has_declared),
        ("scores", "Every score is agreed", scores_are_agreed),
        ("prices", "Prices were revealed after the scores", prices_are_revealed),
        ("award", "The contract can begin", award_is_final),
    ):
        page = "procurement:tender_of"
        gates.add(Fact(f"procurement.{key}", label, check, page, "Open the tender", shut=stage_blockers))


PANEL_OF_AT_LEAST = 2


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


def no_tender_is_published(partnership: Partnership) -> list[str]:
    """Back to redesign only before bidders were asked, or after they were told that the tender is abandoned."""
    tender = _tender(partnership)
    if tender is None or tender.state == TenderState.PREPARING:
        return []
    found = f"The tender “{tender}” is “{tender.get_state_display()}”, so the contract cannot be redesigned."
    if tender.state == TenderState.AWARDED:
        return [f"{found} Pass gate G6, or decide “not yet”."]
    return [f"{found} The procurement officer abandons it first."]


def panel_has_declared(partnership: Partnership) -> list[Evidence]:
    """G5: at least two who have no interest, and nobody who has not said."""
    tender = _tender(partnership)
    members = list(tender.panel.filter(ended_at=None).values_list("interest", flat=True)) if tender else []
    met = members.count(Interest.CLEAR) >= PANEL_OF_AT_LEAST and Interest.NONE not in members
    told = (
        "Everybody on the panel has declared; at least two have no interest."
        if met
        else "The panel needs two members without an interest, and a declaration from everybody on it."
    )
    return [Evidence("Declarations of the panel", met, told)]


def scores_are_agreed(partnership: Partnership) -> list[Evidence]:
    """G5: every bid that counts has an agreed score for every criterion."""
    tender = _tender(partnership)
    met = tender is not None and (tender.quality_locked_at is not None or _all_agreed(tender))
    told = "Every bid is scored, and every score is agreed." if met else "The panel has not agreed every score yet."
    return [Evidence("Scores", met, told)]


def _all_agreed(tender: Tender) -> bool:
    bids, criteria = tender.bids.counting().count(), tender.criteria.count()
    agreed = ConsensusScore.objects.current().filter(bid__tender=tender, bid__in=tender.bids.counting())
    return bids > 0 and agreed.count() == bids * criteria


def prices_are_revealed(partnership: Partnership) -> list[Evidence]:
    """G5: the agreed scores are locked; only then can prices be read."""
    tender = _tender(partnership)
    met = tender is not None and tender.quality_locked_at is not None
    told = (
        "The agreed scores were locked, and prices revealed after that."
        if met
        else "The agreed scores are not locked, so prices are still sealed. The procurement officer locks them."
    )
    return [Evidence("Prices", met, told)]


def award_is_final(partnership: Partnership) -> list[Evidence]:
    """G6: award made, standstill over, no challenge open, contract signed."""
    award = Award.objects.filter(tender__partnership=partnership).exclude(tender__state=TenderState.ABANDONED).first()
    if award is None:
        return [Evidence("Award", met=False, sentence="No award has been decided.")]
    return [
        Evidence("Award", met=True, sentence=_winner(award)),
        _standstill(award),
        _challenge(award),
        Evidence("Contract", award.signed_on is not None,
                 f"The contract was signed on {award.signed_on:%-d %B %Y}." if award.signed_on
                 else "The contract has not been signed."),
    ]  # fmt: skip


def _winner(award: Award) -> str:
    if award.signed_on is None:
        return "The award is decided. Whoever wins is named here once the contract is signed."
    return f"The award was decided for {award.bid.organisation}."


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
