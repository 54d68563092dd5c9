"""What is typed into one monthly return, and what is wrong with it. Pure: plain values, no model. `domain.md` 3.1.

The names of `Entry`'s fields are the names of the model's columns and of the form's fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from partnerships.health import Health
from pilots import rag
from pilots.reconciliation import outcomes_fault, reach_fault
from pilots.rollup import Figure

Faults = dict[str, list[str]]

REACH = (
    "referrals", "referrals_accepted", "active_at_start", "new_starts", "planned_exits", "unplanned_exits",
    "active_at_end", "waiting",
)  # fmt: skip
OUTCOMES = ("reviewed", "improved", "same", "worse")
MONEY = ("budget", "actual")
WORDS = ("reach_explanation", "variance_reason", "learned", "learned_stage", "learned_theme", "what_changed", "risks")
TYPED = REACH + OUTCOMES + MONEY + WORDS


@dataclass(frozen=True)
class Entry:
    """One month as it was typed. Any number may still be missing; `figures` holds the indicators' by their code."""

    referrals: int | None = None
    referrals_accepted: int | None = None
    active_at_start: int | None = None
    new_starts: int | None = None
    planned_exits: int | None = None
    unplanned_exits: int | None = None
    active_at_end: int | None = None
    waiting: int | None = None
    reach_explanation: str = ""
    reviewed: int | None = None
    improved: int | None = None
    same: int | None = None
    worse: int | None = None
    budget: Decimal | None = None
    actual: Decimal | None = None
    variance_reason: str = ""
    learned: str = ""
    learned_stage: str = ""
    learned_theme: str = ""
    what_changed: str = ""
    risks: str = ""
    figures: Mapping[str, Figure] = field(default_factory=dict)


def faults(entry: Entry, *, pairs: set[str], spent_before: Decimal, budget_before: Decimal) -> Faults:
    """Why the return cannot be submitted, by field. Empty means go.

    `pairs` are the codes of the indicators that need two figures; the money of the year's earlier months is given.
    """
    return {
        **_missing(entry),
        **_does_not_add_up(entry),
        **_unexplained_spend(entry, spent_before, budget_before),
        **_half_pairs(entry, pairs),
    }


def reach_fault_of(entry: Entry) -> str | None:
    """Why the people do not add up, explained or not; None also while a figure is missing."""
    parts = (entry.active_at_start, entry.new_starts, entry.planned_exits, entry.unplanned_exits, entry.active_at_end)
    match parts:
        case (int(start), int(starts), int(planned), int(unplanned), int(end)):
            return reach_fault(
                start=start, new_starts=starts, planned_exits=planned, unplanned_exits=unplanned, end=end
            )
    return None


def _missing(entry: Entry) -> Faults:
    people = dict.fromkeys(REACH + OUTCOMES, "Type a number of people. Type 0 if there was nobody.")
    money = dict.fromkeys(MONEY, "Type an amount in pounds. Type 0 if there was none.")
    return {name: [said] for name, said in (people | money).items() if getattr(entry, name) is None}


def _does_not_add_up(entry: Entry) -> Faults:
    found: Faults = {}
    if (fault := reach_fault_of(entry)) and not entry.reach_explanation.strip():
        found["active_at_end"] = [fault]
    match (entry.reviewed, entry.improved, entry.same, entry.worse):
        case (int(reviewed), int(improved), int(same), int(worse)):
            if fault := outcomes_fault(reviewed=reviewed, improved=improved, same=same, worse=worse):
                found["reviewed"] = [fault]
    return found


def _unexplained_spend(entry: Entry, spent_before: Decimal, budget_before: Decimal) -> Faults:
    if entry.actual is None or entry.budget is None or entry.variance_reason.strip():
        return {}
    spent, budget = spent_before + entry.actual, budget_before + entry.budget
    if rag.of_spend(spent, budget) in (Health.GREEN, Health.GREY):
        return {}
    said = f"Spend is £{spent:,.2f} of £{budget:,.2f} for the year to date, more than 5% apart. Say why."
    return {"variance_reason": [said]}


class Part(Enum):
    """The two boxes of an indicator on the form; the value begins the form field's name."""

    AMOUNT = "amount"
    OUT_OF = "out_of"

    def field_of(self, code: str) -> str:
        return f"{self.value}-{code}"


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
