"""The portfolio at a glance: how many partnerships are in each stage with each health, each number a filter."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db.models import Count, QuerySet

from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import Partnership

COLUMNS = (Health.RED, Health.AMBER, Health.GREEN, Health.GREY)
FEWEST = 2  # one partnership needs no overview

Counts = Mapping[tuple[str, str], int]
# The address that shows a stage and a health; empty for all of them.
Address = Callable[[str, str], str]


class Cell(NamedTuple):
    """A number with what it counts in words, and the address that shows those."""

    number: int
    words: str
    address: str


class Row(NamedTuple):
    label: str
    cells: list[Cell]


def count(partnerships: QuerySet[Partnership]) -> Counts:
    """How many there are of each stage and health. One query."""
    pairs = partnerships.order_by().values_list("stage", "health").annotate(number=Count("*"))
    return {(stage, health): number for stage, health, number in pairs}


def of(counts: Counts, stage: str = "", health: str = "") -> int:
    """How many of them are in this stage with this health; empty for any."""
    return sum(number for (s, h), number in counts.items() if stage in ("", s) and health in ("", h))


def by_stage_and_health(counts: Counts, address: Address) -> list[Row]:
    """A row for each stage somebody is in and one for all, a column for each health and one for all."""
    totals = _totals(counts)
    if totals["", ""] < FEWEST:
        return []
    stages = [(label, stage) for stage, label in Stage.choices if totals[stage, ""]]
    return [
        Row(
            label,
            [Cell(totals[stage, health], f"{label}, {words}", address(stage, health)) for words, health in _HEALTHS],
        )
        for label, stage in [*stages, ("All", "")]
    ]


_HEALTHS = [*((health.label.lower(), health.value) for health in COLUMNS), ("any health", "")]


def _totals(counts: Counts) -> Counter[tuple[str, str]]:
    """How many of each stage and health, of each stage, of each health, and of all: ("", "")."""
    totals: Counter[tuple[str, str]] = Counter()
    for (stage, health), number in counts.items():
        for asked in ((stage, health), (stage, ""), ("", health), ("", "")):
            totals[asked] += number
    return totals
