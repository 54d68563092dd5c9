"""The goals of the performance study (its section 4), each beside what this run found."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measure import Figures
from benchmarks.pages import ADMIN, DETAIL, FORM, GROWING, LISTS, PORTFOLIO

MOST_QUERIES, MOST_QUERIES_OF_A_DETAIL = 12, 20
MOST_BYTES = 60_000
MOST_OPTIONS = 50
FROM, TO = 1_000, 10_000  # partnerships, for the exponent of growth

Measured = dict[str, Figures]
BySize = dict[int, Measured]


@dataclass(frozen=True)
class Goal:
    """What is wished and what was found. Only `counted` goals end the run: they are the same on every machine."""

    words: str
    found: str
    is_met: bool
    counted: bool = False

    def __str__(self) -> str:
        return f"{'reached' if self.is_met else 'MISSED':<8} {self.words}: {self.found}"


def of(observer: BySize, everywhere: BySize, lead: Measured, unruled: BySize) -> list[Goal]:
    last = observer[max(observer)]
    return [
        *_queries(observer),
        _bytes(last),
        _options(lead),
        *_ratios(last, lead),
        *_growth("has a part in 50", observer),
        *_growth("has a part in all", everywhere),
        *_rules(everywhere, unruled),
    ]


def _queries(by_size: BySize) -> Iterator[Goal]:
    for name in GROWING:
        most = MOST_QUERIES_OF_A_DETAIL if name == DETAIL else MOST_QUERIES
        found = {size: pages[name].queries for size, pages in by_size.items()}
        same = len(set(found.values())) == 1
        told = ", ".join(f"{queries} at {size:,}" for size, queries in found.items())
        yield Goal(
            f"{name}: at most {most} queries, the same at every size", told, same and max(found.values()) <= most, True
        )


def _bytes(pages: Measured) -> Goal:
    largest = max(LISTS, key=lambda name: pages[name].bytes)
    size = pages[largest].bytes
    return Goal("a list page has at most 60 kB", f"{size:,} bytes ({largest})", size <= MOST_BYTES, True)


def _options(lead: Measured) -> Goal:
    most = lead[FORM].most_options
    return Goal(f"no list of more than {MOST_OPTIONS} choices in a form", str(most), most <= MOST_OPTIONS, True)


def _ratios(pages: Measured, lead: Measured) -> Iterator[Goal]:
    ratio, admin = pages[PORTFOLIO].ratio, pages[ADMIN]
    yield Goal("G1: portfolio at least 0.40 x the bare page", f"{ratio:.3f}", ratio >= 0.40)
    times, part = ratio / admin.ratio, pages[PORTFOLIO].bytes / admin.bytes
    yield Goal("G6: portfolio at least 3 x the admin's change list, in CPU", f"{times:.2f}", times >= 3)
    yield Goal("G6: at most 0.5 x its bytes", f"{part:.2f}", part <= 0.5)
    yield Goal("G8: an edit form at least 0.35 x the bare page", f"{lead[FORM].ratio:.3f}", lead[FORM].ratio >= 0.35)
    yield Goal("G9: the plan at least 0.40 x the bare page", f"{pages['plan'].ratio:.3f}", pages["plan"].ratio >= 0.40)


def _growth(who: str, by_size: BySize) -> Iterator[Goal]:
    if not {FROM, TO} <= set(by_size):
        return
    for name in GROWING:
        exponent = math.log(by_size[FROM][name].ratio / by_size[TO][name].ratio) / math.log(TO / FROM)
        words = f"G5: {name}, reader who {who}: exponent from {FROM:,} to {TO:,} at most 0.10"
        yield Goal(words, f"{exponent:.2f}", exponent <= 0.10)


def _rules(ruled: BySize, unruled: BySize) -> Iterator[Goal]:
    for size, pages in unruled.items():
        more = next(iter(pages.values())).ratio / ruled[size][PORTFOLIO].ratio - 1
        yield Goal(f"G15: permissions cost the list of {size:,} at most 15% CPU", f"{more:.1%}", more <= 0.15)
