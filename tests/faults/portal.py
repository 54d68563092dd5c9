"""Processes of the portal on the test database, with a mail server of the trial's own: started, paused, killed."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Person
from foundation.delivery.models import IN_HAND, MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Sink

ROOT = Path(__file__).resolve().parent.parent.parent
LEASE_SECONDS = 2
"""So that a trial that kills need not wait two minutes."""
LONG_LEASE_SECONDS = 60
"""Where nobody dies: a relay that only waits for its turn on a busy machine must not count as dead."""
UNSETTLED = (MailState.PENDING, *IN_HAND)


class Portal:
    """Close it, or use it as a context manager: whatever it started is ended by its own pid."""

    def __init__(self, sink: Sink, folder: Path, **environment: str) -> None:
        self.sink, self.folder = sink, folder
        self.environment = (
            os.environ
            | {
                "DATABASE_URL": database_url(),
                "SECRET_KEY": settings.SECRET_KEY,
                "VAR_DIR": str(folder),
                "MAIL_URL": sink.url,
                "MAIL_LEASE_SECONDS": str(LEASE_SECONDS),
                "BROKER_URL": f"redis+socket://{folder / 'broker.sock'}",
                "LOG_LEVEL": "ERROR",
            }
            | environment
        )
        self._log = (folder / "processes.log").open("ab")
        self._nursery = self.start("-m", "tests.faults.nursery", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._born: list[int] = []

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_: object) -> None:
        for pid in list(self._born):
            self.kill(pid)
        assert self._nursery.stdin
        self._nursery.stdin.close()
        self._nursery.wait(timeout=20)
        self._log.close()

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
        """`python <arguments>` with this portal's environment."""
        options = {"stdout": self._log, "stderr": self._log, "env": self.environment} | options
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, **options)

    def relay(self, lease: int = LEASE_SECONDS) -> int:
        """A new process of `manage.py relay`; its pid."""
        assert self._nursery.stdin
        assert self._nursery.stdout
        self._nursery.stdin.write(f"{lease} relay --every 0.05\n".encode())
        self._nursery.stdin.flush()
        pid = int(self._nursery.stdout.readline())
        self._born.append(pid)
        return pid

    def kill(self, pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal to a process this portal started."""
        assert pid in self._born
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if how is signal.SIGKILL:
            self._born.remove(pid)

    def pause(self, pid: int) -> None:
        """Stop a process for a while, but not while it holds the database: a machine that sleeps stops everybody."""
        for _ in range(200):
            self.kill(pid, signal.SIGSTOP)
            time.sleep(0.02)
            if nobody_writes():
                return
            self.kill(pid, signal.SIGCONT)
            time.sleep(0.02)
        raise AssertionError("it always holds the database")

    @contextlib.contextmanager
    def relays(self, count: int = 1, lease: int = LEASE_SECONDS) -> Iterator[None]:
        """Relays that run while the block does."""
        pids = [self.relay(lease) for _ in range(count)]
        try:
            yield
        finally:
            for pid in pids:
                self.kill(pid)

    def settle(self, mails: list[OutboxMail], *, within: float = 240.0) -> None:
        """Let relays work, and time pass, until every mail's fate is known (or the trial is over)."""

        def settled() -> bool:
            # "A while later": what waits for its next try need not wait in a test.
            unsettled = OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], state__in=UNSETTLED)
            unsettled.filter(state=MailState.PENDING).exclude(next_try_at=None).update(next_try_at=None)
            return not unsettled.exists()

        with self.relays(2, LONG_LEASE_SECONDS):
            wait_for(settled, within=within)


def database_url() -> str:
    """The test database, as another process names it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def nobody_writes() -> bool:
    """Whether no other process is inside a transaction."""
    if connection.vendor == "sqlite":
        database = sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=0.2, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        finally:
            database.close()
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return bool(cursor.fetchone()[0] == 0)


def wait_for(condition: Callable[[], bool], *, within: float, every: float = 0.1) -> bool:
    """Whether the condition came true in time."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(every)
    return condition()


def write_mails(count: int, kind: str = "reminder") -> list[OutboxMail]:
    """That many mails, each to an address of its own."""
    person: Person = PersonFactory()
    batch = random.randbytes(6).hex()
    with transaction.atomic():  # nobody sends one before it has its address
        return [_write_mail(person, kind, f"{batch}-{number}") for number in range(count)]


def _write_mail(person: Person, kind: str, name: str) -> OutboxMail:
    mail = enqueue(
        kind=kind,
        key=f"trial:{name}",
        to=person,
        subject=f"Trial {name}",
        template="emails/partnerships/deadline",
        context={"name": person.name, "title": name, "due_on": "today", "path": "/"},
        why="You get this mail because a trial needs it.",
    )
    OutboxMail.objects.filter(pk=mail.pk).update(to_address=f"{name}@example.org")
    mail.refresh_from_db()
    return mail
