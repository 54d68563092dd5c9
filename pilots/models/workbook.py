"""A workbook of returns that came back filled in: kept as it came, saved as drafts in one step, and undone in one."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from foundation.files.models import StoredFile
from partnerships.models import Partnership
from pilots.models.monthly_return import MonthlyReturn

if TYPE_CHECKING:
    from accounts.models import Person


class ImportState(models.TextChoices):
    WAITING = "waiting", "Checked, not saved"
    SAVED = "saved", "Saved as drafts"
    UNDONE = "undone", "Undone"


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def visible_to(self, person: "Person") -> "WorkbookImportQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class WorkbookImport(Record):
    """Made when somebody uploads a workbook in which nothing is wrong; until it is saved, no return knows of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="workbook_imports")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    saved_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    undone_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = WorkbookImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.WAITING, saved_by=None, saved_at=None)
                | (~Q(state=ImportState.WAITING) & Q(saved_by__isnull=False, saved_at__isnull=False)),
                name="workbook_saved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.UNDONE, undone_by__isnull=False, undone_at__isnull=False)
                | (~Q(state=ImportState.UNDONE) & Q(undone_by=None, undone_at=None)),
                name="workbook_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Workbook “{self.file.name}”"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class ImportedDraft(models.Model):
    """One return that an import changed: what it held before, and the version it had right after."""

    source = models.ForeignKey(WorkbookImport, on_delete=models.CASCADE, related_name="drafts")
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.CASCADE, related_name="imports")
    before = models.JSONField(help_text="State, figures and explanations, as far as a workbook can change them.")
    changes = models.JSONField(help_text="For people: column, before and after, each in words.")
    version_after = models.PositiveIntegerField()
    restored = models.BooleanField(default=False)

    class Meta:
        ordering = ["monthly_return__period", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "monthly_return"], name="imported_draft_once_per_workbook"),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_return.month} from {self.source}"
