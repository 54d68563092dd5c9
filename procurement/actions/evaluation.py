"""Scoring: each member alone, then the panel together, then the lock that lets prices be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from procurement.lifecycle import Interest, TenderState
from procurement.models import Bid, ConsensusScore, Criterion, PanelMember, Score, Tender
from procurement.permissions import Ability, require
from procurement.scoring import HIGHEST, SPREAD_TO_EXPLAIN, spread

if TYPE_CHECKING:
    from accounts.models import Person

PANEL_OF_AT_LEAST = 2


@dataclass(frozen=True)
class Mark:
    """One member's judgement of one bid's answer."""

    bid: Bid
    score: int
    comment: str

    def repeats(self, earlier: Score | ConsensusScore | None) -> bool:
        return earlier is not None and (earlier.score, earlier.comment) == (self.score, self.comment)


def blockers_to_evaluate(tender: Tender) -> list[str]:
    """Why scores cannot be given, agreed or locked now."""
    if tender.state != TenderState.EVALUATING:
        return [f"This tender is “{tender.get_state_display()}”: bids are scored after they are opened."]
    if tender.quality_locked_at:
        return ["The agreed quality scores are locked. They can no longer change."]
    return []


def blockers_of(member: PanelMember) -> list[str]:
    """What shuts the bids to this member whatever the tender's state: no declaration, an interest, an ended service."""
    if member.ended_at:
        return ["You are no longer on this panel."]
    if member.interest == Interest.CONFLICT:
        return ["You declared a conflict of interest, so the bids are closed to you."]
    if member.interest == Interest.NONE:
        return ["Declare whether you have an interest first: only then can you read the bids."]
    return []


def blockers_to_score(member: PanelMember) -> list[str]:
    """Why this member cannot score the bids now."""
    return blockers_of(member) or blockers_to_evaluate(member.tender)


def blockers_to_read(member: PanelMember) -> list[str]:
    """Why this member cannot read the bids now. After the lock the panel may still read what it judged."""
    locked_since = member.tender.opened_at and member.tender.quality_locked_at
    return blockers_of(member) or ([] if locked_since else blockers_to_evaluate(member.tender))


@verb("score.give", on="member")
def score_criterion(*, member: PanelMember, criterion: Criterion, marks: Sequence[Mark], by: "Person") -> None:
    """Score the bids' answers to one criterion. A changed score supersedes the earlier one; both are kept."""
    tender = locked(member.tender)
    member = locked(member)
    if member.person_id != by.pk:
        raise NotPermitted("Each member of the panel scores for themselves.")
    stop_if(blockers_to_score(member))
    for mark in marks:
        _check_mark(tender, criterion, mark)
    current = {s.bid_id: s for s in Score.objects.current().filter(member=member, criterion=criterion)}
    agreed = set(ConsensusScore.objects.current().filter(criterion=criterion).values_list("bid", flat=True))
    changed = [mark for mark in marks if not mark.repeats(current.get(mark.bid.pk))]
    if any(mark.bid.pk in agreed for mark in changed):
        stop_if([f"The panel has agreed a score for “{criterion}” already."])
    now = clock.now()
    Score.objects.current().filter(
        member=member, criterion=criterion, bid__in=[mark.bid for mark in changed]
    ).update(superseded_at=now)  # fmt: skip
    Score.objects.bulk_create(
        Score(member=member, bid=m.bid, criterion=criterion, score=m.score, comment=m.comment, scored_at=now)
        for m in changed
    )
    record(
        "score.give",
        on=member,
        by=by,
        summary=f"scored {len(changed)} answers to “{criterion}”",
        after={mark.bid.public_id: mark.score for mark in changed},
    )


def _check_mark(tender: Tender, criterion: Criterion, mark: Mark) -> None:
    _check_place(tender, criterion, mark)
    if not mark.comment.strip():
        raise ValidationError({f"comment_{mark.bid.public_id}": "Write what the score stands on."})


