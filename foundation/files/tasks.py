"""Housekeeping of the store, rung by the timetable."""

from celery import shared_task

from foundation.files import store


@shared_task
def sweep() -> None:
    store.sweep_orphans()
