"""`manage.py worker`: the background worker, watched. This is what production runs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from psp_portal.running import worker
from psp_portal.running.supervisor import Supervisor


class Command(BaseCommand):
    help = "Runs the background worker and replaces it when it dies or falls silent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="Tasks at a time (default: 2).")

    def handle(self, *args: Any, concurrency: int, **options: Any) -> None:
        Supervisor([worker.child(concurrency=concurrency)], say=self.stderr.write).run()
