"""Work with people who use services: the seven National Standards for Community Engagement (`domain.md` 3.1)."""

from django.db import models


class Standard(models.TextChoices):
    INCLUSION = "inclusion", "Inclusion"
    SUPPORT = "support", "Support"
    PLANNING = "planning", "Planning"
    WORKING_TOGETHER = "working_together", "Working together"
    METHODS = "methods", "Methods"
    COMMUNICATION = "communication", "Communication"
    IMPACT = "impact", "Impact"


class ActivityKind(models.TextChoices):
    WORKSHOP = "workshop", "Workshop"
    INTERVIEWS = "interviews", "Interviews"
    SURVEY = "survey", "Survey"
    VISIT = "visit", "Visit"
    PANEL = "panel", "Panel or forum"
    OTHER = "other", "Something else"
