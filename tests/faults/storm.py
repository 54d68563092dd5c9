"""Everything at once: thousands of mails while relays, workers, broker and mail server are killed again and again.

And the broker alone, killed many times, with the time until a message is consumed again.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import close_old_connections

from foundation.delivery import bell
from foundation.delivery.filters import LedgerFilter
from foundation.delivery.models import MailState, OutboxMail
from foundation.heartbeats.models import Heartbeat
from foundation.heartbeats.tasks import beat
from tests.faults import post_office
from tests.faults.portal import ROOT, UNSETTLED, Portal, wait_for, write_mails
from tests.faults.trials import Broker, Result, end_group

RELAYS = 2
SLOTS = RELAYS + 2
"""Processes that send: the relays, and the worker's two."""
LEASE_SECONDS = 6
LEGAL_SHARE = 20


class PostOffice:
    """The mail server's process: killed and opened again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "arrived"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"smtp://127.0.0.1:{self.port}/"

    def __enter__(self) -> "PostOffice":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def open(self) -> None:
        command = [sys.executable, "-m", "tests.faults.post_office", str(self.port), str(self.file)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == b"open\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=20)

    def arrived(self) -> Counter[str]:
        return Counter(self.file.read_text().split())


class Storm:
    """Kills one thing after the other for as long as `goes_on`; counts what it killed."""

    def __init__(self, portal: Portal, office: PostOffice, broker: Broker, worker: "subprocess.Popen[bytes]") -> None:
        self.portal, self.office, self.broker, self.worker = portal, office, broker, worker
        self.relays = [portal.relay() for _ in range(RELAYS)]
        self.kills: Counter[str] = Counter()

    def rage(self, goes_on: Callable[[], bool]) -> None:
        every = {
            self.time_passes: 2.0,
            self.relay: 1.0,
            self.its_worker: 12.0,
            self.the_broker: 6.0,
            self.the_mail_server: 9.0,
        }
        due = {what: time.monotonic() + pause for what, pause in every.items()}
        while goes_on():
            for what, at in due.items():
                if time.monotonic() >= at:
                    if killed := what():
                        self.kills[what.__name__] += killed
                    due[what] = time.monotonic() + random.uniform(0.5, 1.5) * every[what]
            time.sleep(0.02)

    def time_passes(self) -> int:
        """What waits for its next try need not wait in a trial; but thirteen tries must outlast a server's restart."""
        OutboxMail.objects.filter(state=MailState.PENDING).exclude(next_try_at=None).update(next_try_at=None)
        return 0

    def relay(self) -> int:
        self.portal.kill(self.relays.pop(0))
        self.relays.append(self.portal.relay())
        return 1

    def its_worker(self) -> int:
        """The Celery worker and its pool; what looks after it starts another."""
        leaders = children_of(self.worker.pid)
        for leader in leaders:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader, signal.SIGKILL)
        return len(leaders)

    def the_broker(self) -> int:
        self.broker.kill()
        self.broker.start()
        return 1

    def the_mail_server(self) -> int:
        self.office.kill()
        self.office.open()
        return 1


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def everything_at_once(portal: Portal, count: int, *, within: float = 1800) -> tuple[Result, str]:
    """`count` mails; what happened to each is compared with what the mail server took and what it was told to do."""
    raging = Portal(
        portal.sink, portal.folder,
        MAIL_URL=(office := PostOffice(portal.folder)).url, MAIL_LEASE_SECONDS=str(LEASE_SECONDS),
        MAIL_TIMEOUT_SECONDS="1",
    )  # fmt: skip
    with office, raging, Broker(raging) as broker, timetable_and_worker(raging) as worker:
        bell._quiet_until = time.monotonic() + 3600
        legal = count // LEGAL_SHARE
        mails = write_mails(count - legal) + write_mails(legal, kind="legal")
        storm = Storm(raging, office, broker, worker)
        ends = time.monotonic() + within
        storm.rage(lambda: time.monotonic() < ends and _unsettled(mails[0].pk))
        bell._quiet_until = 0.0
    return judged(mails, office.arrived(), storm.kills)


def _unsettled(first: int) -> bool:
    close_old_connections()
    return OutboxMail.objects.filter(pk__gte=first, state__in=UNSETTLED).exists()


