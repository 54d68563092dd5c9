"""Atom feeds of the library: what was published, revised or withdrawn, newest first, for everybody's feed reader.

An entry's id is made from the item's own id: it stays the same when the item is revised, when its title changes, and
when the portal moves to another address. Nothing in a feed says who wrote or published what, and nothing of a lesson
says of which partnership it is. A profile is there without its story: that may go at any moment, a reader's copy not.

What was withdrawn stays in the feed as an entry that says so, with the same id. RFC 6721 has an element for it,
`at:deleted-entry`, but it is no entry: the common readers pass over it and go on showing the text they fetched. An
entry that they know already, with a later date, they show anew, and its words take the place of the withdrawn ones.
"""

import re
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from foundation.published.links import absolute
from lessons.lifecycle import WRITING, LessonState
from lessons.models import PROFILES, Item, LearningPoint, Lesson, Profile
from partnerships.themes import Theme

MOST = 30
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Where the ids of this portal's entries come from (RFC 4122, version 5).
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "psp-portal/lessons")


def entry_id(name: str) -> str:
    """The same name is the same id, on every portal and for ever."""
    return uuid.uuid5(NAMESPACE, name).urn


def address_of(theme: str = "") -> str:
    return reverse("lessons:feed_theme", args=[theme]) if theme else reverse("lessons:feed")


def title_of(theme: str = "") -> str:
    return f"Lessons on {Theme(theme).label.lower()}" if theme else "Lessons, learning points and profiles"


def atom(theme: str = "") -> bytes:
    """The feed of one theme (lessons), or of everything (learning points and profiles too). One query or three."""
    lessons = Lesson.objects.filter(theme=theme) if theme else Lesson.objects.all()
    found: list[Item] = _newest(lessons)
    if not theme:
        found += _newest(LearningPoint.objects.select_related("series"))
        found += _newest(Profile.objects.all())
        found.sort(key=_changed_at, reverse=True)
    feed = Atom1Feed(
        title=f"{title_of(theme)} – {settings.SITE_NAME}",
        link=absolute(reverse("lessons:library") + (f"?theme={theme}" if theme else "")),
        description=None,
        subtitle="What Public Social Partnerships have learned",
        feed_url=absolute(address_of(theme)),
        feed_guid=entry_id(f"feed/{theme}"),
        author_name=settings.SITE_NAME,
        language="en-GB",
    )
    for item in found[:MOST]:
        _add(feed, item)
    written: str = feed.writeString("utf-8")
    return written.encode()


def _newest(rows: QuerySet[Any]) -> list[Any]:
    """What was published, whatever became of it; the last change first."""
    changed = rows.exclude(state__in=WRITING).annotate(
        changed_at=Coalesce("withdrawn_at", "revised_at", "published_at")
    )
    return list(changed.order_by("-changed_at", "-pk")[:MOST])


def _add(feed: Atom1Feed, item: Item) -> None:
    title, told = _told(item)
    feed.add_item(
        title=_plain(title),
        link=absolute(item.get_absolute_url()),
        description=escape(_plain(told)),  # Django declares it to be HTML
        unique_id=entry_id(f"{item._meta.model_name}/{item.public_id}"),
        pubdate=item.published_at,
        updateddate=_changed_at(item),
        categories=[_category(item)],
    )


def _told(item: Item) -> tuple[str, str]:
    """The title of the entry, and its words: of what was withdrawn only the day and the reason."""
    title = item.title if isinstance(item, Lesson) else item.series_line
    if item.state == LessonState.WITHDRAWN:
        on = f" on {timezone.localdate(item.withdrawn_at):%-d %B %Y}" if item.withdrawn_at else ""
        return f"Withdrawn: {title}", f"This was withdrawn{on}. {item.change_note}"
    told = item.advice if isinstance(item, Lesson) else item.about if isinstance(item, LearningPoint) else item.what
    return title, f"{told} Updated: {item.change_note}" if item.revised_at else told


def _category(item: Item) -> str:
    if isinstance(item, Lesson):
        return str(item.get_theme_display())
    return item.series.name if isinstance(item, LearningPoint) else PROFILES


def _plain(text: str) -> str:
    """Without the control characters that no XML can hold."""
    return NOT_IN_XML.sub("", text)


def _changed_at(item: Item) -> datetime:
    moment = item.withdrawn_at or item.revised_at or item.published_at
    assert moment is not None
    return timezone.localtime(moment)
