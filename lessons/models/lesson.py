"""A lesson: what happened, why, what to do about it, and what shows it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify

from accounts import permissions as portal
from lessons.lifecycle import WRITING, LessonState
from lessons.models.reviewed import Reviewed
from lessons.themes import Audience, KindOfService, LessonStage, Strength
from partnerships.models import Partnership
from partnerships.themes import Theme

TEXT_FIELDS = (
    "title", "what_happened", "why", "advice", "evidence", "cost", "stage", "theme", "kind_of_service", "audience",
    "strength", "year", "source_label", "source_address",
)  # fmt: skip


def address(number: int, title: str) -> str:
    """The readable part of a permanent address: “12-plan-the-step-to-procurement-early”."""
    return f"{number}-{slugify(title)[:70].strip('-')}".rstrip("-")


def is_web_address(text: str) -> bool:
    """Whether a source's address can be a link; other schemes and bare text are shown as text."""
    return text.startswith(("https://", "http://"))


class LessonQuerySet(models.QuerySet["Lesson"]):
    def published(self) -> "LessonQuerySet":
        return self.filter(state=LessonState.PUBLISHED)

    def visible_to(self, person: Any) -> "LessonQuerySet":
        """Whatever was published, to everybody; drafts to publishers and to the partnership they are about."""
        if portal.can(person, portal.Ability.PUBLISH_LESSONS):
            return self
        public = ~Q(state__in=WRITING)
        if not person.is_authenticated:
            return self.filter(public)
        return self.filter(public | Q(partnership__in=Partnership.objects.visible_to(person)))

    def on_their_way(self) -> "LessonQuerySet":
        """Written, commented, signed or checked, and not published yet."""
        return self.filter(state__in=WRITING)


class Lesson(Reviewed):
    kind = "lesson"
    owner_field = "lesson"

    number = models.PositiveIntegerField(unique=True, editable=False)
    slug = models.SlugField(max_length=90, unique=True, editable=False, help_text="Never changes once published.")
    title = models.CharField(max_length=150)
    what_happened = models.TextField(max_length=3000, blank=True)
    why = models.TextField(max_length=3000, blank=True)
    advice = models.TextField(max_length=3000, blank=True)
    evidence = models.TextField(max_length=3000, blank=True)
    stage = models.CharField(max_length=10, choices=LessonStage.choices, default=LessonStage.ANY)
    theme = models.CharField(max_length=20, choices=Theme.choices)
    cost = models.TextField(max_length=1000, blank=True, help_text="What it costs not to know it.")
    kind_of_service = models.CharField(max_length=20, choices=KindOfService.choices, default=KindOfService.ANY)
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.EVERYBODY)
    strength = models.CharField(max_length=10, choices=Strength.choices, default=Strength.TOLD)
    year = models.PositiveSmallIntegerField(null=True, help_text="The year it was learned or written down.")
    source_label = models.CharField(max_length=200, blank=True)
    source_address = models.CharField(max_length=300, blank=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="lessons", null=True)
    origin_label = models.CharField(max_length=200, blank=True, help_text="What it was written from: a risk, a return.")
    origin_address = models.CharField(max_length=200, blank=True, help_text="Its page in this portal, for members.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    state = models.CharField(max_length=10, choices=LessonState.choices, default=LessonState.DRAFT)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["state", "-number"], name="lesson_by_state"),
            models.Index(fields=["partnership", "state"], name="lesson_by_partnership"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WRITING, published_at=None)
                | ~Q(state__in=WRITING) & Q(published_at__isnull=False),
                name="lesson_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(revised_at=None) | ~Q(change_note=""), name="lesson_revised_has_a_change_note"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope if self.partnership else f"lesson:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("lessons:lesson", args=[self.slug])

    @property
    def source_url(self) -> str:
        """The source's address, when it can be a link."""
        return self.source_address if is_web_address(self.source_address) else ""

    @property
    def name(self) -> str:
        return f"Lesson {self.number}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in WRITING

    def texts(self) -> dict[str, Any]:
        """The words of the lesson, as plain values: for the audit trail, the edit form and frozen reports."""
        return {name: getattr(self, name) for name in TEXT_FIELDS}
