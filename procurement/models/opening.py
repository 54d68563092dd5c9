"""The opening: two people, one after the other, and what they found."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from procurement.models.tender import Tender


class Opening(Record):
    """The first opener begins; within the half hour a second, different one completes it, and the record is written."""

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="opening")
    first_opener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    second_opener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    second_at = models.DateTimeField(null=True)
    record = models.JSONField(default=dict, help_text="Bidders, times and hashes as they were found, and who was late.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_opener=None, second_at=None)
                | Q(second_opener__isnull=False, second_at__isnull=False),
                name="opening_second_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(second_opener=None) | ~Q(second_opener=models.F("first_opener")),
                name="opening_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Opening of {self.tender}"

    @property
    def audit_scope(self) -> str:
        return self.tender.audit_scope

    @property
    def is_complete(self) -> bool:
        return self.second_at is not None
