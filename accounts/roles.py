"""What a person may be for the whole portal, beside the roles they hold in a partnership or a tender."""

from django.db import models


class PortalRole(models.TextChoices):
    NONE = "none", "No portal-wide role"
    COMMISSIONER = "commissioner", "Commissioner"
    PUBLISHER = "publisher", "Publisher of lessons"
    ADMINISTRATOR = "administrator", "Portal administrator"


# What each role is for, in words a service owner can approve; shown on the permissions page and in docs/permissions.md.
DESCRIPTION = {
    PortalRole.NONE: "Sees only the partnerships and tenders they have a part in.",
    PortalRole.COMMISSIONER: "Starts partnerships for a public body and invites people to them.",
    PortalRole.PUBLISHER: "Edits and publishes lessons, learning points and reports.",
    PortalRole.ADMINISTRATOR: "Keeps the register of organisations and people; watches the worker and the mail ledger.",
}

# Whose page of people is the whole register; everyone else sees their own organisation's people.
SEES_EVERYONE = frozenset({PortalRole.COMMISSIONER, PortalRole.ADMINISTRATOR})
