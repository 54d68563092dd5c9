"""The doorbell: tells a worker there is something to do, and never makes anybody wait for it.

A broker that is down or slow costs the caller at most one short timeout; after that the bell stays quiet for a while,
because the sweep and `manage.py relay` find every row without it.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from celery import current_app

logger = logging.getLogger(__name__)

QUIET_SECONDS = 30.0
OPTIONS: dict[str, Any] = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
    "retry_on_timeout": False,
}

_quiet_until = 0.0
_gathered: ContextVar[set[tuple[str, ...]] | None] = ContextVar("bells_gathered", default=None)


@contextmanager
def one_ring() -> Iterator[None]:
    """Whatever rings inside the block rings once, at its end: for whoever writes thousands of rows."""
    token = _gathered.set(set())
    try:
        yield
    finally:
        gathered = _gathered.get() or set()
        _gathered.reset(token)
        for task, *arguments in sorted(gathered):
            ring(task, *arguments)


def ring(task: str, *arguments: str) -> None:
    """Ask a worker to run the task of that name now. Failing to is not an error."""
    global _quiet_until
    if (gathered := _gathered.get()) is not None:
        gathered.add((task, *arguments))
        return
    if time.monotonic() < _quiet_until:
        return
    try:
        with current_app.connection_for_write(transport_options=OPTIONS) as connection:
            current_app.send_task(task, arguments, connection=connection, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001  whatever the broker's client raises, the row is safe
        _quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("The broker does not answer (%s); the sweep will do it.", type(error).__name__)
