"""The plan laid out for a drawing: the same bars and marks for its page and for the gate pack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from foundation.drawing.timeline import Bar, Mark, State
from partnerships.models import Milestone
from partnerships.plan import Block, lay_out

if TYPE_CHECKING:
    from partnerships.models import Partnership


@dataclass(frozen=True)
class LaidOut:
    bars: Sequence[Bar]
    marks: Sequence[Mark]

    def frozen(self) -> dict[str, Any]:
        """Plain values, for a paper that must not change when the plan does."""
        return {
            "bars": [[b.label, b.starts_on.isoformat(), b.ends_on.isoformat(), b.state] for b in self.bars],
            "marks": [[m.label, m.on.isoformat(), m.state] for m in self.marks],
        }


def thawed(frozen: dict[str, Any]) -> LaidOut:
    """What `frozen` kept; packs from before the plan was part of them have neither bars nor marks."""
    day = date.fromisoformat
    return LaidOut(
        [Bar(label, day(first), day(last), state) for label, first, last, state in frozen.get("bars", ())],
        [Mark(label, day(on), state) for label, on, state in frozen.get("marks", ())],
    )


def laid_out(
    partnership: "Partnership", milestones: Iterable[Milestone], months: dict[Block, int], today: date
) -> LaidOut:
    """The plan's parts as bars (none until every part has a length) and its milestones as marks. No query."""
    milestones = list(milestones)
    spans = lay_out(partnership.starts_on, months) if len(months) == len(Block) else []
    return LaidOut(
        [
            Bar(
                f"{s.block.label}, {s.months} months",
                s.starts_on,
                s.ends_on,
                _state_of_block(milestones, s.block, s.starts_on, today),
            )
            for s in spans
        ],
        [Mark(m.title, m.due_on, state_of(m, today)) for m in milestones],
    )


def state_of(milestone: Milestone, today: date) -> State:
    return "done" if milestone.done_on else "late" if milestone.due_on < today else "planned"


def _state_of_block(milestones: Sequence[Milestone], block: str, starts_on: date, today: date) -> State:
    end = next((m for m in milestones if m.block == block and m.ends_block), None)
    if end and end.done_on:
        return "done"
    if end and end.due_on < today:
        return "late"
    return "active" if starts_on <= today else "planned"
