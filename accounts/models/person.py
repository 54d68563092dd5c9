"""People: they sign in with an e-mail address and act for one organisation."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.models.organisation import Organisation
from accounts.roles import SEES_EVERYONE, PortalRole
from foundation.database.models import Record


def clean_address(email: str) -> str:
    """An e-mail address as it is stored and looked up: one address, one person, however it was typed."""
    return email.strip().lower()


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=clean_address(email), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)

    def visible_to(self, reader: "Person") -> "models.QuerySet[Person]":
        """Oneself and one's colleagues; everybody for those who keep the register."""
        if reader.portal_role in SEES_EVERYONE:
            return self.all()
        colleagues = models.Q(organisation=reader.organisation_id, organisation__isnull=False)
        return self.filter(models.Q(pk=reader.pk) | colleagues)


class Person(AbstractBaseUser, Record):
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people", null=True)
    job_title = models.CharField(max_length=120, blank=True)
    portal_role = models.CharField(max_length=20, choices=PortalRole.choices, default=PortalRole.NONE)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def audit_scope(self) -> str:
        return f"person:{self.public_id}"

    @property
    def can_sign_in(self) -> bool:
        """Whether the account is open and a password was chosen."""
        return self.is_active and self.has_usable_password()

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("accounts:person", args=[self.public_id])

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """No Django permissions are used: see `permissions.py` in each app."""
        return False
