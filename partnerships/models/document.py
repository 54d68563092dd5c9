"""The document register: what a partnership keeps on paper, in numbered versions, each for those who may know of it.

A partner that joins later reads what is partnership-shared from the day it joined, and earlier papers once they were
granted to it (`domain.md` 1.6 and scenario 22).
"""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from foundation.database import clock
from foundation.database.models import Record
from partnerships.categories import DocumentCategory
from partnerships.information import OPEN_TO_ALL_MEMBERS, InformationClass
from partnerships.models.partner import Partner, joined_by
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, person: "Person") -> "DocumentQuerySet":
        """Those of which the person may read a version at least: of any other they do not learn that it exists."""
        readable = DocumentVersion.objects.visible_to(person).filter(document=OuterRef("pk"))
        return self.filter(Exists(readable))

    def in_order(self) -> "DocumentQuerySet":
        """As a partnership comes to need them."""
        place = [When(category=value, then=Value(n)) for n, value in enumerate(DocumentCategory.values)]
        return self.order_by(Case(*place, output_field=models.SmallIntegerField()), "title", "pk")


class Document(Record):
    """`confirmed_on` is the day somebody last said that the newest version still holds; a gate asks how old that is."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="documents")
    category = models.CharField(max_length=20, choices=DocumentCategory.choices)
    title = models.CharField(max_length=150)
    information_class = models.CharField(max_length=11, choices=InformationClass.choices)
    class_since = models.DateField(default=clock.today, help_text="Since when it has this class.")
    partner = models.ForeignKey(
        Partner,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose it is, when partner-confidential.",
    )
    confirmed_on = models.DateField()
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner=None) | Q(information_class=InformationClass.PARTNER),
                name="document_partner_only_when_confidential",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_confidential(self) -> bool:
        return self.information_class not in OPEN_TO_ALL_MEMBERS

    @property
    def audit_scope(self) -> str:
        """The partnership's history is open to its members, so a confidential document has a history of its own."""
        return f"document:{self.public_id}" if self.is_confidential else self.partnership.audit_scope

    @property
    def owner_id(self) -> int | None:
        """The organisation on whose side it is: the only one that changes its class."""
        if self.partner:
            return self.partner.organisation_id
        if self.is_confidential:
            return self.partnership.public_lead_id
        first = self.versions.select_related("added_by").order_by("number").first()
        return first.added_by.organisation_id if first else None

    def reading_is_recorded(self, person: "Person") -> bool:
        """Confidential papers, and whatever is read by people of a partner that joined after the start."""
        leads = (self.partnership.public_lead_id, self.partnership.third_sector_lead_id)
        if self.is_confidential or person.organisation_id in leads:
            return self.is_confidential
        mine = Partner.objects.current().filter(partnership=self.partnership, organisation=person.organisation_id)
        return mine.filter(joined_on__gt=self.partnership.starts_on).exists()


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, person: "Person") -> "DocumentVersionQuerySet":
        """By class, as in the information-sharing log; what is partnership-shared from the day of joining on."""
        own = person.organisation_id
        if own is None:
            return self.none()
        authority = Q(document__partnership__public_lead=own)
        granted = DocumentGrant.objects.filter(document=OuterRef("document"), partner__organisation=own)
        in_time = joined_by(own, "day", "document__partnership") | joined_by(
            own, "document__class_since", "document__partnership"
        )
        of_class: dict[InformationClass, Q] = {
            InformationClass.PUBLIC: Q(),
            InformationClass.PARTNERSHIP: in_time | Q(Exists(granted)),
            InformationClass.PARTNER: authority | Q(document__partner__organisation=own),
            InformationClass.AUTHORITY: authority,
        }
        readable = Q(pk=None)
        for key, may in of_class.items():
            readable |= Q(document__information_class=key) & may
        visible = Partnership.objects.visible_to(person)
        return self.alias(day=TruncDate("added_at")).filter(readable, document__partnership__in=visible)


class DocumentVersion(Record):
    """One upload. Append-only (triggers, migration 0010): a mended document is the next version."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, help_text="What changed.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]

    def __str__(self) -> str:
        return f"{self.document}, version {self.number}"

    @property
    def shared_on(self) -> date:
        """Since when it has been there for everybody whom its class lets read it."""
        return max(timezone.localdate(self.added_at), self.document.class_since)


class DocumentGrant(models.Model):
    """Versions from before a partner joined, given to it after all. Append-only: what was read stays known."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="grants")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["granted_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["document", "partner"], name="document_granted_once")]

    def __str__(self) -> str:
        return f"{self.document}, for {self.partner}"


class DocumentClassChange(models.Model):
    """A document became readable by more people, or by fewer; who could read it until then is not forgotten."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="class_changes")
    before = models.CharField(max_length=11, choices=InformationClass.choices)
    after = models.CharField(max_length=11, choices=InformationClass.choices)
    reason = models.CharField(max_length=500)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.document}: {self.before} → {self.after}"
