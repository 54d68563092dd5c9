"""The bell: a task carries an id, finds the row and delegates."""

from typing import Any

from celery import shared_task
from celery.signals import worker_process_init

from foundation.rendering import queue, spare


@shared_task
def render(job_public_id: str) -> None:
    queue.run(job_public_id)


@shared_task
def sweep() -> None:
    queue.run_pending(limit=2)  # each may take 140 seconds, and a task is ended after 300


@worker_process_init.connect
def keep_a_spare_press(**_: Any) -> None:
    """A worker that has printed will print again: the next page does not wait for its press to start."""
    spare.keep_one()
