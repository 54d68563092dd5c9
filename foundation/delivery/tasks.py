"""What the worker does for the outbox. Both tasks find their work in rows, so losing one loses nothing."""

from celery import shared_task

from foundation.delivery.delivery import drain


@shared_task
def deliver() -> int:
    """Rung when a mail was written."""
    return drain(limit=20)


@shared_task
def sweep() -> int:
    """On the timetable: whatever no bell announced."""
    return drain(limit=200)
