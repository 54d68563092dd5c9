"""Where a lesson was used and whether it worked; and who wants to hear of new lessons on a theme."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from lessons.models.lesson import Lesson
from lessons.ranking import Occasion
from partnerships.models import Partnership
from partnerships.themes import Theme


class LessonUse(Record):
    """A partnership used a lesson. `worked` is empty until somebody says how it went."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="uses")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="used_lessons")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    worked = models.BooleanField(null=True)
    note = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "partnership"], name="lesson_used_once_per_partnership"),
            models.CheckConstraint(
                condition=Q(worked=None, judged_by=None) | Q(worked__isnull=False, judged_by__isnull=False),
                name="lesson_use_judged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson}, {self.partnership}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class ThemeSubscription(Record):
    """A person hears about new lessons on a theme: at most one mail a day, whatever was published."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lesson_themes")
    theme = models.CharField(max_length=20, choices=Theme.choices)

    class Meta:
        ordering = ["person", "theme"]
        constraints = [models.UniqueConstraint(fields=["person", "theme"], name="theme_subscribed_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_theme_display()}"

    @property
    def audit_scope(self) -> str:
        return self.person.audit_scope
