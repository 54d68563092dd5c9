"""`make demo` under fire: its broker, worker and supervisor killed or frozen at bad moments, over and over.

FAULT_ROUNDS sets how often (3 by default; the figures of docs/adr/0005-embedded-broker.md are from 25).
The figures are printed: `.venv/bin/python -m pytest -m faults tests/faults/test_embedded_form.py -s`.
"""

import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import Celery

from psp_portal.running import leftovers
from psp_portal.running.sockets import socket_path

pytestmark = pytest.mark.faults
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))
ROOT = Path(__file__).resolve().parents[2]
# Long enough that a child counts as settled, and each round begins without back-off.
BETWEEN = 11


class Demo:
    """A demo in a folder of its own, and a way to see whether a message still reaches a row."""

    def __init__(self, var: Path) -> None:
        self.var, self.probes = var, 0
        self.bell = Celery(broker=f"redis+socket://{quote(str(socket_path(var)))}")
        self.bell.conf.update(task_publish_retry=False, broker_transport_options={"max_retries": 0})

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.output = self.var / "output"
        environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "BROKER_URL"}}
        environment |= {"VAR_DIR": str(self.var), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--empty"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        assert until(lambda: "The portal is at" in self.said() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self.output.read_text()

    def has_said(self, what: str) -> int:
        return self.said().count(what)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def pid(self, name: str) -> int:
        recorded = json.loads((self.var / "running.json").read_text())
        return int(recorded[name][0])

    def ring(self, name: str) -> bool:
        try:
            self.bell.send_task("foundation.heartbeats.tasks.beat", args=[name], expires=600)
        except Exception:  # noqa: BLE001  the broker is down: that is the test
            return False
        return True

    def rows(self, pattern: str) -> int:
        with sqlite3.connect(self.var / "portal.sqlite3", timeout=20) as database:
            found = database.execute("SELECT count(*) FROM heartbeats_heartbeat WHERE process LIKE ?", [pattern])
            return int(found.fetchone()[0])

    def seconds_until_it_works(self, patience: float = 200) -> float:
        """From now until a message, rung anew every second, has become a row."""
        self.probes += 1
        began, rung = time.monotonic(), 0
        while time.monotonic() - began < patience:
            rung += self.ring(f"probe-{self.probes}-{rung}")
            if until(lambda: self.rows(f"probe-{self.probes}-%"), 1):
                return time.monotonic() - began
        raise AssertionError(f"Nothing is consumed after {patience} s.\n{self.said()}")


def until(holds: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(holds())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    demo.start()
    yield demo
    demo.stop()


def report(what: str, seconds: list[float]) -> None:
    print(
        f"\n{what}: {len(seconds)} rounds, works again after {statistics.median(seconds):.1f} s (median), "
        f"{max(seconds):.1f} s (worst)"
    )


@pytest.mark.parametrize("names", [["broker"], ["worker"], ["broker", "worker"]], ids=" and ".join)
def test_f02_kill_and_it_works_again(demo: Demo, names: list[str]) -> None:
    demo.seconds_until_it_works()
    took, exits, silences = [], demo.has_said("worker ended (exit code"), demo.has_said("worker runs but")
    for number in range(ROUNDS):
        time.sleep(BETWEEN)
        for load in range(10):
            demo.ring(f"load-{load}")
        time.sleep(0.05 * (number % 10))
        for pid in [demo.pid(name) for name in names]:
            os.killpg(pid, signal.SIGKILL)
        took.append(demo.seconds_until_it_works())
    report(f"kill -9 of {' and '.join(names)}", took)
    print(
        f"  the worker ended by itself {demo.has_said('worker ended (exit code') - exits} times, "
        f"and was replaced as silent {demo.has_said('worker runs but') - silences} times"
    )
    assert max(took) <= 90


def test_f02_a_frozen_worker_is_replaced(demo: Demo) -> None:
    """Alive, connected and deaf: the state in which Celery workers are sometimes found after their broker died."""
    demo.seconds_until_it_works()
    frozen = demo.pid("worker")
    os.kill(frozen, signal.SIGSTOP)
    took = demo.seconds_until_it_works()
    report("kill -STOP of worker", [took])
    assert demo.pid("worker") != frozen
    assert "worker runs but has not answered" in demo.said()
    assert took <= 90


def test_f02_a_frozen_broker_is_replaced(demo: Demo) -> None:
    demo.seconds_until_it_works()
    os.kill(demo.pid("broker"), signal.SIGSTOP)
    took = demo.seconds_until_it_works()
    report("kill -STOP of broker", [took])
    assert "broker runs but does not answer" in demo.said()
    assert took <= 90


def test_f26_the_next_demo_tidies_up_after_a_killed_one(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    demo.start()
    orphans = [demo.pid(name) for name in ("broker", "web", "worker", "timetable")]
    demo.process.kill()
    demo.process.wait()
    assert all(leftovers._birth(pid) for pid in orphans), "nothing was left behind, so this proves nothing"
    demo.start()
    assert "Ended what an earlier demo left behind: broker, timetable, web, worker." in demo.said()
    assert not any(leftovers._birth(pid) for pid in orphans)
    demo.seconds_until_it_works()
    ours = [demo.pid(name) for name in ("broker", "web", "worker", "timetable")]
    demo.stop()
    assert not any(leftovers._birth(pid) for pid in ours)
    assert not (tmp_path / "running.json").exists()
