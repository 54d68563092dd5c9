"""Preparing a tender: start it, edit it, set its criteria, decide which papers every bidder gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.clock import local
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, stop_if
from partnerships.lifecycle import Stage, has_reached
from partnerships.models import Partnership
from procurement.lifecycle import Disclosure, Route, TenderState, TieBreak
from procurement.models import EDITABLE, Criterion, DisclosureItem, Tender
from procurement.permissions import Ability, require, require_to_prepare
from procurement.readiness import answer_day_fault, stage_blockers, weight_faults

if TYPE_CHECKING:
    from accounts.models import Person
    from foundation.files.models import StoredFile


SUMMARY_LENGTH = 500
MOMENTS = ("question_deadline_at", "deadline_at")
CHOICES = {"route": Route, "tie_break": TieBreak}
NOT_SET = "not set"
NOT_SET_DATES = dict.fromkeys(MOMENTS, NOT_SET) | {"answers_due_on": "worked out from the deadline for bids"}


@dataclass(frozen=True)
class CriterionLine:
    """One line of the criteria editor."""

    title: str
    guidance: str
    weight: Decimal


def blockers_to_prepare(partnership: Partnership) -> list[str]:
    """Why no tender can be started for this partnership now."""
    if found := stage_blockers(partnership):
        return found
    if partnership.stage == Stage.STOPPED:
        return ["This partnership has stopped: no tender can be started."]
    if has_reached(partnership.stage, Stage.LIVE):
        return ["The service already runs under its contract."]
    if partnership.tenders.exclude(state=TenderState.ABANDONED).exists():
        return ["This partnership already has a tender."]
    return []


def blockers_to_edit(tender: Tender) -> list[str]:
    """Why the tender's text, dates and criteria cannot be changed now."""
    if tender.state == TenderState.PREPARING:
        return []
    if tender.state == TenderState.OPEN:
        return ["The notice is out, so its text and criteria stay as they are. You can extend the deadline for all."]
    return [f"This tender is “{tender.get_state_display()}”: it can no longer be changed."]


@verb("tender.prepare", on="partnership")
def prepare_tender(
    *,
    partnership: Partnership,
    title: str,
    summary: str,
    estimated_value: Decimal,
    contract_starts_on: date,
    contract_ends_on: date,
    by: "Person",
) -> Tender:
    """Start a tender. From now on partners see no more of it than any bidder will."""
    partnership = locked(partnership)
    require_to_prepare(by, partnership)
    stop_if(blockers_to_prepare(partnership))
    _check_contract(contract_starts_on, contract_ends_on)
    tender = Tender.objects.create(
        partnership=partnership, title=title, summary=summary, estimated_value=estimated_value,
        contract_starts_on=contract_starts_on, contract_ends_on=contract_ends_on, prepared_by=by,
    )  # fmt: skip
    record("tender.prepare", on=tender, by=by, summary=f"started to prepare “{title}”", after=tender.facts())
    return tender


