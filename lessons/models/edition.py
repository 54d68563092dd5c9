"""The text that a revision replaced, so that whoever quoted it can still read what was quoted."""

from typing import Any

from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from lessons.models.learning_point import LearningPoint
from lessons.models.lesson import Lesson
from lessons.models.owned import one_of
from lessons.models.profile import Profile

ADDRESS = {
    "lesson": "lessons:lesson_edition",
    "learning_point": "lessons:learning_point_edition",
    "profile": "lessons:profile_edition",
}


class EarlierEdition(Record):
    """Frozen by the revision that replaced it. It is changed once at most: when its text is taken back."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="earlier", null=True)
    learning_point = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="earlier", null=True)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="earlier", null=True)
    number = models.PositiveSmallIntegerField(help_text="1 is the text that was published first.")
    text = models.JSONField(help_text="Its words as they were; empty once taken back.")
    began_at = models.DateTimeField(help_text="Since when it was what readers saw.")
    ended_at = models.DateTimeField(help_text="When the next edition took its place.")
    change_note = models.CharField(max_length=300, blank=True, help_text="What this edition had changed itself.")
    taken_back_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=one_of(*ADDRESS), name="earlier_edition_of_one_thing"),
            models.UniqueConstraint(fields=["lesson", "number"], name="earlier_edition_once_per_lesson"),
            models.UniqueConstraint(fields=["learning_point", "number"], name="earlier_edition_once_per_point"),
            models.UniqueConstraint(fields=["profile", "number"], name="earlier_edition_once_per_profile"),
            models.CheckConstraint(
                condition=Q(taken_back_because="") | Q(text={}), name="earlier_edition_taken_back_has_no_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of.name}, edition {self.number}"

    @property
    def of(self) -> Lesson | LearningPoint | Profile:
        item = self.lesson or self.learning_point or self.profile
        assert item is not None
        return item

    @property
    def audit_scope(self) -> str:
        return self.of.audit_scope

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse(ADDRESS[self.of.owner_field], args=[self.of.slug, self.number])

    def words(self, *names: str) -> dict[str, Any]:
        """Those of the named texts that it kept."""
        return {name: self.text[name] for name in names if name in self.text}
