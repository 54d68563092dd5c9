"""Work that must happen: a document somebody asked for. The row is the queue; Celery only rings the bell."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from foundation.database.models import Record
from foundation.files.models import StoredFile


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RENDERING = "rendering", "Being made"
    DONE = "done", "Ready"
    FAILED = "failed", "Could not be made"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.RENDERING)


class RenderJob(Record):
    kind = models.CharField(max_length=60, help_text="Which registered builder makes it.")
    key = models.CharField(max_length=200, unique=True, help_text="The same key is the same document: asked for once.")
    title = models.CharField(max_length=200)
    inputs = models.JSONField(default=dict, help_text="Plain values for the builder: ids, never contents.")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    step = models.CharField(max_length=200, blank=True, help_text="What is happening now, as a sentence.")
    error = models.CharField(max_length=500, blank=True, help_text="Why it could not be made, as a sentence.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Counted before the work begins.")
    first_attempt = models.PositiveSmallIntegerField(default=0, help_text="Attempts before the last “try again”.")
    lease_until = models.DateTimeField(null=True, help_text="Until then the worker that claimed it is believed alive.")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=("queued", "rendering")), name="render_job_open"),
            models.Index(fields=["scope", "-created_at"], name="render_job_by_scope"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", file__isnull=False) | (~models.Q(state="done") & models.Q(file=None)),
                name="render_job_done_means_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(state="failed") & ~models.Q(error="")
                | ~models.Q(state="failed") & models.Q(error=""),
                name="render_job_failed_means_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="rendering", lease_until__isnull=False)
                | (~models.Q(state="rendering") & models.Q(lease_until=None)),
                name="render_job_lease_while_rendering",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="render_job_progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.scope or f"render:{self.public_id}"

    @property
    def is_open(self) -> bool:
        """Still waiting or being made: a page that shows it may ask again."""
        return self.state in OPEN_STATES


class ReadyNotice(models.Model):
    """Somebody who wants a mail when the document is ready, cannot be made, or was stopped."""

    job = models.ForeignKey(RenderJob, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=300, help_text="The page of the portal that the mail leads to.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "person"], name="ready_notice_once")]

    def __str__(self) -> str:
        return f"{self.person} waits for {self.job}"
