"""Ideas and comments that people without an account send through a public page, and what became of each.

What somebody typed never enters the audit trail, which cannot forget: an idea's events say that it was received and
what was decided, and no more. The name, the address and the access needs are deleted with the first decision, or when
they have waited too long (`IDEA_DETAILS_DAYS`).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.moderation import IdeaKind, IdeaState, Rejection

LONGEST_IDEA = 2000
DETAILS = ("name", "email", "access_needs")


class IdeaQuerySet(models.QuerySet["Idea"]):
    def waiting(self) -> "IdeaQuerySet":
        return self.filter(state=IdeaState.WAITING)

    def published(self) -> "IdeaQuerySet":
        """What anybody may read, where the page is public: `shown` and its answer, nothing else of the row."""
        return self.filter(state=IdeaState.PUBLISHED)

    def with_details(self) -> "IdeaQuerySet":
        return self.exclude(name="", email="", access_needs="")


class Idea(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="ideas")
    kind = models.CharField(max_length=10, choices=IdeaKind.choices)
    text = models.TextField(max_length=LONGEST_IDEA)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    access_needs = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=IdeaState.choices, default=IdeaState.WAITING)
    shown = models.TextField(max_length=LONGEST_IDEA, blank=True, help_text="As everybody reads it.")
    we_did = models.TextField(max_length=2000, blank=True)
    we_could_not = models.TextField(max_length=2000, blank=True)
    rejected_for = models.CharField(max_length=10, choices=Rejection.choices, blank=True)
    moderated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    moderated_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["partnership", "state", "-created_at"], name="idea_by_partnership"),
            models.Index(fields=["created_at"], condition=~Q(email="", name="", access_needs=""), name="idea_details"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=IdeaState.WAITING, moderated_at=None, moderated_by=None)
                | (~Q(state=IdeaState.WAITING) & Q(moderated_at__isnull=False, moderated_by__isnull=False)),
                name="idea_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=IdeaState.PUBLISHED) | (~Q(shown="") & ~Q(we_did="", we_could_not="")),
                name="idea_published_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(state=IdeaState.REJECTED) & ~Q(rejected_for="")
                | ~Q(state=IdeaState.REJECTED) & Q(rejected_for=""),
                name="idea_rejected_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=IdeaState.WAITING) | Q(name="", email="", access_needs=""),
                name="idea_details_go_with_the_decision",
            ),
        ]

    def __str__(self) -> str:
        """Nothing that was typed: this name goes into the audit trail."""
        return f"{self.get_kind_display()} of {timezone.localtime(self.created_at):%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class IdeaTally(models.Model):
    """How many ideas came from one network address on one day. The address is hashed anew each day, and kept two."""

    day = models.DateField()
    sender = models.CharField(max_length=64)
    ideas = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "sender"], name="idea_tally_once_a_day")]

    def __str__(self) -> str:
        return f"{self.ideas} on {self.day:%-d %B %Y}"
