"""Extensions of the pilot: by how long, why, with whose money, and who signed."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.plan import in_months
from partnerships.roles import PartnershipRole

LONGEST_EXTENSION = 60


class ExtensionQuerySet(models.QuerySet["PilotExtension"]):
    def open(self) -> "ExtensionQuerySet":
        """Those that wait for a signature."""
        return self.filter(effective_at=None, withdrawn_at=None)

    def in_effect(self) -> "ExtensionQuerySet":
        return self.exclude(effective_at=None)


class PilotExtension(Record):
    """`effective_at` is empty while a signature is missing; `withdrawn_at` ends a proposal that was not signed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="pilot_extensions")
    months = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    amount = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    source = models.CharField(max_length=200, help_text="Who pays for the further months.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, help_text="The pilot's planned end before it took effect.")
    ends_on = models.DateField(null=True, help_text="The pilot's planned end since.")
    effective_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(effective_at=None, withdrawn_at=None),
                name="one_open_extension_per_partnership",
            ),
            models.CheckConstraint(
                condition=Q(effective_at=None) | Q(withdrawn_at=None), name="extension_not_both_in_effect_and_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=LONGEST_EXTENSION), name="extension_1_to_60_months"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="extension_money_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"Extension of the pilot by {in_months(self.months)}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class ExtensionSignature(models.Model):
    """One signer's agreement. Append-only: different roles, different people."""

    extension = models.ForeignKey(PilotExtension, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=20, choices=PartnershipRole.choices)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["extension", "role"], name="extension_signed_once_per_role"),
            models.UniqueConstraint(fields=["extension", "signed_by"], name="extension_signed_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.signed_by} as {self.get_role_display()}"
