"""Organisations: the public bodies, charities and firms that people act for."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from accounts.kinship import family
from accounts.numbers import charity_number_shape, company_number_shape, identifiers, org_id_shape
from foundation.database.models import Record

if TYPE_CHECKING:
    from accounts.models.person import Person


class Sector(models.TextChoices):
    PUBLIC = "public", "Public sector"
    THIRD = "third", "Third sector"
    PRIVATE = "private", "Private sector"


class OrganisationKind(models.TextChoices):
    """The forms of `domain.md` 1.9; which sector each belongs to is in `SECTOR_OF`."""

    PUBLIC_AUTHORITY = "public_authority", "Public authority"
    CHARITY = "charity", "Charity"
    SCIO = "scio", "Scottish charitable incorporated organisation (SCIO)"
    GUARANTEE_COMPANY = "guarantee_company", "Company limited by guarantee"
    CIC = "cic", "Community interest company (CIC)"
    CO_OPERATIVE = "co_operative", "Co-operative"
    CONSORTIUM = "consortium", "Consortium without legal form"
    JOINT_COMPANY = "joint_company", "Joint company"
    BUSINESS = "business", "Business"


SECTOR_OF = dict.fromkeys(OrganisationKind, Sector.THIRD) | {
    OrganisationKind.PUBLIC_AUTHORITY: Sector.PUBLIC,
    OrganisationKind.BUSINESS: Sector.PRIVATE,
}


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: "Person") -> "OrganisationQuerySet":
        """The register of names is open to everyone who is signed in."""
        return self if person.is_authenticated else self.none()

    def public_bodies(self) -> "OrganisationQuerySet":
        return self.filter(kind=OrganisationKind.PUBLIC_AUTHORITY)

    def third_sector(self) -> "OrganisationQuerySet":
        return self.filter(kind__in=[kind for kind, sector in SECTOR_OF.items() if sector == Sector.THIRD])

    def standing(self) -> "OrganisationQuerySet":
        """Without those that were merged into another: what lists show and forms offer."""
        return self.filter(survivor=None)

    def with_names(self) -> "OrganisationQuerySet":
        """With the former names, for pages that tell of the past (`Organisation.name_on`). One more query."""
        return self.prefetch_related("former_names")

    def named(self, word: str) -> "OrganisationQuerySet":
        """Those whose name holds `word`, or held it: a former name, or the name of one that was merged into it."""
        held = models.Q(name__icontains=word) | models.Q(former_names__name__icontains=word)
        merged = self.model.objects.filter(held).exclude(survivor=None).values("survivor")
        return self.filter(models.Q(pk__in=self.model.objects.filter(held).values("pk")) | models.Q(pk__in=merged))

    def related_to(self, organisation: "Organisation", *, on: date) -> "OrganisationQuerySet":
        """Everybody related to `organisation` on a day: above it, below it, or under the same one (`accounts.kinship`).

        Whoever was merged into one of them by that day counts too, so that a partner that has merged is still
        recognised. Three queries; asked for the prior-involvement check (`domain.md` 1.6, 1.9).
        """
        from accounts.models.kin import OrganisationLink  # noqa: PLC0415  stands above this module

        links = OrganisationLink.objects.in_force(on).values_list("above", "below")
        merged: dict[int, int] = dict(self.model.objects.filter(merged_on__lte=on).values_list("pk", "merged_into_id"))
        return self.filter(pk__in=family(organisation.pk, links, merged))


class Organisation(Record):
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    charity_number = models.CharField(max_length=8, blank=True, validators=[charity_number_shape])
    company_number = models.CharField(max_length=8, blank=True, validators=[company_number_shape])
    org_id = models.CharField(
        max_length=60, blank=True, validators=[org_id_shape], help_text="Typed where no number of its own tells it."
    )
    about = models.TextField(blank=True, max_length=2000)
    named_since = models.DateField(
        null=True, blank=True, help_text="When it took its present name; empty for its first one."
    )
    # A merged organisation keeps its row: what it signed stays its own. `merged_into` tells what happened and never
    # changes; `survivor` is where it has ended up since, so that one step leads there however many mergers followed.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    merged_on = models.DateField(null=True, blank=True)
    survivor = models.ForeignKey("self", on_delete=models.PROTECT, related_name="absorbed", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["charity_number"], condition=~models.Q(charity_number=""), name="charity_number_once"
            ),
            models.UniqueConstraint(
                fields=["company_number"], condition=~models.Q(company_number=""), name="company_number_once"
            ),
            models.UniqueConstraint(fields=["org_id"], condition=~models.Q(org_id=""), name="org_id_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None, merged_on=None, survivor=None)
                | models.Q(merged_into__isnull=False, merged_on__isnull=False, survivor__isnull=False),
                name="organisation_merged_wholly_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector(self) -> Sector:
        return SECTOR_OF[OrganisationKind(self.kind)]

    @property
    def identifier(self) -> str:
        """Its org-id: from the charity number, else the company number, else as typed; empty when none is known."""
        return next(iter(identifiers(self.charity_number, self.company_number, self.org_id)), "")

    def name_on(self, day: date) -> str:
        """The name it had on a day: what a page shows where it tells of the past (`domain.md` scenario 23)."""
        return next((former.name for former in self.former_names.all() if day <= former.until), self.name)

    @property
    def audit_scope(self) -> str:
        return f"organisation:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("accounts:organisation", args=[self.public_id])

    def facts(self) -> dict[str, str]:
        """The descriptive fields, as plain values for the audit trail."""
        names = ("name", "kind", "charity_number", "company_number", "org_id", "about")
        return {name: getattr(self, name) for name in names}
