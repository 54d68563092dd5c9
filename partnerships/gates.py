"""The evidence each gate asks for: its checklist's items, each there, stale or missing. Stale counts as missing.

Facts are registered, here and by upper floors, in `AppConfig.ready()`; a checklist names them by their key:

    gates.add(Fact("pilots.evaluation", "The evaluation is signed off", evaluation_is_signed_off, "pilots:evaluation"))

A fact's check takes a partnership and returns one or more lines. A gate passes when every line is met. The same list
draws the gate page, disables the button and is asked again under the row lock when the decision is signed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse

from foundation.database import clock
from partnerships import checklists, ladder
from partnerships.categories import DocumentCategory
from partnerships.checklist import COMPUTED, Item, ItemKind, Version, is_fresh
from partnerships.lifecycle import Gate, Passage, passage_from, passages_in
from partnerships.models import Document, GateDecision, GivenEvidence, Partnership

REVIEW = "partnerships.review"


@dataclass(frozen=True)
class Evidence:
    """One line of a gate's checklist. `sentence` says what is there or what is missing, and who is missing it."""

    name: str
    met: bool
    sentence: str
    key: str = ""
    kind: ItemKind = ItemKind.FACT
    is_stale: bool = False
    asks: str = ""
    source: str = ""
    text: str = ""
    url: str = ""
    address: str = ""
    mend: str = ""

    @property
    def state(self) -> str:
        if self.met:
            return "there"
        return "stale" if self.is_stale else "missing"

    @property
    def is_given(self) -> bool:
        """Whether it is written on the gate's own page."""
        return self.kind in (ItemKind.STATEMENT, ItemKind.LINK)

    def as_json(self) -> dict[str, Any]:
        """What a decision keeps: everything but where to mend it."""
        kept = {name: getattr(self, name) for name in ("key", "name", "state", "met", "sentence", "text", "url")}
        return kept | {"kind": self.kind.value}


Check = Callable[[Partnership], list[Evidence]]


@dataclass(frozen=True)
class Fact:
    """Something the portal knows. `page` is the address (it takes the partnership's id, then `args`) that mends it.

    `shut` says why that page cannot be opened yet: while it says something, the line says it in place of the link.
    """

    key: str
    label: str
    check: Check
    page: str
    mend: str
    args: tuple[str, ...] = ()
    kind: ItemKind = ItemKind.FACT
    shut: Callable[[Partnership], list[str]] = lambda partnership: []


_facts: dict[str, Fact] = {}


def add(fact: Fact) -> None:
    """Register a fact; the same key again replaces it."""
    _facts[fact.key] = fact


def facts() -> list[Fact]:
    """Every fact a checklist can ask for, by label."""
    return sorted(_facts.values(), key=lambda fact: fact.label)


def checklist_of(gate: Gate, partnership: Partnership) -> Version:
    return checklists.applying_to(gate, partnership)


def evidence(gate: Gate, partnership: Partnership, version: Version | None = None) -> list[Evidence]:
    """Every line of the checklist that applies, in its order."""
    version = version or checklist_of(gate, partnership)
    items = version.asked_of(partnership.variant)
    papers = _confirmed_papers(partnership, items)
    given = {row.key: row for row in _given(gate, partnership)} if any(i.kind not in COMPUTED for i in items) else {}
    lines: list[Evidence] = []
    for item in items:
        if item.kind in COMPUTED:
            lines += _from_fact(item, partnership)
        elif item.kind == ItemKind.DOCUMENT:
            lines.append(_from_paper(item, partnership, papers.get(item.source)))
        else:
            lines.append(_from_given(item, gate, partnership, given.get(item.key)))
    return lines


def blockers(gate: Gate, partnership: Partnership) -> list[str]:
    """What keeps the gate shut, one sentence each; empty means go."""
    return [item.sentence for item in evidence(gate, partnership) if not item.met]


def ahead(partnership: Partnership, decisions: Sequence[GateDecision]) -> Passage | None:
    """The gate to pass next: this stage's review while it is asked for and not passed, then the way forward."""
    counted = ladder.passed_gates(decisions)
    waiting = [p for p in passages_in(partnership.stage) if p.gate not in counted]
    return next((p for p in waiting if not p.is_review or is_asked_for(p.gate, partnership)), None)


