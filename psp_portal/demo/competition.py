"""A tender from its first line to the letters: three bids, two scorers, one moderation, standstill."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from foundation.database import clock
from foundation.files.store import keep_bytes
from partnerships.models import Partnership
from partnerships.plan import add_months
from procurement.actions.award import award_contract, record_award_notice, sign_contract
from procurement.actions.bid import save_draft, submit_bid, take_part
from procurement.actions.evaluation import Mark, agree_score, lock_quality, score_criterion
from procurement.actions.letter import send_letter, write_letter
from procurement.actions.opening import open_bids
from procurement.actions.panel import add_panel_member, declare_interest
from procurement.actions.preparation import (
    CriterionLine,
    add_paper,
    decide_paper,
    edit_tender,
    prepare_tender,
    set_criteria,
)
from procurement.actions.publication import publish
from procurement.actions.question import answer_question, ask_question
from procurement.lifecycle import Disclosure, Interest, Means, Route, TieBreak
from procurement.models import Award, Bid, BidBox, Question, Tender
from procurement.results import results
from psp_portal.demo import personas
from psp_portal.demo.clockwork import at_hour, midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import Plot

CRITERIA = (
    ("Outcomes for people", "How you will reach the outcomes the pilot reached, and show it.", 25),
    ("Working with people who use the service", "How they shape the service, and what changes because of them.", 15),
    ("Workforce and fair work", "Pay, training, and a voice at work.", 10),
    ("Community benefits", "What else the area gains.", 10),
)
# What the three bidders answer, criterion by criterion.
ANSWERS = (
    (
        "Seven in ten people will report better wellbeing after six months, as in the pilot. We ask at the start, at "
        "three months and at six, with the same scale, and publish every quarter what did not work.",
        "Two people who came to the pilot’s cafés chair our design group and are paid for it. The group set the "
        "opening hours; it will also help to choose staff.",
        "Everyone is paid at least the real Living Wage, nobody works on zero hours, and staff elect two members of "
        "our board.",
        "Forty volunteering places a year, four apprenticeships, and the kitchens open to community groups on Mondays.",
    ),
    (
        "We will reach 280 people a year and review each person’s goals every eight weeks. Six in ten of those who "
        "used our service last year found the recovery group they wanted to stay with.",
        "A forum meets monthly in each town. Its proposals are answered in writing, with reasons, within two weeks.",
        "The real Living Wage for all, a training day every month, and a recognised trade union.",
        "We buy food from local growers and offer two work placements a year.",
    ),
    (
        "Each café opens four days a week. We count visits and ask a sample of visitors twice a year how they are.",
        "A suggestion box, an open evening each season, and a summary of what changed on the wall.",
        "The real Living Wage and paid induction; a staff survey every spring, with its results discussed in teams.",
        "Free room hire for local groups, and a repair morning run by volunteers.",
    ),
)
# Agreed scores and prices that give 90.83, 83.75 and 78.75 (domain.md 4.7, vector 2).
OFFERS = ((Decimal(540_000), (4, 4, 3, 4)), (Decimal(480_000), (3, 4, 3, 2)), (Decimal(450_000), (2, 3, 3, 3)))
# What each of them is told about its bid; the first wins.
FEEDBACK = (
    "The panel found your account of outcomes and of what the area gains excellent, and backed by figures.",
    "Your bid was good on every criterion, and as strong as any on working with people who use the service. The "
    "winning bid was clearer about how each person’s outcomes are followed and reported, and offers the area more.",
    "Your price was the lowest. The winning bid shows how each person’s outcomes are measured, where yours counts "
    "visits, and gives people who use the service a part in decisions.",
)
LAST_ANSWER_DAYS = 14


@contextmanager
def days_before(day: date, days: int, hour: int = 12) -> Iterator[None]:
    with midday(day - timedelta(days=days), hour):
        yield


def prepare(partnership: Partnership, plot: Plot, *, deadline: date) -> Tender:
    """Everything a notice needs; whether it may go out is the gate's decision."""
    officer = person(personas.OFFICER)
    tender = prepare_tender(
        partnership=partnership,
        title=f"{plot.title}: the service",
        summary=plot.service,
        estimated_value=Decimal(560_000),
        contract_starts_on=add_months(deadline, 4),
        contract_ends_on=add_months(deadline, 40),
        by=officer,
    )
    lines = [CriterionLine(title, guidance, Decimal(weight)) for title, guidance, weight in CRITERIA]
    edit_tender(
        tender=tender,
        by=officer,
        specification=f"{plot.service}\n\nThe service is for {plot.client_group.lower()}. It is described by what it "
        "achieves, and no method or brand of any pilot partner is asked for.",
        how_to_bid="Answer each question in the portal, give one price for the whole term, and send before the "
        "deadline. If you have no account, write to procurement@caledon.example.",
        route=Route.LIGHT_TOUCH,
        price_weight=Decimal(40),
        tie_break=TieBreak.HIGHER_QUALITY,
        lots_reason="One team has to hold the whole pathway; the pilot showed that hand-overs lose people.",
        question_deadline_at=at_hour(deadline - timedelta(days=LAST_ANSWER_DAYS), 12),
        deadline_at=at_hour(deadline, 12),
    )
    set_criteria(tender=tender, price_weight=Decimal(40), lines=lines, by=officer)
    _review_the_papers(tender, officer)
    return Tender.objects.get(pk=tender.pk)


