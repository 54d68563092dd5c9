"""The recommended timeline as arithmetic: four blocks, by months. Pure functions. Source: `domain.md` 1.3."""

import calendar
from dataclasses import dataclass
from datetime import date

from django.db import models


class Block(models.TextChoices):
    DESIGN = "design", "Service design and development"
    PARTNERSHIP = "partnership", "Pilot: build the partnership and support skills"
    EVALUATION = "evaluation", "Evaluation and redesign of the contract"
    CONTRACT = "contract", "Contract process, from tender to start of service"


class MilestoneKind(models.TextChoices):
    """What sort of thing happens on the day, so that a long plan can be read by the payments or the decisions alone."""

    DELIVERABLE = "deliverable", "Deliverable"
    DECISION = "decision", "Decision"
    AGREEMENT = "agreement", "Agreement"
    PAYMENT = "payment", "Payment"
    REVIEW = "review", "Review"
    OTHER = "other", "Other"
    # Only a gate decision makes one.
    CONDITION = "condition", "Condition of a gate decision"


@dataclass(frozen=True)
class Recommendation:
    """Months, as the learning point gives them; `most` is None where it names no upper end."""

    least: int
    most: int | None
    default: int


RECOMMENDED: dict[Block, Recommendation] = {
    Block.DESIGN: Recommendation(6, 12, 6),
    Block.PARTNERSHIP: Recommendation(24, None, 24),
    Block.EVALUATION: Recommendation(6, 6, 6),
    Block.CONTRACT: Recommendation(6, 6, 6),
}


@dataclass(frozen=True)
class Span:
    """A block on the calendar: first day, and the first day of what follows."""

    block: Block
    starts_on: date
    ends_on: date
    months: int


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where that day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def lay_out(start: date, months: dict[Block, int]) -> list[Span]:
    """The four blocks one after another from `start`. 1 April 2026 with the defaults ends on 1 October 2029."""
    spans, total = [], 0
    for block in Block:
        first = add_months(start, total)
        total += months[block]
        spans.append(Span(block, first, add_months(start, total), months[block]))
    return spans


def warnings(months: dict[Block, int]) -> list[str]:
    """Sentences about blocks shorter than recommended. They warn; they never refuse (`domain.md` 1.3)."""
    return [
        f"{block.label} is {months[block]} months; the recommended minimum is {RECOMMENDED[block].least} months."
        for block in Block
        if months[block] < RECOMMENDED[block].least
    ]


def slip_in_words(moves: int, baseline_on: date, due_on: date) -> str:
    """“moved 3 times, 41 days later than first planned”; empty for a milestone that never moved."""
    if not moves:
        return ""
    days = (due_on - baseline_on).days
    told = f"{in_days(abs(days))} {'later' if days > 0 else 'earlier'} than first planned" if days else BACK
    return f"moved {moves} time{'' if moves == 1 else 's'}, {told}"


BACK = "back to its first date"


def in_days(days: int) -> str:
    """“1 day”, “41 days”."""
    return f"{days:,} day{'' if days == 1 else 's'}"


def in_months(months: int) -> str:
    """“1 month”, “31 months”; what is below nothing is earlier: “2 months earlier”."""
    return f"{abs(months)} month{'' if abs(months) == 1 else 's'}{' earlier' if months < 0 else ''}"
