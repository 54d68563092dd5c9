"""The policy table of the whole portal: the roof's own page, joined to each app's."""

from typing import Any

import accounts.policy
import lessons.policy
import partnerships.policy
import pilots.policy
import procurement.policy
from accounts.permissions import Ability, can
from foundation.policy.table import Rule, form, page, public, verb


def _watches_operations(person: Any) -> bool:
    return can(person, Ability.WATCH_OPERATIONS)


def _keeps_checklists(person: Any) -> bool:
    return can(person, Ability.KEEP_CHECKLISTS)


WATCHER = "a portal administrator, who watches the mail ledger"

ROOF: dict[str, Rule] = {
    "home": public(),
    "healthz": public(),
    "robots": public(),
    "sitemap": public(),
    "accessibility": public(),
    "permissions": public(),
    "checklists": page(),
    "checklist": page(),
    "checklist_publish": form("a portal administrator, who publishes what the gates ask for", _keeps_checklists),
    "calendars": page(),
    "calendar_make": form(),
    "calendar_make_for": form("a role in the partnership"),
    "calendar_revoke": form("having made the address oneself"),
    "calendar_file": public(),  # the address itself is the key
    "health": page(WATCHER, _watches_operations),
    "ledger": page(WATCHER, _watches_operations),
    "ledger_mail": page(WATCHER, _watches_operations),
    "mail_gallery": page(WATCHER, _watches_operations),
    "mail_example": page(WATCHER, _watches_operations),
    "mail_preview": page(WATCHER, _watches_operations),
    "ledger_resend": verb(WATCHER, _watches_operations),
    "ledger_mark_sent": verb(WATCHER, _watches_operations),
    "webhooks": page(WATCHER, _watches_operations),
    "webhook_remove": verb(WATCHER, _watches_operations),
    "webhook_replay": verb(WATCHER, _watches_operations),
}

TABLE: dict[str, Rule] = {
    **ROOF,
    **accounts.policy.POLICY,
    **partnerships.policy.POLICY,
    **pilots.policy.POLICY,
    **procurement.policy.POLICY,
    **lessons.policy.POLICY,
}
