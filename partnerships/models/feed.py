"""A calendar feed: an address that shows one person's dates to a calendar program, without signing in.

The address is a key. Only its digest is kept, so nobody can read it here again; a new address ends the one before.
"""

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.calendars import FeedKind
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


def digest_of(token: str) -> str:
    """What is kept of a token. It has 192 random bits, so a plain digest cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, person: "Person") -> "CalendarFeedQuerySet":
        """A person's own: nobody else's."""
        return self.filter(person=person)

    def open(self) -> "CalendarFeedQuerySet":
        return self.filter(revoked_at=None)

    def at(self, token: str) -> "CalendarFeed | None":
        """The feed at this address, unless it was taken back or its person's account is closed. One query."""
        rows = self.open().filter(token_digest=digest_of(token), person__is_active=True)
        return rows.select_related("person", "partnership").first()


class CalendarFeed(Record):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    kind = models.CharField(max_length=12, choices=FeedKind.choices)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="calendar_feeds", null=True)
    token_digest = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(revoked_at=None, partnership=None),
                name="one_calendar_of_a_kind_per_person",
            ),
            models.UniqueConstraint(
                fields=["person", "partnership"],
                condition=Q(revoked_at=None, partnership__isnull=False),
                name="one_calendar_per_partnership_and_person",
            ),
            models.CheckConstraint(
                condition=Q(kind=FeedKind.PARTNERSHIP, partnership__isnull=False)
                | (~Q(kind=FeedKind.PARTNERSHIP) & Q(partnership=None)),
                name="calendar_of_a_partnership_names_it",
            ),
        ]

    def __str__(self) -> str:
        return str(self.partnership) if self.partnership_id else FeedKind(self.kind).label

    @property
    def audit_scope(self) -> str:
        return f"calendars:{self.person.public_id}"
