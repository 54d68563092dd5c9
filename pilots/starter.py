"""The starter set of indicators, shipped as data (`domain.md` 3.2): a partnership takes what fits and adds its own."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent / "data" / "starter_set.toml"


@dataclass(frozen=True)
class Starter:
    """One indicator of the set; all but `group`, the heading it is offered under, become the indicator's own."""

    code: str
    title: str
    group: str
    unit: str
    rollup: str
    direction: str = "up"
    drawn_from: str = ""
    tool: str = ""
    of_change: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@cache
def shipped() -> tuple[Starter, ...]:
    """The whole set, in the order of its file."""
    told = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["indicator"]
    return tuple(Starter(**row) for row in told)


def unused(codes: Collection[str], sources: Collection[str]) -> list[Starter]:
    """What a partnership can still take: neither its code nor its source is in use there."""
    return [one for one in shipped() if one.code not in codes and (not one.drawn_from or one.drawn_from not in sources)]
