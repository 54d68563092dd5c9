"""A pilot's figures as tidy data: one row for each period, measure and breakdown, and what every word in it means.

Only the newest accepted revision of a period counts, unless more is asked for. A figure that nobody typed has no row.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet

from foundation.sheets.download import Cell
from pilots import breakdown
from pilots.entry import NUMBERS
from pilots.forms.returns import label_of
from pilots.lifecycle import ReturnState
from pilots.measures import ROLLUP_IN_WORDS, Rollup, Unit, rounded
from pilots.models import Indicator, IndicatorValue, MonthlyReturn
from pilots.rollup import Figure, result
from pilots.sources import Source, in_words

CHUNK = 500
PLACES = 6  # of what is worked out by dividing; what was typed has two
STARTED = "new_starts"  # the measure that is broken down

# Every column of the data and what it holds.
COLUMNS = {
    "partnership_id": "The portal’s own number of the partnership. It never changes.",
    "partnership": "The partnership’s title when the file was made.",
    "period_start": "The first day of the period.",
    "period_end": "The last day of the period.",
    "months": "How many months the period has: 1, or 3 for a quarter.",
    "state": "“Accepted”: a second person took the figures as true. Any other state: they may still change.",
    "corrected": "“yes” when the figures are those of a correction after acceptance.",
    "measure": "The code of what was measured. It is explained on the sheet of measures.",
    "measure_name": "The same in words.",
    "unit": "What the value counts.",
    "breakdown": "By what people are told apart; empty for all of them.",
    "category": "Which of them; empty for all.",
    "value": "The figure of the period; empty where it is hidden.",
    "part": "Of a ratio the part, of a mean the mean itself.",
    "whole": "Of a ratio the whole, of a mean the people behind it.",
    "hidden": "Why a value is empty: “<5” is a count of 1 to 4, “Not shown” would give such a count away.",
}
DICTIONARY = (
    "measure", "measure_name", "partnership_id", "unit", "scale", "direction", "roll_up", "source", "baseline",
    "target",
)  # fmt: skip

PEOPLE, POUNDS, POSTS, DAYS, HOURS, CASES = "people", "pounds", "full-time equivalents", "days", "hours", "cases"
ADDED, LATEST = ROLLUP_IN_WORDS[Rollup.SUM], ROLLUP_IN_WORDS[Rollup.LATEST]
WHOLE_NUMBERS, TWO_PLACES = "Whole numbers, 0 or more", "0 or more, at most two decimal places"
# What a flow is adds up; what a stock is holds at the end of the period.
FIELDS: dict[str, tuple[str, str]] = {
    "referrals": (PEOPLE, ADDED), "referrals_accepted": (PEOPLE, ADDED),
    "active_at_start": (PEOPLE, "The first month counts"), "new_starts": (PEOPLE, ADDED),
    "planned_exits": (PEOPLE, ADDED), "unplanned_exits": (PEOPLE, ADDED), "active_at_end": (PEOPLE, LATEST),
    "waiting": (PEOPLE, LATEST), "longest_wait": (DAYS, LATEST), "reviewed": (PEOPLE, ADDED),
    "improved": (PEOPLE, ADDED), "same": (PEOPLE, ADDED), "worse": (PEOPLE, ADDED), "budget": (POUNDS, ADDED),
    "actual": (POUNDS, ADDED), "forecast": ("pounds of the whole financial year", LATEST), "in_kind": (POUNDS, ADDED),
    "posts_funded": (POSTS, LATEST), "in_post": (POSTS, LATEST), "vacancies": (POSTS, LATEST),
    "sickness_days": (DAYS, ADDED), "training_days": (DAYS, ADDED), "lowest_pay": ("pounds an hour", LATEST),
    "volunteers": (PEOPLE, LATEST), "volunteer_hours": (HOURS, ADDED), "safeguarding": (CASES, ADDED),
    "incidents": (CASES, ADDED),
}  # fmt: skip
WHOLE = frozenset({PEOPLE, CASES}) | {"longest_wait"}
SCALES = {
    Unit.COUNT: TWO_PLACES,
    Unit.PERCENT: "0 to 100",
    Unit.DAYS: TWO_PLACES,
    Unit.POINTS: "Points of the scale in use; a change may be below 0",
    Unit.POUNDS: TWO_PLACES,
}


def rows_of(returns: "QuerySet[MonthlyReturn]", *, whole: bool) -> Iterator[Sequence[Cell]]:
    """Cells under `COLUMNS`, by partnership and period. Five queries for every `CHUNK` returns.

    `whole`: for whoever types or checks the counts; everybody else sees no small one (`pilots.breakdown`).
    """
    ordered = returns.order_by("partnership__title", "partnership_id", "period").select_related("partnership")
    for row in ordered.prefetch_related("values__indicator", "breakdown").iterator(chunk_size=CHUNK):
        yield from _rows(row, whole=whole)


def _rows(row: MonthlyReturn, *, whole: bool) -> Iterator[Sequence[Cell]]:
    about: tuple[Cell, ...] = (
        row.partnership.public_id, row.partnership.title, row.period, row.over_on - timedelta(days=1), row.months,
        ReturnState(row.state).label, "yes" if row.corrects_id else "no",
    )  # fmt: skip
    for name in NUMBERS:
        value = getattr(row, name)
        if value is not None:
            yield (*about, name, label_of(name), FIELDS[name][0], "", "", value, None, None, "")
    for dimension, category, told in _who(row, whole=whole):
        value, hidden = (int(told), "") if told.isdigit() else (None, told)
        yield (*about, STARTED, label_of(STARTED), PEOPLE, dimension, category, value, None, None, hidden)
    for one in sorted(row.values.all(), key=lambda one: one.indicator.code):
        if one.amount is not None:
            yield (*about, *_indicator_cells(one, row.months))


def _who(row: MonthlyReturn, *, whole: bool) -> Iterator[tuple[str, str, str]]:
    counts = {(one.dimension, one.category): one.count for one in row.breakdown.all()}
    for dimension, cells in breakdown.rows(counts, row.new_starts or 0, whole=whole):
        yield from ((dimension, category, told) for category, told in cells)


def _indicator_cells(one: IndicatorValue, months: int) -> tuple[Cell, ...]:
    indicator = one.indicator
    value = result(indicator.rollup, indicator.unit, [Figure(one.amount, one.out_of, months)])
    pair = (one.amount, one.out_of) if indicator.in_pairs else (None, None)
    return (
        indicator.code, indicator.title, indicator.get_unit_display(), "", "",
        None if value is None else _short(value), *pair, "",
    )  # fmt: skip


def _short(value: Decimal) -> Decimal:
    return rounded(value, PLACES).normalize() if value != value.to_integral_value() else value.to_integral_value()


def column_rows() -> list[Sequence[Cell]]:
    return list(COLUMNS.items())


def measure_rows(indicators: Iterable[Indicator]) -> Iterator[Sequence[Cell]]:
    """Cells under `DICTIONARY`: what every return asks, then each pilot's indicators, given with their partnership."""
    for name in NUMBERS:
        unit, roll_up = FIELDS[name]
        scale = WHOLE_NUMBERS if {unit, name} & WHOLE else TWO_PLACES
        yield (name, label_of(name), "", unit, scale, "", roll_up, "Typed in the return", None, None)
    for one in indicators:
        yield (
            one.code, one.title, one.partnership.public_id, one.get_unit_display(),
            str(one.scale or SCALES[Unit(one.unit)]),
            one.get_direction_display(), ROLLUP_IN_WORDS[Rollup(one.rollup)],
            f"Worked out from the return: {in_words(Source(one.drawn_from))}" if one.drawn_from
            else "Typed in the return", one.baseline, str(one.changing_target) if one.profile else one.target,
        )  # fmt: skip
