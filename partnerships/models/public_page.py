"""The public page of a partnership: closed until a lead publishes it; its words are written for it.

What else a visitor sees (stage, dates, partners) is taken from the partnership by `partnerships.in_public`, field by
field: no internal text is shown because it happens to be there.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models.partnership import Partnership

WORDS = ("summary", "who_for", "take_part", "sponsor_post", "shows_vision", "takes_ideas")


class PublicPageQuerySet(models.QuerySet["PublicPage"]):
    def published(self) -> "PublicPageQuerySet":
        """What anybody may read."""
        return self.exclude(published_at=None)


class PublicPage(Record):
    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="public_page")
    summary = models.TextField(max_length=2000, help_text="What the partnership does, for everybody.")
    who_for = models.CharField(max_length=200)
    take_part = models.TextField(max_length=1500, blank=True, help_text="How people can take part.")
    sponsor_post = models.CharField(max_length=150, blank=True, help_text="The sponsor's post, never the name.")
    shows_vision = models.BooleanField(default=True)
    takes_ideas = models.BooleanField(default=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    taken_down_at = models.DateTimeField(null=True)
    taken_down_because = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PublicPageQuerySet.as_manager()

    class Meta:
        ordering = ["partnership__title", "pk"]
        indexes = [models.Index(fields=["published_at"], name="public_page_published")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | (Q(published_at__isnull=False, published_by__isnull=False) & ~Q(summary="")),
                name="public_page_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None, taken_down_because="")
                | (Q(taken_down_at__isnull=False) & ~Q(taken_down_because="")),
                name="public_page_taken_down_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(taken_down_at=None), name="public_page_not_both_up_and_down"
            ),
        ]

    def __str__(self) -> str:
        return f"Public page of {self.partnership}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("partnerships:public_page", args=[self.partnership.public_id])
