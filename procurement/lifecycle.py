"""THE POLICY PAGE of a tender: its states, the moves between them, who makes each move and when.

Source: `domain.md` 4.6 to 4.9. The partnership's own stages are in `partnerships.lifecycle`.
"""

from dataclasses import dataclass

from django.db import models


class TenderState(models.TextChoices):
    PREPARING = "preparing", "Being prepared"
    OPEN = "open", "Open for bids"
    CLOSED = "closed", "Closed, bids still sealed"
    EVALUATING = "evaluating", "Being evaluated"
    STANDSTILL = "standstill", "Award decided, standstill"
    AWARDED = "awarded", "Contract signed"
    ABANDONED = "abandoned", "Abandoned"


S = TenderState


@dataclass(frozen=True)
class Move:
    """One move, as a sentence a procurement officer could approve."""

    leaves: tuple[TenderState, ...]
    enters: TenderState
    who: str
    when: str


MOVES: dict[str, Move] = {
    "publish": Move(
        (S.PREPARING,), S.OPEN, "a procurement officer", "the partnership has passed G4 and nothing on the list is left"
    ),
    "close": Move((S.OPEN,), S.CLOSED, "the portal, or any opener", "the database's clock is past the deadline"),
    "open": Move((S.CLOSED,), S.EVALUATING, "two different openers, one after the other", "bids are closed"),
    "award": Move((S.EVALUATING,), S.STANDSTILL, "a procurement officer", "quality is locked and prices are revealed"),
    "sign": Move((S.STANDSTILL,), S.AWARDED, "a procurement officer", "standstill has ended and no challenge is open"),
    "abandon": Move(
        (S.PREPARING, S.OPEN, S.CLOSED, S.EVALUATING, S.STANDSTILL),
        S.ABANDONED,
        "a procurement officer",
        "at any time before signing, with a reason every bidder is told",
    ),
}

AFTER_OPENING = (S.EVALUATING, S.STANDSTILL, S.AWARDED)
FINISHED = (S.AWARDED, S.ABANDONED)


class TieBreak(models.TextChoices):
    """What decides between two equal totals. The law names no rule, so the buyer must publish one (4.7)."""

    HIGHER_QUALITY = "higher_quality", "The bid with the higher quality score wins"
    LOWER_PRICE = "lower_price", "The bid with the lower price wins"


class Route(models.TextChoices):
    """Which rules the competition follows (4.1). The route helper of a later release will propose one."""

    LIGHT_TOUCH = "light_touch", "Light touch: social and other specific services"
    REGULATED = "regulated", "Regulated by the 2014 Act, below the threshold of the Regulations"
    FULL = "full", "Full 2015 Regulations, open procedure"


class Means(models.TextChoices):
    ELECTRONIC = "electronic", "By e-mail"
    POST = "post", "By post"


class Disclosure(models.TextChoices):
    """What happens to a paper the partnership shared, so that no bidder knows more than another (1.6, r42)."""

    UNDECIDED = "undecided", "Not decided"
    RELEASE = "release", "Release to all bidders"
    IN_PART = "in_part", "Release in part"
    NOT_RELEVANT = "not_relevant", "Not relevant to bidding"


RELEASED = (Disclosure.RELEASE, Disclosure.IN_PART)


class Interest(models.TextChoices):
    """What a member of the panel has declared (4.8)."""

    NONE = "none", "Not declared yet"
    CLEAR = "clear", "No interest to declare"
    CONFLICT = "conflict", "A conflict of interest"


COMMUNITY_BENEFIT_FROM = 4_000_000  # pounds, without VAT: 2014 Act s25
