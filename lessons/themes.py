"""How lessons are sorted: by stage, by theme and by kind of service. The themes are those of `domain.md` 2.1."""

from django.db import models


class LessonStage(models.TextChoices):
    """The stage of a partnership that a lesson helps."""

    ANY = "any", "Any stage"
    DESIGN = "design", "Design"
    PILOT = "pilot", "Pilot"
    REDESIGN = "redesign", "Redesign"
    TENDER = "tender", "Tender"


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


class KindOfService(models.TextChoices):
    """The fields in which known partnerships worked (`domain.md` 2.3), and one for lessons that hold everywhere."""

    ANY = "any", "Any service"
    CHILDREN = "children", "Children and families"
    DISABILITY = "disability", "Learning disability"
    HOUSING = "housing", "Housing and homelessness"
    JUSTICE = "justice", "Community justice"
    MENTAL_HEALTH = "mental-health", "Mental health"
    OLDER_PEOPLE = "older-people", "Older people"
    TRANSPORT = "transport", "Community transport"
    OTHER = "other", "Another kind of service"
