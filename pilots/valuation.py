"""An SROI map worked out, and laid out: every figure as a reader sees it, the same for page, print and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from foundation.drawing.bars import Group, Row, bars, bars_table
from foundation.drawing.twin import Twin
from pilots.models import SroiMap, SroiOutcome
from pilots.sroi import (
    Calculation,
    Discounting,
    Line,
    Outcome,
    Sensitivity,
    Steps,
    Year,
    calculate,
    half_up,
    percent,
    sensitivity,
)

MOST_YEARS = 5  # columns of the map; what comes later is added up in one more
MOST_BARS = 12
HUNDRED = Decimal(100)


def outcomes_of(sroi_map: SroiMap) -> list[SroiOutcome]:
    """In the order of the stakeholders. No query when the map came `with_contents`."""
    found = []
    for stakeholder in sroi_map.stakeholders.all():
        for outcome in stakeholder.outcomes.all():
            outcome.stakeholder = stakeholder
            found.append(outcome)
    return found


def reckoned(row: SroiOutcome) -> Outcome:
    """The outcome as the arithmetic takes it: percentages as shares."""
    return Outcome(
        name=row.title,
        quantity=row.quantity,
        proxy=row.proxy,
        deadweight=row.deadweight / HUNDRED,
        displacement=row.displacement / HUNDRED,
        attribution=row.attribution / HUNDRED,
        drop_off=row.drop_off / HUNDRED,
        years=row.years,
    )


def discounting_of(sroi_map: SroiMap) -> Discounting:
    later = (sroi_map.rate_after_30, sroi_map.rate_after_75)
    after_30, after_75 = (None if rate is None else rate / HUNDRED for rate in later)
    return Discounting(sroi_map.rate / HUNDRED, after_30, after_75, sroi_map.convention)


def valuation_of(sroi_map: SroiMap) -> Sensitivity | None:
    """The ratio with its range; None while the map has no outcome or no inputs to divide by."""
    inputs = sum((row.amount for row in sroi_map.inputs.all()), Decimal(0))
    outcomes = [reckoned(row) for row in outcomes_of(sroi_map)]
    if inputs <= 0 or not outcomes:
        return None
    steps = (sroi_map.step_deadweight, sroi_map.step_attribution, sroi_map.step_proxies, sroi_map.step_quantity)
    discounting = discounting_of(sroi_map)
    base = calculate(inputs, outcomes, discounting)
    return sensitivity(base, discounting, Steps(*(step / HUNDRED for step in steps)))


def money(value: Decimal) -> str:
    """To the penny: £1,200.00, −£3.50."""
    rounded = half_up(value, 2)
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,.2f}"


def to_one(ratio: Decimal) -> str:
    """2.227 is “2.23 : 1”."""
    return f"{half_up(ratio, 2):,} : 1".replace("-", "−")


def number(value: Decimal) -> str:
    """40, 12.5: without noughts that say nothing."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Headline:
    """A ratio with the range it must be shown with."""

    ratio: str
    lowest: str
    highest: str


def headline_of(valued: Sensitivity | None) -> Headline | None:
    if valued is None:
        return None
    return Headline(to_one(valued.base.ratio), to_one(valued.lowest), to_one(valued.highest))


@dataclass(frozen=True)
class OutcomeRow:
    """A row of the map, and under `steps` and `years` its arithmetic."""

    row: SroiOutcome
    quantity: str
    proxy: str
    deadweight: str
    displacement: str
    attribution: str
    drop_off: str
    gross: str
    impacts: list[str]
    steps: list[tuple[str, str]]
    years: list[tuple[str, ...]]
    present_value: str


@dataclass(frozen=True)
class Sheet:
    """Everything a map's page, its print and its PDF show."""

    headline: Headline
    results: list[tuple[str, str, str]]
    discounting: str
    year_heads: list[str]
    outcomes: list[OutcomeRow]
    totals: list[str]
    gross: str
    years: list[tuple[str, ...]]
    changes: list[tuple[str, str, str]]
    inputs: str
    present_value: str
    drawing: SafeString
    twin: Twin


def sheet_of(sroi_map: SroiMap) -> Sheet | None:
    """None while there is no ratio: no outcome yet, or no inputs."""
    valued = valuation_of(sroi_map)
    headline = headline_of(valued)
    if valued is None or headline is None:
        return None
    base = valued.base
    long = len(base.years)
    drawing, twin = _drawing(base)
    return Sheet(
        headline=headline,
        results=_results(base),
        discounting=discounting_told(sroi_map),
        year_heads=[f"Year {n}" for n in range(1, min(long, MOST_YEARS) + 1)]
        + (["Later years"] if long > MOST_YEARS else []),
        outcomes=[_outcome_row(row, line, base) for row, line in zip(outcomes_of(sroi_map), base.lines, strict=True)],
        totals=_by_year([year.impact for year in base.years], long),
        gross=money(base.gross),
        years=[_year_row(year) for year in base.years],
        changes=[(one.told, money(one.present_value), to_one(one.ratio)) for one in valued.changes],
        inputs=money(base.inputs),
        present_value=money(base.present_value),
        drawing=drawing,
        twin=twin,
    )


