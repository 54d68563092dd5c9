"""The gates: the ladder of all eight, one gate with its evidence, and the decision at it."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships import gates, ladder, links, quorum
from partnerships.actions.decision import (
    gate_blockers,
    open_decision,
    outcome_blockers,
    propose_decision,
    sign_decision,
    withdraw_decision,
)
from partnerships.actions.evidence import blockers_to_give
from partnerships.actions.pause import blockers_to_decide
from partnerships.forms.decision import ProposeForm
from partnerships.forms.papers import ReasonForm
from partnerships.gates import Evidence
from partnerships.lifecycle import OVER, Gate, GateOutcome, Passage, is_behind, passage_through
from partnerships.links import Place
from partnerships.models import DecisionSignature, GateDecision, Milestone, Partnership, Recusal, interest_of
from partnerships.packs import pack_of
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to, parts_here


def gate(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The ladder: what is passed, what is open now, what is ahead; and every decision so far."""
    partnership = partnership_for(request, partnership_id)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/gates/ladder.html",
        rungs=ladder.rungs(partnership, ladder.taken_at(partnership)),
        over=partnership.stage in OVER,
        pending=open_decision(partnership),
        past=_told(_decisions(partnership).exclude(decided_at=None, withdrawn_at=None)),
    )


def gate_at(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponse:
    """One gate: what it asks for, the decision that waits, what was decided at it."""
    partnership = partnership_for(request, partnership_id)
    passage = passage_of(gate)
    behind = is_behind(passage.gate, partnership.stage)
    version = gates.checklist_of(passage.gate, partnership)
    evidence = [] if behind else gates.evidence(passage.gate, partnership, version)
    parts = parts_here(request, partnership)
    signs = bool(parts.acting & set(passage.signers))
    decisions = _told(_decisions(partnership).filter(Q(gate=passage.gate) | Q(decided_at=None, withdrawn_at=None)))
    pending = next((decision for decision in decisions if decision.is_open), None)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/gates/gate.html",
        papers=[
            (one.label, reverse(one.url_name, args=[partnership_id])) for one in links.at(Place.GATE, passage.gate)
        ],
        passage=passage,
        is_open=passage.leaves == partnership.stage,
        behind=behind,
        version=version,
        evidence=evidence,
        missing=[item for item in evidence if not item.met],
        may_give=not blockers_to_give(partnership, passage.gate),
        signers=[role.label for role in passage.signers],
        past=[decision for decision in decisions if not decision.is_open],
        pack=pack_of(partnership, passage.gate),
        **_decision_here(person_of(request), partnership, passage, pending, signs=signs),
    )


def _decision_here(
    person: Person, partnership: Partnership, passage: Passage, pending: GateDecision | None, *, signs: bool
) -> dict[str, Any]:
    """What the reader can do about a decision at this gate now; little is asked while it is another stage's."""
    if passage.leaves != partnership.stage:
        return {}
    here = pending if pending and pending.gate == passage.gate else None
    aside = [recusal.interest for recusal in here.recusals.all() if recusal.person == person] if here else []
    signed = here is not None and any(signature.signed_by == person for signature in here.signatures.all())
    paused = blockers_to_decide(partnership)
    return {
        "pending": here,
        "elsewhere": None if here else pending,
        "conditions": here.conditions.select_related("owner") if here else [],
        "interest": (interest_of(person, partnership) or next(iter(aside), None)) if signs else None,
        "quorum_lost": quorum.lost(passage, partnership),
        "paused": paused,
        "signs_here": signs,
        "may_sign": signs and not paused and not signed,
    }


def propose(request: HttpRequest, partnership_id: str, gate: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    passage = passage_of(gate)
    blockers = gate_blockers(partnership, passage.gate)
    evidence = [] if blockers else gates.evidence(passage.gate, partnership)
    offered, refused = _offered(partnership, passage, evidence) if not blockers else ([], [])
    back = reverse("partnerships:gate_at", args=[partnership.public_id, passage.gate])
    form = ProposeForm(
        posted(request), partnership=partnership, passage=passage, offered=offered, version=partnership.version,
        cancel_url=back,
    )  # fmt: skip

    def action() -> None:
        propose_decision(
            partnership=partnership, gate=passage.gate, **form.values(), by=person_of(request), version=form.version
        )

    done = "Your proposal is signed by you. It takes effect when the other signer signs it too."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(back)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/gates/propose.html",
        form=form,
        passage=passage,
        blockers=blockers,
        missing=[item for item in evidence if not item.met],
        refused=refused,
        back=back,
    )


def _offered(
    partnership: Partnership, passage: Passage, evidence: list[Evidence]
) -> tuple[list[GateOutcome], list[str]]:
    """The outcomes that can be proposed now, and why one that others may expect cannot. Evidence is told apart."""
    offered, refused = [], list[str]()
    complete = all(item.met for item in evidence)
    for outcome in ProposeForm.outcomes_at(passage):
        if outcome in (GateOutcome.PASS, GateOutcome.CONDITIONS):
            found = [] if complete else [""]
        else:
            found = outcome_blockers(partnership, outcome, passage.gate)
        if not found:
            offered.append(outcome)
        refused += [sentence for sentence in found if sentence and sentence not in refused]
    return offered, refused


def sign(request: HttpRequest, partnership_id: str, decision_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    decision = _decision(partnership, decision_id)
    form = ConfirmForm(posted(request), button="Sign the decision")
    back = reverse("partnerships:gate_at", args=[partnership.public_id, decision.gate])

    def action() -> None:
        sign_decision(decision=decision, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The decision is signed and in effect."):
        return redirect(back)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/decision_sign.html",
        form=form,
        decision=decision,
        moves=decision.leaves != decision.enters,
        conditions=decision.conditions.select_related("owner"),
        evidence=gates.evidence(Gate(decision.gate), partnership),
        back=back,
    )


def withdraw(request: HttpRequest, partnership_id: str, decision_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    decision = _decision(partnership, decision_id)
    form = ReasonForm(posted(request), button="Withdraw the proposal")

    def action() -> None:
        withdraw_decision(decision=decision, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The proposal is withdrawn."):
        return redirect("partnerships:gate_at", partnership.public_id, decision.gate)
    return partnership_page(
        request, partnership, "gate", "partnerships/form.html", form=form, heading="Withdraw the proposal"
    )


def passage_of(gate: str) -> Passage:
    """The passage of the gate in an address; 404 when there is no such gate."""
    if gate not in Gate.values:
        raise Http404
    return passage_through(Gate(gate))


def _decisions(partnership: Partnership) -> QuerySet[GateDecision]:
    return GateDecision.objects.filter(partnership=partnership).select_related("proposed_by")


def _told(decisions: QuerySet[GateDecision]) -> list[GateDecision]:
    """Newest first, with all that their story tells."""
    return list(
        decisions.prefetch_related(
            Prefetch("signatures", DecisionSignature.objects.select_related("signed_by")),
            Prefetch("recusals", Recusal.objects.select_related("person", "interest")),
            Prefetch("milestones", Milestone.objects.select_related("owner")),
        )
    )


def _decision(partnership: Partnership, decision_id: str) -> GateDecision:
    found = GateDecision.objects.filter(partnership=partnership, public_id=decision_id).first()
    if found is None:
        raise Http404
    return found
