"""Atom feeds of the library: what was published or revised, newest first, for everybody's feed reader.

An entry's id is made from the item's own id: it stays the same when the item is revised, when its title changes, and
when the portal moves to another address. Nothing in a feed says who wrote or published what, or of which partnership.
"""

import re
import uuid
from datetime import datetime

from django.conf import settings
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from foundation.published.links import absolute
from lessons.models import LearningPoint, Lesson
from partnerships.themes import Theme

MOST = 30
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Where the ids of this portal's entries come from (RFC 4122, version 5).
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "psp-portal/lessons")


def entry_id(name: str) -> str:
    """The same name is the same id, on every portal and for ever."""
    return uuid.uuid5(NAMESPACE, name).urn


def address_of(theme: str = "") -> str:
    return reverse("lessons:feed_theme", args=[theme]) if theme else reverse("lessons:feed")


def title_of(theme: str = "") -> str:
    return f"Lessons on {Theme(theme).label.lower()}" if theme else "Lessons and learning points"


def atom(theme: str = "") -> bytes:
    """The feed of one theme (lessons), or of everything (learning points too). One or two queries."""
    lessons = Lesson.objects.published().annotate(changed_at=Coalesce("revised_at", "published_at"))
    if theme:
        lessons = lessons.filter(theme=theme)
    found: list[Lesson | LearningPoint] = [*lessons.order_by("-changed_at", "-pk")[:MOST]]
    if not theme:
        points = LearningPoint.objects.listed().annotate(changed_at=Coalesce("revised_at", "published_at"))
        found += points.select_related("series").order_by("-changed_at", "-pk")[:MOST]
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


def _add(feed: Atom1Feed, item: Lesson | LearningPoint) -> None:
    title, told = (item.title, item.advice) if isinstance(item, Lesson) else (item.series_line, item.about)
    note = f" Updated: {item.change_note}" if item.revised_at else ""
    feed.add_item(
        title=_plain(title),
        link=absolute(item.get_absolute_url()),
        description=escape(_plain(f"{told}{note}")),  # Django declares it to be HTML
        unique_id=entry_id(f"{item._meta.model_name}/{item.public_id}"),
        pubdate=item.published_at,
        updateddate=_changed_at(item),
        categories=[item.get_theme_display() if isinstance(item, Lesson) else item.series.name],
    )


def _plain(text: str) -> str:
    """Without the control characters that no XML can hold."""
    return NOT_IN_XML.sub("", text)


def _changed_at(item: Lesson | LearningPoint) -> datetime:
    moment = item.revised_at or item.published_at
    assert moment is not None
    return timezone.localtime(moment)