def discounting_told(sroi_map: SroiMap) -> str:
    """“3.5% a year. Each year’s impact is counted at its end, …”: stated beside every result."""
    rate = f"{number(sroi_map.rate)}% a year"
    if sroi_map.rate_after_30 is not None and sroi_map.rate_after_75 is not None:
        rate += f", {number(sroi_map.rate_after_30)}% after year 30, {number(sroi_map.rate_after_75)}% after year 75"
    return f"{rate}. {sroi_map.get_convention_display()}."


def _results(base: Calculation) -> list[tuple[str, str, str]]:
    """Each figure with how it comes about."""
    value, inputs, npv = money(base.present_value), money(base.inputs), money(base.npv)
    impact = base.years[0].impact
    return [
        ("Present value", value, "every year’s impact, discounted, added up"),
        ("Inputs", inputs, "what everybody put in"),
        ("Net present value", npv, f"{value} − {inputs}"),
        ("Ratio", to_one(base.ratio), f"{value} ÷ {inputs}"),
        ("Net ratio", to_one(base.net_ratio), f"{npv} ÷ {inputs}"),
        ("Payback", _payback(base), f"{inputs} ÷ ({money(impact)} of year 1 ÷ 12)"),
        ("Break-even", _break_even(base), f"{inputs} ÷ {value}"),
    ]


def _payback(base: Calculation) -> str:
    if base.payback_months is None:
        return "Never: year 1 has no impact"
    return f"{half_up(base.payback_months, 2):,} months"


def _break_even(base: Calculation) -> str:
    if base.break_even is None:
        return "Never: there is no value"
    return f"when the present value is {half_up(base.break_even * 100, 1):,}% of what it is here"


def _outcome_row(row: SroiOutcome, line: Line, base: Calculation) -> OutcomeRow:
    return OutcomeRow(
        row=row,
        quantity=number(row.quantity),
        proxy=money(row.proxy),
        deadweight=f"{number(row.deadweight)}%",
        displacement=f"{number(row.displacement)}%",
        attribution=f"{number(row.attribution)}%",
        drop_off=f"{number(row.drop_off)}%",
        gross=money(line.gross),
        impacts=_by_year(line.impacts, len(base.years)),
        steps=_steps(row, line),
        years=[
            (f"Year {year.number}", money(impact), f"{half_up(year.factor, 4)}", money(value))
            for year, impact, value in zip(base.years, line.impacts, line.present_values, strict=False)
        ],
        present_value=money(line.present_value),
    )


def _steps(row: SroiOutcome, line: Line) -> list[tuple[str, str]]:
    """From the gross value to the impact of year 1, one multiplication a line."""
    one = line.outcome
    return [
        ("Quantity × proxy", f"{number(row.quantity)} × {money(row.proxy)} = {money(line.gross)}"),
        ("Less deadweight", _taken_off(line.gross, one.deadweight, line.after_deadweight)),
        ("Less displacement", _taken_off(line.after_deadweight, one.displacement, line.after_displacement)),
        ("Less attribution", _taken_off(line.after_displacement, one.attribution, line.impacts[0])),
    ]


def _taken_off(before: Decimal, share: Decimal, after: Decimal) -> str:
    return f"{money(before)} × (1 − {percent(share)}%) = {money(after)}"


def _by_year(amounts: Sequence[Decimal], long: int) -> list[str]:
    """A cell for each of the first years and one for what comes later; a dash where the outcome has ended."""
    told = [money(amounts[at]) if at < len(amounts) else "–" for at in range(min(long, MOST_YEARS))]
    if long > MOST_YEARS:
        later = amounts[MOST_YEARS:]
        told.append(money(sum(later, Decimal(0))) if later else "–")
    return told


def _year_row(year: Year) -> tuple[str, ...]:
    return (f"Year {year.number}", money(year.impact), f"{half_up(year.factor, 4)}", money(year.present_value))


def _drawing(base: Calculation) -> tuple[SafeString, Twin]:
    """The present value of each outcome, largest first; of many, the largest and the rest together."""
    lines = sorted(base.lines, key=lambda line: -line.present_value)
    rows = [Row(line.outcome.name, [line.present_value]) for line in lines[:MOST_BARS]]
    if rest := lines[MOST_BARS:]:
        together = sum((line.present_value for line in rest), Decimal(0))
        rows.append(Row(f"The {len(rest)} other outcomes together", [together]))
    groups = [Group("Outcomes", ["Present value"], rows)]
    title = "Present value of each outcome"
    return bars(groups, unit="Pounds", title=title, id="sroi-value"), bars_table(groups, unit="Pounds")
