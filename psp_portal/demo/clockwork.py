"""The demo's way through time: noon of a day in Scotland."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.utils import timezone

from foundation.database import clock


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of a day in Scotland; never an hour that a clock change makes doubtful (all are after 3)."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@contextmanager
def midday(day: date, hour: int = 12, minute: int = 0) -> Iterator[None]:
    with clock.at(at_hour(day, hour, minute)):
        yield
