"""What a lesson, a learning point and a profile have in common: the way to publication, and what came after it."""

from django.db import models

from foundation.database.models import Record


class Reviewed(Record):
    """The states themselves are each one's own; the steps between them are `lessons.actions.review`'s."""

    comments_until = models.DateField(null=True, help_text="The partners are waited for until the end of this day.")
    names_allowed = models.JSONField(default=list, help_text="Names in the text that were looked at and may stay.")
    published_at = models.DateTimeField(null=True)
    revised_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    change_note = models.CharField(max_length=300, blank=True, help_text="What the last revision, or withdrawal, says.")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
