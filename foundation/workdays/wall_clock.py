"""Scottish wall-clock times as instants: pure functions. Europe/London, aware UTC results.

A deadline or a reminder is a day and a time on the wall. On the last Sunday of March the hour from 01:00 does not
exist, on the last Sunday of October it comes twice. Source: `reliability.md` 1.3; ours to decide, so decided here:

- a time that does not exist becomes the same stretch of time later (01:30 is read as 02:30): nobody loses time;
- a time that comes twice is the first one for what is sent, the second one for what is due: nobody is late by it.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SCOTLAND = ZoneInfo("Europe/London")
MIDNIGHT = time(0)


def instant(day: date, at: time, *, second: bool = False) -> datetime:
    """The instant when Scottish clocks show `at` on `day`; `second` picks the later of two."""
    return datetime.combine(day, at, tzinfo=SCOTLAND).replace(fold=int(second and exists(day, at))).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant a day is over: midnight at its close, 23, 24 or 25 hours after it began."""
    return instant(day + timedelta(days=1), MIDNIGHT, second=True)


def exists(day: date, at: time) -> bool:
    """Whether Scottish clocks show `at` on `day` at all."""
    wall = datetime.combine(day, at, tzinfo=SCOTLAND)
    return wall.astimezone(UTC).astimezone(SCOTLAND).replace(tzinfo=None) == wall.replace(tzinfo=None)


def comes_twice(day: date, at: time) -> bool:
    """Whether Scottish clocks show `at` two times on `day`."""
    wall = datetime.combine(day, at, tzinfo=SCOTLAND)
    return exists(day, at) and wall.utcoffset() != wall.replace(fold=1).utcoffset()


def days_later(moment: datetime, days: int, *, second: bool = True) -> datetime:
    """The same time on the wall, `days` calendar days on (back when negative): not a multiple of 24 hours."""
    here = moment.astimezone(SCOTLAND)
    return instant(here.date() + timedelta(days=days), here.time().replace(fold=0), second=second)