def is_asked_for(review: Gate, partnership: Partnership) -> bool:
    """Whether something depends on a review: the award on G5, the way out of the pilot on G2 where its list says so."""
    onward = passage_from(partnership.stage)
    if review != Gate.G2 or onward is None:
        return True
    return any(item.source == REVIEW for item in checklist_of(onward.gate, partnership).asked_of(partnership.variant))


def staleness(row: GivenEvidence, item: Item, partnership: Partnership) -> str:
    """Why a statement or a link counts as missing although it is there; empty while it is fresh."""
    if row.design != partnership.design:
        return f"It was written for design {row.design}; the design is now version {partnership.design}."
    return _age(row.confirmed_on, item)


def _from_fact(item: Item, partnership: Partnership) -> list[Evidence]:
    fact = _facts.get(item.source)
    if fact is None:
        told = f"The portal cannot tell “{item.name}” any more. A portal administrator publishes a new checklist."
        return [Evidence(item.name, False, told, item.key, item.kind, asks=item.asks)]
    shut = " ".join(fact.shut(partnership))
    address, mend = (reverse(fact.page, args=[partnership.public_id, *fact.args]), fact.mend) if not shut else ("", "")
    lines = [replace(line, key=item.key, kind=item.kind, asks=item.asks, address=address, mend=mend)
             for line in fact.check(partnership)]  # fmt: skip
    return [line if line.met or not shut else replace(line, sentence=f"{line.sentence} {shut}") for line in lines]


def _from_paper(item: Item, partnership: Partnership, confirmed_on: date | None) -> Evidence:
    """A document of the category is in the register. Its title may be confidential, so the line does not tell it."""
    wanted = DocumentCategory(item.source).label
    address = f"{reverse('partnerships:documents', args=[partnership.public_id])}?category={item.source}"
    mend = "Open the document register"
    line = Evidence(
        item.name, False, "", item.key, item.kind, asks=item.asks, source=item.source, address=address, mend=mend
    )
    if confirmed_on is None:
        return replace(line, sentence=f"No document of the category “{wanted}” is in the register yet.")
    told = f"A document of the category “{wanted}” is in the register, confirmed on {confirmed_on:%-d %B %Y}."
    if partnership.design_since and confirmed_on < partnership.design_since:
        stale = f"Since then design {partnership.design} has begun."
    else:
        stale = _age(confirmed_on, item)
    if stale:
        return replace(line, is_stale=True, sentence=f"{told} {stale} Confirm it there, or add its next version.")
    return replace(line, met=True, sentence=told)


def _from_given(item: Item, gate: Gate, partnership: Partnership, row: GivenEvidence | None) -> Evidence:
    address = reverse("partnerships:evidence_give", args=[partnership.public_id, gate, item.key])
    line = Evidence(item.name, False, "", item.key, item.kind, asks=item.asks, address=address)
    if row is None:
        verb = "written" if item.kind == ItemKind.STATEMENT else "given"
        return replace(line, mend="Write it" if verb == "written" else "Give the link",
                       sentence=f"“{item.name}” has not been {verb} yet.")  # fmt: skip
    told = f"“{item.name}”: by {row.given_by}, confirmed by {row.confirmed_by} on {row.confirmed_on:%-d %B %Y}."
    line = replace(line, text=row.text, url=row.url, mend="Change it")
    if stale := staleness(row, item, partnership):
        told = f"{told} {stale} It counts as missing until somebody confirms that it still holds, or changes it."
        return replace(line, is_stale=True, sentence=told)
    return replace(line, met=True, sentence=told)


def _age(confirmed_on: date, item: Item) -> str:
    if is_fresh(confirmed_on, item.fresh_months, clock.today()):
        return ""
    return f"That is longer ago than {item.fresh_months} months, which is the limit."


def _confirmed_papers(partnership: Partnership, items: Sequence[Item]) -> dict[str, date]:
    """The last day on which a document of each category was confirmed. One query, or none."""
    wanted = {item.source for item in items if item.kind == ItemKind.DOCUMENT}
    if not wanted:
        return {}
    rows = Document.objects.filter(partnership=partnership, category__in=wanted).order_by("confirmed_on")
    return dict(rows.values_list("category", "confirmed_on"))


def _given(gate: Gate, partnership: Partnership) -> list[GivenEvidence]:
    rows = GivenEvidence.objects.filter(partnership=partnership, gate=gate)
    return list(rows.select_related("given_by", "confirmed_by"))
