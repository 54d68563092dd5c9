"""A saved view: what one person filters the portfolio by, under a name. The address says the same to anybody."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from foundation.database.models import Record

if TYPE_CHECKING:
    from accounts.models import Person

MOST_VIEWS = 20
LONGEST_QUERY = 2000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: "Person") -> "SavedViewQuerySet":
        """A person's own: nobody else's."""
        return self.filter(person=person)

    def by_name(self) -> "list[SavedView]":
        """In the order of their names: a person has a few, and to sort them here costs less than to ask for it."""
        return sorted(self.order_by(), key=lambda view: (view.name.lower(), view.pk))


class SavedView(Record):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, help_text="The filter as the address says it, without the “?”.")
    is_default = models.BooleanField(default=False, help_text="What “Partnerships” opens with.")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="saved_view_name_once_per_person"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_default=True), name="one_default_view_per_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_scope(self) -> str:
        return f"saved-views:{self.person.public_id}"

    def get_absolute_url(self) -> str:
        return f"{reverse('partnerships:portfolio')}?{self.query}"
