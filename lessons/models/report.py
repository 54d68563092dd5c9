"""A report: one frozen edition of chosen lessons, made into a PDF by the worker."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from foundation.database.models import Record

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Person


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: "Person | AnonymousUser") -> "ReportQuerySet":
        """Everyone who is signed in: a report holds published lessons only."""
        return self if person.is_authenticated else self.none()


class Report(Record):
    """Append-only: the same content is the same report; other content under the same title is the next edition."""

    title = models.CharField(max_length=150)
    edition = models.PositiveIntegerField()
    introduction = models.TextField(max_length=3000, blank=True)
    filters = models.JSONField(default=dict, help_text="What was searched for, in words: {“Theme”: “Skills”}.")
    lessons = models.JSONField(help_text="The chosen lessons as they were, in order.")
    checksum = models.CharField(max_length=64, unique=True, help_text="SHA-256 of everything above as canonical JSON.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    render_job = models.CharField(max_length=22, help_text="Public id of its render job.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["-made_at"], name="lessons_report_newest")]
        constraints = [models.UniqueConstraint(fields=["title", "edition"], name="lessons_report_edition_once")]

    def __str__(self) -> str:
        return f"{self.title}, edition {self.edition}"

    @property
    def audit_scope(self) -> str:
        return f"lessons-report:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("lessons:report", args=[self.public_id])

    def snapshots(self) -> list[dict[str, Any]]:
        """The lessons as they were when the report was made."""
        return list(self.lessons)
