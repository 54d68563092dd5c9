"""The policy table of the whole portal: the roof's own page, joined to each app's."""

from typing import Any

import accounts.policy
import lessons.policy
import partnerships.policy
import pilots.policy
import procurement.policy
from accounts.permissions import Ability, can
from foundation.policy.table import Rule, page, public, verb


def _watches_operations(person: Any) -> bool:
    return can(person, Ability.WATCH_OPERATIONS)


WATCHER = "a portal administrator, who watches the mail ledger"

ROOF: dict[str, Rule] = {
    "home": public(),
    "healthz": public(),
    "accessibility": public(),
    "permissions": public(),
    "ledger": page(WATCHER, _watches_operations),
    "ledger_mail": page(WATCHER, _watches_operations),
    "ledger_resend": verb(WATCHER, _watches_operations),
    "ledger_mark_sent": verb(WATCHER, _watches_operations),
}

TABLE: dict[str, Rule] = {
    **ROOF,
    **accounts.policy.POLICY,
    **partnerships.policy.POLICY,
    **pilots.policy.POLICY,
    **procurement.policy.POLICY,
    **lessons.policy.POLICY,
}
