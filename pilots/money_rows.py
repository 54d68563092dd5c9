"""The rows of the pilot's money, with every word and figure prepared: the same for a page and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from foundation.drawing.chart import Series, chart_table, line_chart
from foundation.drawing.twin import Twin
from partnerships.health import Health
from partnerships.plan import add_months
from pilots.measures import Unit, shown
from pilots.money import Line, Sum, Year
from pilots.periods import name_of
from pilots.spending import Spending, spend_series, unit_cost_series

LONGEST = 36  # periods of a chart


@dataclass(frozen=True)
class MoneyRow:
    """A period, or a year: its money, the year to date at its end, and how that stands."""

    name: str
    budget: str
    actual: str
    variance: str
    in_kind: str
    forecast: str
    to_date: str
    health: Health
    reason: str = ""
    corrected: bool = False


@dataclass(frozen=True)
class YearTable:
    name: str
    rows: list[MoneyRow]
    sum: MoneyRow


@dataclass(frozen=True)
class Picture:
    caption: str
    svg: SafeString
    twin: Twin


def pounds(amount: Decimal | None) -> str:
    return shown(amount, Unit.POUNDS) or "–"


def over_or_under(variance: Decimal | None, budget: Decimal | None) -> str:
    """“£400 over (4%)”; “as planned”; empty when nobody can tell."""
    if variance is None:
        return "–"
    if not variance:
        return "as planned"
    share = f" ({shown(abs(variance) * 100 / budget, Unit.PERCENT)})" if budget else ""
    return f"{pounds(abs(variance))} {'over' if variance > 0 else 'under'}{share}"


def year_name(since: date) -> str:
    """“April 2026 to March 2027”."""
    return f"April {since.year} to March {since.year + 1}"


def year_tables(spending: Spending) -> list[YearTable]:
    """Every financial year, the newest first, its periods in order."""
    return [_year_table(year, spending) for year in reversed(spending.years)]


def _year_table(year: Year, spending: Spending) -> YearTable:
    rows = [_row(line, spending) for line in year.lines]
    return YearTable(year_name(year.since), rows, _sum_row("All together", year.sum, year.forecast, spending))


def _row(line: Line, spending: Spending) -> MoneyRow:
    told, to_date = line.told, line.to_date
    return MoneyRow(
        name_of(told.period, told.months), pounds(told.budget), pounds(told.actual),
        over_or_under(told.variance, told.budget), pounds(told.in_kind), pounds(told.forecast),
        f"{pounds(to_date.actual)} of {pounds(to_date.budget)}", spending.health(to_date), told.reason,
        told.period in spending.corrected,
    )  # fmt: skip


def _sum_row(name: str, of: Sum, forecast: Decimal | None, spending: Spending) -> MoneyRow:
    return MoneyRow(
        name, pounds(of.budget), pounds(of.actual), over_or_under(of.variance, of.budget), pounds(of.in_kind),
        pounds(forecast), f"{pounds(of.actual)} of {pounds(of.budget)}", spending.health(of),
    )  # fmt: skip


def sum_rows(of: Sum) -> list[tuple[str, str]]:
    """All periods together, cash beside help in kind."""
    return [
        ("Budget", pounds(of.budget)),
        ("Spent, in cash", pounds(of.actual)),
        ("Difference", over_or_under(of.variance, of.budget)),
        ("Help in kind", pounds(of.in_kind)),
        ("Cash and in kind", pounds(of.in_all)),
    ]


def unit_cost_rows(spending: Spending) -> list[tuple[str, str]]:
    """What was spent for each person: sums divided by sums, rounded only here."""
    return [
        ("Cost for each person started", pounds(spending.sum.per_start)),
        ("Cost for each person improved", pounds(spending.sum.per_improved)),
        *((f"Cost for each person improved in “{one.name}”", pounds(one.cost)) for one in spending.outcomes),
    ]


def latest_year(spending: Spending) -> Year | None:
    return spending.years[-1] if spending.years else None


def until_of(year: Year) -> date:
    """The last month the year's figures tell of."""
    last = year.lines[-1].told
    return add_months(last.period, last.months - 1)


def pictures(spending: Spending) -> list[Picture]:
    """Spend against the budget, and what a person costs; none of a figure nobody has."""
    told = spending.told[-LONGEST:]
    drawn = [
        picture("Budget and spend, period by period", spend_series(told), id="spend"),
        picture("Cost for each person, up to each period", unit_cost_series(spending.told)[:2], id="unit-costs"),
    ]
    return [one for one in drawn if one.svg]


def picture(caption: str, series: Sequence[Series], *, id: str, unit: str = Unit.POUNDS) -> Picture:
    label = str(Unit(unit).label)
    return Picture(caption, line_chart(series, title=caption, unit=label, id=id), chart_table(series, unit=label))
