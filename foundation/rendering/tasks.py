"""The bell: a task carries an id, finds the row and delegates."""

from typing import Any

from celery import shared_task
from celery.signals import worker_process_init

from foundation.rendering import programs, queue, spare

# A job takes up to 270 seconds, and a task is ended after 300: what is left is for gathering and keeping.
BEGIN_WITHIN = 5


@shared_task
def render(job_public_id: str) -> None:
    queue.run(job_public_id)


@shared_task
def sweep() -> None:
    """On the timetable: whatever no bell announced. What is not begun in time is left to the next sweep."""
    queue.run_pending(begin_within=BEGIN_WITHIN)


@shared_task
def clear_away() -> None:
    programs.clear_away()


@worker_process_init.connect
def keep_a_spare_press(**_: Any) -> None:
    """A worker that has printed will print again: the next page does not wait for its press to start."""
    spare.keep_one()
