from procurement.models.award import Award, Challenge, StandstillLetter
from procurement.models.bid import Bid, Bidder, BidDocument
from procurement.models.debrief import Debrief
from procurement.models.evaluation import ConsensusScore, PanelMember, Score
from procurement.models.opening import Opening
from procurement.models.question import DeadlineChange, Question
from procurement.models.tender import (
    BUYER_ROLES,
    EDITABLE,
    BidBox,
    Criterion,
    DisclosureItem,
    KeyScheme,
    Tender,
    TenderKey,
)

__all__ = [
    "BUYER_ROLES",
    "EDITABLE",
    "Award",
    "Bid",
    "BidBox",
    "BidDocument",
    "Bidder",
    "Challenge",
    "ConsensusScore",
    "Criterion",
    "DeadlineChange",
    "Debrief",
    "DisclosureItem",
    "KeyScheme",
    "Opening",
    "PanelMember",
    "Question",
    "Score",
    "StandstillLetter",
    "Tender",
    "TenderKey",
]
