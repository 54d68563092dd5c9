"""What the timetable does for the lessons. It finds its work in the database: running it twice is harmless."""

from celery import shared_task

from foundation.database import clock
from lessons import reminders
from lessons.actions import desk


@shared_task
def tell_of_new_lessons() -> int:
    """Write yesterday's new lessons into the outbox of those who follow their themes."""
    return reminders.plan_new_lessons(clock.now())


@shared_task
def forget_details() -> int:
    """Delete how to reach people whose request for a format nobody settled in time."""
    return desk.forget_details()
