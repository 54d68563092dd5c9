"""Rows for the pilot's pages, with every word, figure and address prepared."""

from collections.abc import Iterable
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
from pilots.actions.stories import blockers_to_consent, blockers_to_publish
from pilots.lifecycle import ReturnState
from pilots.measures import ROLLUP_IN_WORDS, Rollup, Unit, shown
from pilots.models import Indicator, MonthlyReturn, Story
from pilots.rag import Thresholds
from pilots.sources import Source
from pilots.standing import IndicatorStanding, Overall, Spend, Standing, months_of

CHART_MONTHS = 36


@dataclass(frozen=True)
class IndicatorRow:
    """`rule` says how the figure so far was worked out, with the parts of a ratio or a mean."""

    name: str
    latest: str
    to_date: str
    target: str
    health: Health
    rule: str = ""
    href: str = ""


def indicator_rows(standing: Standing, partnership: Partnership) -> list[IndicatorRow]:
    return [
        IndicatorRow(
            str(s.indicator),
            shown(s.latest, s.indicator.unit),
            shown(s.result, s.indicator.unit),
            shown(s.profile, s.indicator.unit),
            s.health,
            rule_in_words(s.indicator, s.parts) if s.result is not None else "",
            indicator_address(s.indicator, partnership),
        )
        for s in standing.indicators
    ]


def indicator_address(indicator: Indicator, partnership: Partnership) -> str:
    return reverse("pilots:indicator", args=[partnership.public_id, indicator.public_id])


_RULES = {Rollup.SUM: "the months added up", Rollup.LATEST: "the latest month"}


def rule_in_words(indicator: Indicator, parts: tuple[Decimal, Decimal] | None) -> str:
    """How the figure so far was worked out: “79 of 120, all months together”, “the months added up”."""
    if told := parts_in_words(indicator, parts):
        return f"{told}, all months together"
    return _RULES.get(Rollup(indicator.rollup), "")


def parts_in_words(indicator: Indicator, parts: tuple[Decimal, Decimal] | None) -> str:
    """What a ratio or a mean was worked out from: “79 of 120”, “£10,400 for 12”, “mean of 47 people”."""
    if parts is None:
        return ""
    amount, out_of = parts
    if indicator.rollup == Rollup.WEIGHTED_MEAN:
        return f"mean of {shown(out_of, Unit.COUNT)} people"
    word = "for" if indicator.unit == Unit.POUNDS else "of"
    both = Unit.POUNDS if indicator.drawn_from == Source.SPEND_OF_BUDGET else Unit.COUNT
    return f"{shown(amount, Unit.POUNDS if word == 'for' else both)} {word} {shown(out_of, both)}"


def target_in_words(indicator: Indicator) -> str:
    """“10 each month”; “from 5 in April 2026 to 12 in October 2026, rising evenly”; empty without one."""
    each_month = " each month" if indicator.rollup == Rollup.SUM else ""
    profile = indicator.changing_target
    if profile is None:
        return shown(indicator.target, indicator.unit) + each_month if indicator.target is not None else ""
    (since, begin), (until, end) = profile.rows[0], profile.rows[-1]
    if since == until:
        return f"{shown(begin, indicator.unit)}{each_month} from {since:%B %Y}"
    way = "rising evenly" if profile.rises else f"in {len(profile.rows)} steps"
    return (
        f"from {shown(begin, indicator.unit)} in {since:%B %Y} to {shown(end, indicator.unit)} in {until:%B %Y}, "
        f"{way}{each_month and ', each month'}"
    )


@dataclass(frozen=True)
class DefinitionRow:
    name: str
    measured: str
    baseline: str
    target: str
    is_headline: bool
    page: str
    href: str


def definition_rows(indicators: Iterable[Indicator], partnership: Partnership) -> list[DefinitionRow]:
    return [_definition_row(indicator, partnership) for indicator in indicators]


def _definition_row(indicator: Indicator, partnership: Partnership) -> DefinitionRow:
    told = [indicator.get_unit_display(), indicator.get_direction_display(), ROLLUP_IN_WORDS[Rollup(indicator.rollup)]]
    if tool := indicator.measured_with:
        told.append(tool.name)
    return DefinitionRow(
        str(indicator),
        ". ".join([*told, "The return fills it in" if indicator.drawn_from else "Typed each month"]) + ".",
        f"{shown(indicator.baseline, indicator.unit)} on {indicator.baseline_on:%-d %B %Y}"
        if indicator.baseline_on
        else "",
        target_in_words(indicator),
        indicator.is_headline,
        indicator_address(indicator, partnership),
        reverse("pilots:indicator_edit", args=[partnership.public_id, indicator.public_id]),
    )


