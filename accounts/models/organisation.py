"""Organisations: the public bodies, charities and firms that people act for."""

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models

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

charity_number_shape = RegexValidator(
    r"^SC[0-9]{6}\Z", "A Scottish charity number is SC and six digits, for example SC012345."
)
company_number_shape = RegexValidator(
    r"^(SC|SO|[0-9]{2})[0-9]{6}\Z", "A company number is eight characters, for example SC123456 or 01234567."
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: "Person") -> "OrganisationQuerySet":
        """The register of names is open to everyone who is signed in."""
        return self if person.is_authenticated else self.none()

    def public_bodies(self) -> "OrganisationQuerySet":
        return self.filter(kind=OrganisationKind.PUBLIC_AUTHORITY)

    def third_sector(self) -> "OrganisationQuerySet":
        return self.filter(kind__in=[kind for kind, sector in SECTOR_OF.items() if sector == Sector.THIRD])


class Organisation(Record):
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    charity_number = models.CharField(max_length=8, blank=True, validators=[charity_number_shape])
    company_number = models.CharField(max_length=8, blank=True, validators=[company_number_shape])
    about = models.TextField(blank=True, max_length=2000)
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
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector(self) -> Sector:
        return SECTOR_OF[OrganisationKind(self.kind)]

    @property
    def audit_scope(self) -> str:
        return f"organisation:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("accounts:organisation", args=[self.public_id])

    def facts(self) -> dict[str, str]:
        """The descriptive fields, as plain values for the audit trail."""
        return {name: getattr(self, name) for name in ("name", "kind", "charity_number", "company_number", "about")}
