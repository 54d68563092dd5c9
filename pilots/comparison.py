"""What differs from the period before by a lot: said in words to whoever accepts a return. Pure.

By a lot: by at least half of what it was, and by at least five. Small figures jump about without meaning anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

SHARE, LEAST = Decimal("0.5"), 5


@dataclass(frozen=True)
class Change:
    name: str
    before: Decimal
    now: Decimal


def differs_a_lot(now: Decimal, before: Decimal) -> bool:
    """40 after 20 does; 25 after 20 does not; 3 after 1 does not."""
    apart = abs(now - before)
    return apart >= LEAST and apart >= SHARE * before


def differs(now: Decimal, before: Decimal) -> bool:
    """At all: of a figure that is expected to stand still."""
    return now != before


def changes(
    names: Iterable[str],
    now: dict[str, Decimal | int | None],
    before: dict[str, Decimal | int | None],
    counts: Callable[[Decimal, Decimal], bool] = differs_a_lot,
) -> list[Change]:
    """The figures whose difference `counts`, in the order of `names`; a figure missing on either side is no change."""
    found = []
    for name in names:
        new, old = now.get(name), before.get(name)
        if new is not None and old is not None and counts(Decimal(new), Decimal(old)):
            found.append(Change(name, Decimal(old), Decimal(new)))
    return found
