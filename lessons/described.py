"""Lessons, learning points and profiles as schema.org describes things, for search engines and citation programs.

Only what the page itself shows: no person, nothing of a draft; of a partnership only its profile.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from foundation.published.links import absolute
from lessons.models import Item, LearnedLesson, LearningPoint, Lesson, Profile

LIBRARY = "Lessons from partnerships"


def lesson(item: Lesson, edition: int) -> dict[str, Any]:
    return _published(item, edition) | {
        "@type": "Article",
        "headline": item.title,
        "abstract": item.advice,
        "about": item.get_theme_display(),
        "keywords": [item.get_theme_display(), item.get_stage_display(), item.get_kind_of_service_display()],
        "audience": {"@type": "Audience", "audienceType": item.get_audience_display()},
        "citation": item.source_url or item.source_label,
        "isPartOf": {"@type": "Collection", "name": LIBRARY, "url": absolute(reverse("lessons:library"))},
    }


def learning_point(
    item: LearningPoint, edition: int, learned: Sequence[LearnedLesson], files: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """`files`: the media type and the path of each format that can be downloaded now."""
    return _published(item, edition) | {
        "@type": "Report",
        "headline": item.series_line,
        "reportNumber": str(item.number),
        "abstract": item.about,
        "hasPart": [
            {"@type": "Article", "headline": one.lesson.title, "url": absolute(one.lesson.get_absolute_url())}
            for one in learned
            if one.lesson.state == "published"
        ],
        "encoding": [
            {"@type": "MediaObject", "encodingFormat": media_type, "contentUrl": absolute(path)}
            for media_type, path in files
        ],
        "isPartOf": {
            "@type": "Collection", "name": item.series.name, "url": absolute(reverse("lessons:learning_points"))
        },
    }  # fmt: skip


def profile(item: Profile, edition: int) -> dict[str, Any]:
    """Without the story: what is read by machines may be kept by them."""
    return _published(item, edition) | {
        "@type": "Article",
        "headline": item.title,
        "abstract": item.what,
        "isPartOf": {
            "@type": "Collection", "name": "Profiles of partnerships", "url": absolute(reverse("lessons:profiles"))
        },
    }  # fmt: skip


def library() -> dict[str, Any]:
    """The library, and how it is searched."""
    address = absolute(reverse("lessons:library"))
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": absolute("/"),
        "inLanguage": "en-GB",
        "hasPart": {"@type": "Collection", "name": LIBRARY, "url": address},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{address}?text={{text}}"},
            "query-input": "required name=text",
        },
    }


def _published(item: Item, edition: int) -> dict[str, Any]:
    address = absolute(item.get_absolute_url())
    return {
        "@id": address,
        "url": address,
        "identifier": item.name,
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "version": edition,
        "datePublished": _day(item.published_at),
        "dateModified": _day(item.revised_at or item.published_at),
        "correction": item.change_note if item.revised_at else "",
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute("/")},
    }


def _day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
