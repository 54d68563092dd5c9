"""What a standstill letter says, and which of the parts the law asks for are missing (`domain.md` 4.9, r85(2))."""

from typing import Any, TypedDict

from foundation.workdays.models import bank_holidays
from procurement.lifecycle import Means
from procurement.models import Award, StandstillLetter
from procurement.results import Result
from procurement.scoring import SCALE, shown
from procurement.timetable import Notice, standstill


class CriterionPart(TypedDict):
    title: str
    weight: str
    score: int
    word: str
    points: str


class LetterText(TypedDict):
    """A letter as plain values: kept as JSON, shown the same by page, mail and PDF."""

    recipient: str
    tender: str
    buyer: str
    date: str
    is_winner: bool
    criteria: list[CriterionPart]
    price_weight: str
    price_points: str
    quality: str
    total: str
    rank: int
    bids: int
    winner: str
    winner_quality: str
    winner_price_points: str
    winner_total: str
    tie_break: str
    advantages: str
    standstill: str


def compose(letter: StandstillLetter, rows: list[Result], sent_on: Any) -> LetterText:
    """The letter as it would be sent on `sent_on`, from the ranking."""
    award, tender = letter.award, letter.award.tender
    mine = next(row for row in rows if row.bid.pk == letter.bid_id)
    winner = next(row for row in rows if row.bid.pk == award.bid_id)
    tied = mine.ranked.tie_broken or winner.ranked.tie_broken
    return LetterText(
        recipient=mine.name,
        tender=str(tender),
        buyer=tender.buyer.name,
        date=f"{sent_on:%-d %B %Y}",
        is_winner=mine is winner,
        criteria=_criteria(letter, mine),
        price_weight=f"{tender.price_weight.normalize():f}",
        price_points=str(mine.price_points),
        quality=str(mine.quality),
        total=str(mine.total),
        rank=mine.ranked.rank,
        bids=len(rows),
        winner=winner.name,
        winner_quality=str(winner.quality),
        winner_price_points=str(winner.price_points),
        winner_total=str(winner.total),
        tie_break=tender.get_tie_break_display() if tied else "",
        advantages=letter.advantages.strip(),
        standstill=standstill_statement(award, sent_on),
    )


def _criteria(letter: StandstillLetter, mine: Result) -> list[CriterionPart]:
    return [
        CriterionPart(
            title=criterion.title,
            weight=f"{criterion.weight.normalize():f}",
            score=mine.scores[criterion.pk],
            word=SCALE[mine.scores[criterion.pk]],
            points=str(shown(mine.scores[criterion.pk] * criterion.weight / 4)),
        )
        for criterion in letter.award.tender.criteria.all()
    ]


def standstill_statement(award: Award, sent_on: Any) -> str:
    """The precise effect of standstill, supposing every letter still to go goes on `sent_on`."""
    if not award.has_standstill:
        return "No standstill period applies, because yours was the only bid (regulation 86(2))."
    notices = [Notice(letter.sent_on or sent_on, Means(letter.means)) for letter in award.letters.all()]
    period = standstill(notices, bank_holidays())
    return (
        f"A standstill period of {period.days} days applies. It ends at midnight at the end of "
        f"{period.ends_on:%A %-d %B %Y}. The contract will not be signed before {period.signable_on:%A %-d %B %Y}. "
        "You may challenge the decision in court; tell us first. Should any bidder's letter go out later than "
        "yours, the period ends later for everyone, and you will be told the new date."
    )


def missing_parts(content: LetterText) -> list[str]:
    """The parts r85(2) asks for that this letter lacks, one sentence each; empty means it may go."""
    needed = {
        "the award criteria": content["criteria"],
        "the recipient's score": content["total"],
        "the winner's name": content["winner"],
        "the winner's score": content["winner_total"],
        "the statement on standstill": content["standstill"],
        "the winner's characteristics and relative advantages": content["is_winner"] or content["advantages"],
    }
    return [f"The letter to {content['recipient']} lacks {part}." for part, value in needed.items() if not value]
