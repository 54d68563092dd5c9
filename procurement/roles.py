"""The parts people play in one tender. Who may do what with them is in `permissions.py`."""

from django.db import models


class TenderRole(models.TextChoices):
    OFFICER = "officer", "Procurement officer"
    AUTHORITY = "authority", "Sponsor or public sector lead of the buying authority"
    PANEL = "panel", "Member of the panel"
    BIDDER = "bidder", "Bidder"
