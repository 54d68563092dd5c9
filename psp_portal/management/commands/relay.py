"""`manage.py relay`: works the outbox and the webhooks' messages off without a broker.

Run as many as you like; SIGTERM stops one cleanly.
"""

import logging
import os
import platform
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from foundation.delivery.delivery import drain
from foundation.heartbeats import models as heartbeats
from foundation.webhooks import queue
from psp_portal.running import relay
from psp_portal.running.supervisor import Supervisor

logger = logging.getLogger(__name__)

SHOWN_EVERY = 15.0


class Command(BaseCommand):
    help = "Send what waits in the outbox and for webhooks, for ever (or once), straight from the database."
    requires_system_checks = []  # a page that is broken is no reason to keep mails back

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due now, then stop.")
        parser.add_argument("--watched", action="store_true", help="Replace it when it dies or falls silent.")
        parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="How often to look when idle.")
        parser.add_argument("--name", default="", help="How its sign of life is called.")

    def handle(self, *args: Any, once: bool, watched: bool, every: float, name: str, **options: Any) -> None:
        if watched:
            Supervisor([relay.child()], say=self.stderr.write).run()
            return
        self.name, self.shown, self.sent = name or f"relay@{platform.node()}-{os.getpid()}", 0.0, 0
        stop = threading.Event()
        previous = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._work(stop, once=once, every=every)
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _work(self, stop: threading.Event, *, once: bool, every: float) -> None:
        while not stop.is_set():
            taken = self._drain(stop)
            if once and not taken:
                break
            if not taken:
                stop.wait(every)

    def _drain(self, stop: threading.Event) -> int:
        """Mails and webhooks' messages taken in hand; 0 while the database does not answer (it will be asked again)."""
        close_old_connections()
        try:
            taken = drain(stop=stop.is_set, for_seconds=SHOWN_EVERY)
            self.sent += taken
            taken += queue.drain(stop=stop.is_set)
            self._show_itself()
        except DatabaseError:
            logger.exception("The database does not answer; trying again.")
            return 0
        return taken

    def _show_itself(self) -> None:
        if time.monotonic() - self.shown > SHOWN_EVERY or not self.shown:
            self.shown = time.monotonic()
            heartbeats.beat(self.name, said=f"{self.sent} mails taken in hand since it started")
