"""Which gates a partnership has passed, which are open now and which are ahead: worked out from its decisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.lifecycle import (
    GOES_FORWARD,
    PASSAGES,
    Gate,
    Passage,
    Stage,
    has_reached,
    is_behind,
)
from partnerships.models import GateDecision, Partnership


@dataclass(frozen=True)
class Rung:
    """One gate of the eight. `passed` is the decision that let it through and still counts; then it is not open."""

    passage: Passage
    passed: GateDecision | None
    is_open: bool
    is_behind: bool


def taken_at(partnership: Partnership) -> list[GateDecision]:
    """Every decision that took effect, oldest first, without its frozen evidence. One query."""
    decisions = GateDecision.objects.filter(partnership=partnership).exclude(decided_at=None)
    return list(decisions.order_by("decided_at", "pk").defer("evidence"))


def passed_gates(decisions: Iterable[GateDecision]) -> dict[Gate, GateDecision]:
    """The decisions that still count: going back to a stage opens its gates, and those after it, again."""
    passed: dict[Gate, GateDecision] = {}
    for decision in decisions:
        if decision.outcome in GOES_FORWARD:
            passed[Gate(decision.gate)] = decision
        elif decision.enters not in (decision.leaves, Stage.STOPPED):
            reopened = {p.gate for p in PASSAGES if has_reached(p.leaves, Stage(decision.enters))}
            passed = {gate: earlier for gate, earlier in passed.items() if gate not in reopened}
    return passed


def passed(gate: Gate, partnership: Partnership) -> GateDecision | None:
    """The decision that passed `gate` and still counts. One query."""
    return passed_gates(taken_at(partnership)).get(gate)


def rungs(partnership: Partnership, decisions: Iterable[GateDecision]) -> list[Rung]:
    """All eight gates, in order."""
    counted = passed_gates(decisions)
    return [
        Rung(
            p,
            counted.get(p.gate),
            p.leaves == partnership.stage and p.gate not in counted,
            is_behind(p.gate, partnership.stage),
        )
        for p in PASSAGES
    ]
