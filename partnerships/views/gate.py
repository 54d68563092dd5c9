"""The gate ahead: its evidence, the decision that waits for a signature, and the decisions taken."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships import gates, quorum
from partnerships.actions.decision import open_decision, propose_decision, sign_decision, withdraw_decision
from partnerships.actions.pause import blockers_to_decide
from partnerships.forms.decision import ProposeForm
from partnerships.forms.papers import ReasonForm
from partnerships.lifecycle import Stage, passage_from
from partnerships.models import DecisionSignature, GateDecision, Milestone, Partnership, Recusal, interest_of, roles_of
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def gate(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    person = person_of(request)
    passage = passage_from(partnership.stage)
    evidence = gates.evidence(passage.gate, partnership) if passage else []
    pending = open_decision(partnership)
    signatures = list(pending.signatures.select_related("signed_by")) if pending else []
    recusals = list(pending.recusals.select_related("person", "interest")) if pending else []
    interest = interest_of(person, partnership) or next((r.interest for r in recusals if r.person == person), None)
    signs_here = bool(passage and roles_of(person, partnership) & set(passage.signers))
    past = GateDecision.objects.filter(partnership=partnership).exclude(decided_at=None, withdrawn_at=None)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/gate.html",
        passage=passage,
        enters=Stage(passage.enters) if passage else None,
        evidence=evidence,
        missing=[item for item in evidence if not item.met],
        pending=pending,
        signatures=signatures,
        conditions=pending.conditions.select_related("owner") if pending else [],
        recusals=recusals,
        interest=interest,
        quorum_lost=quorum.lost(passage, partnership) if passage else [],
        signers=[role.label for role in passage.signers] if passage else [],
        paused=blockers_to_decide(partnership),
        may_sign=bool(
            pending
            and signs_here
            and not partnership.paused_on
            and all(s.signed_by_id != person.pk for s in signatures)
        ),
        signs_here=signs_here,
        past=past.select_related("proposed_by").prefetch_related(
            Prefetch("signatures", DecisionSignature.objects.select_related("signed_by")),
            Prefetch("recusals", Recusal.objects.select_related("person", "interest")),
            Prefetch("milestones", Milestone.objects.select_related("owner")),
        ),
    )


def propose(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    form = ProposeForm(posted(request), partnership=partnership, version=partnership.version)
    passage = passage_from(partnership.stage)

    def action() -> None:
        propose_decision(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    done = "Your proposal is signed by you. It takes effect when the other signer signs it too."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("partnerships:gate", partnership.public_id)
    heading = f"Decide at gate {passage.gate.label}" if passage else "There is no gate ahead"
    lead = passage.question if passage else "This partnership is closed or has stopped."
    return partnership_page(
        request, partnership, "gate", "partnerships/form.html", form=form, heading=heading, lead=lead
    )


def sign(request: HttpRequest, partnership_id: str, decision_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    decision = _decision(partnership, decision_id)
    form = ConfirmForm(posted(request), button="Sign the decision")

    def action() -> None:
        sign_decision(decision=decision, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The decision is signed and in effect."):
        return redirect("partnerships:gate", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/decision_sign.html",
        form=form,
        decision=decision,
        conditions=decision.conditions.select_related("owner"),
        evidence=gates.evidence(passage.gate, partnership) if (passage := passage_from(partnership.stage)) else [],
    )


def withdraw(request: HttpRequest, partnership_id: str, decision_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    decision = _decision(partnership, decision_id)
    form = ReasonForm(posted(request), button="Withdraw the proposal")

    def action() -> None:
        withdraw_decision(decision=decision, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The proposal is withdrawn."):
        return redirect("partnerships:gate", partnership.public_id)
    return partnership_page(
        request, partnership, "gate", "partnerships/form.html", form=form, heading="Withdraw the proposal"
    )


def _decision(partnership: Partnership, decision_id: str) -> GateDecision:
    found = GateDecision.objects.filter(partnership=partnership, public_id=decision_id).first()
    if found is None:
        raise Http404
    return found
