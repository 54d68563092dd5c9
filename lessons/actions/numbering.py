"""The next number of a series. Whoever takes one holds the series until the transaction ends."""

from foundation.database.locks import locked
from lessons.models import Series


def series_named(name: str) -> Series:
    """The series, locked."""
    return locked(Series.objects.get_or_create(name=name)[0])


def take_number(name: str) -> int:
    return series_named(name).take_number()
