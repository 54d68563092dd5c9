"""One request through the WSGI callable, and what can be counted about it."""

import cProfile
import gc
import gzip
import io
import pstats
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

Ask = Callable[[], bytes]


def asking(application: Any, path: str, cookie: str) -> Ask:
    """A function that asks `path` as the person of `cookie` and gives the body; anything but 200 is an error."""
    address, _, query = path.partition("?")

    def ask() -> bytes:
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "HTTP_HOST": "localhost", "HTTP_COOKIE": cookie, "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "REMOTE_ADDR": "127.0.0.1",
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        answer = application(environ, lambda code, headers, error=None: status.append(code))
        body = b"".join(answer)
        answer.close()
        if not status[0].startswith("200"):
            raise RuntimeError(f"{path} answered {status[0]}")
        return body

    return ask


def queries(ask: Ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def calls(ask: Ask) -> int:
    """Python function calls of one warm request: the same to a few in ten thousand, on any machine."""
    profile = cProfile.Profile()
    profile.runcall(ask)
    return int(pstats.Stats(profile).total_calls)


def sizes(ask: Ask) -> tuple[int, int]:
    body = ask()
    return len(body), len(gzip.compress(body, 6))


def paired_ratio(yardstick: Ask, page: Ask, pairs: int) -> float:
    """CPU of the yardstick over CPU of the page: called in turns, 25th percentiles, the collector off."""
    mine: list[float] = []
    theirs: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(pairs):
            for ask, kept in ((yardstick, theirs), (page, mine)):
                start = time.process_time()
                ask()
                kept.append(time.process_time() - start)
    finally:
        gc.enable()
    return statistics.quantiles(theirs, n=4)[0] / statistics.quantiles(mine, n=4)[0]
