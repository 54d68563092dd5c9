"""Reminders of deadlines: which one is due is arithmetic, and planning is a function of the database and the clock.

Nothing is remembered between two runs. What was planned before is known by its key, so a run that is repeated, late by
days, or made by four processes at once writes each mail once. When several rules have come due since the last run only
the latest is sent: after three days without a timetable nobody gets three mails about one deadline.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from foundation.delivery.outbox import known_keys
from foundation.workdays.arithmetic import add_working_days
from foundation.workdays.models import holidays
from partnerships import deadlines
from partnerships.deadlines import Deadline
from partnerships.lifecycle import Stage
from partnerships.models import Member, Milestone
from partnerships.notifications import mail_reminder, reminder_key
from partnerships.plan import MADE_BY_DECISIONS

WORKING_DAYS_BEFORE = (28, 14, 7, 1)
ON_THE_DAY = "0"
PASSED = "late-0"
WEEK = timedelta(weeks=1)
MORNING = time(7)
"""Nobody is mailed in the middle of the night; Scottish time."""
TOGETHER = 200
"""Mails written in one transaction."""


@dataclass(frozen=True)
class Reminder:
    """One mail that is due: the deadline and the rule that makes it due."""

    deadline: Deadline
    rule: str

    @property
    def key(self) -> str:
        return reminder_key(self.deadline, self.rule)


def latest_rule(today: date, due_on: date, holidays: Set[date]) -> str | None:
    """The last rule that has come due by `today`; None while the deadline is more than 28 working days off.

    "28", "14", "7" and "1" are working days before, "0" is the day itself, "late-1", "late-2" … the weeks after it.
    """
    if today >= due_on + WEEK:
        return f"late-{(today - due_on) // WEEK}"
    if today >= due_on:
        return ON_THE_DAY
    past = [days for days in WORKING_DAYS_BEFORE if today >= add_working_days(due_on, -days, holidays)]
    return str(past[-1]) if past else None


def plan(now: datetime) -> int:
    """Put every reminder that is due at `now` into the outbox; how many were not there yet."""
    today = timezone.localdate(now)
    morning = datetime.combine(today, MORNING, tzinfo=timezone.get_current_timezone())
    reminders = due_reminders(today, holidays())
    planned = 0
    while some := list(islice(reminders, TOGETHER)):
        known = known_keys(reminder.key for reminder in some)
        # Every planner writes in the same order, so that two of them wait for each other and never in a circle.
        new = sorted((r for r in some if r.key not in known), key=lambda r: r.key)
        with transaction.atomic():
            for reminder in new:
                mail_reminder(reminder.deadline, reminder.rule, not_before=morning)
        planned += len(new)
    return planned


def due_reminders(today: date, holidays: Set[date]) -> Iterator[Reminder]:
    """The latest reminder of every open deadline whose owner can still act on it."""
    rules: dict[date, str | None] = {}
    for deadline in deadlines.due_by(add_working_days(today, max(WORKING_DAYS_BEFORE), holidays)):
        if not deadline.owner.is_active or _is_over(deadline):
            continue
        if deadline.due_on not in rules:
            rules[deadline.due_on] = latest_rule(today, deadline.due_on, holidays)
        rule = rules[deadline.due_on]
        if deadline.firm and rule == ON_THE_DAY and today > deadline.due_on:
            rule = PASSED
        if rule:
            yield Reminder(deadline, rule)


def _is_over(deadline: Deadline) -> bool:
    """Nobody is reminded once the work is over, except of what is firm: the exit tasks of a stopped partnership."""
    stage = deadline.partnership.stage
    return stage == Stage.CLOSED or (stage == Stage.STOPPED and not deadline.firm)


def milestones_due(last: date) -> Iterable[Deadline]:
    """Open milestones due on or before `last`, whose owner is still in the partnership. One query."""
    members = Member.objects.current().filter(partnership=OuterRef("partnership"), person=OuterRef("owner"))
    rows = (
        Milestone.objects.asked_for().filter(Exists(members), due_on__lte=last).select_related("owner", "partnership")
    )
    for row in rows.iterator(chunk_size=500):
        assert row.owner
        path = reverse("partnerships:milestone", args=[row.partnership.public_id, row.public_id])
        firm = row.kind in MADE_BY_DECISIONS
        yield Deadline(f"milestone:{row.public_id}", row.title, row.due_on, row.owner, row.partnership, path, firm)
