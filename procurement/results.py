"""The ranking of a tender's bids, from agreed scores and opened prices. Reads; decides nothing."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from foundation.policy.refusals import stop_if
from procurement.envelopes import price_blockers, price_of
from procurement.models import Bid, ConsensusScore, Tender
from procurement.scoring import Entry, Ranked, rank, shown, weighted_quality


@dataclass(frozen=True)
class Result:
    """One bid's line: full precision inside, two places on the page."""

    bid: Bid
    scores: dict[int, int]
    ranked: Ranked

    @property
    def name(self) -> str:
        return self.bid.organisation.name

    @property
    def quality(self) -> Decimal:
        return shown(self.ranked.quality)

    @property
    def price_points(self) -> Decimal:
        return shown(self.ranked.price_score)

    @property
    def total(self) -> Decimal:
        return shown(self.ranked.total)


def results(tender: Tender) -> list[Result]:
    """Best first; refused while prices are sealed. Four queries, however many bids."""
    stop_if(price_blockers(tender))
    bids = {
        bid.public_id: bid
        for bid in tender.bids.counting().select_related("bidder__organisation", "bidder__tender", "tender__key")
    }
    weights = {str(pk): weight for pk, weight in tender.criteria.values_list("pk", "weight")}
    scores: dict[str, dict[int, int]] = defaultdict(dict)
    agreed = ConsensusScore.objects.current().filter(bid__tender=tender)
    for public_id, criterion, score in agreed.values_list("bid__public_id", "criterion", "score"):
        scores[public_id][criterion] = score
    entries = [
        Entry(key, weighted_quality({str(c): s for c, s in scores[key].items()}, weights), price_of(bid))
        for key, bid in bids.items()
    ]
    ranking = rank(entries, price_weight=tender.price_weight, tie_break=tender.tie_break)
    return [Result(bids[ranked.key], scores[ranked.key], ranked) for ranked in ranking]


def facts(rows: list[Result]) -> list[dict[str, str | int | bool]]:
    """The ranking as plain values, to the last decimal, for the award and the audit trail."""
    return [
        {
            "bid": row.bid.public_id,
            "bidder": row.name,
            "quality": str(row.ranked.quality),
            "price": str(row.ranked.price),
            "price_score": str(row.ranked.price_score),
            "total": str(row.ranked.total),
            "rank": row.ranked.rank,
            "tie_broken": row.ranked.tie_broken,
        }
        for row in rows
    ]
