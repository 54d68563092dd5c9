"""Dates for calendars: each floor adds a source in `AppConfig.ready()`; a feed shows what its owner may see now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Person
    from partnerships.models import Partnership


class FeedKind(models.TextChoices):
    """What a calendar holds."""

    PERSON = "person", "Your own deadlines"
    PARTNERSHIP = "partnership", "Everything in one partnership"
    PORTFOLIO = "portfolio", "The main dates of all your partnerships"


Page = tuple[str, list[Any]]


@dataclass(frozen=True)
class CalendarDate:
    """One date of a partnership. `key` names it for ever ("milestone:<public id>"); `page` is the name of its
    address and what stands in it: worked out only for the dates that are shown.

    `on` is a whole day, or an aware instant. `about` is the record whose events say when it last changed: its scope in
    the history and its public id; `moved_at` is for a change that is an event of another record. `changes` only ever
    rises, with each change. `mine`: the reader has to do it; `main`: it matters to whoever looks after many. `to_do` is
    what the reader has to do, where `title` only names it: the title in the calendar of their own deadlines.
    """

    key: str
    on: date
    title: str
    told: str
    partnership: "Partnership"
    page: Page
    about: tuple[str, str]
    changes: int
    created_at: datetime
    moved_at: datetime | None = None
    mine: bool = False
    main: bool = False
    done: bool = False
    cancelled: bool = False
    to_do: str = ""


Source = Callable[["Person", "QuerySet[Partnership]", date], Iterable[CalendarDate]]

_sources: dict[str, Source] = {}


def add(key: str, source: Source) -> None:
    """Add a source: given who reads, partnerships they see and a first day, its dates from that day on.

    Constant queries, and nothing that the reader would not find on the portal's own pages at this moment.
    """
    _sources[key] = source


def dates_of(person: "Person", partnerships: "QuerySet[Partnership]", first: date) -> list[CalendarDate]:
    return [found for source in _sources.values() for found in source(person, partnerships, first)]
