"""Tenders that begin in the same month, as arithmetic: three of one buyer at once are more than its officers carry.

Source: `peers.md` group 3, no. 32 (capacity clashes: three tenders in one month).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

TOO_MANY = 3
"""Tenders of one buyer that begin in one calendar month."""
NUMBERS = {3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}


@dataclass(frozen=True)
class PlannedTender:
    """When the tender of a partnership begins, and who buys: the public body whose sponsor holds the budget.

    `key` says which partnership it is, for two of one buyer may have the same title.
    """

    partnership: str
    buyer: str
    begins_on: date
    key: int


@dataclass(frozen=True)
class Clash:
    """A month in which too many tenders of one buyer begin; `tenders` by the day, then by title."""

    buyer: str
    month: date
    tenders: tuple[PlannedTender, ...]

    @property
    def partnerships(self) -> tuple[str, ...]:
        """Their titles."""
        return tuple(tender.partnership for tender in self.tenders)

    def holds(self, key: int) -> bool:
        """Whether the tender of this partnership is one of them."""
        return any(tender.key == key for tender in self.tenders)

    @property
    def sentence_inside(self) -> str:
        """The sentence after other words."""
        return self.sentence[0].lower() + self.sentence[1:]

    @property
    def sentence(self) -> str:
        count = len(self.partnerships)
        named = f"{', '.join(self.partnerships[:-1])} and {self.partnerships[-1]}"
        return f"{NUMBERS.get(count, count)} tenders of {self.buyer} begin in {self.month:%B %Y}: {named}."


def clashes(tenders: Iterable[PlannedTender], today: date) -> list[Clash]:
    """The months from this one on in which three or more tenders of one buyer begin, earliest first."""
    this_month = today.replace(day=1)
    groups: dict[tuple[date, str], list[PlannedTender]] = {}
    for tender in tenders:
        month = tender.begins_on.replace(day=1)
        if month >= this_month:
            groups.setdefault((month, tender.buyer), []).append(tender)
    return [
        Clash(buyer, month, tuple(sorted(group, key=lambda t: (t.begins_on, t.partnership, t.key))))
        for (month, buyer), group in sorted(groups.items())
        if len(group) >= TOO_MANY
    ]