@verb("tender.edit", on="tender")
def edit_tender(*, tender: Tender, by: "Person", version: int | None = None, **changes: Any) -> Tender:
    """Change any of `EDITABLE` while the tender is being prepared."""
    tender = locked(tender, version=version)
    require(by, Ability.PREPARE, tender)
    stop_if(blockers_to_edit(tender))
    if unknown := set(changes) - set(EDITABLE):
        raise TypeError(f"not a field of a tender that can be edited: {', '.join(sorted(unknown))}")
    before, was = tender.facts(), {name: getattr(tender, name) for name in EDITABLE}
    for name, value in changes.items():
        setattr(tender, name, value)
    _check_contract(tender.contract_starts_on, tender.contract_ends_on)
    changed = [name for name in EDITABLE if getattr(tender, name) != was[name]]
    _check_moments(tender, changed)
    _check_dates(tender)
    if not 0 < tender.price_weight < 100:
        raise ValidationError({"price_weight": weight_faults(tender.price_weight, Decimal(100))})
    tender.version += 1
    tender.save()
    after = tender.facts()
    record(
        "tender.edit",
        on=tender,
        by=by,
        summary=_told(changed, was, tender),
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return tender


@verb("tender.set_criteria", on="tender")
def set_criteria(
    *, tender: Tender, price_weight: Decimal, lines: Sequence[CriterionLine], by: "Person", version: int | None = None
) -> None:
    """Replace the criteria. Their weights and the price weight must make exactly 100."""
    tender = locked(tender, version=version)
    require(by, Ability.PREPARE, tender)
    stop_if(blockers_to_edit(tender))
    _check_lines(price_weight, lines)
    before = criteria_facts(tender)
    tender.criteria.all().delete()  # nothing refers to them before publication
    Criterion.objects.bulk_create(
        Criterion(tender=tender, position=place, title=line.title, guidance=line.guidance, weight=line.weight)
        for place, line in enumerate(lines, start=1)
    )
    tender.price_weight, tender.version = price_weight, tender.version + 1
    tender.save(update_fields=["price_weight", "version"])
    record(
        "tender.set_criteria",
        on=tender,
        by=by,
        summary=f"set {len(lines)} criteria, price {price_weight.normalize():f}%",
        before=before,
        after=criteria_facts(tender),
    )


def criteria_facts(tender: Tender) -> dict[str, Any]:
    weights = tender.criteria.values_list("title", "weight")
    return {"price": str(tender.price_weight), "criteria": {title: str(weight) for title, weight in weights}}


@verb("paper.list", on="tender")
def add_paper(
    *, tender: Tender, title: str, source: str, by: "Person", file: "StoredFile | None" = None
) -> DisclosureItem:
    """List a paper the partnership shared, for a decision."""
    tender = locked(tender)
    require(by, Ability.PREPARE, tender)
    stop_if(blockers_to_edit(tender))
    paper = DisclosureItem.objects.create(tender=tender, title=title, source=source, file=file)
    record("paper.list", on=paper, by=by, summary=f"listed the paper “{title}”", after={"source": source})
    return paper


@verb("paper.decide", on="paper")
def decide_paper(
    *,
    paper: DisclosureItem,
    decision: str,
    reason: str,
    by: "Person",
    file: "StoredFile | None" = None,
    version: int | None = None,
) -> DisclosureItem:
    """Decide whether every bidder gets the paper, with the reason; `file` is the copy that goes out."""
    tender = locked(paper.tender)
    paper = locked(paper, version=version)
    require(by, Ability.PREPARE, tender)
    stop_if(blockers_to_edit(tender))
    if decision == Disclosure.UNDECIDED:
        raise ValidationError({"decision": "Choose release, release in part, or not relevant."})
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason. It goes into the report on prior involvement."})
    paper.file = file or paper.file
    paper.decision, paper.reason, paper.decided_by, paper.decided_at = decision, reason, by, clock.now()
    if paper.is_released and paper.file is None:
        raise ValidationError({"file": "Add the copy that bidders will get."})
    paper.version += 1
    paper.save()
    record(
        "paper.decide",
        on=paper,
        by=by,
        summary=f"decided on “{paper}”: {paper.get_decision_display().lower()}",
        reason=reason,
        after={"decision": decision},
    )
    return paper


def _check_contract(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise ValidationError({"contract_ends_on": "The contract must end after it starts."})


def _told(changed: Sequence[str], was: dict[str, Any], tender: Tender) -> str:
    """What an edit changed, by the names on the form; dates and choices with what they were and are."""
    told = []
    for name in changed:
        old, new = (_in_words(name, value) for value in (was[name], getattr(tender, name)))
        told.append(f"“{EDITABLE[name]}”" + (f" from {old} to {new}" if old and new else ""))
    return f"changed {'; '.join(told)}"[:SUMMARY_LENGTH] if told else "saved the tender without a change"


def _in_words(name: str, value: Any) -> str:
    """A date or a choice as it is read; empty for a text, which would be too long for a line of the history."""
    if isinstance(value, datetime):
        return local(value)
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if name in CHOICES:
        return f"“{CHOICES[name](value).label}”" if value else NOT_SET
    return NOT_SET_DATES.get(name, "") if value is None else ""


def _check_moments(tender: Tender, changed: Sequence[str]) -> None:
    """Nobody means a new deadline that has passed. One that grew old while the tender was prepared may stay for now:
    the page says so, and the notice cannot go out with it.
    """
    now = clock.now()
    if past := [name for name in MOMENTS if name in changed and (moment := getattr(tender, name)) and moment <= now]:
        sentence = f"This is in the past: it is {local(now)} now. Choose a later time."
        raise ValidationError(dict.fromkeys(past, sentence))


def _check_dates(tender: Tender) -> None:
    questions, deadline = tender.question_deadline_at, tender.deadline_at
    if questions and deadline and questions >= deadline:
        raise ValidationError({"question_deadline_at": "This must be before the deadline for bids."})
    if fault := answer_day_fault(tender):
        raise ValidationError({"answers_due_on": fault})


def _check_lines(price_weight: Decimal, lines: Sequence[CriterionLine]) -> None:
    titles = [line.title.strip().lower() for line in lines]
    if len(set(titles)) < len(titles):
        raise ValidationError({"criteria": "Two criteria have the same name."})
    if any(line.weight <= 0 for line in lines):
        raise ValidationError({"criteria": "Give every criterion a weight above 0%."})
    total = price_weight + sum((line.weight for line in lines), Decimal(0))
    if faults := weight_faults(price_weight, total):
        raise NotNow(*faults)
