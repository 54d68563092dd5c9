"""The tender's timetable, counted back from the planned start of the service: the floor that knows the law signs in.

It is shown from the first day, because tenders are the weak stage (`domain.md` section 0, fact 4).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Step:
    """One thing of the tender: the last day it can happen without moving the start of the service, and why."""

    key: str
    what: str
    on: date
    why: str


Source = Callable[[date, int], list[Step]]

_sources: dict[str, Source] = {}


def add(key: str, source: Source) -> None:
    """Add a source: given the start of the service and the months from the bids to it, its steps by date."""
    _sources[key] = source


def of(starts_on: date, months: int) -> list[Step]:
    """Every step, first things first."""
    return sorted((step for source in _sources.values() for step in source(starts_on, months)), key=lambda s: s.on)
