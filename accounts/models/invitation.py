"""Invitations: a single-use link that lets a person choose a password and opens on the thing to do.

The link's token is made from the invitation's public id with the portal's secret key when the mail is written, so it is
stored nowhere; the database keeps its SHA-256, by which a visitor's link is found.
"""

import base64
import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.models.person import Person
from foundation.database import clock
from foundation.database.models import Record

OPEN_FOR = timedelta(days=14)


def token_for(public_id: str) -> str:
    """The token of the invitation with this public id: 256 bits as 43 URL-safe characters."""
    digest = salted_hmac("accounts.invitation", public_id, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _expiry() -> datetime:
    return clock.now() + OPEN_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_token(self, token: str) -> "Invitation | None":
        """The invitation this link belongs to, whether it is still open or not."""
        return self.select_related("person", "invited_by__organisation").filter(token_hash=hash_of(token)).first()

    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, expires_at__gt=clock.now())


class Invitation(Record):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    token_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256: the token itself is only in the mail."
    )
    opens = models.CharField(max_length=300, default="/", help_text="The address the link leads to after signing in.")
    message = models.TextField(blank=True, max_length=1000)
    expires_at = models.DateTimeField(default=_expiry)
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Invitation for {self.person}"

    @property
    def audit_scope(self) -> str:
        return self.person.audit_scope

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > clock.now()
