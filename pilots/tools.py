"""Tools that measure how people are, and the ends of their scales. Shipped as data; pure. Source: `domain.md` 3.1."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pilots.measures import shown

SHIPPED = Path(__file__).parent / "data" / "tools.toml"

ABSURD = 10**9  # a figure that is not worth repeating, and may have more digits than can be rounded


@dataclass(frozen=True)
class Scale:
    """Both ends are possible figures, in points."""

    lowest: Decimal
    highest: Decimal

    def fault(self, figure: Decimal | None) -> str:
        """Why a figure cannot have been measured on this scale; empty when it can, or when there is none."""
        if figure is None or self.lowest <= figure <= self.highest:
            return ""
        told = _points(figure) if abs(figure) < ABSURD else "a figure as large as that"
        return f"This scale goes from {self}: {told} cannot be."

    def __str__(self) -> str:
        return f"{_points(self.lowest)} to {_points(self.highest)}"


@dataclass(frozen=True)
class Tool:
    """`since`: from when the tool has this scale. `not_applicable`: how such an answer is kept apart from scores."""

    key: str
    name: str
    since: date
    scale: Scale
    not_applicable: str

    @property
    def change(self) -> Scale:
        """How far a score can move: 14 to 70 can change by 56 points up or down."""
        most = self.scale.highest - self.scale.lowest
        return Scale(-most, most)


@cache
def shipped() -> dict[str, Tool]:
    """The tools that come with the portal, by key, in the order of their file."""
    told = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["tool"]
    return {row["key"]: _tool(**row) for row in told}


def _tool(*, lowest: str, highest: str, **told: str) -> Tool:
    return Tool(**told, scale=Scale(Decimal(lowest), Decimal(highest)))  # type: ignore[arg-type]  # TOML has dates


def scale_of(key: str, *, of_change: bool) -> Scale | None:
    """What a figure measured with this tool may be; None without a tool."""
    tool = shipped().get(key)
    if tool is None:
        return None
    return tool.change if of_change else tool.scale


def _points(figure: Decimal) -> str:
    return shown(figure, "count") if figure == figure.to_integral_value() else f"{figure.normalize():f}"
