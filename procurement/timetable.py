"""The dates the law asks for. Pure functions over dates and the set of Scottish bank holidays.

Source: `domain.md` 4.5 and 4.9 (SSI 2015/446 r2, r28, r48, r51, r85, r86). Days are calendar days; the day of the
action does not count; a period whose last day is not a working day ends on the next one.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.workdays.arithmetic import DAY, end_of_period, working_day_on_or_before
from procurement.lifecycle import Means, Route

STANDSTILL_DAYS = {Means.ELECTRONIC: 10, Means.POST: 15}
OPEN_PROCEDURE_DAYS = 30  # receipt of tenders when they may be submitted electronically, r28
AWARD_NOTICE_DAYS = 30
DEBRIEF_DAYS = 15
ANSWER_DAYS_BEFORE = 6
ANSWER_DAYS_BEFORE_ACCELERATED = 4


@dataclass(frozen=True)
class Notice:
    """One letter to one bidder: the day it went and how."""

    sent_on: date
    means: Means


@dataclass(frozen=True)
class Standstill:
    """From the day of the last notice; ends at midnight at the close of `ends_on`; `signable_on` is the next day."""

    starts_on: date
    days: int
    ends_on: date

    @property
    def signable_on(self) -> date:
        return self.ends_on + DAY


def standstill(notices: Iterable[Notice], holidays: Set[date]) -> Standstill:
    """10 days when every notice went electronically, 15 for all when any went by post; the last notice counts."""
    sent = list(notices)
    if not sent:
        raise ValueError("standstill starts with a notice")
    last = max(notice.sent_on for notice in sent)
    days = max(STANDSTILL_DAYS[Means(notice.means)] for notice in sent)
    return Standstill(last, days, end_of_period(last, days, holidays))


def award_notice_due(awarded_on: date, holidays: Set[date]) -> date:
    return end_of_period(awarded_on, AWARD_NOTICE_DAYS, holidays)


def debrief_due(asked_on: date, holidays: Set[date]) -> date:
    return end_of_period(asked_on, DEBRIEF_DAYS, holidays)


def last_answer_on(deadline_on: date, *, accelerated: bool = False) -> date:
    """The last day on which an answer may be published without extending the deadline."""
    return deadline_on - timedelta(days=ANSWER_DAYS_BEFORE_ACCELERATED if accelerated else ANSWER_DAYS_BEFORE)


def planned_answer_on(deadline_on: date, holidays: Set[date], *, accelerated: bool = False) -> date:
    """The day to plan for: the last answer day, or the working day before it."""
    return working_day_on_or_before(last_answer_on(deadline_on, accelerated=accelerated), holidays)


def earliest_deadline(published_on: date, route: Route | str, holidays: Set[date]) -> date | None:
    """The first day bids may be due. None: no fixed minimum, only “reasonable and proportionate” (r76(7))."""
    return end_of_period(published_on, OPEN_PROCEDURE_DAYS, holidays) if route == Route.FULL else None
