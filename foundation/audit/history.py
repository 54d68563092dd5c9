"""The history of one scope, a page at a time, ready for `components/history.html`. One query a page."""

from dataclasses import dataclass
from datetime import datetime

from foundation.audit.models import AuditEvent, Outcome

PAGE = 25


@dataclass(frozen=True)
class Line:
    """One event as a sentence: “Morag Sinclair” “moved “Evaluation report” from 3 May to 20 June 2027”."""

    at: datetime
    who: str
    sentence: str
    reason: str
    refused: bool


@dataclass(frozen=True)
class HistoryPage:
    """Newest first. `older` is what `?before=` takes for the next page; None on the last one."""

    lines: list[Line]
    older: int | None
    is_first: bool


def history(scope: str, *, before: str | None = None, size: int = PAGE) -> HistoryPage:
    """A page of the scope's events. `before` may come straight from the address: nonsense means the first page."""
    last = int(before) if before and before.isascii() and before.isdigit() and len(before) < 10 else None
    events = AuditEvent.objects.of(scope)
    if last is not None:
        events = events.filter(seq__lt=last)
    found = list(events.only("seq", "at", "actor_name", "summary", "reason", "outcome")[: size + 1])
    older = found[size - 1].seq if len(found) > size else None
    return HistoryPage([_line(event) for event in found[:size]], older, is_first=last is None)


def _line(event: AuditEvent) -> Line:
    return Line(event.at, event.actor_name, event.summary, event.reason, event.outcome == Outcome.REFUSED)