def _review_the_papers(tender: Tender, officer: Person) -> None:
    text = b"Month,Starts,Reviewed,Improved\n2025-01,12,20,12\n2025-02,14,22,14\n"
    data = keep_bytes(text, name="pilot-figures.csv", content_type="text/csv", scope=tender.audit_scope, by=officer)
    figures = add_paper(tender=tender, title="Figures of the pilot", source="Monthly returns", by=officer, file=data)
    decide_paper(
        paper=figures, decision=Disclosure.RELEASE, reason="Every bidder needs the volumes.", by=officer, file=data
    )
    payroll = add_paper(tender=tender, title="Lead partner’s payroll", source="Budget meeting", by=officer)
    decide_paper(
        paper=payroll, decision=Disclosure.NOT_RELEVANT, reason="One partner’s own costs. Averages are in the figures.",
        by=officer,
    )  # fmt: skip


def receive_bids(tender: Tender, bidders: list[Person], *, deadline: date) -> None:
    """Publish, answer one question, receive a sealed bid from each."""
    officer = person(personas.OFFICER)
    with days_before(deadline, 35):
        publish(tender=tender, by=officer)
    with days_before(deadline, 25):
        asker = take_part(box=BidBox(tender), by=bidders[0])
        ask_question(bidder=asker, text="Are the four venues part of the contract?", by=bidders[0])
    with days_before(deadline, 22):
        question = Question.objects.get(tender=tender)
        answer_question(
            question=question, published_text="Are the four venues part of the contract?",
            answer="No. The board rents them and lends them to whoever wins.", by=officer,
        )  # fmt: skip
    for days, bidder, (price, _), texts in zip((5, 3, 1), bidders, OFFERS, ANSWERS, strict=False):
        with days_before(deadline, days):
            part = take_part(box=BidBox(tender), by=bidder)
            answers = {c.public_id: text for c, text in zip(tender.criteria.all(), texts, strict=True)}
            part = save_draft(bidder=part, answers=answers, price=price, by=bidder)
            submit_bid(bidder=part, by=bidder)


def judge(tender: Tender, *, deadline: date) -> None:
    """Open, declare, score, moderate, lock. One answer is scored 1 and 3 and has to be talked over."""
    officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
    scorers = [person(personas.SCORER), person(personas.SECOND_SCORER)]
    with days_before(deadline, -1, 10):
        open_bids(tender=tender, by=officer)
        open_bids(tender=tender, by=sponsor)
        for scorer in scorers:
            member = add_panel_member(tender=tender, person=scorer, by=officer)
            declare_interest(member=member, interest=Interest.CLEAR, statement="", by=scorer)
    tender = Tender.objects.get(pk=tender.pk)
    bids = list(Bid.objects.filter(tender=tender).order_by("pk"))
    with days_before(deadline, -6):
        _score(tender, bids, scorers)
    with days_before(deadline, -9):
        _agree(tender, bids, officer)
        lock_quality(tender=tender, by=officer)


def award(tender: Tender, *, on: date) -> Award:
    """For the bid ranked first, once gate G5 has been passed that afternoon."""
    officer = person(personas.OFFICER)
    with midday(on, 17):
        first = next(row for row in results(Tender.objects.get(pk=tender.pk)) if row.ranked.rank == 1)
        return award_contract(
            tender=tender, bid=first.bid, by=officer,
            reasons="The highest total under the published criteria: strongest on outcomes and on community benefits.",
        )  # fmt: skip


def _score(tender: Tender, bids: list[Bid], scorers: list[Person]) -> None:
    for place, criterion in enumerate(tender.criteria.all()):
        for number, scorer in enumerate(scorers):
            marks = [
                Mark(bid, _given(scores[place], number, unsure=(bid == bids[-1] and place == 0)), "Evidence on page 3.")
                for bid, (_, scores) in zip(bids, OFFERS, strict=False)
            ]
            member = tender.panel.get(person=scorer)
            score_criterion(member=member, criterion=criterion, marks=marks, by=scorer)


def _given(agreed: int, number: int, *, unsure: bool) -> int:
    """What one scorer gave: the agreed score, but for the answer they disagreed on by two."""
    return agreed + (1 if number else -1) if unsure else agreed


def _agree(tender: Tender, bids: list[Bid], officer: Person) -> None:
    for place, criterion in enumerate(tender.criteria.all()):
        for bid, (_, scores) in zip(bids, OFFERS, strict=False):
            talked_over = bid == bids[-1] and place == 0
            comment = "One of us had missed the annex; on reading it together, acceptable." if talked_over else ""
            agree_score(bid=bid, criterion=criterion, score=scores[place], comment=comment, by=officer)


def send_letters(award: Award, *, on: date) -> Award:
    """Every bidder is told on one day; standstill runs from it."""
    officer = person(personas.OFFICER)
    with midday(on):
        for letter, advantages in zip(award.letters.order_by("bid__pk"), FEEDBACK, strict=False):
            written = write_letter(letter=letter, means=Means.ELECTRONIC, by=officer, advantages=advantages)
            send_letter(letter=written, by=officer)
    return Award.objects.get(pk=award.pk)


def sign(award: Award) -> date:
    """Sign on the first day it is allowed, and publish the award notice the day after."""
    officer = person(personas.OFFICER)
    assert award.signable_on is not None
    with midday(award.signable_on):
        sign_contract(award=award, by=officer)
    with midday(award.signable_on + timedelta(days=1)):
        record_award_notice(
            award=Award.objects.get(pk=award.pk), published_on=clock.today(), reference="DEMO-0001", by=officer
        )
    return award.signable_on
