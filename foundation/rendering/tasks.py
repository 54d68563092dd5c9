"""The bell: a task carries an id, finds the row and delegates."""

from celery import shared_task

from foundation.rendering import queue


@shared_task
def render(job_public_id: str) -> None:
    queue.run(job_public_id)


@shared_task
def sweep() -> None:
    queue.run_pending(limit=2)  # each may take 90 seconds, and a task is ended after 300