def judged(mails: list[OutboxMail], arrived: Counter[str], kills: Counter[str]) -> tuple[Result, str]:
    rows = list(OutboxMail.objects.filter(pk__gte=mails[0].pk))
    silent = [row for row in rows if row.state not in (MailState.HELD, MailState.DEAD) and not arrived[row.message_id]]
    repeated = [row for row in rows if arrived[row.message_id] > 1]
    # A legal notice in doubt goes again under the same Message-ID: told by its tries, and allowed to nothing else.
    announced = [row for row in repeated if row.kind == "legal" and row.attempts > 1]
    held = {row.pk for row in rows if row.state == MailState.HELD}
    listed = LedgerFilter({"state": "held"}, queryset=OutboxMail.objects.for_operators()).qs
    days = {row.pk: post_office.day_of(row.to_address) for row in rows}
    dead = {row.pk for row in rows if row.state == MailState.DEAD}
    meant_dead = {pk for pk, day in days.items() if day in post_office.DEAD}
    meant_held = {pk for pk, day in days.items() if day in post_office.IN_DOUBT}
    unlisted = held - set(listed.values_list("pk", flat=True))
    unsettled = {row.pk for row in rows if row.state in UNSETTLED}
    odd = unlisted | (dead - meant_dead) | (meant_dead - dead - held) | unsettled
    result = Result(
        "everything at once: kills, SMTP faults, dead servers", sum(kills.values()), len(rows), lost=len(silent),
        duplicated=len(repeated) - len(announced), held=len(held), wrong=len(odd), hits=len(held),
    )  # fmt: skip
    by = ", ".join(f"{what.replace('_', ' ')} {number}" for what, number in sorted(kills.items()))
    of_kills = len(held - meant_held)
    return result, (
        f"kills: {by}; held by the server's doing {len(held) - of_kills}, by kills {of_kills}; dead {len(dead)}; legal "
        f"notices sent again under the same Message-ID {len(announced)}"
        + "".join(f"; ODD: {row.state} after {row.attempts}: {row.last_error}" for row in rows if row.pk in odd)
    )


@contextlib.contextmanager
def timetable_and_worker(portal: Portal) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py worker` as production runs it, and beat. Gives the worker's supervisor."""
    beat_file = str(portal.folder / f"timetable-{random.randbytes(4).hex()}")
    timetable = portal.start(
        "-m", "celery", "-A", "psp_portal", "beat", "-s", beat_file, "--pidfile=", "-l", "ERROR", start_new_session=True
    )
    worker = portal.start("manage.py", "worker", "--concurrency", "2", start_new_session=True)
    try:
        yield worker
    finally:
        worker.terminate()
        time.sleep(0.5)
        worker.terminate()  # asked twice it ends its children at once, and leaves none behind
        end_group(worker)
        end_group(timetable)


def the_broker_is_killed(portal: Portal, trials: int) -> tuple[Result, str]:
    """`kill -9` with messages in flight, then a start: how long until a message is consumed, and is every mail sent?"""
    mails: list[OutboxMail] = []
    gaps: list[float] = []
    with Broker(portal) as broker, timetable_and_worker(portal):
        assert _consumed_after(within=120) is not None, "no worker came up"
        for number in range(trials):
            for load in range(10):
                _ring(f"load-{load}")
            mails += write_mails(2)
            time.sleep(0.03 * (number % 10))
            broker.kill()
            mails += write_mails(1)
            time.sleep(random.uniform(0, 1))
            broker.start()
            began = time.monotonic()
            _consumed_after(within=200)
            gaps.append(time.monotonic() - began)
        bell._quiet_until = 0.0
        left = OutboxMail.objects.filter(pk__gte=mails[0].pk, state__in=UNSETTLED)
        wait_for(lambda: not left.exists(), within=120)
    arrived = portal.sink.arrived()
    states = dict(OutboxMail.objects.values_list("pk", "state"))
    stuck = sum(gap > 90 for gap in gaps)
    result = Result(
        "the broker is killed under a worker", trials, len(mails),
        lost=sum(states[mail.pk] != MailState.SENT or not arrived[mail.message_id] for mail in mails),
        duplicated=sum(arrived[mail.message_id] > 1 for mail in mails), held=0, wrong=stuck, hits=trials,
    )  # fmt: skip
    return result, f"workers stuck {stuck}, longest gap {max(gaps):.1f} s, median {sorted(gaps)[len(gaps) // 2]:.1f} s"


def _consumed_after(*, within: float) -> float | None:
    """Seconds until a message, rung anew every second, has become a row."""
    name, began = f"probe-{random.randbytes(6).hex()}", time.monotonic()
    while time.monotonic() - began < within:
        _ring(name)
        if wait_for(lambda: Heartbeat.objects.filter(process=name).exists(), within=1):
            return time.monotonic() - began
    return None


def _ring(name: str) -> None:
    bell._quiet_until = 0.0
    bell.ring(beat.name, name)
