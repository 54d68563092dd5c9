"""A clock that a browser test can turn, for itself and for the live server."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from typing import Any

from django.core.signals import request_finished, request_started
from django.utils import timezone

from foundation.database import clock


class Calendar:
    """Turned with `clock.at`, as the demo's story is told: years pass and no row is touched by hand.

    What `clock.at` says holds in one thread. The live server answers in threads of its own, so each request there is
    told the time when it begins and forgets it when it ends.
    """

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self._here = ExitStack()
        self._served = threading.local()

    def turn_to(self, year: int, month: int, day: int, hour: int = 10) -> None:
        self._here.close()
        self.moment = timezone.make_aware(datetime.combine(date(year, month, day), time(hour)))
        self._here.enter_context(clock.at(self.moment))

    @contextmanager
    def on_the_wall(self) -> Iterator["Calendar"]:
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        try:
            yield self
        finally:
            request_started.disconnect(self._begin)
            request_finished.disconnect(self._end)
            self._here.close()

    def _begin(self, **_: Any) -> None:
        self._end()
        self._served.stack = ExitStack()
        if self.moment:
            self._served.stack.enter_context(clock.at(self.moment))

    def _end(self, **_: Any) -> None:
        if stack := getattr(self._served, "stack", None):
            stack.close()
            self._served.stack = None
