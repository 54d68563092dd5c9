"""What a calendar program is given: a feed's dates, asked anew at each request with the rights its person has now."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.calendars.ical import Event, calendar
from foundation.database import clock
from partnerships import calendars
from partnerships.calendars import CalendarDate, FeedKind
from partnerships.lifecycle import OVER, Stage
from partnerships.models import ActionPoint, CalendarFeed, Meeting, Memorandum, Milestone, Partnership
from partnerships.permissions import Ability, where_may
from partnerships.plan import MilestoneKind

if TYPE_CHECKING:
    from accounts.models import Person

LOOKS_BACK = timedelta(days=90)
"""A date that passed, was met or was called off stays this long, so that a program that comes seldom learns of it."""

OPEN_IT = "See it in the portal, where you may have to sign in:"


@dataclass(frozen=True)
class Given:
    """A feed as it stands: its text, and the tag that changes with it."""

    text: str
    tag: str


def register() -> None:
    calendars.add("partnerships.milestones", milestones)
    calendars.add("partnerships.memorandum_reviews", reviews)
    calendars.add("partnerships.meetings", meetings)
    calendars.add("partnerships.action_points", action_points)


def given(feed: CalendarFeed) -> Given:
    """The calendar of this feed now: empty as soon as its person has no part in anything. Constant queries."""
    dates = sorted(_wanted(feed), key=lambda d: (_day(d.on), d.key))
    changed = _last_changes(dates)
    events = (_event(found, changed, FeedKind(feed.kind)) for found in dates)
    text = calendar(name_of(feed), events, product=settings.SITE_NAME)
    return Given(text, hashlib.sha256(text.encode()).hexdigest()[:32])


def name_of(feed: CalendarFeed) -> str:
    """How the calendar is called in the program that shows it."""
    match FeedKind(feed.kind):
        case FeedKind.PERSON:
            return f"{settings.SITE_NAME}: my deadlines"
        case FeedKind.PORTFOLIO:
            return f"{settings.SITE_NAME}: main dates of my partnerships"
        case _:
            return f"{settings.SITE_NAME}: {feed.partnership}" if _may_see(feed) else settings.SITE_NAME


def _may_see(feed: CalendarFeed) -> bool:
    return Partnership.objects.visible_to(feed.person).filter(calendar_feeds=feed).exists()


def _wanted(feed: CalendarFeed) -> Iterable[CalendarDate]:
    seen = Partnership.objects.visible_to(feed.person).open()
    if feed.partnership_id:
        seen = seen.filter(pk=feed.partnership_id)
    found = calendars.dates_of(feed.person, seen, clock.today() - LOOKS_BACK)
    match FeedKind(feed.kind):
        case FeedKind.PERSON:
            return [one for one in found if one.mine]
        case FeedKind.PORTFOLIO:
            return [one for one in found if one.main]
        case _:
            return found


def _day(on: date) -> date:
    return on.date() if isinstance(on, datetime) else on


def _last_changes(dates: list[CalendarDate]) -> dict[str, datetime]:
    """When each record was last changed, as the history knows it, by public id. One query."""
    scopes = {found.about[0] for found in dates}
    events = AuditEvent.objects.filter(scope__in=scopes, outcome=Outcome.ALLOWED).order_by()
    wanted = {found.about[1] for found in dates}
    rows = events.values_list("object_id").annotate(last=Max("at")) if scopes else []
    return {key: last for key, last in rows if key in wanted}


def _event(found: CalendarDate, changed: dict[str, datetime], kind: FeedKind) -> Event:
    """The title is read in a month on a phone: what it is comes first, the partnership last."""
    waits = not (found.done or found.cancelled)
    own = found.to_do if kind == FeedKind.PERSON and waits else ""
    title = f"Done: {found.title}" if found.done else own or found.title
    name, parts = found.page
    page = settings.SITE_URL + reverse(name, args=parts)
    told = f"Yours to do by the end of this day. {found.told}" if own else found.told
    return Event(
        uid=f"{found.key}@{urlsplit(settings.SITE_URL).hostname}",
        on=found.on,
        summary=title if kind == FeedKind.PARTNERSHIP else f"{title} ({found.partnership})",
        description=f"{told}\n\nPartnership: {found.partnership}\n\n{OPEN_IT}\n{page}",
        url=page,
        sequence=found.changes,
        created_at=found.created_at,
        changed_at=max(filter(None, (found.created_at, found.moved_at, changed.get(found.about[1])))),
        cancelled=found.cancelled,
    )


def milestones(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """Every milestone; in a partnership that has stopped, what is not asked for any more is called off.

    Two queries: thirty milestones share one partnership, and reading it thirty times would cost more than asking twice.
    """
    homes = partnerships.in_bulk()
    rows = Milestone.objects.filter(partnership__in=homes, due_on__gte=first)
    for row in rows.annotate(moved_at=Max("moves__moved_at")):
        here = homes[row.partnership_id]
        off = here.stage == Stage.STOPPED and row.done_on is None and row.kind != MilestoneKind.EXIT
        yield CalendarDate(
            key=f"milestone:{row.public_id}",
            on=row.due_on,
            title=row.title,
            to_do=f"Due: {row.title}",
            told=_of_the_plan(row),
            partnership=here,
            page=("partnerships:milestone", [here.public_id, row.public_id]),
            about=(here.audit_scope, row.public_id),
            changes=row.version + here.version + off,
            created_at=row.created_at,
            moved_at=row.moved_at,  # type: ignore[attr-defined]
            mine=row.owner_id == person.pk,
            main=row.ends_block or row.kind in (MilestoneKind.CONDITION, MilestoneKind.EXIT, MilestoneKind.DECISION),
            done=row.done_on is not None,
            cancelled=off,
        )


def _of_the_plan(row: Milestone) -> str:
    """“Payment. In the plan under “Evaluation and redesign of the contract”.”"""
    sort = "" if row.kind == MilestoneKind.OTHER else f"{row.get_kind_display()}. "
    return f"{sort}In the plan under “{row.get_block_display()}”."


def reviews(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """When the newest version of each memorandum is to be looked at again. One query, and one of the reader's roles."""
    newer = Memorandum.objects.filter(partnership=OuterRef("partnership"), number__gt=OuterRef("number"))
    rows = Memorandum.objects.filter(~Exists(newer), partnership__in=partnerships, review_on__gte=first)
    writes = set(where_may(person, Ability.WRITE_MEMORANDUM))
    for row in rows.exclude(partnership__stage__in=OVER).select_related("partnership"):
        here = row.partnership
        yield CalendarDate(
            key=f"memorandum:{row.public_id}",
            on=row.review_on,
            title=f"Review the memorandum, version {row.number}",
            told="The partners agreed to look at the memorandum of understanding again by this day.",
            partnership=here,
            page=("partnerships:memorandum", [here.public_id]),
            about=(here.audit_scope, row.public_id),
            changes=here.version,
            created_at=row.created_at,
            mine=row.partnership_id in writes,
            main=True,
        )


