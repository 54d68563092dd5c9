"""A gate on paper: what stood on its page when somebody asked for the PDF."""

from django.conf import settings
from django.db import models

from foundation.database.models import Record
from partnerships.lifecycle import Gate
from partnerships.models.partnership import Partnership


class GatePack(Record):
    """The same content is the same pack, so that a second press gives the same PDF."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="gate_packs")
    gate = models.CharField(max_length=2, choices=Gate.choices)
    content = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    render_job = models.ForeignKey("rendering.RenderJob", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "gate", "checksum"], name="gate_pack_once_per_content")
        ]

    def __str__(self) -> str:
        return f"Gate pack {self.gate}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope
