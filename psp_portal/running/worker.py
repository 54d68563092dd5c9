"""The Celery worker as a watched child.

A worker can stay alive and yet consume nothing (seen after a broker's death, see docs/adr/0005-embedded-broker.md).
So the supervisor rings a queue that only this worker listens to, and expects the worker's heartbeat in the database.
No answer is not proof by itself: the broker may be away, or every slot may be at work on something long. Only a worker
with a living broker and a free slot, silent for three quarters of a minute, is replaced.
"""

import os
import platform
import sys
import time
from pathlib import Path

from django.db import Error as DatabaseProblem
from django.db import close_old_connections
from kombu.exceptions import KombuError
from redis import RedisError

from foundation.heartbeats.models import Heartbeat
from foundation.heartbeats.tasks import beat
from psp_portal.celery import app
from psp_portal.running.children import Child

SILENT_AFTER = 45.0
ANSWER_WITHIN = 3.0
# A task may run for CELERY_TASK_TIME_LIMIT; at a deployment it gets this long to finish before it is cut off.
PATIENCE = 60.0
# Publishing wraps the client's errors in kombu's; asking over the control queue lets them through as they are.
BROKER_PROBLEMS = (KombuError, RedisError, OSError)


def child(*, concurrency: int, log: Path | None = None, patience: float = PATIENCE) -> Child:
    name = f"worker@{platform.node()}-{os.getpid()}"
    command = [
        sys.executable, "-m", "celery", "--app", "psp_portal", "worker", "--hostname", name,
        "--queues", f"celery,{_queue(name)}", "--concurrency", str(concurrency), "--loglevel", "INFO",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return Child("worker", command, log=log, silent=_Watch(name, concurrency), patience=patience)


def _queue(name: str) -> str:
    return f"watch.{name}"


class _Watch:
    def __init__(self, name: str, concurrency: int) -> None:
        self.name, self.concurrency = name, concurrency
        self.last_seen: object = None
        self.quiet_since = time.monotonic()

    def __call__(self) -> str:
        if self._is_well():
            self.quiet_since = time.monotonic()
        silence = time.monotonic() - self.quiet_since
        if silence <= SILENT_AFTER:
            return ""
        self.quiet_since = time.monotonic()  # its successor gets the same time
        return f"has not answered for {silence:.0f} s"

    def _is_well(self) -> bool:
        """It answered since the last look, or nobody can say that it should have."""
        try:
            answered = self._has_answered()
            return not self._ring() or answered or self._is_busy()
        except DatabaseProblem:
            return True
        finally:
            close_old_connections()

    def _has_answered(self) -> bool:
        before = self.last_seen
        self.last_seen = Heartbeat.objects.filter(process=self.name).values_list("at", flat=True).first()
        return self.last_seen != before

    def _ring(self) -> bool:
        """Put a message into the worker's own queue; False when the broker cannot take it."""
        try:
            beat.apply_async(args=(self.name,), queue=_queue(self.name), expires=SILENT_AFTER)
        except BROKER_PROBLEMS:
            return False
        return True

    def _is_busy(self) -> bool:
        """Every slot is at work, so the message waits for its turn."""
        try:
            replies = app.control.inspect(destination=[self.name], timeout=ANSWER_WITHIN).active() or {}
        except BROKER_PROBLEMS:
            return True
        return len(replies.get(self.name, [])) >= self.concurrency
