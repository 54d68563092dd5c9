"""Indicators the return fills in itself, so that nobody types a figure twice. Pure. Source: `domain.md` 3.2."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from pilots.entry import Entry
from pilots.measures import Rollup, Unit
from pilots.rollup import Figure


class Source(models.TextChoices):
    """The letter and number in brackets is the indicator's usual code."""

    NEW_STARTS = "new_starts", "People starting (R1)"
    STARTS_OF_REFERRALS = "starts_of_referrals", "Share of referrals that start (R2)"
    ACTIVE_AT_END = "active_at_end", "People active at the end of the month (R4)"
    PLANNED_EXITS = "planned_exits", "Share of exits that were planned (R5)"
    IMPROVED = "improved", "Share of people reviewed who improved (O1)"
    SPEND_OF_BUDGET = "spend_of_budget", "Spend as a share of the budget (M1)"
    COST_PER_START = "cost_per_start", "Cost for each person started (M2)"
    COST_PER_IMPROVED = "cost_per_improved", "Cost for each person improved (M2)"
    POSTS_FILLED = "posts_filled", "Share of funded posts that are filled (S1)"
    VOLUNTEER_HOURS = "volunteer_hours", "Volunteer hours (S2)"
    PARTNERS_ON_TIME = "partners_on_time", "Share of partners whose data was in on time (D1)"


# The reference gives both costs the code M2, but a partnership uses a code once.
_IN_WORDS = {Source.COST_PER_IMPROVED: "Cost for each person improved (M2-I)"}


def in_words(source: Source) -> str:
    """What the source is called in forms and messages: no code twice."""
    return _IN_WORDS.get(source, str(source.label))


@dataclass(frozen=True)
class Drawn:
    """How a source must be measured, and how a month's figure is drawn from the return."""

    unit: Unit
    rollup: Rollup
    figure: Callable[[Entry], Figure]


def _exits(entry: Entry) -> Decimal | None:
    if entry.planned_exits is None or entry.unplanned_exits is None:
        return None
    return Decimal(entry.planned_exits + entry.unplanned_exits)


def _whole(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _filled(entry: Entry) -> Figure:
    """Per cent of the posts, as they stand at the end of the period."""
    if entry.in_post is None or not entry.posts_funded:
        return Figure()
    return Figure((entry.in_post * 100 / entry.posts_funded).quantize(Decimal("0.01")))


def _received(entry: Entry) -> Figure:
    """Partners whose data had arrived, of all. In a return that was late itself, nobody's was on time (scenario 26)."""
    if not entry.received:
        return Figure()
    arrived = sum(entry.received.values()) if entry.on_time else 0
    return Figure(Decimal(arrived), Decimal(len(entry.received)))


DRAWN: dict[Source, Drawn] = {
    Source.NEW_STARTS: Drawn(Unit.COUNT, Rollup.SUM, lambda e: Figure(_whole(e.new_starts))),
    Source.STARTS_OF_REFERRALS: Drawn(
        Unit.PERCENT, Rollup.RATIO, lambda e: Figure(_whole(e.new_starts), _whole(e.referrals))
    ),
    Source.ACTIVE_AT_END: Drawn(Unit.COUNT, Rollup.LATEST, lambda e: Figure(_whole(e.active_at_end))),
    Source.PLANNED_EXITS: Drawn(Unit.PERCENT, Rollup.RATIO, lambda e: Figure(_whole(e.planned_exits), _exits(e))),
    Source.IMPROVED: Drawn(Unit.PERCENT, Rollup.RATIO, lambda e: Figure(_whole(e.improved), _whole(e.reviewed))),
    Source.SPEND_OF_BUDGET: Drawn(Unit.PERCENT, Rollup.RATIO, lambda e: Figure(e.actual, e.budget)),
    Source.COST_PER_START: Drawn(Unit.POUNDS, Rollup.RATIO, lambda e: Figure(e.actual, _whole(e.new_starts))),
    Source.COST_PER_IMPROVED: Drawn(Unit.POUNDS, Rollup.RATIO, lambda e: Figure(e.actual, _whole(e.improved))),
    Source.POSTS_FILLED: Drawn(Unit.PERCENT, Rollup.LATEST, _filled),
    Source.VOLUNTEER_HOURS: Drawn(Unit.COUNT, Rollup.SUM, lambda e: Figure(e.volunteer_hours)),
    Source.PARTNERS_ON_TIME: Drawn(Unit.PERCENT, Rollup.RATIO, _received),
}


def figure_of(source: str, entry: Entry) -> Figure:
    """The month's figure of an indicator that is drawn from the return."""
    return DRAWN[Source(source)].figure(entry)
