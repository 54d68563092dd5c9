"""`manage.py signs_of_life`: who gave a sign of life, and how long ago. For people, health checks and monitoring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.database import clock
from foundation.heartbeats.models import Heartbeat


class Command(BaseCommand):
    help = "Lists the processes that gave a sign of life; exit code 1 when none did lately."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("process", nargs="?", default="", help="How the process's name begins: worker@, timetable.")
        parser.add_argument("--within", type=int, default=120, metavar="SECONDS", help="What counts as lately.")

    def handle(self, *args: Any, process: str, within: int, **options: Any) -> None:
        ages = [
            (beat.process, (clock.now() - beat.at).total_seconds())
            for beat in Heartbeat.objects.filter(process__startswith=process)
        ]
        for name, seconds in ages:
            self.stdout.write(f"{name}: {seconds:.0f} s ago")
        if not any(seconds <= within for _, seconds in ages):
            raise CommandError(f"No sign of life from {process or 'anybody'} within {within} s.")
