"""A learning point: the eleven blocks of the published series (`domain.md` 6.1), as fields and rows."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts import permissions as portal
from foundation.database.models import Record
from lessons.lifecycle import LISTED, WRITING, LearningPointState, LessonState
from lessons.models.lesson import Lesson, is_web_address
from lessons.models.reviewed import Reviewed
from lessons.models.series import Series

TEXT_FIELDS = (
    "title", "abbreviation", "publisher", "postal_address", "telephone", "email", "website", "other_formats",
    "about_the_series", "about", "disclaimer", "known_already", "first_published",
)  # fmt: skip


class Block(models.TextChoices):
    """The blocks that are lists of lines. The value is stored; the label is what the editor reads."""

    PROJECTS = "projects", "Projects covered"
    ISSUES = "issues", "Important issues"
    STAGES = "stages", "The three stages"
    NEXT = "next", "What next"


class LearningPointQuerySet(models.QuerySet["LearningPoint"]):
    def listed(self) -> "LearningPointQuerySet":
        return self.filter(state__in=LISTED)

    def visible_to(self, person: Any) -> "LearningPointQuerySet":
        """Whatever was published, to everybody; drafts to publishers, and to the contributors once they are asked."""
        if portal.can(person, portal.Ability.PUBLISH_LESSONS):
            return self
        public = ~Q(state__in=WRITING)
        if not person.is_authenticated or person.organisation_id is None:
            return self.filter(public)
        own = person.organisation_id
        asked = Q(contributors__organisation=own) | Q(contributors__organisation__survivor=own)
        mine = asked & ~Q(state=LearningPointState.DRAFT)
        return self.filter(public | mine).distinct()


class LearningPoint(Reviewed):
    kind = "learning-point"
    owner_field = "learning_point"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="learning_points", editable=False)
    number = models.PositiveIntegerField(editable=False)
    slug = models.SlugField(max_length=90, unique=True, editable=False, help_text="Never changes once published.")
    # Block 1
    title = models.CharField(max_length=150)
    abbreviation = models.CharField(max_length=20, blank=True)
    # Block 2; the links are rows
    publisher = models.CharField(max_length=150, blank=True)
    postal_address = models.TextField(max_length=400, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    website = models.CharField(max_length=300, blank=True)
    # Blocks 3 to 5 and 7
    other_formats = models.TextField(max_length=1000, blank=True)
    about_the_series = models.TextField(max_length=1000, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    disclaimer = models.TextField(max_length=1000, blank=True)
    # Block 8
    month = models.DateField(null=True, help_text="The month it was first published in: its first day.")
    # Block 9; the stages are rows
    known_already = models.TextField(max_length=3000, blank=True)

    first_published = models.CharField(max_length=150, blank=True, help_text="Where and when, if it was elsewhere.")

    lessons = models.ManyToManyField(Lesson, through="LearnedLesson", related_name="learning_points")

    state = models.CharField(
        max_length=10, choices=LearningPointState.choices, default=LearningPointState.DRAFT, editable=False
    )
    told = models.TextField(
        blank=True, editable=False, help_text="All it says, in one text for the search: written when it is published."
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    objects = LearningPointQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="learning_point_number_once_per_series"),
            models.CheckConstraint(
                condition=Q(state__in=WRITING, published_at=None, month=None)
                | ~Q(state__in=WRITING) & Q(published_at__isnull=False, month__isnull=False),
                name="learning_point_published_has_a_month",
            ),
            models.CheckConstraint(
                condition=Q(revised_at=None) | ~Q(change_note=""), name="learning_point_revised_has_a_change_note"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return f"learning-point:{self.public_id}"

    @property
    def name(self) -> str:
        return f"Learning point {self.number}"

    @property
    def is_on_its_way(self) -> bool:
        return self.state in WRITING

    @property
    def series_line(self) -> str:
        """Block 1: “Learning point 1: public social partnerships (PSPs)”."""
        topic = f"{self.title} ({self.abbreviation})" if self.abbreviation else self.title
        return f"{self.series.name.removesuffix('s')} {self.number}: {topic}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("lessons:learning_point", args=[self.slug])

    def texts(self) -> dict[str, str]:
        """The words of the single-text blocks, as plain values."""
        return {name: getattr(self, name) for name in TEXT_FIELDS}


class LearningPointLine(models.Model):
    """One bullet of a block that is a list."""

    learning_point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="lines")
    block = models.CharField(max_length=10, choices=Block.choices)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["block", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["learning_point", "block", "position"], name="learning_point_line_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class LearningPointLink(Record):
    """Something related, in block 2: a profile, a report, a site."""

    learning_point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="links")
    title = models.CharField(max_length=200, help_text="It must make sense when it is read on its own.")
    publisher = models.CharField(max_length=150, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    isbn = models.CharField("ISBN", max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def url(self) -> str:
        """The address, when it can be a link."""
        return self.address if is_web_address(self.address) else ""


class LearnedLesson(models.Model):
    """A lesson in “What has been learned?”, in its place, with the words this learning point uses for it."""

    learning_point = models.ForeignKey(LearningPoint, on_delete=models.CASCADE, related_name="learned")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="used_in")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000, blank=True, help_text="Empty: the lesson's own advice.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["learning_point", "lesson"], name="learned_lesson_once_per_point"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.lesson}"

    @property
    def words(self) -> str:
        """What the reader sees: of a lesson that was withdrawn no word of its own."""
        return self.text or ("This lesson was withdrawn." if self._is_withdrawn else self.lesson.advice)

    @property
    def evidence(self) -> str:
        return "withdrawn with the lesson." if self._is_withdrawn else self.lesson.evidence

    @property
    def source_label(self) -> str:
        return "" if self._is_withdrawn else self.lesson.source_label

    @property
    def _is_withdrawn(self) -> bool:
        return self.lesson.state == LessonState.WITHDRAWN


def first_of_month(day: date) -> date:
    return day.replace(day=1)
