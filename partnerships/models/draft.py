"""The draft of a memorandum's next version: its sections, who has the pen, and what people say about it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.memorandum import Memorandum, SectionText
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class DraftQuerySet(models.QuerySet["MemorandumDraft"]):
    def open(self) -> "DraftQuerySet":
        """Not issued yet: at most one in each partnership."""
        return self.filter(issued_as=None)

    def visible_to(self, person: "Person") -> "DraftQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class MemorandumDraft(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="drafts")
    based_on = models.ForeignKey(Memorandum, null=True, on_delete=models.PROTECT, related_name="+")
    issued_as = models.OneToOneField(Memorandum, null=True, on_delete=models.PROTECT, related_name="draft")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pen = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The one person who may write in it now; empty: anybody who may write can take the pen.",
    )  # fmt: skip
    pen_used_at = models.DateTimeField(
        default=clock.now, help_text="When the pen was taken, or last wrote something; put down: when."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership"], condition=Q(issued_as=None), name="draft_one_open"),
            models.CheckConstraint(condition=Q(issued_as=None) | Q(pen=None), name="draft_issued_has_no_pen"),
        ]

    def __str__(self) -> str:
        return "Draft of the memorandum of understanding"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class DraftSection(SectionText, Record):
    """`left_out`: not in the next version, but kept here with its comments, and it can be put back."""

    draft = models.ForeignKey(MemorandumDraft, on_delete=models.PROTECT, related_name="sections")
    left_out = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(SectionText.Meta):
        constraints = [models.UniqueConstraint(fields=["draft", "key"], name="draft_section_once")]

    @property
    def audit_scope(self) -> str:
        return self.draft.audit_scope


class DraftCommentQuerySet(models.QuerySet["DraftComment"]):
    def open(self) -> "DraftCommentQuerySet":
        return self.filter(resolved_at=None)


class DraftComment(Record):
    """What somebody says about one section. Never edited; resolved with a word, and kept."""

    section = models.ForeignKey(DraftSection, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(max_length=2000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    word = models.CharField(max_length=300, blank=True, help_text="What was done about it.")

    objects = DraftCommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None, word="")
                | (Q(resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(word="")),
                name="draft_comment_resolved_with_a_word",
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_by}’s comment on “{self.section}”"

    @property
    def audit_scope(self) -> str:
        return self.section.audit_scope
