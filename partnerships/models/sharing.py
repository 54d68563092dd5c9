"""The information-sharing log: what was given to which partner (`domain.md` 1.5, 1.6).

It is what makes the later competition fair: everything here can be put before every bidder. Rows are never changed or
removed (triggers, migration 0002); a correction is a new entry that points to the old one.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation
from foundation.database.models import Record
from partnerships.information import OPEN_TO_ALL_MEMBERS, InformationClass
from partnerships.models.partner import joined_by
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Person


def _readable(person: "Person") -> Q:
    """By class: members, of a partner from the day it joined (scenario 22); the organisations concerned and the public
    lead; people of the public lead alone."""
    own = person.organisation_id
    assert own is not None
    receives = SharingEntry.given_to.through.objects.filter(sharingentry=OuterRef("pk"), organisation=own)
    authority = Q(partnership__public_lead=own)
    return (
        Q(information_class=InformationClass.PUBLIC)
        | Q(information_class=InformationClass.PARTNERSHIP) & (joined_by(own, "shared_on") | Exists(receives))
        | Q(information_class=InformationClass.PARTNER) & (authority | Q(given_by=own) | Exists(receives))
        | Q(information_class=InformationClass.AUTHORITY) & authority
    )


class SharingEntryQuerySet(models.QuerySet["SharingEntry"]):
    def visible_to(self, person: "Person") -> "SharingEntryQuerySet":
        """What a member may read. A corrected entry also needs leave to read every other entry of its thread:
        otherwise making an entry confidential would leave its open twin behind, and tell that there is more."""
        if person.organisation_id is None:
            return self.none()
        kept_back = SharingEntry._base_manager.filter(thread=OuterRef("thread")).exclude(_readable(person))
        return self.filter(
            _readable(person),
            Q(corrected_by=None) | ~Exists(kept_back),
            partnership__in=Partnership.objects.visible_to(person),
        )

    def current(self) -> "SharingEntryQuerySet":
        """What counts: no later entry corrects it."""
        return self.filter(corrected_by=None)

    def had_been_given(self, organisation: Organisation, by: "date") -> "SharingEntryQuerySet":
        """What the organisation had been given by the end of that day, as the log knows today. Of every class: ask
        `visible_to` as well before showing it to anybody."""
        return self.current().filter(given_to=organisation, shared_on__lte=by)


class SharingEntry(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="sharing_entries")
    what = models.TextField(max_length=2000)
    given_to = models.ManyToManyField(Organisation, related_name="+")
    shared_on = models.DateField()
    how = models.CharField(max_length=200)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="Whom `shared_by` worked for then."
    )
    information_class = models.CharField(max_length=12, choices=InformationClass.choices)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)
    correction_reason = models.TextField(blank=True, max_length=1000)
    thread = models.CharField(max_length=22, editable=False, help_text="Public id of the first entry it goes back to.")
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SharingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_on", "-pk"]
        verbose_name_plural = "sharing entries"
        indexes = [
            models.Index(fields=["partnership", "-shared_on"], name="sharing_by_partnership"),
            models.Index(fields=["thread"], name="sharing_by_thread"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                name="sharing_correction_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.what[:80]

    @property
    def is_confidential(self) -> bool:
        return self.information_class not in OPEN_TO_ALL_MEMBERS

    @property
    def audit_scope(self) -> str:
        """The partnership's history is open to its members, so a confidential entry has a history of its own."""
        return f"sharing:{self.thread}" if self.is_confidential else self.partnership.audit_scope
