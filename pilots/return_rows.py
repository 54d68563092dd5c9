"""Rows for the page of one return, with every word and figure prepared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from partnerships.models import Partnership
from pilots import rag
from pilots.breakdown import rows as breakdown_rows
from pilots.carried import CARRIED, as_expected
from pilots.comparison import Change, changes, differs
from pilots.entry import MONEY, MORE_MONEY, NUMBERS, Entry, Faults
from pilots.forms.returns import label_of
from pilots.measures import Unit, shown
from pilots.models import Indicator, IndicatorValue, LivingWage, MonthlyReturn
from pilots.rag import Thresholds
from pilots.rollup import Figure, profile, result
from pilots.sections import FIELDS, ReturnForm, Section, section_of, sections_of
from pilots.tables import IndicatorRow, parts_in_words

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
        *([("Longest wait", f"{r.longest_wait} days")] if r.longest_wait is not None else []),
        *([("Explanation", r.reach_explanation)] if r.reach_explanation else []),
    ]


def outcome_rows(r: MonthlyReturn) -> list[Row]:
    return [("Reviewed", r.reviewed), ("Improved", r.improved), ("The same", r.same), ("Worse", r.worse)]


def money_rows(r: MonthlyReturn, before: tuple[Decimal, Decimal]) -> list[Row]:
    """The period's money beside the financial year's so far; `before` is what was spent and budgeted earlier in it."""
    spent, budget = before
    return [
        ("Budget", shown(r.budget, Unit.POUNDS)),
        ("Spent", shown(r.actual, Unit.POUNDS)),
        *(
            [
                ("Budget, financial year so far", shown(budget + r.budget, Unit.POUNDS)),
                ("Spent, financial year so far", shown(spent + r.actual, Unit.POUNDS)),
            ]
            if r.budget is not None and r.actual is not None
            else []
        ),
        *([("Forecast for the whole year", shown(r.forecast, Unit.POUNDS))] if r.forecast is not None else []),
        *([("In-kind value", shown(r.in_kind, Unit.POUNDS))] if r.in_kind is not None else []),
        *([("Reason for the difference", r.variance_reason)] if r.variance_reason else []),
    ]


def word_rows(r: MonthlyReturn) -> list[Row]:
    about = " · ".join(filter(None, [r.get_learned_stage_display(), r.learned_theme]))
    return [
        ("What people said", r.users_said),
        ("What changed because of it", r.changed_because),
        ("One thing learned", f"{r.learned} ({about})" if r.learned and about else r.learned),
        ("What else changed", r.what_changed),
        ("Issues and risks", r.risks),
    ]


def change_rows(now: Entry, before: Entry) -> list[str]:
    """What differs from the period before by a lot, in words."""
    return [_change(change) for change in changes(NUMBERS, now.numbers(), before.numbers())]


def moved_rows(now: Entry, before: Entry) -> list[str]:
    """What is carried over from period to period and has changed, in words."""
    return [_change(change) for change in changes(CARRIED, now.numbers(), as_expected(before), differs)]


def _change(change: Change) -> str:
    unit = Unit.POUNDS if change.name in (*MONEY, *MORE_MONEY, "lowest_pay") else Unit.COUNT
    return f"{label_of(change.name)}: {shown(change.now, unit)}, was {shown(change.before, unit)}"


WhoRows = list[tuple[str, list[tuple[str, str]]]]


def who_rows(r: MonthlyReturn, *, whole: bool) -> WhoRows:
    counts = r.breakdown.values_list("dimension", "category", "count")
    by_category = {(dimension, category): count for dimension, category, count in counts}
    return breakdown_rows(by_category, r.new_starts or 0, whole=whole)


def staff_rows(r: MonthlyReturn, living_wage: LivingWage | None) -> list[Row]:
    """What was given, with the lowest pay set against the real Living Wage of the period."""
    names = ("posts_funded", "in_post", "vacancies", "sickness_days", "training_days", "volunteers", "volunteer_hours")
    given: list[Row] = [
        (label_of(name), shown(Decimal(value), Unit.COUNT)) for name in names if (value := getattr(r, name)) is not None
    ]
    if r.lowest_pay is not None:
        given.append(
            ("Lowest hourly pay", f"{shown(r.lowest_pay, Unit.POUNDS)}. {_against(r.lowest_pay, living_wage)}")
        )
    return given


def _against(pay: Decimal, living_wage: LivingWage | None) -> str:
    if living_wage is None:
        return "The portal’s table has no real Living Wage of that time: a commissioner or an administrator enters it."
    word = "At or above" if pay >= living_wage.hourly else "Below"
    rate = f"£{living_wage.hourly} an hour, from {living_wage.since:%-d %B %Y}"
    return f"{word} the real Living Wage ({rate})."


def safety_rows(r: MonthlyReturn) -> list[Row]:
    rows: list[Row] = [
        ("Safeguarding concerns", r.safeguarding),
        ("Incidents and accidents", r.incidents),
        ("Reported", r.get_reported_display() or "Not applicable"),
        ("What was learned from them", r.incident_note),
    ]
    return rows if r.safeguarding is not None or r.incidents is not None or r.incident_note else []


def partner_rows(r: MonthlyReturn) -> list[Row]:
    receipts = r.receipts.select_related("partner__organisation").order_by("partner__organisation__name")
    return [(str(receipt.partner), "Yes" if receipt.received else "No") for receipt in receipts]


@dataclass(frozen=True)
class MarkRow:
    """A remark on a field: `of` is the field with its section, `href` where it is filled in."""

    label: str
    of: str
    remark: str
    href: str


def mark_rows(r: MonthlyReturn, form: str) -> list[MarkRow]:
    return [_mark_row(r, name, remark, form) for name, remark in r.marks.items()]


def _mark_row(r: MonthlyReturn, name: str, remark: str, form: str) -> MarkRow:
    label, section, where = label_of(name), section_of(name), [r.partnership.public_id, r.period]
    if form == ReturnForm.FULL and section in sections_of(form):
        page = reverse("pilots:return_fill_in_section", args=[*where, section])
    else:
        page = reverse("pilots:return_fill_in", args=where)
    return MarkRow(label, f"{section.label}: {label}", remark, f"{page}#id_{name}")


@dataclass(frozen=True)
class SectionRow:
    """A section of the full form in the list of them: what it still lacks, and how many of its fields are marked.

    `missing` counts every answer that a submission still needs, also where the section is not begun.
    """

    label: str
    href: str
    state: str
    lacks: list[str]
    marks: int
    missing: int


AGAIN = "To look at again"


def section_rows(row: MonthlyReturn, entry: Entry, faults: Faults, sections: Sequence[Section]) -> list[SectionRow]:
    rows = []
    for section in sections:
        mine = {name: texts for name, texts in faults.items() if section_of(name) == section}
        marks = sum(1 for name in row.marks if section_of(name) == section)
        rows.append(
            SectionRow(
                str(section.label),
                reverse("pilots:return_fill_in_section", args=[row.partnership.public_id, row.period, section]),
                AGAIN if marks else _state(section, entry, bool(mine)),
                list(_lacks(entry, mine)) if _is_begun(section, entry) else [],
                marks,
                len(mine),
            )
        )
    return rows


def _lacks(entry: Entry, faults: Faults) -> Iterator[str]:
    """First the names of what is not typed, in one line; then each thing that does not add up."""
    missing = [name for name in faults if name in NUMBERS and getattr(entry, name) is None]
    if missing:
        yield "Still to be typed: " + "; ".join(label_of(name) for name in missing)
    for name, texts in faults.items():
        if name not in missing:
            yield from (f"{label_of(name)}: {text}" for text in texts)


def _state(section: Section, entry: Entry, lacks: bool) -> str:
    if not _is_begun(section, entry):
        return "To be filled in" if lacks else "Nothing typed, and nothing has to be"
    return "Not complete" if lacks else "Filled in"


def _is_begun(section: Section, entry: Entry) -> bool:
    apart = {
        Section.WHO: bool(entry.counts),
        Section.STORY: entry.story is not None,
        Section.PARTNERS: bool(entry.received),
    }
    typed = (getattr(entry, name) for name in FIELDS[section]) if section not in apart else ()
    return apart.get(section, False) or any(value not in (None, "") for value in typed)


@dataclass(frozen=True)
class VersionRow:
    name: str
    state: str
    href: str
    told: str


def version_rows(revisions: Iterable[MonthlyReturn], partnership: Partnership) -> list[VersionRow]:
    """Every version of a return, oldest first; none while there is only one."""
    rows = [
        VersionRow(
            f"Correction {row.revision - 1}" if row.corrects_id else "As first accepted",
            row.get_state_display(),
            reverse("pilots:return_version", args=[partnership.public_id, row.period, row.revision]),
            row.correction_reason,
        )
        for row in revisions
    ]
    return rows if len(rows) > 1 else []


def value_rows(values: Sequence[IndicatorValue], months: int = 1, by: Thresholds = rag.DEFAULT) -> list[IndicatorRow]:
    """The period's figure of each indicator, judged against the period's target."""
    return [_value_row(value, value.indicator, months, by) for value in values]


def _value_row(value: IndicatorValue, indicator: Indicator, months: int, by: Thresholds) -> IndicatorRow:
    figures = [Figure(value.amount, value.out_of, months)]
    month = result(indicator.rollup, indicator.unit, figures)
    target: Decimal | None = profile(
        indicator.rollup, indicator.target, figures, indicator.targets_of({value.monthly_return.period: figures[0]})
    )
    health = rag.of_indicator(month, target, higher_is_better=indicator.higher_is_better, by=by)
    parts = None if value.amount is None or value.out_of is None else (value.amount, value.out_of)
    return IndicatorRow(
        str(indicator),
        shown(month, indicator.unit),
        parts_in_words(indicator, parts),
        shown(target, indicator.unit),
        health,
    )
