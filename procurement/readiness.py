"""What still keeps a tender from being published: the checklist on the buyer's page, asked again under the lock."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from foundation.database import clock
from foundation.workdays.models import bank_holidays
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Partnership
from procurement.lifecycle import COMMUNITY_BENEFIT_FROM, Disclosure, Route, TenderState
from procurement.models import Tender
from procurement.timetable import ANSWER_DAYS_BEFORE, earliest_deadline

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Line:
    """One line of the checklist: its name, and the sentences that say what is missing (none: done)."""

    name: str
    missing: tuple[str, ...] = ()
    warning: str = ""

    @property
    def met(self) -> bool:
        return not self.missing


def stage_blockers(partnership: Partnership) -> list[str]:
    """Why the partnership has no tender pages yet."""
    if not has_reached(partnership.stage, Stage.REDESIGN):
        return ["A tender can be prepared once the pilot has been evaluated: a stage cannot be skipped."]
    return []


def checklist(tender: Tender) -> list[Line]:
    """Every line, in the order a buyer works through them. Three queries."""
    return [
        Line("Specification", tuple(_specification(tender))),
        Line("Criteria and weights", tuple(_weights(tender))),
        Line("Tie-break", () if tender.tie_break else ("Choose what decides between two equal totals.",)),
        _lots(tender),
        Line("Community benefits", tuple(_community_benefits(tender))),
        Line("Papers for all bidders", tuple(disclosure_missing(tender))),
        _dates(tender),
        Line("Gate G4", tuple(_stage(tender))),
    ]


def publication_blockers(tender: Tender) -> list[str]:
    """Why the notice cannot go out now, one sentence each; empty means go."""
    if tender.state != TenderState.PREPARING:
        return [f"This tender is “{tender.get_state_display()}”: it was published before."]
    return [sentence for line in checklist(tender) for sentence in line.missing]


def criteria_total(tender: Tender) -> Decimal:
    """Price weight plus the weights of all criteria. One query unless these were prefetched."""
    return sum((criterion.weight for criterion in tender.criteria.all()), tender.price_weight)


def weight_faults(price_weight: Decimal, total: Decimal) -> list[str]:
    """What is wrong with the weights, whoever typed them."""
    if price_weight >= WHOLE:
        return ["Price cannot have all the weight: the law asks for quality too. Give price less than 100%."]
    if price_weight <= 0:
        return ["Price or cost must count: give price a weight above 0%."]
    if total != WHOLE:
        return [f"The weights add up to {total.normalize():f}%. Together with price they must make exactly 100%."]
    return []


def disclosure_missing(tender: Tender) -> list[str]:
    """Each paper nobody has decided on, each one released without its file, or that nothing was looked at."""
    papers = list(tender.papers.all())
    if not papers:
        return ["No paper has been reviewed. List what the partnership shared, and decide for each what bidders get."]
    undecided = [
        f"Decide on “{paper}”: release, release in part, or not relevant."
        for paper in papers
        if paper.decision == Disclosure.UNDECIDED
    ]
    empty = [f"Add the file of “{paper}”: it is to be released." for paper in papers
             if paper.is_released and not paper.file_id]  # fmt: skip
    return undecided + empty


def _specification(tender: Tender) -> list[str]:
    missing = [] if tender.specification.strip() else ["Write the specification."]
    return missing if tender.how_to_bid.strip() else [*missing, "Say how to bid and whom to ask for an invitation."]


def _weights(tender: Tender) -> list[str]:
    if not tender.criteria.all():
        return ["Add at least one quality criterion."]
    return weight_faults(tender.price_weight, criteria_total(tender))


def _lots(tender: Tender) -> Line:
    if tender.lots_reason.strip():
        return Line("Lots")
    sentence = "Give the main reasons for not splitting the contract into lots."
    if tender.route == Route.FULL:
        return Line("Lots", (sentence,))
    return Line("Lots", warning=f"{sentence} The full rules demand it; on this route it is good practice.")


def _community_benefits(tender: Tender) -> list[str]:
    if tender.estimated_value < COMMUNITY_BENEFIT_FROM or tender.community_benefits.strip():
        return []
    return ["From £4 million the notice must say which community benefits are asked for, or why none are."]


def _dates(tender: Tender) -> Line:
    missing = deadline_faults(tender)
    if missing or tender.deadline_at is None:
        return Line("Dates", tuple(missing))
    days = (tender.deadline_at - clock.now()).days
    warning = f"Bidders get {days} days. Small organisations need about 30 to write a good bid." if days < 30 else ""
    return Line("Dates", warning="" if tender.route == Route.FULL else warning)


def deadline_faults(tender: Tender) -> list[str]:
    """What is wrong with the dates on the notice, as of now."""
    deadline, questions, now = tender.deadline_at, tender.question_deadline_at, clock.now()
    if deadline is None or questions is None:
        return ["Set the deadline for bids and the deadline for questions."]
    deadline_on = timezone.localdate(deadline)
    faults = []
    if deadline <= now:
        faults.append("The deadline for bids is in the past.")
    if questions <= now:
        faults.append("The deadline for questions is in the past.")
    last = tender.last_answer_on
    if fault := answer_day_fault(tender):
        faults.append(fault)
    elif last and timezone.localdate(questions) >= last:
        faults.append(f"The deadline for questions must be before {last:%-d %B %Y}: that is the last day for answers.")
    first = earliest_deadline(clock.today(), tender.route, bank_holidays()) if tender.route == Route.FULL else None
    if first and deadline_on < first:
        faults.append(f"On this route the deadline for bids is {first:%-d %B %Y} at the earliest: 30 days on.")
    if tender.contract_starts_on <= deadline_on:
        faults.append("The contract must start after the deadline for bids.")
    return faults


def answer_day_fault(tender: Tender) -> str:
    """What is wrong with the officer's own last day for answers; empty when there is none, or nothing is."""
    chosen, permitted = tender.answers_due_on, tender.last_permitted_answer_on
    if chosen is None:
        return ""
    if permitted is None:
        return "Set the deadline for bids first: the last day for answers is counted back from it."
    if chosen > permitted:
        return (
            f"Answers must be out by {permitted:%-d %B %Y}, {ANSWER_DAYS_BEFORE} days before the deadline for bids. "
            "Choose that day or an earlier one, or a later deadline for bids."
        )
    questions = tender.question_deadline_at
    if questions and chosen <= (closing_on := timezone.localdate(questions)):
        return f"The deadline for questions is {closing_on:%-d %B %Y}: choose a later day for the last answers."

    return ""


def _stage(tender: Tender) -> list[str]:
    if tender.partnership.stage == Stage.TENDER:
        return []
    return [
        f"The partnership is in the stage “{tender.partnership.get_stage_display()}”. "
        "The notice can go out only after gate G4: a stage cannot be skipped."
    ]
