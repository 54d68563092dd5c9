"""The parts people and organisations play in a partnership. Who may do what with them is in `permissions.py`."""

from collections.abc import Iterable, Sequence
from itertools import product

from django.db import models


class PartnershipRole(models.TextChoices):
    """What a person is in one partnership."""

    PROJECT_LEAD = "project_lead", "Project lead"
    PUBLIC_LEAD = "public_lead", "Public sector lead"
    THIRD_SECTOR_LEAD = "third_sector_lead", "Third sector lead"
    PARTNER_MANAGER = "partner_manager", "Partner's manager"
    SPONSOR = "sponsor", "Sponsor and budget holder"
    PROCUREMENT_OFFICER = "procurement_officer", "Procurement officer"
    EVALUATOR = "evaluator", "Pilot evaluator"
    OBSERVER = "observer", "Observer"


class PartnerPart(models.TextChoices):
    """What an organisation is in one partnership (`domain.md` 1.4)."""

    PUBLIC_LEAD = "public_lead", "Public sector lead"
    THIRD_SECTOR_LEAD = "third_sector_lead", "Third sector lead"
    PROVIDER = "provider", "Provider"
    REFERRAL = "referral", "Referral partner"
    SUPPORT = "support", "Support partner"
    STRATEGIC = "strategic", "Strategic partner"
    FUNDER = "funder", "Funder"
    EVALUATOR = "evaluator", "Evaluator"


# One from each sector, in place from the first day to the last.
LEADING_PARTS = (PartnerPart.PUBLIC_LEAD, PartnerPart.THIRD_SECTOR_LEAD)

# One person may hold several roles (domain.md 1.4), but acts in one of these at a time:
# - whoever delivers and may bid, and whoever buys or holds the budget: a role on both sides is the conflict of interest
#   of r25 and the prior involvement of r42 in one person (domain.md 1.6);
# - the evaluator and a lead: a member with an interest in the item does not count (1.5), and the evaluator judges what
#   the two leads answer for, so that the evaluation is independent of them (1.4, 1.7 at G3).
DELIVERING = (PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PARTNER_MANAGER)
BUYING = (PartnershipRole.PROCUREMENT_OFFICER, PartnershipRole.SPONSOR)
LEADING = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)
CONFLICTING = frozenset(
    frozenset(pair) for pair in (*product(DELIVERING, BUYING), *product((PartnershipRole.EVALUATOR,), LEADING))
)


def conflict(one: PartnershipRole, other: PartnershipRole) -> bool:
    return frozenset((one, other)) in CONFLICTING


def torn(held: Sequence[PartnershipRole]) -> list[PartnershipRole]:
    """Those of the roles held that conflict with another one held, in the order given: what to choose from."""
    return [role for role in dict.fromkeys(held) if any(conflict(role, other) for other in held)]


def acting(held: Iterable[PartnershipRole], chosen: PartnershipRole | None = None) -> frozenset[PartnershipRole]:
    """The roles a person acts in: the chosen one, or the one held first, and all that conflict with none of them.

    `held` is in the order in which the roles were given; a chosen role that is not held any more counts for nothing.
    """
    in_order = list(held)
    if chosen in in_order:
        in_order.insert(0, chosen)
    found: list[PartnershipRole] = []
    for role in in_order:
        if not any(conflict(role, other) for other in found):
            found.append(role)
    return frozenset(found)
