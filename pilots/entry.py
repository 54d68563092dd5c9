"""What is typed into one return, and what is wrong with it. Pure: plain values, no model. `domain.md` 3.1.

The names of `Entry`'s fields are the names of the model's columns and of the form's fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from partnerships.health import Health
from pilots import rag
from pilots.breakdown import Counts, too_many
from pilots.personal import personal_detail
from pilots.rag import Thresholds
from pilots.reconciliation import outcomes_fault, reach_fault
from pilots.rollup import Figure
from pilots.tools import Scale

Faults = dict[str, list[str]]

REACH = (
    "referrals", "referrals_accepted", "active_at_start", "new_starts", "planned_exits", "unplanned_exits",
    "active_at_end", "waiting",
)  # fmt: skip
OUTCOMES = ("reviewed", "improved", "same", "worse")
MONEY = ("budget", "actual")
MORE_MONEY = ("forecast", "in_kind")
STAFF = (
    "posts_funded", "in_post", "vacancies", "sickness_days", "training_days", "lowest_pay", "volunteers",
    "volunteer_hours",
)  # fmt: skip
SAFETY = ("safeguarding", "incidents")
NUMBERS = (*REACH, "longest_wait", *OUTCOMES, *MONEY, *MORE_MONEY, *STAFF, *SAFETY)
WORDS = (
    "reach_explanation", "variance_reason", "reported", "incident_note", "users_said", "changed_because", "learned",
    "learned_stage", "learned_theme", "what_changed", "risks",
)  # fmt: skip
TYPED = NUMBERS + WORDS


@dataclass(frozen=True)
class Telling:
    """The case story of a return, with what the person it is about has agreed to."""

    text: str = ""
    may_use: bool = False
    anonymised: bool = False
    may_publish: bool = False


@dataclass(frozen=True)
class Entry:
    """One return as it was typed. Any number may still be missing.

    `figures` holds the indicators' by their code, `counts` who the people are, `received` whose data arrived, by the
    partner's public id. `story` is None where it is not this return's to change.
    """

    referrals: int | None = None
    referrals_accepted: int | None = None
    active_at_start: int | None = None
    new_starts: int | None = None
    planned_exits: int | None = None
    unplanned_exits: int | None = None
    active_at_end: int | None = None
    waiting: int | None = None
    longest_wait: int | None = None
    reach_explanation: str = ""
    reviewed: int | None = None
    improved: int | None = None
    same: int | None = None
    worse: int | None = None
    budget: Decimal | None = None
    actual: Decimal | None = None
    forecast: Decimal | None = None
    in_kind: Decimal | None = None
    variance_reason: str = ""
    posts_funded: Decimal | None = None
    in_post: Decimal | None = None
    vacancies: Decimal | None = None
    sickness_days: Decimal | None = None
    training_days: Decimal | None = None
    lowest_pay: Decimal | None = None
    volunteers: int | None = None
    volunteer_hours: Decimal | None = None
    safeguarding: int | None = None
    incidents: int | None = None
    reported: str = ""
    incident_note: str = ""
    users_said: str = ""
    changed_because: str = ""
    learned: str = ""
    learned_stage: str = ""
    learned_theme: str = ""
    what_changed: str = ""
    risks: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    received: Mapping[str, bool] = field(default_factory=dict)
    story: Telling | None = None
    on_time: bool = True

    def numbers(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NUMBERS}


def faults(
    entry: Entry,
    *,
    pairs: set[str],
    spent_before: Decimal,
    budget_before: Decimal,
    by: Thresholds = rag.DEFAULT,
    whole: bool = False,
    scales: Mapping[str, Scale] | None = None,
) -> Faults:
    """Why the return cannot be submitted, by field. Empty means go.

    `pairs` are the codes of the indicators that need two figures; the money of the year's earlier months is given.
    `whole`: the full form asks for more than the short one. `scales` bound the indicators measured in points.
    """
    return {
        **_missing(entry, whole),
        **_does_not_add_up(entry),
        **_unexplained_spend(entry, spent_before, budget_before, by),
        **_half_pairs(entry, pairs),
        **_off_scale(entry, scales or {}),
        **too_many(entry.counts, entry.new_starts),
        **_safety(entry),
        **unfit_words(entry),
    }


def unfit_words(entry: Entry) -> Faults:
    """By field: words that hold what looks like one person's details. These are not even kept in a draft."""
    texts = {name: getattr(entry, name) for name in WORDS}
    if entry.story:
        texts["story"] = entry.story.text
    return {name: [said] for name, text in texts.items() if (said := personal_detail(text))}


