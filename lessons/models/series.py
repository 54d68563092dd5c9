"""A series: a run of numbered publications."""

from django.db import models

from foundation.database.models import Record

# The three series every portal has (migration 0002). A publisher may not add to them by accident: no page makes one.
LESSONS, LEARNING_POINTS, REPORTS = "Lessons", "Learning points", "Lessons reports"
PROFILES = "Profiles"  # begins with the first profile


class Series(Record):
    """Its row lock puts those who take a number in a queue, so that no number is given twice."""

    name = models.CharField(max_length=100, unique=True)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return f"series:{self.public_id}"

    def take_number(self) -> int:
        """The next number. Call it on a row that `locked` returned."""
        self.last_number += 1
        self.save(update_fields=["last_number"])
        return self.last_number
