"""The round figures of a vertical axis, and how figures are written. Decimal throughout: 0.1 + 0.2 is 0.3 here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

_MOST_TICKS = 5
_ROUND = tuple(map(Decimal, ("1", "2", "2.5", "5")))


@dataclass(frozen=True)
class Axis:
    ticks: tuple[Decimal, ...]

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def share(self, value: Decimal) -> float:
        """How far up the axis: 0 at the foot, 1 at the top."""
        return float((value - self.low) / (self.high - self.low))


def axis_for(values: Sequence[Decimal]) -> Axis:
    """From 0, or from below it where a value is: at most five ticks, whole ones where every value is whole."""
    low, high = min(Decimal(0), *values), max(Decimal(0), *values)
    if low == high:
        return Axis((Decimal(0), Decimal(1)))
    whole = all(value == value.to_integral_value() for value in values)
    return Axis(
        next(ticks for step in _steps((high - low) / 4, whole) if len(ticks := _ticks(low, high, step)) <= _MOST_TICKS)
    )


def _steps(least: Decimal, whole: bool) -> Iterator[Decimal]:
    """Round steps no smaller than `least`: 1, 2, 2.5, 5, 10, … (3 instead of 2.5 where halves mean nothing)."""
    exponent = max(least.adjusted(), 0) if whole else least.adjusted()
    while True:
        for step in (mantissa.scaleb(exponent) for mantissa in _ROUND):
            found = Decimal(3) if whole and exponent == 0 and step == Decimal("2.5") else step
            if found >= least:
                yield found
        exponent += 1


def _ticks(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return tuple(step * (first + number) for number in range(int(last - first) + 1))


def figure(value: Decimal, unit: str, *, rounded: bool = True) -> str:
    """“1,234.5”, “65.9%”, “£1,234.50”: rounded half up to one place, money to two, unless it is a tick of an axis."""
    money = unit == "Pounds"
    if rounded:
        value = value.quantize(Decimal("0.01") if money else Decimal("0.1"), rounding=ROUND_HALF_UP)
    places = max(0, -int(value.normalize().as_tuple().exponent))
    digits = f"{abs(value):,.{2 if money and places == 1 else places}f}"
    sign = "−" if value < 0 else ""
    return f"{sign}{'£' if money else ''}{digits}{'%' if unit == 'Per cent' else ''}"
