"""What the worker does for people: their weekly mail."""

from celery import shared_task

from accounts.actions.week import write_weeks as _write_weeks
from foundation.database import clock


@shared_task
def write_weeks() -> int:
    """On the timetable. A run that is missed is made up for by the next one of the same morning."""
    return _write_weeks(clock.now())
