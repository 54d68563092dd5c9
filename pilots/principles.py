"""The eight principles of social accounting and audit, in their order. Source: `domain.md` 3.6."""

from django.db import models


class Principle(models.TextChoices):
    PURPOSE = "purpose", "Clarify purpose"
    SCOPE = "scope", "Define scope"
    STAKEHOLDERS = "stakeholders", "Engage stakeholders"
    MATERIALITY = "materiality", "Determine materiality"
    COMPARISONS = "comparisons", "Make comparisons"
    TRANSPARENCY = "transparency", "Be transparent"
    VERIFICATION = "verification", "Verify accounts"
    EMBEDDING = "embedding", "Embed the process"


ASKS = {
    Principle.PURPOSE: "What difference do we want to make: vision, values and objectives, agreed and written down?",
    Principle.SCOPE: "Which activities and which months do these accounts cover, and what do they leave out?",
    Principle.STAKEHOLDERS: "Who was asked, how, and what did they say?",
    Principle.MATERIALITY: "What matters enough to stakeholders to be reported, and who decided?",
    Principle.COMPARISONS: "What are the results compared with: earlier years, a target, other services?",
    Principle.TRANSPARENCY: "Who can read the accounts, bad results included, and where?",
    Principle.VERIFICATION: "Who from outside checked the accounts?",
    Principle.EMBEDDING: "Who does this again next year, and with which records?",
}
