"""THE POLICY PAGE: the stages of a partnership, the gates between them, and who signs at each gate.

Everything else asks this page. `docs/lifecycle.md` is generated from it. Source: `domain.md` 1.7 and 1.12; the three
stages of the model are design, pilot and tender; the rest are the steps before, between and after them.
"""

from dataclasses import dataclass

from django.db import models

from partnerships.health import Health
from partnerships.roles import PartnershipRole


class Stage(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    DESIGN = "design", "Design"
    PILOT = "pilot", "Pilot"
    REDESIGN = "redesign", "Redesign"
    TENDER = "tender", "Tender"
    LIVE = "live", "Live"
    CLOSED = "closed", "Closed"
    STOPPED = "stopped", "Stopped"


# The way of a partnership that reaches its end, and the two stages in which its work is over.
THE_WAY = (
    Stage.PROPOSED, Stage.DESIGN, Stage.PILOT, Stage.REDESIGN, Stage.TENDER, Stage.LIVE, Stage.CLOSED,
)  # fmt: skip
OVER = (Stage.CLOSED, Stage.STOPPED)
NOT_MEASURED = (Stage.LIVE, *OVER)


def health_is_told(health: Health | str, stage: str) -> bool:
    """Whether a partnership's health says anything. Grey does not of one that is live or over: no target is missing."""
    return health != Health.GREY or stage not in NOT_MEASURED


WHAT_HAPPENS = {
    Stage.PROPOSED: "Somebody has an idea. The sponsor and the procurement officer ask whether a partnership is right.",
    Stage.DESIGN: "The partners design the service together and agree how they will work.",
    Stage.PILOT: "The partners try the service out and log how it goes every month.",
    Stage.REDESIGN: "The pilot is evaluated and the contract is redesigned from what was learned.",
    Stage.TENDER: "The public body puts the service out to competitive tender.",
    Stage.LIVE: "The service runs under its contract.",
    Stage.CLOSED: "The work is over and what was learned is published.",
    Stage.STOPPED: "The work has ended early. The exit tasks are still done, and lessons are still asked for.",
}


class Gate(models.TextChoices):
    G0 = "G0", "G0 Partnership or not"
    G1 = "G1", "G1 Design to pilot"
    G2 = "G2", "G2 Mid-pilot review"
    G3 = "G3", "G3 Pilot to redesign"
    G4 = "G4", "G4 Ready to tender"
    G5 = "G5", "G5 Award"
    G6 = "G6", "G6 Start the new service"
    G7 = "G7", "G7 Close and publish"


@dataclass(frozen=True)
class Passage:
    """One way forward: through `gate`, from one stage to the next, when both `signers` agree.

    A review moves no stage: it leaves and enters the same one, and a later step asks whether it was passed.
    """

    gate: Gate
    question: str
    leaves: Stage
    enters: Stage
    signers: tuple[PartnershipRole, PartnershipRole]

    @property
    def is_review(self) -> bool:
        return self.leaves == self.enters


BOTH_LEADS = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)
# At G0 the public body asks whether to begin. From G4 to G6 no partner votes: the people who may bid do not decide
# whether and how to tender (domain.md 1.7).
BUYER = (PartnershipRole.PROCUREMENT_OFFICER, PartnershipRole.SPONSOR)

PASSAGES = (
    Passage(Gate.G0, "Is a partnership the right tool?", Stage.PROPOSED, Stage.DESIGN, BUYER),
    Passage(Gate.G1, "Is the design good, wanted and fundable?", Stage.DESIGN, Stage.PILOT, BOTH_LEADS),
    Passage(Gate.G2, "Carry on, change or stop?", Stage.PILOT, Stage.PILOT, BOTH_LEADS),
    Passage(Gate.G3, "Did it work well enough to buy?", Stage.PILOT, Stage.REDESIGN, BOTH_LEADS),
    Passage(Gate.G4, "Can we publish a fair competition?", Stage.REDESIGN, Stage.TENDER, BUYER),
    Passage(Gate.G5, "Is the recommendation sound?", Stage.TENDER, Stage.TENDER, BUYER),
    Passage(Gate.G6, "Can the new service start safely?", Stage.TENDER, Stage.LIVE, BUYER),
    Passage(Gate.G7, "What did we learn, and is it published?", Stage.LIVE, Stage.CLOSED, BOTH_LEADS),
)

# Backward moves need a reason and the signatures of the gate they are decided at; a tender never goes back to the
# pilot's specification, and to redesign only while bidders have not been asked (procurement says when).
MOVES_BACK: dict[Stage, Stage] = {
    Stage.PILOT: Stage.DESIGN,
    Stage.REDESIGN: Stage.PILOT,
    Stage.TENDER: Stage.REDESIGN,
}


EXTENSIONS_BY_THE_LEADS = 2


def extension_signers(taken: int) -> tuple[PartnershipRole, ...]:
    """Who signs a pilot's next extension after `taken`: both leads; from the third on the sponsor too, a level higher.

    Source: `domain.md` section 8, scenario 18.
    """
    return BOTH_LEADS if taken < EXTENSIONS_BY_THE_LEADS else (*BOTH_LEADS, PartnershipRole.SPONSOR)


class GateOutcome(models.TextChoices):
    PASS = "pass", "Pass"
    CONDITIONS = "conditions", "Pass with conditions"
    GO_BACK = "go_back", "Go back to an earlier stage"
    NOT_YET = "not_yet", "Not yet: stay in this stage"
    STOP = "stop", "Stop the partnership"


# These go through the gate, so its evidence has to be complete; conditions come on top of it and excuse nothing.
GOES_FORWARD = (GateOutcome.PASS, GateOutcome.CONDITIONS)


def passage_from(stage: Stage | str) -> Passage | None:
    """The way forward out of a stage; None from the last one."""
    return next((p for p in PASSAGES if p.leaves == stage and not p.is_review), None)


def passages_in(stage: Stage | str) -> list[Passage]:
    """Every gate that can be decided in a stage: a review comes before the way forward."""
    return [p for p in PASSAGES if p.leaves == stage]


def is_behind(gate: Gate | str, stage: Stage | str) -> bool:
    """Whether a partnership in `stage` has left the stage in which `gate` is decided."""
    leaves = passage_through(gate).leaves
    return stage != leaves and has_reached(stage, leaves)


def passage_through(gate: Gate | str) -> Passage:
    return next(p for p in PASSAGES if p.gate == gate)


def has_reached(stage: Stage | str, wanted: Stage) -> bool:
    """Whether a partnership in `stage` is at or past `wanted`. A stopped one is past all: everything stays readable."""
    order = list(Stage)
    return order.index(Stage(stage)) >= order.index(wanted)


def may_move(leaves: Stage | str, enters: Stage | str) -> bool:
    """Whether the move is one of the allowed ones: one step forward, a listed step back, or a stop before the end."""
    if enters == Stage.STOPPED:
        return leaves not in OVER
    forward = any(p.leaves == leaves and p.enters == enters and not p.is_review for p in PASSAGES)
    return forward or MOVES_BACK.get(Stage(leaves)) == enters


def over_blockers(stage: Stage | str, what: str) -> list[str]:
    """Why `what` (“Its plan”) cannot be changed in a stage in which the work is over; empty in every other."""
    if stage not in OVER:
        return []
    word = "is closed" if stage == Stage.CLOSED else "has stopped"
    return [f"This partnership {word}. {what} can be read but no longer changed."]
