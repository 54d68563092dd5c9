"""Gates for tests: everything a gate asks for made true cheaply, and a gate that was passed some day."""

from collections.abc import Callable
from datetime import date, timedelta

from foundation.database import clock
from foundation.files.store import keep_bytes
from partnerships import gates
from partnerships.checklist import ItemKind
from partnerships.evidence import DECIDERS
from partnerships.information import InformationClass
from partnerships.lifecycle import Gate, GateOutcome, passage_through
from partnerships.models import (
    NEEDED_HEADINGS,
    BudgetLine,
    Document,
    DocumentVersion,
    GateDecision,
    GivenEvidence,
    Member,
    Memorandum,
    Partnership,
    Signature,
    SkillsAssessment,
)
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import InvolvementFactory, RiskFactory, both_leads_as_partners, person_as
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory


def passed(gate: Gate, partnership: Partnership, **fields: object) -> GateDecision:
    """A decision at `gate` that took effect now and let the partnership through; its stage is left alone."""
    passage = passage_through(gate)
    facts = {
        "outcome": GateOutcome.PASS, "reason": "It is sound.", "decided_at": clock.now(), "leaves": passage.leaves,
        "enters": passage.enters, "proposed_by": PersonFactory(),
    }  # fmt: skip
    return GateDecision.objects.create(partnership=partnership, gate=gate, **facts | fields)


def complete(gate: Gate, partnership: Partnership, *, but: tuple[str, ...] = ()) -> None:
    """Meet every item of the gate's checklist, save those with a key in `but`."""
    person = PersonFactory()
    for item in gates.checklist_of(gate, partnership).asked_of(partnership.variant):
        if item.key in but:
            continue
        if item.kind == ItemKind.DOCUMENT:
            paper(partnership, item.source)
        elif item.source:
            MAKERS[item.source](partnership)
        else:
            given(partnership, gate, item.key, by=person)


def given(partnership: Partnership, gate: Gate, key: str, **fields: object) -> GivenEvidence:
    """A statement, fresh unless the fields say otherwise."""
    person = fields.pop("by", None) or PersonFactory()
    facts = {"text": "As agreed.", "design": partnership.design, "confirmed_on": clock.today()} | fields
    return GivenEvidence.objects.create(
        partnership=partnership, gate=gate, key=key, given_by=person, confirmed_by=person, **facts
    )


def paper(partnership: Partnership, category: str, confirmed_on: date | None = None) -> Document:
    """A document with one version, in the register."""
    person = PersonFactory()
    document = Document.objects.create(
        partnership=partnership, category=category, title=f"The {category}", confirmed_on=confirmed_on or clock.today(),
        information_class=InformationClass.PARTNERSHIP,
    )  # fmt: skip
    file = keep_bytes(b"As agreed.\n", name="a.txt", content_type="text/plain", scope="test", by=person)
    DocumentVersion.objects.create(document=document, number=1, file=file, added_by=person)
    return document


def _partners(partnership: Partnership) -> list:
    if not partnership.partners.exists():
        both_leads_as_partners(partnership)
    return list(partnership.partners.all())


def _memorandum(partnership: Partnership) -> None:
    memorandum = Memorandum.objects.create(
        partnership=partnership, number=1, written_by=PersonFactory(), review_on=clock.today() + timedelta(days=365)
    )
    for partner in _partners(partnership):
        Signature.objects.create(memorandum=memorandum, partner=partner, signed_by=PersonFactory())


def _contingency(partnership: Partnership) -> None:
    for partner in _partners(partnership):
        partner.contingency_plan, partner.contingency_plan_on = "Reserves last two months.", clock.today()
        partner.save()


def _budget(partnership: Partnership) -> None:
    for heading in NEEDED_HEADINGS:
        BudgetLine.objects.create(partnership=partnership, heading=heading, amount=1000)


def _deciders(partnership: Partnership) -> None:
    held = set(Member.objects.current().filter(partnership=partnership).values_list("role", flat=True))
    for role in DECIDERS:
        if role not in held:
            person_as(role, partnership)


def _skills(partnership: Partnership) -> None:
    for partner in _partners(partnership):
        SkillsAssessment.objects.create(partner=partner, assessed_on=clock.today(), assessed_by=PersonFactory())


def _returns(count: int) -> Callable[[Partnership], None]:
    def make(partnership: Partnership) -> None:
        for month in range(1, count + 1):
            if not partnership.returns.filter(period=date(2026, month, 1)).exists():
                ReturnFactory(partnership=partnership, accepted=True, period=date(2026, month, 1))

    return make


MAKERS: dict[str, Callable[[Partnership], object]] = {
    "partnerships.memorandum": _memorandum,
    "partnerships.contingency": _contingency,
    "partnerships.budget": _budget,
    "partnerships.involvement": lambda p: InvolvementFactory(partnership=p),
    "partnerships.deciders": _deciders,
    "partnerships.risks": lambda p: RiskFactory(partnership=p),
    "partnerships.skills": _skills,
    "partnerships.review": lambda p: passed(Gate.G2, p),
    "pilots.indicators": lambda p: IndicatorFactory(partnership=p),
    "pilots.returns": _returns(1),
    "pilots.six_returns": _returns(6),
    "pilots.spend": _returns(1),
    "pilots.sroi": lambda p: None,  # the gate passes without one
    "pilots.evaluation_pack_g2": lambda p: None,  # likewise
    "pilots.evaluation_pack_g3": lambda p: None,
    "pilots.evaluation": lambda p: EvaluationFactory(partnership=p, signed_off=True),
}
