"""`manage.py demo_data`: fill an empty database with the demo's eight partnerships."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from partnerships.tasks import refresh_health
from psp_portal.demo.clockwork import midday
from psp_portal.demo.story import tell


class Command(BaseCommand):
    help = "Fill an empty database with seven invented partnerships, told through the portal's own actions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="Tell it as of this day (2026-11-20), for pictures."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.exists():
            raise CommandError("The database is not empty. The demo goes only into an empty one.")
        today = options["today"]
        with midday(today) if today else nullcontext():
            tell()
            refresh_health()  # much was told as of earlier days
        self.stdout.write("The demo data are in.")
