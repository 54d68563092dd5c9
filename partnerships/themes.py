"""The themes of the lessons learned (`domain.md` 2.1): a lesson has one, a partnership may work on several."""

from django.db import models


class Theme(models.TextChoices):
    RESOURCES = "resources", "Time and money"
    PEOPLE = "people", "People"
    PURPOSE = "purpose", "Shared purpose"
    GOVERNANCE = "governance", "Roles and governance"
    CO_PRODUCTION = "co-production", "Co-production"
    FUNDING = "funding", "Funding conditions"
    FIT = "fit", "When the model fits"
    SUSTAINABILITY = "sustainability", "Lasting funding"
    PARTNERS = "partners", "Choosing partners"
    LEARNING = "learning", "Learning from each other"
    CULTURE = "culture", "Ways of working"
    TENDER = "tender", "The step to tender"
    COMMUNICATION = "communication", "Communication"
    STRUCTURE = "structure", "Legal structure"
    CONTINGENCY = "contingency", "Contingency"
    EVIDENCE = "evidence", "Showing the difference"
    SKILLS = "skills", "Skills"
    AWARD = "award", "Award criteria"
    ADVOCACY = "advocacy", "Making the case"
