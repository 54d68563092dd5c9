"""An iCalendar file from plain values: what a calendar program subscribes to. Pure functions. Source: RFC 5545, 7986.

An all-day event is a DATE whose end is the day after. An instant is written in Scottish time, with the zone's rules
beside it, so that a calendar shows the hour people said; the hour that comes twice in October is written in UTC the
second time, because a local time that occurs twice means its first occurrence (RFC 5545, 3.3.5).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/London"
LONGEST_LINE = 75
"""Octets of UTF-8 in one line, without its end (RFC 5545, 3.1)."""
REFRESH = "PT4H"
"""How often a program is asked to come again."""

# The rules of the European Union's summer time since 1996, which the United Kingdom keeps.
_TIMEZONE = (
    "BEGIN:VTIMEZONE",
    f"TZID:{ZONE}",
    f"X-LIC-LOCATION:{ZONE}",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T010000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0100",
    "TZNAME:BST",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0000",
    "TZNAME:GMT",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True)
class Event:
    """One date. `uid` names it for ever; `sequence` rises with every change; `changed_at` is when it last changed.

    `on` is a whole day, or an aware instant. `url` is absolute.
    """

    uid: str
    on: date
    summary: str
    description: str
    url: str
    sequence: int
    created_at: datetime
    changed_at: datetime
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event], *, product: str) -> str:
    """The whole file, its lines folded and ended as the standard wants them."""
    return "".join(f"{line}\r\n" for content in _lines(name, events, product) for line in folded(content))


def _lines(name: str, events: Iterable[Event], product: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//{escaped(product)}//Calendar//EN"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"NAME:{escaped(name)}"
    yield f"X-WR-CALNAME:{escaped(name)}"
    yield f"X-WR-TIMEZONE:{ZONE}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    yield from _TIMEZONE
    for event in events:
        yield from _event(event)
    yield "END:VCALENDAR"


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(event.changed_at)}"
    yield f"CREATED:{_utc(event.created_at)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    if isinstance(event.on, datetime):
        yield f"DTSTART{_instant(event.on)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"  # a deadline keeps nobody busy
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _instant(moment: datetime) -> str:
    """An instant as parameters and value: Scottish time, or UTC where Scottish time would mean an hour earlier."""
    here = moment.astimezone(ZoneInfo(ZONE))
    return f":{_utc(moment)}" if here.fold else f";TZID={ZONE}:{here:%Y%m%dT%H%M%S}"


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11): no line end of the text's own can begin a line of the file."""
    plain = "\n".join(text.splitlines())
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(mark, written)
    return "".join(mark for mark in plain if mark == "\t" or (mark >= " " and mark != "\x7f"))


def folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets, each after the first begun with a space; no letter is cut in two."""
    pieces, piece, size = [], "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + mark, size + octets
    return [*pieces, piece]
