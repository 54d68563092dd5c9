"""The relay as a watched child: one that gives no sign of life is replaced.

It has no broker to fall silent on, and every answer of the mail server has its time limit, so this is for what nobody
thought of. It shows itself between chunks, and a chunk may take half a lease and one slow mail.
"""

import os
import platform
import sys
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import close_old_connections

from foundation.heartbeats.models import Heartbeat
from psp_portal.running.children import Child

ANSWERS_OF_A_MAIL = 5


def child() -> Child:
    name = f"relay@{platform.node()}-{os.getpid()}"
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "relay", "--name", name]
    return Child("relay", command, silent=_Watch(name), patience=60.0)


def silent_after() -> float:
    """Seconds without a sign of life, after which it cannot be at work any more."""
    return float(60 + settings.MAIL_LEASE_SECONDS / 2 + ANSWERS_OF_A_MAIL * settings.MAIL_TIMEOUT_SECONDS)


class _Watch:
    def __init__(self, name: str) -> None:
        self.name = name
        self.last_seen: datetime | None = None
        self.quiet_since = monotonic()

    def __call__(self) -> str:
        if self._is_well():
            self.quiet_since = monotonic()
        silence = monotonic() - self.quiet_since
        if silence <= silent_after():
            return ""
        self.quiet_since = monotonic()  # its successor gets the same time
        return f"has given no sign of life for {silence:.0f} s"

    def _is_well(self) -> bool:
        """It gave a sign since the last look, or the database that keeps them does not answer."""
        try:
            before = self.last_seen
            self.last_seen = Heartbeat.objects.filter(process=self.name).values_list("at", flat=True).first()
        except DatabaseProblem:
            return True
        else:
            return self.last_seen != before
        finally:
            close_old_connections()
