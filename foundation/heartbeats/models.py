"""Signs of life: one row per process that must keep working, written again and again.

A process list says that a worker exists; only its heartbeat says that messages still reach it. Whoever watches reads
`age`, and never the process list.
"""

import os
import platform
from datetime import datetime, timedelta

from django.db import models

from foundation.database import clock

FORGOTTEN_AFTER = timedelta(days=1)


class Heartbeat(models.Model):
    process = models.CharField(max_length=100, unique=True, help_text="What lives: a worker's name, or 'timetable'.")
    at = models.DateTimeField()
    pid = models.PositiveIntegerField()
    host = models.CharField(max_length=255)
    said = models.CharField(max_length=200, blank=True, help_text="What it did last, in words.")

    class Meta:
        ordering = ["process"]

    def __str__(self) -> str:
        return f"{self.process} at {self.at:%H:%M:%S}"


def beat(process: str, said: str = "") -> None:
    """Write that `process` lives, and what it did last.

    Rows of processes on a machine (“worker@…”) that are gone for a day are forgotten: each start makes a new name. What
    has one name for ever keeps its row: after days of silence it still says since when.
    """
    now = clock.now()
    life = {"at": now, "pid": os.getpid(), "host": platform.node()[:255], "said": said[:200]}
    Heartbeat.objects.update_or_create(process=process, defaults=life)
    Heartbeat.objects.filter(at__lt=now - FORGOTTEN_AFTER, process__contains="@").delete()


def last(process: str) -> datetime | None:
    """When `process` last gave a sign of life; None if it never did."""
    return Heartbeat.objects.filter(process=process).values_list("at", flat=True).first()


def age(process: str) -> timedelta | None:
    """How long ago `process` last gave a sign of life; None if it never did."""
    at = last(process)
    return None if at is None else clock.now() - at
