"""A partner's own view of its skills, at joining and every six months (`domain.md` 1.10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models.partner import Partner
from partnerships.skills import Topic


class SkillsAssessment(Record):
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="skills")
    assessed_on = models.DateField()
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["assessed_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "assessed_on"], name="skills_once_a_day")]

    def __str__(self) -> str:
        return f"Skills of {self.partner}, {self.assessed_on:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.partner.audit_scope

    @property
    def by_topic(self) -> dict[str, int]:
        return {score.topic: score.points for score in self.scores.all()}


class SkillScore(models.Model):
    assessment = models.ForeignKey(SkillsAssessment, on_delete=models.PROTECT, related_name="scores")
    topic = models.CharField(max_length=25, choices=Topic.choices)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "topic"], name="skill_topic_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=4), name="skill_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {self.points}"
