"""What a move does to the milestones that wait for it. Pure functions over dates; the keys may be anything.

A milestone that waits for another is never due before it (finish to start). What is complete is not among the dates:
it cannot move, and holds nothing up any more.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

Waits = Mapping[K, Collection[K]]
"""Each milestone that waits, with those it waits for."""


@dataclass(frozen=True)
class Knock(Generic[K]):
    """A milestone that would come too early: by how many days, and the date that would put it right."""

    key: K
    days_early: int
    to: date


def knock_on(dates: Mapping[K, date], waits: Waits[K], moved: K, to: date) -> list[Knock[K]]:
    """What else has to move when `moved` goes to `to`: each by as many days as it, more only if it was early before.

    Nothing that does not wait for it, directly or through others, is touched; a move to an earlier day touches nothing.
    """
    shift = to - dates[moved]
    if shift.days <= 0:
        return []
    after = {**dates, moved: to}
    found = []
    for key in _followers(waits, moved):
        needed = max((after[other] for other in waits[key] if other in after), default=None)
        if key not in dates or needed is None or dates[key] >= needed:
            continue
        after[key] = max(dates[key] + shift, needed)
        found.append(Knock(key, (needed - dates[key]).days, after[key]))
    return found


def days_early(dates: Mapping[K, date], waits: Waits[K]) -> dict[K, int]:
    """The milestones that are due before something they wait for, and by how many days."""
    gaps = {
        key: max(((dates[other] - due).days for other in waits.get(key, ()) if other in dates), default=0)
        for key, due in dates.items()
    }
    return {key: days for key, days in gaps.items() if days > 0}


def would_circle(waits: Waits[K], later: K, earlier: K) -> bool:
    """Whether `earlier` waits for `later` already, directly or through others: then `later` cannot wait for it."""
    return later == earlier or earlier in _followers(waits, later)


def fingerprint(offers: Iterable[tuple[str, date, date]]) -> str:
    """A short word for what a preview showed (who, from, to), so that a preview of another plan is noticed."""
    told = "|".join(sorted(f"{key}:{was.isoformat()}:{to.isoformat()}" for key, was, to in offers))
    return sha256(told.encode()).hexdigest()[:20]


def _followers(waits: Waits[K], first: K) -> list[K]:
    """Everything that waits for `first`, directly or through others; each after all it waits for."""
    behind: dict[K, list[K]] = {}
    for later, others in waits.items():
        for other in others:
            behind.setdefault(other, []).append(later)
    seen: dict[K, None] = {}

    stack: list[tuple[K, bool]] = [(first, False)]
    while stack:
        key, done = stack.pop()
        if done:
            seen[key] = None
        elif key not in seen:
            stack.append((key, True))
            stack.extend((later, False) for later in behind.get(key, []) if later not in seen)
    return [key for key in reversed(seen) if key != first]