def _check_place(tender: Tender, criterion: Criterion, mark: Mark) -> None:
    if criterion.tender_id != tender.pk or mark.bid.tender_id != tender.pk or not mark.bid.counts:
        raise NotPermitted("This bid is not in the competition.")
    if not 0 <= mark.score <= HIGHEST:
        raise ValidationError({f"score_{mark.bid.public_id}": "Choose a score from 0 to 4."})


def scores_given(bid: Bid, criterion: Criterion) -> list[int]:
    """What the members who count have scored."""
    return list(Score.objects.counting().filter(bid=bid, criterion=criterion).values_list("score", flat=True))


@verb("score.agree", on="tender")
def agree_scores(*, tender: Tender, criterion: Criterion, marks: Sequence[Mark], by: "Person") -> None:
    """Write down what the panel agreed: typed, never averaged. A wide spread needs a moderation comment."""
    tender = locked(tender)
    require(by, Ability.MODERATE, tender)
    stop_if(blockers_to_evaluate(tender))
    for mark in marks:
        _agree(tender, criterion, mark, by)


def agree_score(*, bid: Bid, criterion: Criterion, score: int, comment: str, by: "Person") -> None:
    """The same for one bid."""
    agree_scores(tender=bid.tender, criterion=criterion, marks=[Mark(bid, score, comment)], by=by)


def _agree(tender: Tender, criterion: Criterion, mark: Mark, by: "Person") -> None:
    _check_place(tender, criterion, mark)
    given = scores_given(mark.bid, criterion)
    if len(given) < PANEL_OF_AT_LEAST:
        stop_if([f"Two members of the panel must have scored {mark.bid.organisation} on “{criterion}” first."])
    apart = spread(given)
    if apart >= SPREAD_TO_EXPLAIN and not mark.comment.strip():
        text = f"The scores are {apart} apart. Write what the panel discussed, and why it agreed on this one."
        raise ValidationError({f"comment_{mark.bid.public_id}": text})
    current = ConsensusScore.objects.current().filter(bid=mark.bid, criterion=criterion)
    if mark.repeats(current.first()):
        return
    current.update(superseded_at=clock.now())
    ConsensusScore.objects.create(
        bid=mark.bid, criterion=criterion, score=mark.score, comment=mark.comment, spread=apart, agreed_by=by
    )
    record(
        "score.agree",
        on=tender,
        by=by,
        summary=f"wrote down {mark.score} as agreed for “{criterion}” of {mark.bid.organisation}",
        reason=mark.comment,
        before={"scores": given},
        after={"score": mark.score, "bid": mark.bid.public_id},
    )


def blockers_to_lock(tender: Tender) -> list[str]:
    """What is missing before the agreed scores can be locked."""
    if blockers := blockers_to_evaluate(tender):
        return blockers
    if tender.panel.without_interest().count() < PANEL_OF_AT_LEAST:
        return ["The panel needs at least two members who have declared that they have no interest."]
    bids = list(tender.bids.counting().select_related("bidder__organisation"))
    if not bids:
        return ["No bid was received. Abandon the tender, with the reason, and decide whether to run it again."]
    agreed = set(ConsensusScore.objects.current().filter(bid__tender=tender).values_list("bid", "criterion"))
    criteria = list(tender.criteria.all())
    return [
        f"Agree a score for “{criterion}” of {bid.organisation}."
        for bid in bids
        for criterion in criteria
        if (bid.pk, criterion.pk) not in agreed
    ]


@verb("tender.lock_quality", on="tender")
def lock_quality(*, tender: Tender, by: "Person", version: int | None = None) -> Tender:
    """Lock the agreed quality scores. From now on, and only from now on, prices can be read."""
    tender = locked(tender, version=version)
    require(by, Ability.MODERATE, tender)
    stop_if(blockers_to_lock(tender))
    tender.quality_locked_at, tender.quality_locked_by = clock.now(), by
    tender.version += 1
    tender.save(update_fields=["quality_locked_at", "quality_locked_by", "version"])
    record("tender.lock_quality", on=tender, by=by, summary="locked the agreed quality scores; prices can be seen now")
    return tender
