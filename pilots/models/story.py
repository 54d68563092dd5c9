"""A case story and the consents it stands on (`domain.md` 3.1, scenario 34). Every page asks `usable` or `publishable`.

Consent can be withdrawn at any time. Because no page reads a story past these two, it is gone from all of them at once.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.entry import Telling
from pilots.lifecycle import ONCE_ACCEPTED
from pilots.models.monthly_return import MonthlyReturn

if TYPE_CHECKING:
    from accounts.models import Person

CONSENTS = {
    "may_use": "the person agreed that it is used",
    "anonymised": "it is anonymised",
    "may_publish": "the person agreed that it is published",
}


class StoryQuerySet(models.QuerySet["Story"]):
    def visible_to(self, person: "Person") -> "StoryQuerySet":
        return self.filter(monthly_return__partnership__in=Partnership.objects.visible_to(person))

    def told(self) -> "StoryQuerySet":
        """Not withdrawn: what the two sides of the return may still work on."""
        return self.filter(withdrawn_on=None)

    def usable(self) -> "StoryQuerySet":
        """What every partner may read and a pack may hold: the person agreed, and has not changed their mind."""
        return self.told().filter(may_use=True)

    def publishable(self) -> "StoryQuerySet":
        """What may be published: all three consents, nothing withdrawn, and its return accepted."""
        return self.usable().filter(**dict.fromkeys(CONSENTS, True), monthly_return__state__in=ONCE_ACCEPTED)

    def published(self) -> "StoryQuerySet":
        """What public pages and packs show: published, and still publishable."""
        return self.publishable().filter(published_on__isnull=False)


class Story(Record):
    """It belongs to the return it was told with; corrections of that return share it."""

    monthly_return = models.OneToOneField(MonthlyReturn, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    may_use = models.BooleanField(default=False)
    anonymised = models.BooleanField(default=False)
    may_publish = models.BooleanField(default=False)
    published_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-monthly_return__period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on=None) | Q(**dict.fromkeys(CONSENTS, True)),
                name="story_published_with_all_consents",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False, may_use=False, published_on=None),
                name="story_withdrawn_by_somebody_and_not_published",
            ),
        ]

    def __str__(self) -> str:
        return f"Story of {self.monthly_return.month}"

    @property
    def audit_scope(self) -> str:
        return self.monthly_return.audit_scope

    @property
    def is_usable(self) -> bool:
        return self.may_use and self.withdrawn_on is None

    @property
    def missing_consents(self) -> list[str]:
        return [said for name, said in CONSENTS.items() if not getattr(self, name)]

    def told(self) -> Telling:
        return Telling(self.text, self.may_use, self.anonymised, self.may_publish)
