"""What the worker does for webhooks. Both find their work in rows, so losing one loses nothing."""

from celery import shared_task

from foundation.webhooks.queue import drain, forget


@shared_task
def sweep() -> int:
    """Rung when somebody asked for a test or a replay, and on the timetable."""
    return drain(limit=100)


@shared_task
def forget_old() -> int:
    """On the timetable: what was settled more than ninety days ago."""
    return forget()
