"""A paper of the pilot: the report of a range of periods, or the pack for a gate, as it stood when it was asked for."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database.models import Record
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from pilots.models.story import Story

if TYPE_CHECKING:
    from accounts.models import Person

GATES_WITH_A_PACK = (Gate.G2, Gate.G3)


class PaperKind(models.TextChoices):
    REPORT = "report", "Report of the pilot"
    PACK = "pack", "Evaluation pack"


class PilotPaperQuerySet(models.QuerySet["PilotPaper"]):
    def visible_to(self, person: "Person") -> "PilotPaperQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def in_use(self) -> "PilotPaperQuerySet":
        """Not withdrawn because somebody took back the consent to a story in it."""
        return self.filter(withdrawn_on=None)


class PilotPaper(Record):
    """The same content is the same paper: a second press gives the same PDF. Its editions are counted by kind.

    When a story it tells is withdrawn, the paper is withdrawn with it: the words of the story go from `content`, the
    PDF goes from the store, and only who asked for the paper, when, and its checksum are kept.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="pilot_papers")
    kind = models.CharField(max_length=6, choices=PaperKind.choices)
    edition = models.PositiveSmallIntegerField()
    gate = models.CharField(max_length=2, choices=Gate.choices, blank=True, help_text="Of a pack.")
    first = models.DateField(null=True, help_text="Of a report: its first month, as the first day.")
    last = models.DateField(null=True, help_text="Of a report: its last month, as the first day.")
    content = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    stories = models.ManyToManyField(Story, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    render_job = models.ForeignKey("rendering.RenderJob", on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_on = models.DateField(null=True)

    objects = PilotPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind", "edition"], name="pilot_paper_edition_once"),
            models.UniqueConstraint(
                fields=["partnership", "kind", "gate", "checksum"], name="pilot_paper_once_per_content"
            ),
            models.CheckConstraint(
                condition=Q(kind="report", gate="", first__isnull=False, last__gte=F("first"))
                | Q(kind="pack", gate__in=GATES_WITH_A_PACK, first=None, last=None),
                name="pilot_paper_of_a_range_or_of_a_gate",
            ),
        ]

    def __str__(self) -> str:
        of_gate = f" for gate {self.gate}" if self.gate else ""
        return f"{self.get_kind_display()}{of_gate}, edition {self.edition}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


def pack_of(partnership: Partnership, gate: Gate) -> PilotPaper | None:
    """The newest evaluation pack for the gate that still stands, with its job. One query."""
    packs = PilotPaper.objects.in_use().filter(partnership=partnership, kind=PaperKind.PACK, gate=gate)
    return packs.select_related("render_job__file", "asked_by").first()
