"""Gate decisions: one signer proposes and signs, the other signs, and only then the stage changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, NotPermitted, stop_if
from partnerships import entering, gates, quorum
from partnerships.actions.condition import Condition, check_conditions, put_into_the_plan, write_down
from partnerships.actions.exit import open_exit_tasks
from partnerships.actions.pause import blockers_to_decide
from partnerships.actions.recusal import recuse_everybody_concerned, refuse_whoever_has_an_interest
from partnerships.actions.summary import refresh
from partnerships.lifecycle import (
    GOES_FORWARD,
    MOVES_BACK,
    OVER,
    Gate,
    GateOutcome,
    Passage,
    Stage,
    passage_from,
    passage_through,
)
from partnerships.models import DecisionSignature, GateDecision, Member, Partnership, Recusal, roles_of
from partnerships.notifications import mail_sign
from partnerships.permissions import set_aside
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

FIRST_THAT = "Sign it or withdraw it first."
NO_GATE_AHEAD = "There is no gate after this stage: the partnership is closed or has stopped."


def open_decision(partnership: Partnership) -> GateDecision | None:
    """The decision that waits for a signature, if there is one."""
    return GateDecision.objects.filter(partnership=partnership, decided_at=None, withdrawn_at=None).first()


def gate_blockers(partnership: Partnership, gate: Gate) -> list[str]:
    """Why nothing at all can be decided at this gate now: not its stage, paused, nobody to sign, one is open."""
    passage = passage_through(gate)
    if partnership.stage in OVER:
        return [NO_GATE_AHEAD]
    if passage.leaves != partnership.stage:
        return [
            f"Gate {gate.value} is decided in the stage “{passage.leaves.label}”. This partnership is in the stage "
            f"“{Stage(partnership.stage).label}”: a stage cannot be skipped."
        ]
    found = blockers_to_decide(partnership) + quorum.lost(passage, partnership)
    if pending := open_decision(partnership):
        found.append(f"“{pending}”, proposed by {pending.proposed_by}, still waits for a signature. {FIRST_THAT}")
    return found


def outcome_blockers(partnership: Partnership, outcome: str, gate: Gate) -> list[str]:
    """Why this outcome cannot be decided now: missing evidence, no way back, something that has to end first."""
    passage = passage_through(gate)
    found = gates.blockers(gate, partnership) if outcome in GOES_FORWARD else []
    if outcome == GateOutcome.CONDITIONS and passage.enters == Stage.CLOSED:
        found.append("A closed partnership cannot meet conditions any more: pass the gate, or decide “not yet”.")
    if outcome == GateOutcome.GO_BACK and passage.leaves not in MOVES_BACK:
        return [f"There is no way back from the stage “{passage.leaves.label}”."]
    enters = Stage(_enters(passage, outcome))
    return found + (entering.blockers(enters, partnership) if enters != passage.leaves else [])


def blockers_to_propose(partnership: Partnership, outcome: str, gate: Gate | None = None) -> list[str]:
    """Why this outcome cannot be proposed now; `gate` left out is the one that leads on from the stage."""
    passage = passage_through(gate) if gate else passage_from(partnership.stage)
    if passage is None:
        return [NO_GATE_AHEAD]
    found = gate_blockers(partnership, passage.gate)
    if passage.leaves != partnership.stage:
        return found
    return found + outcome_blockers(partnership, outcome, passage.gate)


@verb("decision.propose", on="partnership")
def propose_decision(
    *,
    partnership: Partnership,
    outcome: str,
    reason: str,
    by: "Person",
    gate: Gate | None = None,
    conditions: Sequence[Condition] = (),
    version: int | None = None,
) -> GateDecision:
    """Propose what to decide at a gate, with a reason; proposing signs it for the proposer's role.

    `gate` left out is the one that leads on from the stage; a review is named.

    “Pass with conditions” names one to five conditions, each with an owner and a due date.
    """
    partnership = locked(partnership, version=version)
    passage = _passage(partnership, gate)
    role = _signing_role(by, partnership, passage)
    refuse_whoever_has_an_interest(by, partnership, open_decision(partnership))
    stop_if(blockers_to_propose(partnership, outcome, passage.gate))
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason. It stays with the decision."})
    check_conditions(partnership, outcome, conditions)
    decision = GateDecision.objects.create(
        partnership=partnership,
        gate=passage.gate,
        outcome=outcome,
        leaves=partnership.stage,
        enters=_enters(passage, outcome),
        reason=reason,
        proposed_by=by,
    )
    DecisionSignature.objects.create(decision=decision, role=role, signed_by=by)
    write_down(decision, conditions)
    aside = [str(recusal) for recusal in recuse_everybody_concerned(decision, passage)]
    _ask_the_others(decision, passage, role, by)
    refresh(partnership)
    record(
        "decision.propose",
        on=decision,
        by=by,
        summary=f"proposed at {decision}",
        reason=reason,
        after={
            "outcome": outcome,
            "conditions": [str(condition) for condition in decision.conditions.select_related("owner")],
            "recusals": aside,
        },
    )
    return decision


def _ask_the_others(decision: GateDecision, passage: Passage, signed: PartnershipRole, by: "Person") -> None:
    """A mail to everybody who may give the signature that is still missing."""
    members = Member.objects.current().filter(partnership=decision.partnership, role__in=passage.signers)
    concerned = Recusal.objects.filter(decision=decision).values("person")
    path = reverse("partnerships:gate_at", args=[decision.partnership.public_id, passage.gate])
    for member in members.exclude(role=signed).exclude(person__in=concerned).select_related("person"):
        mail_sign(decision, decision.partnership, member.person, path, by)


@verb("decision.sign", on="decision")
def sign_decision(*, decision: GateDecision, by: "Person") -> None:
    """Sign as the other of the two; with both signatures the decision takes effect, if the evidence still holds."""
    partnership = locked(decision.partnership)
    decision = locked(decision)
    passage = passage_through(Gate(decision.gate))
    signed = set(decision.signatures.values_list("role", flat=True))
    role = _signing_role(by, partnership, passage, besides=signed)
    refuse_whoever_has_an_interest(by, partnership, decision if decision.is_open else None)
    stop_if(blockers_to_take_effect(decision, by))
    DecisionSignature.objects.create(decision=decision, role=role, signed_by=by)
    record("decision.sign", on=decision, by=by, summary=f"signed {decision}")
    _take_effect(decision, partnership, passage, by)


def blockers_to_take_effect(decision: GateDecision, by: "Person") -> list[str]:
    """Why the second signature cannot be given now."""
    if decision.withdrawn_at:
        return ["This proposal was withdrawn."]
    if decision.decided_at:
        return ["This decision has been taken."]
    if decision.signatures.filter(signed_by=by).exists():
        return ["You have signed. The other signature must be another person’s."]
    return blockers_to_decide(decision.partnership) or outcome_blockers(
        decision.partnership, decision.outcome, Gate(decision.gate)
    )


@verb("decision.withdraw", on="decision")
def withdraw_decision(*, decision: GateDecision, reason: str, by: "Person") -> None:
    """Either signer may take an unsigned proposal off the table, with a reason."""
    partnership = locked(decision.partnership)
    decision = locked(decision)
    _signing_role(by, partnership, passage_through(Gate(decision.gate)))
    if not decision.is_open:
        stop_if(["This decision is not open any more."])
    refuse_whoever_has_an_interest(by, partnership, decision)
    if not reason.strip():
        raise ValidationError({"reason": "Say why, so that the other side can put it right."})
    take_off_the_table(decision, reason, by)


def take_off_the_table(decision: GateDecision, reason: str, by: "Person") -> None:
    """End an open proposal without effect: withdrawn by a signer, or because a signer declared an interest."""
    decision.withdrawn_at, decision.withdrawn_because = clock.now(), reason[:500]
    decision.save(update_fields=["withdrawn_at", "withdrawn_because"])
    refresh(locked(decision.partnership))
    record("decision.withdraw", on=decision, by=by, summary=f"withdrew {decision}", reason=reason)


def _take_effect(decision: GateDecision, partnership: Partnership, passage: Passage, by: "Person") -> None:
    version = gates.checklist_of(passage.gate, partnership)
    decision.checklist = version.number
    decision.evidence = [item.as_json() for item in gates.evidence(passage.gate, partnership, version)]
    decision.decided_at = clock.now()
    decision.save(update_fields=["checklist", "evidence", "decided_at"])
    if decision.enters != partnership.stage:
        _move(partnership, Stage(decision.enters))
        entering.run(partnership, by)
    put_into_the_plan(decision, by)
    if decision.outcome == GateOutcome.STOP:
        open_exit_tasks(decision, by)
    refresh(partnership)
    record(
        "decision.take",
        on=decision,
        by=by,
        summary=f"decided {decision}: {Stage(decision.leaves).label} → {Stage(decision.enters).label}",
        reason=decision.reason,
        before={"stage": decision.leaves},
        after={
            "stage": decision.enters,
            "checklist": decision.checklist,
            "evidence": decision.evidence,
            "recusals": [str(recusal) for recusal in decision.recusals.select_related("person", "interest")],
        },
    )


def _move(partnership: Partnership, enters: Stage) -> None:
    """Into the next stage, or back. Coming back to design opens its next version: what was given for it gets stale."""
    if enters == Stage.DESIGN and partnership.stage != Stage.PROPOSED:
        partnership.design, partnership.design_since = partnership.design + 1, clock.today()
    partnership.stage, partnership.stage_since = enters, clock.today()
    partnership.version += 1
    partnership.save(update_fields=["stage", "stage_since", "design", "design_since", "version"])


def _passage(partnership: Partnership, gate: Gate | None) -> Passage:
    passage = passage_through(gate) if gate else passage_from(partnership.stage)
    if passage is None:
        raise NotNow(NO_GATE_AHEAD)
    return passage


def _enters(passage: Passage, outcome: str) -> str:
    if outcome in GOES_FORWARD:
        return passage.enters
    if outcome == GateOutcome.STOP:
        return Stage.STOPPED
    return MOVES_BACK[passage.leaves] if outcome == GateOutcome.GO_BACK else passage.leaves


def _signing_role(
    by: "Person", partnership: Partnership, passage: Passage, besides: set[str] | None = None
) -> PartnershipRole:
    """The signer's role at this gate that `by` holds and that has not signed yet."""
    held = roles_of(by, partnership)
    free = [role for role in passage.signers if role in held and role not in (besides or set())]
    if free:
        return free[0]
    if besides and any(role in held for role in passage.signers):
        stop_if([f"{' and '.join(PartnershipRole(role).label for role in besides)} has signed already."])
    who = " and ".join(f"the {role.label.lower()}" for role in passage.signers)
    hint = set_aside(by, partnership, passage.signers)
    raise NotPermitted(f"At gate {passage.gate.value} {who} decide. You may read the evidence.{hint}")
