"""From the members' scores to the ranking: agree, lock, see prices."""

from collections import defaultdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from procurement.actions.evaluation import agree_scores, blockers_to_lock, lock_quality
from procurement.actions.reading import read_as_member, read_bids, read_prices
from procurement.envelopes import documents_of
from procurement.forms.evaluation import AgreeForm
from procurement.models import Bid, ConsensusScore, PanelMember, Score, Tender
from procurement.permissions import Ability, can
from procurement.results import results
from procurement.scoring import SPREAD_TO_EXPLAIN, spread
from procurement.views.bidding import download
from procurement.views.panel import answer_beside, counting_bids, criterion_of
from procurement.views.shared import file_for, file_page, or_not_yet


@or_not_yet("agreed", "Agreed scores")
def agreed(request: HttpRequest, tender_id: str) -> HttpResponse:
    """One row a criterion, one column a bid: what is agreed, and where members are far apart."""
    tender = file_for(request, tender_id, Ability.MODERATE, through=read_bids)
    bids = counting_bids(tender)
    scores = {(a.bid_id, a.criterion_id): a.score for a in ConsensusScore.objects.current().filter(bid__in=bids)}
    given = _given(tender)
    rows = [
        {
            "criterion": criterion,
            "cells": [_cell(scores.get((bid.pk, criterion.pk)), given[bid.pk, criterion.pk]) for bid in bids],
        }
        for criterion in tender.criteria.all()
    ]
    return file_page(
        request,
        tender,
        "agreed",
        "procurement/agreed.html",
        bids=bids,
        rows=rows,
        blockers=blockers_to_lock(tender),
    )


def _cell(agreed: int | None, scores: list[int]) -> str:
    """What a cell says, in words."""
    if agreed is not None:
        return f"Agreed: {agreed}"
    if not scores:
        return "Not scored"
    given = ", ".join(str(score) for score in scores)
    return f"Scores {given}" + (": far apart" if spread(scores) >= SPREAD_TO_EXPLAIN else "")


def _given(tender: Tender) -> dict[tuple[int, int], list[int]]:
    """The scores that count, by bid and criterion. One query."""
    counting = Score.objects.counting().filter(bid__tender=tender)
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for bid, criterion, score in counting.values_list("bid", "criterion", "score"):
        found[bid, criterion].append(score)
    return found


@or_not_yet("agreed", "Agreed scores")
def agree(request: HttpRequest, tender_id: str, criterion_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.MODERATE, through=read_bids)
    criterion = criterion_of(tender, criterion_id)
    bids = counting_bids(tender)
    marks: dict[int, list[tuple[PanelMember, Score]]] = defaultdict(list)
    current = Score.objects.current().filter(criterion=criterion, bid__in=bids).select_related("member__person")
    for one in current:
        marks[one.bid_id].append((one.member, one))
    known = {a.bid_id: a for a in ConsensusScore.objects.current().filter(criterion=criterion, bid__in=bids)}
    form = AgreeForm(
        posted(request), bids=bids, current=known,
        beside=lambda bid: answer_beside(bid, criterion, marks[bid.pk]),
        cancel_url=reverse("procurement:agreed", args=[tender.public_id]),
    )  # fmt: skip

    def action() -> None:
        agree_scores(tender=tender, criterion=criterion, marks=form.marks(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done=f"The scores for “{criterion}” are agreed."):
        return redirect("procurement:agreed", tender.public_id)
    return file_page(request, tender, "agreed", "procurement/agree.html", form=form, criterion=criterion)


def lock(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.MODERATE)
    back = reverse("procurement:agreed", args=[tender.public_id])
    form = ConfirmForm(posted(request), button="Lock the agreed scores", version=tender.version, cancel_url=back)

    def action() -> None:
        lock_quality(tender=tender, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="Locked. Prices can be seen now."):
        return redirect("procurement:results", tender.public_id)
    blockers = blockers_to_lock(tender)
    return file_page(request, tender, "agreed", "procurement/lock.html", form=form, blockers=blockers)


@or_not_yet("results", "Results")
def results_page(request: HttpRequest, tender_id: str) -> HttpResponse:
    """Prices and ranks, in words and a table."""
    tender = file_for(request, tender_id, Ability.SEE_RESULTS, through=read_prices)
    rows = results(tender)
    return file_page(
        request,
        tender,
        "results",
        "procurement/results.html",
        rows=rows,
        criteria=[(c, [row.scores[c.pk] for row in rows]) for c in tender.criteria.all()],
        tie_broken=any(row.ranked.tie_broken for row in rows),
    )


def document(request: HttpRequest, tender_id: str, bid_id: str, document_id: str) -> HttpResponse:
    """A document of a bid, for the officer and for members of the panel who have declared."""
    person = person_of(request)
    tender = Tender.objects.visible_to(person).filter(public_id=tender_id).select_related("partnership", "key").first()
    if tender is None:
        raise Http404
    _let_in(person, tender)
    bid = Bid.objects.filter(tender=tender, public_id=bid_id).select_related("bidder__tender__key", "tender").first()
    found = [d for d, _ in documents_of(bid) if d.public_id == document_id] if bid else []
    if not found:
        raise Http404
    return download(found[0])


def _let_in(person: Person, tender: Tender) -> None:
    """Pass, or be refused with a trace."""
    member = PanelMember.objects.of(person).filter(tender=tender).select_related("tender").first()
    if member and not can(person, Ability.MODERATE, tender):
        read_as_member(member=member, by=person)
    else:
        read_bids(tender=tender, ability=Ability.MODERATE, by=person)
