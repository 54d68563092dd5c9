"""A profile: the case study of one partnership, beside the learning points (`domain.md` 6.1).

A story is never copied into it: it is read through its consents, and is gone with them.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import permissions as portal
from lessons.lifecycle import LISTED, WRITING, LearningPointState
from lessons.models.reviewed import Reviewed
from partnerships.models import Partnership
from pilots.models import Story

# Field, the heading a reader sees, and whether it is a list: one item a line.
PARTS = (
    ("what", "What is it?", False), ("who", "Who is it for?", False), ("where", "Where is it?", False),
    ("partners", "Who are the partners?", True), ("dates", "How far has it come?", True),
    ("money", "What does it cost, and who pays?", True), ("reached", "Whom did it reach?", True),
    ("learned", "What has been learned?", True), ("contact", "Who can tell more?", False),
)  # fmt: skip
STORY = "What changed for one person?"
TEXT_FIELDS = ("title", *(field for field, _, _ in PARTS))


class ProfileQuerySet(models.QuerySet["Profile"]):
    def listed(self) -> "ProfileQuerySet":
        return self.filter(state__in=LISTED)

    def on_their_way(self) -> "ProfileQuerySet":
        return self.filter(state__in=WRITING)

    def visible_to(self, person: Any) -> "ProfileQuerySet":
        """Whatever was published, to everybody; drafts to publishers and to the partnership they are about."""
        if portal.can(person, portal.Ability.PUBLISH_LESSONS):
            return self
        public = ~Q(state__in=WRITING)
        if not person.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(partnership__in=Partnership.objects.visible_to(person)))


class Profile(Reviewed):
    kind = "profile"
    owner_field = "profile"

    number = models.PositiveIntegerField(unique=True, editable=False)
    slug = models.SlugField(max_length=90, unique=True, editable=False, help_text="Never changes once published.")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="profiles", editable=False)
    title = models.CharField(max_length=150)
    what = models.TextField(max_length=3000, blank=True)
    who = models.TextField(max_length=1000, blank=True)
    where = models.TextField(max_length=500, blank=True)
    partners = models.TextField(max_length=2000, blank=True, help_text="One a line.")
    dates = models.TextField(max_length=2000, blank=True, help_text="One a line.")
    money = models.TextField(max_length=2000, blank=True, help_text="One a line.")
    reached = models.TextField(max_length=2000, blank=True, help_text="One a line.")
    learned = models.TextField(max_length=3000, blank=True, help_text="One a line.")
    contact = models.TextField(max_length=500, blank=True, help_text="A role and an organisation, not a person.")
    story = models.ForeignKey(Story, on_delete=models.SET_NULL, related_name="+", null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=10, choices=LearningPointState.choices, default=LearningPointState.DRAFT)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["partnership", "state"], name="profile_by_partnership")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WRITING, published_at=None)
                | ~Q(state__in=WRITING) & Q(published_at__isnull=False),
                name="profile_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(revised_at=None) | ~Q(change_note=""), name="profile_revised_has_a_change_note"
            ),
            models.UniqueConstraint(
                fields=["partnership"], condition=Q(state__in=WRITING), name="profile_written_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def name(self) -> str:
        return f"Profile {self.number}"

    @property
    def series_line(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in WRITING

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("lessons:profile", args=[self.slug])

    def texts(self) -> dict[str, str]:
        """The words of the profile without the story, as plain values: for the audit trail and the form."""
        return {name: getattr(self, name) for name in TEXT_FIELDS}

    def told_story(self) -> Story | None:
        """The story, as long as all its consents stand. One query, none without a story."""
        return Story.objects.publishable().filter(pk=self.story_id).first() if self.story_id else None


def lines(text: str) -> list[str]:
    """The items of a part that is a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]
