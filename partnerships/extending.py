"""What happens when the pilot is extended: upper floors add theirs in `AppConfig.ready()`.

Each function runs inside the transaction in which the last signature is given: if it refuses, nothing is extended.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partnership

Extended = Callable[["Partnership", int, "Person"], None]

_extending: dict[str, Extended] = {}


def add(key: str, extended: Extended) -> None:
    """Run `extended(partnership, months, by)` whenever a pilot is extended; the same key again replaces it."""
    _extending[key] = extended


def run(partnership: "Partnership", months: int, by: "Person") -> None:
    """Tell everyone who asked that the pilot goes on for `months` more months."""
    for extended in _extending.values():
        extended(partnership, months, by)
