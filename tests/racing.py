"""Two people at the same moment: real threads with connections of their own, started together round after round."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection, connections

from foundation.policy.refusals import Refused

WON = "won"


def rounds() -> int:
    """As many as the issue asks for on each engine. SQLite has one writer at a time, so fewer say as much."""
    return 1000 if connection.vendor == "postgresql" else 200


def race(duels: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> list[tuple[str, str]]:
    """Run both halves of each duel at the same moment. For each: what became of the two, `WON` or the refusal's words.

    Anything but a refusal (a lock that timed out, a broken constraint) is raised here.
    """
    told: list[list[str]] = [[], []]
    faults: list[BaseException] = []
    start = threading.Barrier(2, timeout=300)

    def run(side: int) -> None:
        try:
            for duel in duels:
                start.wait()
                try:
                    duel[side]()
                    told[side].append(WON)
                except Refused as refusal:
                    told[side].append(" ".join(refusal.reasons))
        except BaseException as fault:  # noqa: BLE001  raised again below
            faults.append(fault)
            start.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[side]) for side in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    broken = [fault for fault in faults if not isinstance(fault, threading.BrokenBarrierError)] or faults
    if broken:
        raise broken[0]
    return list(zip(*told, strict=True))
