"""The history of a partnership as people would tell it: sentences from its audit events, by stage and month.

Only what was done, never what was refused; the whole list of events is one click away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from foundation.audit.models import AuditEvent, Outcome
from foundation.drawing.lettering import in_words
from partnerships.lifecycle import Stage
from partnerships.models import GateDecision, Partnership
from partnerships.roles import PartnerPart


class StoryKind(models.TextChoices):
    STAGES = "stages", "Stage moves"
    DECISIONS = "decisions", "Decisions"
    DATES = "dates", "Dates moved"
    PARTNERS = "partners", "Partners"
    AGREEMENTS = "agreements", "Agreements"


TELLS: dict[StoryKind, tuple[str, ...]] = {
    StoryKind.STAGES: ("partnership.start", "partnership.pause", "partnership.resume"),  # and decisions that move it
    StoryKind.DECISIONS: ("decision.take", "meeting_decision.add", "extension.take"),
    StoryKind.DATES: ("milestone.move", "plan.change", "plan.move_start", "extension.take"),
    StoryKind.PARTNERS: ("partner.add", "partner.leave", "partner.stay", "partner.succeed"),
    StoryKind.AGREEMENTS: ("memorandum.issue", "memorandum.sign", "partnership.agree", "extension.take"),
}
EVERYTHING = tuple(dict.fromkeys(action for actions in TELLS.values() for action in actions))


@dataclass(frozen=True)
class Line:
    """One sentence, and behind it who did it, when exactly, why, and what it was before and after."""

    sentence: str
    at: datetime
    who: str
    reason: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Chapter:
    """What happened in one month of one stage."""

    stage: str
    month: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Move:
    decision: str
    at: datetime
    leaves: Stage
    enters: Stage


def moves_of(partnership: Partnership) -> list[Move]:
    """Every decision that changed the stage, oldest first. One query."""
    rows = GateDecision.objects.filter(partnership=partnership).exclude(decided_at=None).order_by("decided_at", "pk")
    return [
        Move(key, at, Stage(leaves), Stage(enters))
        for key, at, leaves, enters in rows.values_list("public_id", "decided_at", "leaves", "enters")
        if leaves != enters and at is not None
    ]


def events_of(
    partnership: Partnership, kind: str, moves: Iterable[Move], *, oldest_first: bool
) -> QuerySet[AuditEvent]:
    """The events that the story tells of, those of one kind when `kind` names one."""
    told = Q(action__in=TELLS[StoryKind(kind)] if kind else EVERYTHING)
    if kind == StoryKind.STAGES:
        told |= Q(action="decision.take", object_id__in=[move.decision for move in moves])
    events = AuditEvent.objects.filter(told, scope=partnership.audit_scope, outcome=Outcome.ALLOWED)
    return events.order_by("at", "seq") if oldest_first else events.order_by("-at", "-seq")


def chapters(events: Iterable[AuditEvent], partnership: Partnership, moves: list[Move]) -> list[Chapter]:
    """The events of a page, told by stage and month. A decision that moves the stage opens the new one's chapter."""

    def place(event: AuditEvent) -> tuple[str, str]:
        return _stage_at(event.at, partnership, moves).label, f"{localtime(event.at):%B %Y}"

    return [
        Chapter(stage, month, [_line(event) for event in group]) for (stage, month), group in groupby(events, key=place)
    ]


def _stage_at(moment: datetime, partnership: Partnership, moves: list[Move]) -> Stage:
    before = [move for move in moves if move.at <= moment]
    if before:
        return before[-1].enters
    return moves[0].leaves if moves else Stage(partnership.stage)


def sentence(event: AuditEvent) -> str:
    """What happened, without who did it and why."""
    tell = SENTENCES.get(event.action)
    return (tell(event) if tell else "") or f"{event.summary[:1].upper()}{event.summary[1:]}."


def _line(event: AuditEvent) -> Line:
    return Line(
        sentence(event),
        event.at, event.actor_name, event.reason, _facts(event.before), _facts(event.after),
    )  # fmt: skip


# What of an event's facts is shown, and how it is called. The rest is the audit list's.
SHOWN = {
    "due_on": "date", "ends_on": "end", "starts_on": "start", "joined_on": "joined", "left_on": "last day",
    "stage": "stage", "third_sector_lead": "third sector lead", "design": "design", "partnership": "pilot",
    "evaluation": "evaluation", "contract": "contract",
}  # fmt: skip
IN_MONTHS = ("design", "partnership", "evaluation", "contract")


def _facts(values: dict[str, Any]) -> str:
    found = [f"{SHOWN[key]} {_value(key, value)}" for key, value in values.items() if key in SHOWN and value]
    return ", ".join(found)


def _value(key: str, value: Any) -> str:
    if key == "stage":
        return Stage(value).label.lower()
    if key in IN_MONTHS:
        return f"{value} months"
    return _day(value) or str(value)


def _day(value: Any) -> str:
    try:
        return in_words(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _agreed(event: AuditEvent) -> str:
    what = {"vehicle": "how they deliver together", "vision": "their shared vision and values"}
    changed = [words for key, words in what.items() if event.before.get(key) != event.after.get(key)]
    return f"The partners agreed {' and '.join(changed)}." if changed else ""


def _decided(event: AuditEvent) -> str:
    left, entered = (Stage(facts["stage"]).label for facts in (event.before, event.after))
    if left == entered:
        return f"Decided at the gate: {event.object_name}. The stage stayed {left.lower()}."
    return f"The stage moved from {left.lower()} to {entered.lower()}. Decided at the gate: {event.object_name}."


def _moved(event: AuditEvent) -> str:
    also = len(event.after.get("along", {})) - 1
    others = f", and {also} more with it" if also > 0 else ""
    return f"“{event.object_name}” moved from {_day(event.before['due_on'])} to {_day(event.after['due_on'])}{others}."


def _joined(event: AuditEvent) -> str:
    return f"{event.after['organisation']} joined as {PartnerPart(event.after['part']).label.lower()}."


def _succeeded(event: AuditEvent) -> str:
    before = event.before.get("third_sector_lead")
    return f"{event.after['third_sector_lead']} leads for the third sector{f', after {before}' if before else ''}."


def _extended(event: AuditEvent) -> str:
    was = _day(event.before.get("ends_on"))
    return f"The pilot was extended{f' from {was}' if was else ''} to {_day(event.after.get('ends_on'))}."


SENTENCES: dict[str, Callable[[AuditEvent], str]] = {
    "partnership.start": lambda event: "The partnership was proposed.",
    "partnership.pause": lambda event: "The partnership was paused.",
    "partnership.resume": lambda event: "The partnership was resumed.",
    "partnership.agree": _agreed,
    "decision.take": _decided,
    "meeting_decision.add": lambda event: f"A meeting decided: “{event.object_name.rstrip('.')}”.",
    "milestone.move": _moved,
    "plan.move_start": lambda event: (
        f"The start moved from {_day(event.before['starts_on'])} to {_day(event.after['starts_on'])}."
    ),
    "extension.take": _extended,
    "memorandum.issue": lambda event: f"{event.summary.removeprefix('issued ').capitalize()}.",
    "memorandum.sign": lambda event: f"The memorandum was signed: {event.summary.removeprefix('signed ')}.",
    "partner.add": _joined,
    "partner.leave": lambda event: f"{event.object_name} gave notice and leaves on {_day(event.after['left_on'])}.",
    "partner.succeed": _succeeded,
}
