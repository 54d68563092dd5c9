"""The task that proves the whole way: timetable or supervisor, broker, worker, database."""

from celery import shared_task

from foundation.heartbeats import models


@shared_task(name="foundation.heartbeats.tasks.beat", expires=60)
def beat(process: str) -> None:
    models.beat(process)
