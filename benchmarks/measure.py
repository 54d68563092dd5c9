"""One request through the WSGI callable, and what can be counted about it."""

import cProfile
import gc
import gzip
import io
import pstats
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

Ask = Callable[[], bytes]


@dataclass(frozen=True)
class Figures:
    """What is known of one page. `ratio` is the yardstick's CPU over the page's, `spread` its (max - min) / median."""

    queries: int
    bytes: int
    packed: int
    calls: int
    most_options: int
    ratio: float
    spread: float


class Yardstick:
    """Measures the pages one person sees, each against a page of the same person."""

    def __init__(self, application: Any, cookie: str, path: str, pairs: int, runs: int) -> None:
        self.application, self.cookie, self.pairs, self.runs = application, cookie, pairs, runs
        self.ask = asking(application, path, cookie)

    def measure(self, paths: dict[str, str]) -> dict[str, Figures]:
        return {name: self._figures(asking(self.application, path, self.cookie)) for name, path in paths.items()}

    def _figures(self, ask: Ask) -> Figures:
        for warm_up in (ask, self.ask):
            warm_up()
        ratios = [paired_ratio(self.ask, ask, self.pairs) for _ in range(self.runs)]
        middle = statistics.median(ratios)
        body = ask()
        return Figures(
            queries(ask), len(body), len(gzip.compress(body, 6)), calls(ask), most_options(body), middle,
            (max(ratios) - min(ratios)) / middle,
        )  # fmt: skip


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


def most_options(body: bytes) -> int:
    """The number of choices of the longest list on a page."""
    return max((part.count(b"<option") for part in re.findall(rb"<select.*?</select>", body, re.DOTALL)), default=0)


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
