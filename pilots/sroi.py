"""Social return on investment (SROI): pure functions over decimals. Source: `domain.md` 3.5.

    impact of year 1 = quantity × proxy × (1 − deadweight) × (1 − displacement) × (1 − attribution)
    impact of year y = impact of year 1 × (1 − drop-off)^(y − 1), for as many years as the outcome lasts
    present value    = each year's impact × the discount factor of that year, added up over outcomes and years
    NPV = present value − inputs      ratio = present value ÷ inputs      net ratio = NPV ÷ inputs
    payback in months = inputs ÷ (impact of year 1 ÷ 12)

The shares are multiplied one after the other, never subtracted together. Shares and rates are fractions from 0 to 1,
amounts are pounds. Fifty digits throughout; `half_up` rounds, for the screen only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from django.db import models

NONE, WHOLE = Decimal(0), Decimal(1)
LONGEST = 60  # years an outcome may last
_PRECISE = Context(prec=50)


class Convention(models.TextChoices):
    END_OF_YEAR = "end_of_year", "Each year’s impact is counted at its end, so the first year is discounted too"
    FIRST_YEAR_WHOLE = "first_year_whole", "The first year is not discounted, the second by one year, and so on"


@dataclass(frozen=True)
class Discounting:
    """The rate of a year, and of the years after the 30th and the 75th where a schedule of falling rates is chosen."""

    rate: Decimal
    after_30: Decimal | None = None
    after_75: Decimal | None = None
    convention: str = Convention.END_OF_YEAR

    def rate_of(self, year: int) -> Decimal:
        if year > 75 and self.after_75 is not None:
            return self.after_75
        return self.after_30 if year > 30 and self.after_30 is not None else self.rate

    def factors(self, years: int) -> list[Decimal]:
        """What £1 of each year is worth today. At 3.5%: 0.9662, 0.9335, 0.9019 …; each year builds on the last."""
        with localcontext(_PRECISE):
            found, factor = [], WHOLE
            for year in range(1, years + 1):
                factor /= 1 + self.rate_of(year)
                found.append(factor)
        return [WHOLE, *found][:years] if self.convention == Convention.FIRST_YEAR_WHOLE else found


# The Green Book's social time preference rate; a review was announced in December 2025, so each map keeps its own.
GREEN_BOOK = Discounting(Decimal("0.035"), Decimal("0.03"), Decimal("0.025"))


@dataclass(frozen=True)
class Outcome:
    """What changed for a stakeholder: how often, what one of it is worth in a year, and what is taken off."""

    name: str
    quantity: Decimal
    proxy: Decimal
    deadweight: Decimal = NONE
    displacement: Decimal = NONE
    attribution: Decimal = NONE
    drop_off: Decimal = NONE
    years: int = 1


@dataclass(frozen=True)
class Line:
    """One outcome, step by step; `impacts` and `present_values` have an entry for each year it lasts."""

    outcome: Outcome
    gross: Decimal
    after_deadweight: Decimal
    after_displacement: Decimal
    impacts: tuple[Decimal, ...]
    present_values: tuple[Decimal, ...]
    present_value: Decimal


@dataclass(frozen=True)
class Year:
    """All outcomes in one year."""

    number: int
    impact: Decimal
    factor: Decimal
    present_value: Decimal


@dataclass(frozen=True)
class Calculation:
    """`payback_months` and `break_even` are None where nothing comes back. `break_even` is a share of the value."""

    inputs: Decimal
    lines: tuple[Line, ...]
    years: tuple[Year, ...]
    gross: Decimal
    present_value: Decimal
    npv: Decimal
    ratio: Decimal
    net_ratio: Decimal
    payback_months: Decimal | None
    break_even: Decimal | None


@dataclass(frozen=True)
class Steps:
    """By how much the sensitivity table changes what was assumed: points added, shares taken away."""

    deadweight: Decimal = Decimal("0.10")
    attribution: Decimal = Decimal("0.10")
    proxies: Decimal = Decimal("0.20")
    quantity: Decimal = Decimal("0.10")


@dataclass(frozen=True)
class Change:
    """A line of the sensitivity table: what is assumed otherwise, and what comes out then."""

    told: str
    present_value: Decimal
    ratio: Decimal


@dataclass(frozen=True)
class Sensitivity:
    """The base case, its changes, and the range they span. A ratio is never shown without its range."""

    base: Calculation
    changes: tuple[Change, ...] = field(default=())

    @property
    def lowest(self) -> Decimal:
        return min(self.base.ratio, *(change.ratio for change in self.changes))

    @property
    def highest(self) -> Decimal:
        return max(self.base.ratio, *(change.ratio for change in self.changes))


SHARES = ("deadweight", "displacement", "attribution", "drop_off")


def faults(outcome: Outcome) -> dict[str, str]:
    """What cannot be reckoned with, by field, in the reader's words; empty means go."""
    found = {name: f"{named(name)} is from 0% to 100%." for name in SHARES if not is_share(getattr(outcome, name))}
    if outcome.quantity < 0:
        found["quantity"] = "The quantity cannot be below 0."
    if outcome.proxy < 0:
        found["proxy"] = "What one is worth cannot be below £0."
    if not 1 <= outcome.years <= LONGEST:
        found["years"] = f"An outcome lasts from 1 to {LONGEST} years."
    return found


