"""What time it is, asked in one place.

`now()` and `today()` serve pages and plans. A deadline is never decided by them: it compares with `database_now()`,
the database's own clock at the moment of asking, so that every process agrees.
`at()` sets the clock for demo data and tests: nothing in a request can reach it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.db import connection
from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """Today's date in Scotland (Europe/London)."""
    return timezone.localdate(now())


def local(moment: datetime) -> str:
    """An instant as it is read in Scotland, to the second: “5 November 2026 at 12:00:00 GMT”."""
    here = timezone.localtime(moment)
    return f"{here:%-d %B %Y at %H:%M:%S} {here:%Z}"


def database_now() -> datetime:
    """The database's clock, in UTC to the microsecond (SQLite: to the millisecond)."""
    if moment := _set_to.get():
        return moment
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            moment = cursor.fetchone()[0]
            assert isinstance(moment, datetime)
            return moment.astimezone(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the portal believe it is `moment` (aware) inside the block."""
    if timezone.is_naive(moment):
        raise ValueError("the clock is set to an aware instant")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
