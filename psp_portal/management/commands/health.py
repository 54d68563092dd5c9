"""`manage.py health`: the page “Health” for a terminal and for monitoring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from psp_portal import condition


class Command(BaseCommand):
    help = "Lists every sign of the portal's health; exit code 1 when one of them needs a look."

    def handle(self, *args: Any, **options: Any) -> None:
        signs = condition.signs(condition.facts())
        for sign in signs:
            self.stdout.write(f"{'well' if sign.is_well else 'LOOK'}  {sign.what}: {sign.found}")
            if sign.trouble:
                self.stdout.write(f"      {sign.trouble}")
        if troubles := sum(not sign.is_well for sign in signs):
            raise CommandError(f"{troubles} of {len(signs)} need a look.")
