"""What the portal keeps as a file: an upload, or a document it made. The bytes never change once they are kept."""

from django.conf import settings
from django.db import models

from foundation.database import clock
from foundation.database.models import Record


class StoredFile(Record):
    key = models.CharField(max_length=32, unique=True, help_text="Where the bytes lie: random, never from the name.")
    name = models.CharField(max_length=200, help_text="A label for people; no path is ever made of it.")
    content_type = models.CharField(max_length=100, help_text="From the portal's own list, never from the browser.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    scope = models.CharField(max_length=80, blank=True, help_text="What it belongs to: “partnership:<public id>”.")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: the portal."
    )
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-kept_at", "-id"]
        indexes = [models.Index(fields=["scope", "-kept_at"], name="stored_file_by_scope")]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="stored_file_is_not_empty")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return self.scope or f"file:{self.public_id}"
