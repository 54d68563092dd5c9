"""`manage.py audit_verify`: checks every chain of the audit trail, link by link; exit code 1 when one is broken."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from foundation.audit.chain import scopes, verify


class Command(BaseCommand):
    help = "Check that no audit event was edited, removed, inserted or cut off. Prints what is wrong, scope by scope."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = scopes()
        faults = [fault for scope in checked for fault in verify(scope)]
        for fault in faults:
            self.stdout.write(fault)
        self.stdout.write(f"{len(checked)} chains checked, {len(faults)} faults.")
        if faults:
            sys.exit(1)
