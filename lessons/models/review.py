"""Who contributed to a lesson, a learning point or a profile and signs it off, and what the partners said about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from foundation.database.models import Record
from lessons.models.learning_point import LearningPoint
from lessons.models.lesson import Lesson
from lessons.models.owned import one_of
from lessons.models.profile import Profile

ONE_ITEM = one_of("lesson", "learning_point", "profile")


class ContributorQuerySet(models.QuerySet["Contributor"]):
    def of(self, organisation_id: int) -> "ContributorQuerySet":
        """What an organisation is asked for, itself or through one that has merged into it."""
        return self.filter(Q(organisation=organisation_id) | Q(organisation__survivor=organisation_id))


class Contributor(Record):
    """An organisation that is asked to sign off; signed when `signed_at` is set. One of the three is what it signs.

    `contributed` is said of an organisation that a publisher named because it helped a learning point otherwise than as
    a partner. Such a row stands in the draft already, and stays when the draft is taken back; the others come and go
    with the round.
    """

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="contributors", null=True)
    learning_point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="contributors", null=True)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="contributors", null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contributed = models.CharField(max_length=200, blank=True, help_text="What it gave, if it is not a partner.")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    signed_at = models.DateTimeField(null=True)

    objects = ContributorQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_ITEM, name="contributor_to_one_thing"),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None) | Q(signed_by__isnull=False, signed_at__isnull=False),
                name="contributor_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(contributed="") | Q(learning_point__isnull=False),
                name="contributor_named_for_a_learning_point",
            ),
            models.UniqueConstraint(fields=["lesson", "organisation"], name="contributor_once_per_lesson"),
            models.UniqueConstraint(fields=["learning_point", "organisation"], name="contributor_once_per_point"),
            models.UniqueConstraint(fields=["profile", "organisation"], name="contributor_once_per_profile"),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class ReviewComment(Record):
    """What a partner said about one part of it. Append-only; it stays with the item, for its writers only."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="comments", null=True)
    learning_point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="comments", null=True)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="comments", null=True)
    part = models.CharField(max_length=20, blank=True, help_text="The field or block it is about; empty: all of it.")
    text = models.TextField(max_length=2000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=ONE_ITEM, name="review_comment_on_one_thing")]

    def __str__(self) -> str:
        return self.text[:60]
