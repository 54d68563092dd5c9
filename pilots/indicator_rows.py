"""Rows for the page of one indicator, with every word, figure and address prepared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from foundation.drawing.chart import Series, chart_table, line_chart
from partnerships.health import Health
from partnerships.models import Partnership
from pilots.figures import Month, SoFar
from pilots.measures import ROLLUP_IN_WORDS, Rollup, Unit, shown
from pilots.models import Indicator, Story
from pilots.sources import Source, in_words
from pilots.tables import CHART_MONTHS, Chart, parts_in_words, target_in_words

REASONS = 6  # the newest; every month's return is one link away in the table

# What a return says about its month, in the order of a reader's interest.
NOTES = {
    "what_changed": "What changed",
    "risks": "Issues and risks",
    "variance_reason": "Reason for the difference in spend",
    "reach_explanation": "Why the people do not add up",
}


@dataclass(frozen=True)
class MonthRow:
    month: str
    href: str
    figure: str
    parts: str
    target: str
    health: Health
    corrected: bool


def month_rows(so_far: SoFar, indicator: Indicator, partnership: Partnership) -> list[MonthRow]:
    """Newest first."""
    return [
        MonthRow(
            month.monthly_return.month,
            reverse("pilots:return", args=[partnership.public_id, month.period]),
            shown(month.result, indicator.unit),
            parts_in_words(indicator, _pair(month)),
            shown(month.target, indicator.unit),
            month.health,
            month.monthly_return.revision > 1,
        )
        for month in reversed(so_far.months)
    ]


def _pair(month: Month) -> tuple[Decimal, Decimal] | None:
    figure = month.figure
    return None if figure.amount is None or figure.out_of is None else (figure.amount, figure.out_of)


@dataclass(frozen=True)
class ReasonRow:
    """Why a month is at risk or off track, as its return tells it; `story` with the person's consent only."""

    month: str
    href: str
    health: Health
    figure: str
    notes: list[tuple[str, str]]
    story: str


def reason_rows(
    months: Sequence[Month], stories: Mapping[date, Story], indicator: Indicator, partnership: Partnership
) -> list[ReasonRow]:
    return [
        ReasonRow(
            month.monthly_return.month,
            reverse("pilots:return", args=[partnership.public_id, month.period]),
            month.health,
            f"{shown(month.result, indicator.unit)}, target {shown(month.target, indicator.unit)}",
            list(_notes(month)),
            stories[month.period].text if month.period in stories else "",
        )
        for month in months
    ]


def _notes(month: Month) -> Iterable[tuple[str, str]]:
    for name, label in NOTES.items():
        if told := getattr(month.monthly_return, name):
            yield label, told


def definition_of(indicator: Indicator) -> list[tuple[str, str]]:
    """How it is measured, for a summary list."""
    tool = indicator.measured_with
    return [
        ("How months become one figure", ROLLUP_IN_WORDS[Rollup(indicator.rollup)]),
        ("Which way is good", indicator.get_direction_display()),
        ("Where the figure comes from", _where_from(indicator)),
        *([("Measured with", _with_what(indicator))] if tool else []),
        *([("Answers that do not apply", tool.not_applicable)] if tool else []),
        (
            "Baseline",
            f"{shown(indicator.baseline, indicator.unit)} on {indicator.baseline_on:%-d %B %Y}"
            if indicator.baseline_on
            else "None yet",
        ),
        ("Target", target_in_words(indicator) or "No target"),
    ]


def _where_from(indicator: Indicator) -> str:
    if not indicator.drawn_from:
        return "Somebody types it each month"
    return f"The return fills it in: {in_words(Source(indicator.drawn_from))}"


def _with_what(indicator: Indicator) -> str:
    tool = indicator.measured_with
    assert tool
    kind = "how much the scores changed" if indicator.of_change else "scores"
    return f"{tool.name}: {kind}" + (f", {indicator.scale}" if indicator.scale else "")


def chart_of_months(so_far: SoFar, indicator: Indicator) -> Chart | None:
    """The last three years' months against their targets and the baseline; None before the first accepted month."""
    months = so_far.months[-CHART_MONTHS:]
    if not months:
        return None
    series = [Series("Each month", [(month.period, month.result) for month in months], "solid")]
    if indicator.has_target:
        series.append(Series("Target", [(month.period, month.target) for month in months], "dashed"))
    if indicator.baseline is not None:
        series.append(Series("Baseline", [(month.period, indicator.baseline) for month in months], "dashed"))
    unit = str(Unit(indicator.unit).label)
    caption = f"{indicator}, month by month"
    return Chart(line_chart(series, title=caption, unit=unit, id="indicator"), chart_table(series, unit=unit), caption)
