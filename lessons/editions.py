"""Earlier editions: what a revision replaces is frozen as plain values, and laid out again for whoever follows a link.

The current text is the row itself; only what is no longer current is kept here. A person's story is never kept: it may
be told only as long as its person agrees, so an edition of a profile says no more than that there was one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from lessons.models import Block, EarlierEdition, Item, LearningPoint, LearningPointLink, Lesson, Profile
from lessons.models.learning_point import TEXT_FIELDS as POINT_TEXTS
from lessons.models.lesson import TEXT_FIELDS as LESSON_TEXTS
from lessons.models.profile import TEXT_FIELDS as PROFILE_TEXTS
from lessons.publications import words_only

LEARNED = ("number", "slug", "title", "evidence", "source_label")
LINK = ("title", "publisher", "year", "isbn", "address")
TOLD_A_STORY = "told_a_story"


@dataclass(frozen=True)
class Frozen:
    """A text about to be replaced: its words, since when readers saw it, and what it had changed itself."""

    text: dict[str, Any]
    began_at: datetime
    change_note: str


def freeze(item: Item) -> Frozen:
    """Before a revision writes anything. No query but for a learning point, which takes three."""
    began_at = item.revised_at or item.published_at
    assert began_at is not None, "only what was published is revised"
    return Frozen(_words(item), began_at, item.change_note if item.revised_at else "")


def keep(item: Item, frozen: Frozen, *, until: datetime) -> EarlierEdition:
    """As the edition before the current one. The caller holds the item's lock, so no number is taken twice."""
    return EarlierEdition.objects.create(
        **{item.owner_field: item},
        number=item.earlier.count() + 1,
        text=frozen.text,
        began_at=frozen.began_at,
        ended_at=until,
        change_note=frozen.change_note,
    )


def earlier_of(item: Item) -> list[EarlierEdition]:
    """Newest first, without their texts. One query."""
    editions = list(item.earlier.defer("text"))
    for edition in editions:
        setattr(edition, item.owner_field, item)
    return editions


def lesson_as_it_was(edition: EarlierEdition) -> Lesson:
    """Not saved anywhere: for a template that shows a lesson."""
    assert edition.lesson is not None
    return Lesson(
        number=edition.lesson.number,
        slug=edition.lesson.slug,
        published_at=edition.lesson.published_at,
        revised_at=edition.began_at if edition.change_note else None,
        change_note=edition.change_note,
        **edition.words(*LESSON_TEXTS),
    )


def point_as_it_was(edition: EarlierEdition) -> dict[str, Any]:
    """What `lessons/blocks.html` prints, as `lessons.documents.blocks` gives it of the current text."""
    now = edition.learning_point
    assert now is not None
    lines = edition.text.get("lines", {})
    return {
        "point": LearningPoint(
            series=now.series, number=now.number, slug=now.slug, month=now.month, change_note=edition.change_note,
            **edition.words(*POINT_TEXTS),
        ),
        "updated_on": timezone.localdate(edition.began_at) if edition.change_note else None,
        "projects": lines.get(Block.PROJECTS, []),
        "issues": lines.get(Block.ISSUES, []),
        "stages": lines.get(Block.STAGES, []),
        "next": lines.get(Block.NEXT, []),
        "links": [LearningPointLink(**link) for link in edition.text.get("links", [])],
        "learned": [
            {"words": item["words"], "lesson": Lesson(state="published", **item["lesson"])}
            for item in edition.text.get("learned", [])
        ],
    }  # fmt: skip


def profile_as_it_was(edition: EarlierEdition) -> dict[str, Any]:
    """What `lessons/profile_text.html` prints, without the story; and whether it told one."""
    assert edition.profile is not None
    was = Profile(number=edition.profile.number, slug=edition.profile.slug, **edition.words(*PROFILE_TEXTS))
    return {"profile": was, "parts": words_only(was), "told_a_story": bool(edition.text.get(TOLD_A_STORY))}


def _words(item: Item) -> dict[str, Any]:
    if isinstance(item, LearningPoint):
        return _point(item)
    return item.texts() if isinstance(item, Lesson) else item.texts() | {TOLD_A_STORY: item.story_id is not None}


def _point(point: LearningPoint) -> dict[str, Any]:
    lines: dict[str, list[str]] = {block: [] for block in Block}
    for line in point.lines.all():
        lines[line.block].append(line.text)
    return point.texts() | {
        "lines": lines,
        "links": [{name: getattr(link, name) for name in LINK} for link in point.links.all()],
        "learned": [
            {"words": item.words, "lesson": {name: getattr(item.lesson, name) for name in LEARNED}}
            for item in point.learned.select_related("lesson")
        ],
    }


__all__ = ["earlier_of", "freeze", "keep", "lesson_as_it_was", "point_as_it_was", "profile_as_it_was"]
