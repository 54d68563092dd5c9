"""`manage.py relay`: works the outbox off without a broker. Run as many as you like; SIGTERM stops one cleanly."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from foundation.delivery.delivery import drain

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send what waits in the outbox, for ever (or once), straight from the database."
    requires_system_checks = []  # a page that is broken is no reason to keep mails back

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due now, then stop.")
        parser.add_argument("--every", type=float, default=1.0, metavar="SECONDS", help="How often to look when idle.")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            taken = self._drain(stop)
            if once and not taken:
                break
            if not taken:
                stop.wait(every)

    def _drain(self, stop: threading.Event) -> int:
        """Mails taken in hand; 0 while the database does not answer (it will be asked again)."""
        close_old_connections()
        try:
            return drain(stop=stop.is_set)
        except DatabaseError:
            logger.exception("The database does not answer; trying again.")
            return 0
