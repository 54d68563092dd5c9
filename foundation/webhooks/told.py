"""Which events go out and in which words: an upper floor says so for its kind of scope, in `AppConfig.ready()`.

What nobody has words for stays in the portal: a webhook tells no more than somebody decided it may.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.audit.models import AuditEvent


@dataclass(frozen=True)
class Telling:
    """`actions` are those that go out; `tell` gives an event's sentence, `title` and `path` what it is about."""

    actions: tuple[str, ...]
    tell: Callable[["AuditEvent"], str]
    about: Callable[[str], tuple[str, str] | None]


_tellings: dict[str, Telling] = {}


def add(prefix: str, *, actions: Iterable[str], tell: Callable[["AuditEvent"], str],
        about: Callable[[str], tuple[str, str] | None]) -> None:  # fmt: skip
    """For scopes that begin with `prefix` and a colon. `about` takes the scope and gives a title and a path."""
    _tellings[prefix] = Telling(tuple(actions), tell, about)


def of(scope: str) -> Telling | None:
    return _tellings.get(scope.partition(":")[0])
