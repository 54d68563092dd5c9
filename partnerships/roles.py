"""The parts people and organisations play in a partnership. Who may do what with them is in `permissions.py`."""

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
