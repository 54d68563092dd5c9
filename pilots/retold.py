"""Where a story is told again by upper floors: they sign in from `AppConfig.ready()`.

When a consent goes, each is called inside the transaction that takes it away, and stops telling the story at once.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person
    from pilots.models import Story

# Stops telling the story; the names of what told it.
Stop = Callable[["Story", "Person"], list[str]]

_places: dict[str, Stop] = {}


def add(key: str, stop: Stop) -> None:
    """Add a place that may tell a story; the same key again replaces it."""
    _places[key] = stop


def stop_telling(story: "Story", by: "Person") -> list[str]:
    return [name for stop in _places.values() for name in stop(story, by)]
