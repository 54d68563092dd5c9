"""Calendar feeds: make an address, take it back. Always one's own."""

import secrets

from accounts.models import Person
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.calendars import FeedKind
from partnerships.lifecycle import Stage
from partnerships.models import CalendarFeed, Partnership
from partnerships.models.feed import digest_of

TOKEN_BYTES = 24


def blockers_to_make(partnership: Partnership | None) -> list[str]:
    """Why there is nothing to subscribe to."""
    if partnership and partnership.stage == Stage.CLOSED:
        return ["This partnership is closed: it has no dates any more."]
    return []


def blockers_to_revoke(feed: CalendarFeed) -> list[str]:
    """An address is taken back once."""
    return ["This address was taken back before: nobody can read it."] if feed.revoked_at else []


@verb("calendar.make", on="by")
def make_feed(*, kind: FeedKind, by: Person, partnership: Partnership | None = None) -> tuple[CalendarFeed, str]:
    """Make an address, and end the one before it. The token is told here and never again: only its digest is kept."""
    if (kind == FeedKind.PARTNERSHIP) != (partnership is not None):
        raise ValueError("a partnership's calendar names it, and no other does")
    by = Person.objects.select_for_update().get(email=by.email)  # one change of a person's addresses at a time
    if partnership:
        _check_part(partnership, by)
    stop_if(blockers_to_make(partnership))
    before = CalendarFeed.objects.visible_to(by).open().filter(kind=kind, partnership=partnership)
    ended = before.update(revoked_at=clock.now())
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=by, kind=kind, partnership=partnership, token_digest=digest_of(token))
    told = f"made a {'new ' if ended else ''}calendar address: {feed}"
    record("calendar.make", on=feed, by=by, summary=told, after={"kind": kind, "ended": ended})
    return feed, token


@verb("calendar.revoke", on="feed")
def revoke_feed(*, feed: CalendarFeed, by: Person) -> None:
    """Take an address back: whoever has it finds nothing from the next moment on."""
    if feed.person_id != by.pk:
        raise NotPermitted("Only the person who made a calendar address may take it back.")
    feed = locked(feed)
    stop_if(blockers_to_revoke(feed))
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])
    record("calendar.revoke", on=feed, by=by, summary=f"took a calendar address back: {feed}")


def _check_part(partnership: Partnership, by: Person) -> None:
    if not Partnership.objects.visible_to(by).filter(pk=partnership.pk).exists():
        raise NotPermitted("Only somebody with a role in this partnership may have its calendar.")
