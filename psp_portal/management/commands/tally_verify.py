"""`manage.py tally_verify`: works the pilots’ summary rows out again from the returns; exit code 1 when one differs.

`--repair` writes what differs as the returns say, one partnership at a time under its lock.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from partnerships.models import Partnership
from pilots import tallies
from pilots.actions.tallying import put_right, seen_under_lock

AT_ONCE = 20  # partnerships: some twenty thousand figures of long pilots


class Command(BaseCommand):
    help = "Check that the tallies of indicators and financial years are what the returns say. Prints what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write the rows that differ as the returns say")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        partnerships = list(Partnership.objects.order_by("pk").values_list("pk", flat=True))
        differ = 0
        for start in range(0, len(partnerships), AT_ONCE):
            suspects = {found.partnership for found in tallies.differences(partnerships[start : start + AT_ONCE])}
            for suspect in sorted(suspects):
                differ += self._told(suspect, repair)
        done = ", all written right" if repair and differ else ""
        self.stdout.write(f"{len(partnerships)} partnerships checked, {differ} differences{done}.")
        if differ and not repair:
            sys.exit(1)

    def _told(self, partnership: int, repair: bool) -> int:
        """Looks again under the lock: an action may have ended between two of the queries."""
        found = (put_right if repair else seen_under_lock)(partnership)
        title = Partnership.objects.values_list("title", flat=True).get(pk=partnership)
        for difference in found:
            self.stdout.write(f"{title}: {difference}")
        return len(found)