def reach_fault_of(entry: Entry) -> str | None:
    """Why the people do not add up, explained or not; None also while a figure is missing."""
    parts = (entry.active_at_start, entry.new_starts, entry.planned_exits, entry.unplanned_exits, entry.active_at_end)
    match parts:
        case (int(start), int(starts), int(planned), int(unplanned), int(end)):
            return reach_fault(
                start=start, new_starts=starts, planned_exits=planned, unplanned_exits=unplanned, end=end
            )
    return None


def _missing(entry: Entry, whole: bool) -> Faults:
    people = dict.fromkeys(REACH + OUTCOMES, "Type a number of people. Type 0 if there was nobody.")
    money = dict.fromkeys(MONEY, "Type an amount in pounds. Type 0 if there was none.")
    safety = dict.fromkeys(SAFETY if whole else (), "Type a number. Type 0 if there was none.")
    return {name: [said] for name, said in (people | money | safety).items() if getattr(entry, name) is None}


def _does_not_add_up(entry: Entry) -> Faults:
    found: Faults = {}
    if (fault := reach_fault_of(entry)) and not entry.reach_explanation.strip():
        found["active_at_end"] = [fault]
    match (entry.reviewed, entry.improved, entry.same, entry.worse):
        case (int(reviewed), int(improved), int(same), int(worse)):
            if fault := outcomes_fault(reviewed=reviewed, improved=improved, same=same, worse=worse):
                found["reviewed"] = [fault]
    if entry.longest_wait and entry.waiting == 0:
        found["longest_wait"] = ["Nobody is on the waiting list, so nobody can have waited this long. Correct one."]
    return found


def _unexplained_spend(entry: Entry, spent_before: Decimal, budget_before: Decimal, by: Thresholds) -> Faults:
    if entry.actual is None or entry.budget is None or entry.variance_reason.strip():
        return {}
    spent, budget = spent_before + entry.actual, budget_before + entry.budget
    if rag.of_spend(spent, budget, by=by) in (Health.GREEN, Health.GREY):
        return {}
    limit = f"{by.spend_green.normalize():f}"
    said = f"Spend is £{spent:,.2f} of £{budget:,.2f} for the year to date, more than {limit}% apart. Say why."
    return {"variance_reason": [said]}


def _safety(entry: Entry) -> Faults:
    if (entry.safeguarding or entry.incidents) and not entry.reported:
        return {"reported": ["Say whether the regulator or the adult or child protection team was told."]}
    return {}


class Part(Enum):
    """The two boxes of an indicator on the form; the value begins the form field's name."""

    AMOUNT = "amount"
    OUT_OF = "out_of"

    def field_of(self, code: str) -> str:
        return f"{self.value}-{code}"


def _off_scale(entry: Entry, scales: Mapping[str, Scale]) -> Faults:
    """Figures that the tool they were measured with cannot give."""
    found = {
        Part.AMOUNT.field_of(code): scale.fault(entry.figures[code].amount)
        for code, scale in scales.items()
        if code in entry.figures
    }
    return {name: [said] for name, said in found.items() if said}


def _half_pairs(entry: Entry, pairs: set[str]) -> Faults:
    found: Faults = {}
    for code in pairs & entry.figures.keys():
        figure = entry.figures[code]
        if (figure.amount is None) != (figure.out_of is None):
            empty = Part.AMOUNT if figure.amount is None else Part.OUT_OF
            found[empty.field_of(code)] = ["Type this figure too, or leave both empty."]
        elif figure.amount and not figure.out_of:
            found[Part.OUT_OF.field_of(code)] = ["This cannot be 0 while the other figure is not."]
    return found
