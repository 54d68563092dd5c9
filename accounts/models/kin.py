"""What ties organisations together over time, and the names they had before. Rows are ended, never rewritten."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models.organisation import Organisation
from foundation.database.models import Record


class LinkKind(models.TextChoices):
    """How the one below belongs to the one above (`domain.md` 1.9). Each finishes “… is a … of …”."""

    JOINT_COMPANY = "joint_company", "Member of a jointly owned company"
    CONSORTIUM = "consortium", "Member of a consortium"
    SUBSIDIARY = "subsidiary", "Subsidiary of a parent"


class LinkQuerySet(models.QuerySet["OrganisationLink"]):
    def of(self, organisation: Organisation) -> "LinkQuerySet":
        """Every link of an organisation, past and present, with both ends."""
        return self.filter(Q(above=organisation) | Q(below=organisation)).select_related("above", "below")

    def in_force(self, on: date) -> "LinkQuerySet":
        """The links of a day; the first and the last day count."""
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class OrganisationLink(Record):
    """`below` is a member or a subsidiary of `above`, from `since` to the end of `until`."""

    above = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_down")
    below = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="links_up")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(above=models.F("below")), name="organisation_link_two_ends"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="organisation_link_ends_after_since"
            ),
            models.UniqueConstraint(
                fields=["above", "below"], condition=Q(until=None), name="organisation_link_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.below}: {self.get_kind_display().lower()}, {self.above}"

    @property
    def audit_scope(self) -> str:
        return self.above.audit_scope


class FormerName(models.Model):
    """A name an organisation had, to the end of `until`. `since` is empty when nobody knows when it began."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=200)
    since = models.DateField(null=True)
    until = models.DateField()

    class Meta:
        ordering = ["until", "pk"]
        indexes = [models.Index(fields=["name"], name="former_name")]

    def __str__(self) -> str:
        return self.name
