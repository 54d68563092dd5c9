"""The dates the law asks for. Pure functions over dates and the set of Scottish bank holidays.

Source: `domain.md` 4.5 and 4.9 (SSI 2015/446 r2, r28, r48, r51, r85, r86). Days are calendar days; the day of the
action does not count; a period whose last day is not a working day ends on the next one.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.workdays.arithmetic import DAY, add_working_days, end_of_period, working_day_on_or_before
from partnerships.back_plan import Step
from partnerships.plan import add_months
from procurement.lifecycle import Means, Route

# One name each, on every page, in every calendar, reminder and mail.
DEADLINE_FOR_QUESTIONS = "Deadline for questions"
LAST_DAY_FOR_ANSWERS = "Last day for answers"
DEADLINE_FOR_BIDS = "Deadline for bids"

STANDSTILL_DAYS = {Means.ELECTRONIC: 10, Means.POST: 15}
OPEN_PROCEDURE_DAYS = 30  # receipt of tenders when they may be submitted electronically, r28
AWARD_NOTICE_DAYS = 30
DEBRIEF_DAYS = 15
MARKET_NOTICE_DAYS = 35  # a prior information notice goes 35 days to 12 months before the contract notice, r28
PAPERS_WORKING_DAYS = 10  # between papers that are ready and the notice, for gate G4: a planning value, not the law
ANSWER_DAYS_BEFORE = 6  # r48(3); the 4 days of an accelerated procedure need a route that the portal does not have


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


def last_answer_on(deadline_on: date) -> date:
    """The last day on which an answer may be published without extending the deadline."""
    return deadline_on - timedelta(days=ANSWER_DAYS_BEFORE)


def planned_answer_on(last_on: date, holidays: Set[date]) -> date:
    """The day to plan for: the last day for answers, or the working day before it."""
    return working_day_on_or_before(last_on, holidays)


def earliest_deadline(published_on: date, route: Route | str, holidays: Set[date]) -> date | None:
    """The first day of a deadline for bids that may be set. None: only “reasonable and proportionate” (r76(7))."""
    return end_of_period(published_on, OPEN_PROCEDURE_DAYS, holidays) if route == Route.FULL else None


def back_plan(starts_on: date, months: int, holidays: Set[date]) -> list[Step]:
    """The last day for each step of an open procedure with electronic bids, when the service starts on `starts_on`.

    `months` lie between the bids and the start (block T4 of `domain.md` 1.3 begins when bids are in). The second half
    of them is for the hand-over: a planning value; the standstill, the notice and the market notice are the law's.
    """
    signed = working_day_on_or_before(add_months(starts_on, -(months // 2)) - DAY, holidays)
    letters = _last_day_of_letters(signed, holidays)
    deadline = working_day_on_or_before(add_months(starts_on, -months), holidays)
    notice = working_day_on_or_before(deadline - timedelta(days=OPEN_PROCEDURE_DAYS), holidays)
    papers = add_working_days(notice, -PAPERS_WORKING_DAYS, holidays)
    market = working_day_on_or_before(notice - timedelta(days=MARKET_NOTICE_DAYS), holidays)
    still = standstill([Notice(letters, Means.ELECTRONIC)], holidays)
    return [
        Step("market", "Market notice", market, f"at least {MARKET_NOTICE_DAYS} days before the contract notice"),
        Step("papers", "Papers ready, gate G4", papers, f"{PAPERS_WORKING_DAYS} working days to review and sign them"),
        Step("notice", "Contract notice", notice, f"bidders have at least {OPEN_PROCEDURE_DAYS} days"),
        Step("deadline", DEADLINE_FOR_BIDS, deadline, f"{months} months before the service starts, as in the plan"),
        Step("evaluation", "Evaluation done, letters sent", letters, "in time for the standstill"),
        Step("standstill", "Standstill ends", still.ends_on, f"{still.days} days after the letters, at midnight"),
        Step("contract", "Contract signed", signed, "the rest of the time is for the hand-over"),
        Step("service", "Service starts", starts_on, "the last milestone of the plan"),
    ]


def _last_day_of_letters(signed_on: date, holidays: Set[date]) -> date:
    """The last working day on which electronic letters still let the contract be signed on `signed_on`."""
    day = working_day_on_or_before(signed_on - timedelta(days=STANDSTILL_DAYS[Means.ELECTRONIC] + 1), holidays)
    while standstill([Notice(day, Means.ELECTRONIC)], holidays).signable_on > signed_on:
        day = working_day_on_or_before(day - DAY, holidays)
    return day
