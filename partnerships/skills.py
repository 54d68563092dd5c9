"""What a partner's skills are asked about, when, and how far they have come: plain values (`domain.md` 1.10)."""

from collections.abc import Mapping
from datetime import date

from django.db import models

from partnerships.plan import add_months

LOWEST, HIGHEST = 0, 4
EVERY_MONTHS = 6


class Topic(models.TextChoices):
    """The four of the model, and four more."""

    BUSINESS_PLANNING = "business_planning", "Business planning"
    MARKETING = "marketing", "Marketing"
    FINANCIAL_MANAGEMENT = "financial_management", "Financial management"
    RISK_MANAGEMENT = "risk_management", "Risk management"
    PROCUREMENT = "procurement", "Procurement"
    CONSORTIUM_WORKING = "consortium_working", "Consortium working"
    EVALUATION = "evaluation", "Evaluation"
    DATA_PROTECTION = "data_protection", "Data protection"


def next_due(joined_on: date, last_on: date | None) -> date:
    """On the day of joining, then six months after each assessment."""
    return add_months(last_on, EVERY_MONTHS) if last_on else joined_on


def change(first: Mapping[str, int], last: Mapping[str, int]) -> dict[str, int]:
    """How far each topic has moved from the first to the last assessment, in points of 0 to 4."""
    return {topic: last[topic] - first[topic] for topic in Topic.values}
