"""Deadlines a person should be reminded of: each floor adds a source in `AppConfig.ready()`; the planner reads all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from foundation.workdays.wall_clock import end_of
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partnership

BOTH_LEADS = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)


@dataclass(frozen=True)
class Deadline:
    """Something with a stored due date. `key` names it for ever ("milestone:<public id>"); `path` is where to act.

    `firm`: its owner is told the day after it passed, not a week later (a condition or an exit task).
    `legal`: the law asks for it, so nobody puts its reminders off or has fewer of them.
    `leads`: who may be told when it is late; nobody, where a lead may be on the other side of the table. Such a
    deadline is not put off either: its title and the reason would stand on a page of the whole partnership.
    `others_path` is where a lead looks at it who may not act on it, if that is another page.
    `about`: its name without its owner, where each of several owners has a deadline of one thing.
    `since`: the first day on which it can have stood with this date, as far as its source knows; None: not known. No
    reminder of an earlier day was ever to be sent.
    """

    key: str
    title: str
    due_on: date
    owner: "Person"
    partnership: "Partnership"
    path: str
    firm: bool = False
    legal: bool = False
    leads: tuple[PartnershipRole, ...] = BOTH_LEADS
    about: str = ""
    kind: str = ""
    since: date | None = None
    others_path: str = ""

    @property
    def due_at(self) -> datetime:
        """The instant it is over: midnight on Scottish clocks at the close of its day."""
        return end_of(self.due_on)


def latest_day(*moments: datetime | date | None) -> date | None:
    """The last of these as a day in Scotland; None when none of them is known."""
    days = [timezone.localdate(m) if isinstance(m, datetime) else m for m in moments if m]
    return max(days, default=None)


Source = Callable[[date], Iterable[Deadline]]

_sources: dict[str, Source] = {}
_kinds: dict[str, str] = {}


def add(key: str, source: Source, words: str = "", **more: str) -> None:
    """Add a source: given a last day, it yields the open deadlines due on or before it, in constant queries.

    `words` names the kind on pages (“Risk reviews”). A source of several kinds sets `kind` itself; `more` names them.
    """
    _sources[key] = source
    _kinds.update({key: words or key} | more)


def kinds() -> dict[str, str]:
    """The kinds of deadline that can have a rule of their own, and what pages call them."""
    return dict(_kinds)


def due_by(day: date) -> Iterable[Deadline]:
    for key, source in _sources.items():
        for deadline in source(day):
            yield deadline if deadline.kind else replace(deadline, kind=key)