def meetings(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """Meetings, held and still to come. One query."""
    for row in Meeting.objects.filter(partnership__in=partnerships, held_on__gte=first).select_related("partnership"):
        here = row.partnership
        yield CalendarDate(
            key=f"meeting:{row.public_id}",
            on=row.held_on,
            title=row.title,
            told="A meeting. The portal knows the day; ask the organiser for the time.",
            partnership=here,
            page=("partnerships:meeting", [here.public_id, row.public_id]),
            about=(here.audit_scope, row.public_id),
            changes=row.version + here.version,
            created_at=row.created_at,
        )


def action_points(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """What people took on at meetings. One query."""
    rows = ActionPoint.objects.filter(meeting__partnership__in=partnerships, due_on__gte=first)
    for row in rows.select_related("meeting__partnership"):
        here = row.meeting.partnership
        yield CalendarDate(
            key=f"action:{row.public_id}",
            on=row.due_on,
            title=row.what,
            to_do=f"Due: {row.what}",
            told=f"Taken on at the meeting “{row.meeting}” of {row.meeting.held_on:%-d %B %Y}.",
            partnership=here,
            page=("partnerships:meeting", [here.public_id, row.meeting.public_id]),
            about=(here.audit_scope, row.public_id),
            changes=row.version + here.version,
            created_at=row.created_at,
            mine=row.owner_id == person.pk,
            done=row.done_on is not None,
        )