def named(share: str) -> str:
    return share.replace("_", "-").capitalize()


def is_share(value: Decimal) -> bool:
    return NONE <= value <= WHOLE


def calculate(inputs: Decimal, outcomes: Sequence[Outcome], discounting: Discounting) -> Calculation:
    """The whole calculation; ValueError, with the reason, for what cannot be reckoned with."""
    _check(inputs, outcomes, discounting)
    with localcontext(_PRECISE):
        factors = discounting.factors(max(outcome.years for outcome in outcomes))
        lines = tuple(_line(outcome, factors) for outcome in outcomes)
        years = tuple(_year(number, factor, lines) for number, factor in enumerate(factors, start=1))
        value = _added(year.present_value for year in years)
        in_year_1 = years[0].impact
        return Calculation(
            inputs=inputs,
            lines=lines,
            years=years,
            gross=_added(line.gross for line in lines),
            present_value=value,
            npv=value - inputs,
            ratio=value / inputs,
            net_ratio=(value - inputs) / inputs,
            payback_months=inputs * 12 / in_year_1 if in_year_1 else None,
            break_even=inputs / value if value else None,
        )


def sensitivity(base: Calculation, discounting: Discounting, steps: Steps) -> Sensitivity:
    """What the ratio would be if one thing were assumed otherwise, and without each of the outcomes."""
    outcomes = [line.outcome for line in base.lines]
    varied = {
        f"Deadweight {percent(steps.deadweight)} points higher for each outcome": [
            replace(one, deadweight=min(WHOLE, one.deadweight + steps.deadweight)) for one in outcomes
        ],
        f"Attribution {percent(steps.attribution)} points higher for each outcome": [
            replace(one, attribution=min(WHOLE, one.attribution + steps.attribution)) for one in outcomes
        ],
        f"All proxies {percent(steps.proxies)}% lower": [
            replace(one, proxy=one.proxy * (1 - steps.proxies)) for one in outcomes
        ],
        f"All quantities {percent(steps.quantity)}% lower": [
            replace(one, quantity=one.quantity * (1 - steps.quantity)) for one in outcomes
        ],
    }
    changes = [_change(told, calculate(base.inputs, others, discounting)) for told, others in varied.items()]
    return Sensitivity(base, (*changes, *(_without(line, base) for line in base.lines)))


def percent(share: Decimal) -> str:
    """0.1 is “10”, 0.125 is “12.5”."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")


def half_up(value: Decimal, places: int) -> Decimal:
    """For the screen only: 2.225 becomes 2.23."""
    with localcontext(_PRECISE):
        return value.quantize(WHOLE.scaleb(-places), rounding=ROUND_HALF_UP)


def _check(inputs: Decimal, outcomes: Sequence[Outcome], discounting: Discounting) -> None:
    found = [f"“{one.name}”: {told}" for one in outcomes for told in faults(one).values()]
    if inputs <= 0:
        found.append("The inputs must be more than £0.")
    if not outcomes:
        found.append("There is no outcome to count.")
    rates = (discounting.rate, discounting.after_30, discounting.after_75)
    if not all(is_share(rate) for rate in rates if rate is not None):
        found.append("A discount rate is from 0% to 100%.")
    if found:
        raise ValueError(" ".join(found))


def _line(outcome: Outcome, factors: Sequence[Decimal]) -> Line:
    gross = outcome.quantity * outcome.proxy
    after_deadweight = gross * (1 - outcome.deadweight)
    after_displacement = after_deadweight * (1 - outcome.displacement)
    impacts = [after_displacement * (1 - outcome.attribution)]
    for _ in range(outcome.years - 1):
        impacts.append(impacts[-1] * (1 - outcome.drop_off))
    values = tuple(impact * factor for impact, factor in zip(impacts, factors, strict=False))
    return Line(outcome, gross, after_deadweight, after_displacement, tuple(impacts), values, _added(values))


def _year(number: int, factor: Decimal, lines: Sequence[Line]) -> Year:
    lasting = [line for line in lines if line.outcome.years >= number]
    return Year(
        number,
        _added(line.impacts[number - 1] for line in lasting),
        factor,
        _added(line.present_values[number - 1] for line in lasting),
    )


def _change(told: str, calculation: Calculation) -> Change:
    return Change(told, calculation.present_value, calculation.ratio)


def _without(line: Line, base: Calculation) -> Change:
    """The value of all the others."""
    with localcontext(_PRECISE):
        value = base.present_value - line.present_value if len(base.lines) > 1 else NONE
        return Change(f"Without “{line.outcome.name}”", value, value / base.inputs)


def _added(values: Iterable[Decimal]) -> Decimal:
    """Smallest first, so that the order of the outcomes can never matter, not even in the last digit."""
    return sum(sorted(values), NONE)
