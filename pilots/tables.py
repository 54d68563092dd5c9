"""Rows for the pilot's pages, with every word, figure and address prepared."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from foundation.drawing.chart import Series, chart_table, line_chart
from foundation.drawing.twin import Twin
from partnerships.health import Health
from partnerships.models import Partnership
from pilots import rag
from pilots.measures import Rollup, Unit, shown
from pilots.models import Indicator, IndicatorValue, MonthlyReturn
from pilots.rollup import Figure, profile, result
from pilots.standing import IndicatorStanding, Spend, Standing

CHART_MONTHS = 36
_PUNCTUALITY = {Health.GREEN: "On time", Health.AMBER: "Late", Health.RED: "More than 10 working days late"}


@dataclass(frozen=True)
class IndicatorRow:
    name: str
    latest: str
    to_date: str
    target: str
    health: Health


def indicator_rows(standing: Standing) -> list[IndicatorRow]:
    return [
        IndicatorRow(
            str(s.indicator),
            shown(s.latest, s.indicator.unit),
            shown(s.result, s.indicator.unit),
            shown(s.profile, s.indicator.unit),
            s.health,
        )
        for s in standing.indicators
    ]


@dataclass(frozen=True)
class DefinitionRow:
    name: str
    measured: str
    baseline: str
    target: str
    is_headline: bool
    href: str


def definition_rows(indicators: Iterable[Indicator], partnership: Partnership) -> list[DefinitionRow]:
    return [_definition_row(indicator, partnership) for indicator in indicators]


def _definition_row(indicator: Indicator, partnership: Partnership) -> DefinitionRow:
    told = [indicator.get_unit_display(), indicator.get_direction_display(), indicator.get_rollup_display()]
    each_month = " each month" if indicator.rollup == Rollup.SUM else ""
    return DefinitionRow(
        str(indicator),
        ". ".join([*told, "The return fills it in" if indicator.drawn_from else "Typed each month"]) + ".",
        f"{shown(indicator.baseline, indicator.unit)} on {indicator.baseline_on:%-d %B %Y}"
        if indicator.baseline_on
        else "",
        shown(indicator.target, indicator.unit) + each_month if indicator.target is not None else "",
        indicator.is_headline,
        reverse("pilots:indicator_edit", args=[partnership.public_id, indicator.public_id]),
    )


@dataclass(frozen=True)
class ReturnRow:
    """`health` and `punctuality` are empty while the return is not due."""

    month: str
    href: str
    state: str
    due: str
    health: Health | None
    punctuality: str


def return_rows(
    returns: Iterable[MonthlyReturn], partnership: Partnership, *, today: date, holidays: AbstractSet[date]
) -> list[ReturnRow]:
    return [_return_row(row, partnership, today, holidays) for row in returns]


def _return_row(row: MonthlyReturn, partnership: Partnership, today: date, holidays: AbstractSet[date]) -> ReturnRow:
    judged = row.first_submitted_on or today > row.due_on
    health = rag.of_log(row.due_on, row.first_submitted_on, today=today, holidays=holidays) if judged else None
    return ReturnRow(
        row.month,
        reverse("pilots:return", args=[partnership.public_id, row.period]),
        row.get_state_display(),
        f"{row.due_on:%-d %B %Y}",
        health,
        _punctuality(row, health),
    )


def _punctuality(row: MonthlyReturn, health: Health | None) -> str:
    if health is None:
        return ""
    return _PUNCTUALITY[health] if row.first_submitted_on else f"Overdue: {_PUNCTUALITY[health].lower()}"


@dataclass(frozen=True)
class Chart:
    svg: SafeString
    twin: Twin
    caption: str


def chart_of(standing: Standing) -> Chart | None:
    """The headline indicator, month by month, against its target; None before the first accepted month."""
    headline = standing.headline
    if headline is None or not headline.months:
        return None
    series = _series(headline)
    unit = Unit(headline.indicator.unit).label
    caption = f"{headline.indicator}, month by month"
    return Chart(line_chart(series, title=caption, unit=unit, id="headline"), chart_table(series, unit=unit), caption)


def _series(headline: IndicatorStanding) -> list[Series]:
    months = headline.months[-CHART_MONTHS:]
    found = [Series("Each month", months, "solid")]
    if headline.indicator.target is not None:
        found.append(Series("Target", [(month, headline.indicator.target) for month, _ in months], "dashed"))
    return found


@dataclass(frozen=True)
class SpendRow:
    budget: str
    actual: str
    months: str
    health: Health


def spend_row(spend: Spend) -> SpendRow | None:
    if spend.since is None or spend.until is None:
        return None
    return SpendRow(
        shown(spend.budget, Unit.POUNDS),
        shown(spend.actual, Unit.POUNDS),
        f"{spend.since:%B %Y} to {spend.until:%B %Y}",
        spend.health,
    )


Row = tuple[str, str | int | None]


def reach_rows(r: MonthlyReturn) -> list[Row]:
    return [
        ("Active at the start", r.active_at_start),
        ("Referrals in", r.referrals),
        ("Referrals accepted", r.referrals_accepted),
        ("New starts", r.new_starts),
        ("Planned exits", r.planned_exits),
        ("Unplanned exits", r.unplanned_exits),
        ("Active at the end", r.active_at_end),
        ("On the waiting list", r.waiting),
        *([("Explanation", r.reach_explanation)] if r.reach_explanation else []),
    ]


def outcome_rows(r: MonthlyReturn) -> list[Row]:
    return [("Reviewed", r.reviewed), ("Improved", r.improved), ("The same", r.same), ("Worse", r.worse)]


def money_rows(r: MonthlyReturn) -> list[Row]:
    return [
        ("Budget", shown(r.budget, Unit.POUNDS)),
        ("Spent", shown(r.actual, Unit.POUNDS)),
        *([("Reason for the difference", r.variance_reason)] if r.variance_reason else []),
    ]


def word_rows(r: MonthlyReturn) -> list[Row]:
    about = " · ".join(filter(None, [r.get_learned_stage_display(), r.learned_theme]))
    return [
        ("One thing learned", f"{r.learned} ({about})" if r.learned and about else r.learned),
        ("What changed", r.what_changed),
        ("Issues and risks", r.risks),
    ]


def value_rows(values: Sequence[IndicatorValue]) -> list[IndicatorRow]:
    """The month's figure of each indicator, judged against a month's target."""
    return [_value_row(value, value.indicator) for value in values]


def _value_row(value: IndicatorValue, indicator: Indicator) -> IndicatorRow:
    figures = [Figure(value.amount, value.out_of)]
    month = result(indicator.rollup, indicator.unit, figures)
    target: Decimal | None = profile(indicator.rollup, indicator.target, figures)
    health = rag.of_indicator(month, target, higher_is_better=indicator.higher_is_better)
    return IndicatorRow(
        str(indicator), shown(month, indicator.unit), _parts(value), shown(target, indicator.unit), health
    )


def _parts(value: IndicatorValue) -> str:
    """“40 out of 50”, “mean of 12”: a share or a mean is always shown with what it was worked out from."""
    if value.amount is None or value.out_of is None:
        return ""
    if value.indicator.rollup == Rollup.WEIGHTED_MEAN:
        return f"mean of {shown(value.out_of, Unit.COUNT)}"
    return f"{shown(value.amount, Unit.COUNT)} out of {shown(value.out_of, Unit.COUNT)}"
