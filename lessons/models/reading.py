"""How often a publication was read or downloaded: a number for each publication, format and month. Of nobody more."""

from django.db import models


class ReadThing(models.TextChoices):
    LESSON = "lesson", "Lesson"
    LEARNING_POINT = "learningpoint", "Learning point"
    REPORT = "report", "Report"
    PROFILE = "profile", "Profile"


class Reading(models.Model):
    """No address, no cookie, no person and no time of day: there is nothing here to trace anybody by."""

    kind = models.CharField(max_length=13, choices=ReadThing.choices)
    document = models.CharField(max_length=22, help_text="Public id of what was read.")
    format = models.CharField(max_length=30, help_text="“page” for a web page, otherwise a format's code: “pdf”.")
    month = models.DateField(help_text="Its first day.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-month", "kind", "document", "format"]
        constraints = [
            models.UniqueConstraint(fields=["month", "document", "format"], name="reading_once_per_format_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document}, {self.format}, {self.month:%Y-%m}: {self.count}"
