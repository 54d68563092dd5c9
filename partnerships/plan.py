"""The recommended timeline as arithmetic: four blocks, by months. Pure functions. Source: `domain.md` 1.3."""

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from django.db import models

from partnerships.lifecycle import Stage


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
    # Only a gate decision makes these.
    CONDITION = "condition", "Condition of a gate decision"
    EXIT = "exit", "Exit task"


MADE_BY_DECISIONS = (MilestoneKind.CONDITION, MilestoneKind.EXIT)


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


def months_between(start: date, end: date) -> int:
    """Whole months from `start` to `end`; 0 when `end` is earlier."""
    return max(0, (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day))


BLOCK_OF_STAGE = {
    Stage.DESIGN: Block.DESIGN,
    Stage.PILOT: Block.PARTNERSHIP,
    Stage.REDESIGN: Block.EVALUATION,
    Stage.TENDER: Block.CONTRACT,
}


@cache
def usual_months(stage: Stage | str) -> str:
    """“24”, “6 to 12”: how long the learning point gives a stage; empty for the others (`domain.md` 1.3)."""
    block = BLOCK_OF_STAGE.get(Stage(stage))
    if block is None:
        return ""
    advice = RECOMMENDED[block]
    return f"{advice.least} to {advice.most}" if advice.most and advice.most > advice.least else f"{advice.least}"


def is_longer_than_usual(stage: Stage | str, since: date, today: date) -> bool:
    """Whether a whole month more than the learning point gives the stage has passed; never for live and closed."""
    block = BLOCK_OF_STAGE.get(Stage(stage))
    if block is None:
        return False
    advice = RECOMMENDED[block]
    return months_between(since, today) > (advice.most or advice.least)


@lru_cache(maxsize=4096)  # a list asks the same of every row on every page
def months_in_stage(stage: Stage | str, since: date, today: date) -> str:
    """“for 31 months; the usual is 24”: drift told from the first day (`domain.md` section 0, fact 4)."""
    months, usual = months_between(since, today), usual_months(stage)
    told = f"for {in_months(months)}" if months else "since this month"
    return f"{told}; the usual is {usual}" if usual else told


def time_in_stage(stage: Stage | str, since: date, today: date) -> str:
    """“in pilot for 31 months; the usual is 24”; “live for 12 months”."""
    where = "in " if Stage(stage) in BLOCK_OF_STAGE else ""
    return f"{where}{Stage(stage).label.lower()} {months_in_stage(stage, since, today)}"


def extended_in_words(times: int, months: int) -> str:
    """“extended twice, 12 months”; empty when it never was."""
    if not times:
        return ""
    return f"extended {({1: 'once', 2: 'twice'}).get(times, f'{times} times')}, {in_months(months)}"


def from_today(day: date, today: date) -> str:
    """“in 17 months”, “in 12 days”, “today”, “passed 3 days ago”: how near a planned day is."""
    if day == today:
        return "today"
    near, far = sorted((day, today))
    months = months_between(near, far)
    told = in_months(months) if months else in_days((far - near).days)
    return f"in {told}" if day > today else f"passed {told} ago"