@dataclass(frozen=True)
class ReturnRow:
    """`health` is None while the return is not due, and of a correction that was never sent: `punctuality` says so."""

    month: str
    href: str
    state: str
    due: str
    health: Health | None
    punctuality: str
    correction: str


def return_rows(
    returns: Iterable[MonthlyReturn],
    partnership: Partnership,
    *,
    today: date,
    holidays: AbstractSet[date],
    by: Thresholds = rag.DEFAULT,
) -> list[ReturnRow]:
    rows = list(returns)
    newest = {row.period: row.revision for row in sorted(rows, key=lambda row: row.revision)}
    return [_return_row(row, _address(row, partnership, newest[row.period]), today, holidays, by) for row in rows]


def _address(row: MonthlyReturn, partnership: Partnership, newest: int) -> str:
    """Of the return's own page, which shows its newest revision, or of an older one."""
    if row.revision == newest:
        return reverse("pilots:return", args=[partnership.public_id, row.period])
    return reverse("pilots:return_version", args=[partnership.public_id, row.period, row.revision])


def _return_row(
    row: MonthlyReturn, address: str, today: date, holidays: AbstractSet[date], by: Thresholds
) -> ReturnRow:
    judged = row.first_submitted_on or (today > row.due_on and not row.corrects_id)
    health = rag.of_log(row.due_on, row.first_submitted_on, today=today, holidays=holidays, by=by) if judged else None
    return ReturnRow(
        row.month,
        address,
        row.get_state_display(),
        "–" if health is None and not row.waits_until else f"{row.due_on:%-d %B %Y}",
        health,
        _punctuality(row, health, by),
        _correction(row),
    )


def _correction(row: MonthlyReturn) -> str:
    if not row.corrects_id:
        return ""
    return "Corrected" if row.state == ReturnState.ACCEPTED else "Correction"


def _punctuality(row: MonthlyReturn, health: Health | None, by: Thresholds) -> str:
    words = {Health.GREEN: "On time", Health.AMBER: "Late"}
    if health is None:
        return "Not due yet" if row.waits_until else "No due date"
    told = words.get(health, f"More than {by.late_amber} working days late")
    return told if row.first_submitted_on else f"Overdue: {told.lower()}"


@dataclass(frozen=True)
class Chart:
    svg: SafeString
    twin: Twin
    caption: str


def chart_of(standing: Standing) -> Chart | None:
    """The headline indicator, month by month, against its target; None before the first accepted month. One query."""
    headline = standing.headline
    months = months_of(headline.indicator, CHART_MONTHS) if headline else []
    if headline is None or not months:
        return None
    series = _series(headline, months)
    unit = Unit(headline.indicator.unit).label
    caption = f"{headline.indicator}, month by month"
    return Chart(line_chart(series, title=caption, unit=unit, id="headline"), chart_table(series, unit=unit), caption)


def _series(headline: IndicatorStanding, months: list[tuple[date, Decimal | None]]) -> list[Series]:
    found = [Series("Each month", months, "solid")]
    if headline.indicator.has_target:
        targets = [(month, headline.indicator.target_over(month)) for month, _ in months]
        found.append(Series("Target", targets, "dashed"))
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


def overall_rows(overall: Overall) -> list[tuple[str, Health]]:
    return list(overall.parts.items())


@dataclass(frozen=True)
class StoryRow:
    """A story as the partners may read it; of a withdrawn one no more than that it was told and withdrawn."""

    month: str
    withdrawn_on: date | None
    published_on: date | None
    text: str
    missing: list[str]
    can_publish: bool
    can_consent: bool
    consent_href: str
    publish_href: str
    withdraw_href: str


def story_rows(stories: Iterable[Story], partnership: Partnership, *, whole: bool) -> list[StoryRow]:
    """`whole`: for the two sides of a return, who also see a story that may not be used yet."""
    return [_story_row(story, partnership) for story in stories if whole or story.is_usable]


def _story_row(story: Story, partnership: Partnership) -> StoryRow:
    consent, publish, withdraw = (
        reverse(f"pilots:story_{act}", args=[partnership.public_id, story.public_id])
        for act in ("consent", "publish", "withdraw")
    )
    return StoryRow(
        story.monthly_return.month,
        story.withdrawn_on,
        story.published_on,
        "" if story.withdrawn_on else story.text,
        story.missing_consents,
        not blockers_to_publish(story),
        not blockers_to_consent(story),
        consent,
        publish,
        withdraw,
    )
