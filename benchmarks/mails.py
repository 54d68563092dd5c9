"""`python -m benchmarks.mails`: mails a second, each way of sending them into the same mail server, in one run.

    raw         smtplib and ready bytes over one connection: what the server can take
    plain       one Django process: the same templates, EmailMultiAlternatives, one connection; keeps no books
    chunked     the portal: claim, marker, journal and outcome of every mail, with all their commits
    one each    one Celery task for each reminder, a connection for each mail (the sequence an ordinary design has)
    digest      the portal again, thirty reminders to a mail; counted in reminders

Each way is one sending process; the server (aiosmtpd) is another. Writing the rows and filling the queue is not timed.
`plain` and `chunked` take turns, and the median of their ratios counts. Ends with 1 when a mail was lost or sent twice.
"""

import argparse
import json
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REMINDERS_TO_A_DIGEST = 30
OWNERS = 500
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.mails", description="Mails a second, in one run.")
    parser.add_argument("--mails", type=int, default=1000, help="of one measurement")
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {
            "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR",
            "MAIL_URL": f"smtp://127.0.0.1:{port}/", "BROKER_URL": f"redis+socket://{folder}/broker.sock",
        }  # fmt: skip
        import django

        django.setup()
        from benchmarks.million import own_database

        with own_database(), Server(port) as server:
            return run(server, Path(folder), options)


def run(server: "Server", folder: Path, options: argparse.Namespace) -> int:
    from django.db import connection

    before = os.getloadavg()
    count, pairs = options.mails, options.pairs
    found: dict[str, list[float]] = {"raw": [], "plain": [], "chunked": [], "digest": [], "one each": []}
    ratios: dict[str, list[float]] = {"plain": [], "cpu": [], "digest": [], "one each": []}
    for number in range(pairs):
        order = [plain, chunked] if number % 2 else [chunked, plain]
        speed = {way.__name__: (way(server, count), server.cpu) for way in order}
        ratios["plain"].append(speed["chunked"][0] / speed["plain"][0])
        ratios["cpu"].append(speed["plain"][1] / speed["chunked"][1])
        found["digest"].append(digest(server, max(count // 10, 20)))
        ratios["digest"].append(found["digest"][-1] / speed["chunked"][0])
        found["raw"].append(raw(server, count))
        for name, (of, _) in speed.items():
            found[name].append(of)
    for _ in range(min(pairs, 3)):
        found["one each"].append(one_each(server, max(count // 4, 100), folder))
        ratios["one each"].append(chunked(server, count) / found["one each"][-1])
    print(f"{connection.vendor}, {count} mails a measurement, {pairs} pairs")
    for name, speeds in found.items():
        unit = "reminders/s" if name == "digest" else "mails/s"
        print(f"{name:<10}{statistics.median(speeds):>8.0f} {unit}  [{min(speeds):.0f} to {max(speeds):.0f}]")
    goals(found, ratios)
    loads = ["/".join(f"{load:.1f}" for load in of) for of in (before, os.getloadavg())]
    print(f"load average {loads[0]} before, {loads[1]} after; Python {sys.version.split()[0]}")
    return int(server.wrong > 0)


def goals(found: dict[str, list[float]], ratios: dict[str, list[float]]) -> None:
    from benchmarks.goals import Goal

    wanted = {
        "plain": ("chunked at least 0.85 x plain", 0.85),
        "one each": ("chunked at least 6 x one each", 6.0),
        "digest": ("digests at least 5 x chunked, in reminders", 5.0),
    }
    for name, (words, least) in wanted.items():
        of = ratios[name]
        told = f"{statistics.median(of):.2f} [{min(of):.2f} to {max(of):.2f}]"
        print(Goal(words, told, statistics.median(of) >= least))
    middle = {name: statistics.median(speeds) for name, speeds in found.items()}
    cpu = statistics.median(ratios["cpu"])
    print(f"         CPU of the sending process: plain takes {cpu:.2f} x what chunked takes")
    beside = ", ".join(f"{name} {middle[name] / middle['raw']:.2f}" for name in ("chunked", "plain"))
    print(f"         beside raw smtplib: {beside}")


def raw(server: "Server", count: int) -> float:
    from foundation.delivery.message import compose, text_of

    mails = write_rows(count, settled=True)
    ready = [(mail.to_address, compose(mail, text_of(mail)).as_bytes()) for mail in mails]

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", server.port) as line:
            for address, text in ready:
                line.sendmail("no-reply@psp-portal.example", [address], text)

    return server.timed(send, count)


def plain(server: "Server", count: int) -> float:
    from django.core.mail import get_connection

    mails = write_rows(count, settled=True)

    def send() -> None:
        with get_connection() as line:
            for mail in mails:
                django_message(mail, line).send()

    return server.timed(send, count)


def chunked(server: "Server", count: int) -> float:
    from foundation.delivery.delivery import drain

    mails = write_rows(count)
    speed = server.timed(lambda: drain(limit=count, for_seconds=600), count)
    check_books(server, mails)
    return speed


def digest(server: "Server", count: int) -> float:
    from foundation.delivery.delivery import drain

    items = [
        {"title": f"Evaluation report {n}", "due_on": "Friday 8 January 2027", "path": f"/partnerships/x/plan/{n}/"}
        for n in range(REMINDERS_TO_A_DIGEST)
    ]
    mails = write_rows(count, template="benchmarks/digest", more={"items": items})
    speed = server.timed(lambda: drain(limit=count, for_seconds=600), count)
    check_books(server, mails)
    return speed * REMINDERS_TO_A_DIGEST


def one_each(server: "Server", count: int, folder: Path) -> float:
    from benchmarks.mail_tasks import one_reminder
    from psp_portal.running import broker

    mails = write_rows(count)
    queue = broker.child(folder / "broker.sock", log=folder / "broker.log")
    queue.start()
    try:
        wait_for(lambda: broker.answers(folder / "broker.sock"))
        for mail in mails:
            one_reminder.delay(mail.pk)
        server.clear()
        with worker(folder):
            wait_for(lambda: server.told()["mails"] >= count)
            time.sleep(0.3)
        check_books(server, mails)
        return (count - 1) / server.clear()["seconds"]
    finally:
        queue.end(hurry=lambda: False)


@contextmanager
def worker(folder: Path) -> Iterator[None]:
    command = [
        sys.executable, "-m", "celery", "--app", "psp_portal", "worker", "--concurrency", "1", "--loglevel", "ERROR",
        "--include", "benchmarks.mail_tasks", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=worker_environment(), stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


def worker_environment() -> dict[str, str]:
    from django.db import connection

    environment = dict(os.environ)
    if connection.vendor == "postgresql":
        address = os.environ["DATABASE_URL"].rpartition("/")[0]
        environment["DATABASE_URL"] = f"{address}/{connection.settings_dict['NAME']}"
    return environment


def write_rows(
    count: int, *, settled: bool = False, template: str = "", more: dict[str, Any] | None = None
) -> list[Any]:
    """Mails to five hundred people as the planner writes them; `settled`: for ways that do not look at the outbox."""
    from accounts.models import Person
    from foundation.delivery.models import MailState, OutboxMail
    from foundation.delivery.outbox import message_id

    people = [
        Person.objects.get_or_create(email=f"owner{n}@example.org", defaults={"name": f"Owner Number {n}"})[0]
        for n in range(OWNERS)
    ]
    batch = os.urandom(6).hex()
    rows = [
        OutboxMail(
            kind="reminder", key=f"bench:{batch}:{n}", to=people[n % OWNERS], to_address=people[n % OWNERS].email,
            subject=f"Due on 8 January 2027: Evaluation report {n}",
            template=template or "emails/partnerships/deadline", message_id=message_id(f"bench:{batch}:{n}"),
            context={"name": people[n % OWNERS].name, "title": f"Evaluation report {n}", "partnership": "Wellbeing",
                     "due_on": "Friday 8 January 2027", "path": f"/partnerships/{batch}/plan/"} | (more or {}),
            why="You get this mail because you own the milestone.",
            state=MailState.DEAD if settled else MailState.PENDING,
        )
        for n in range(count)
    ]  # fmt: skip
    OutboxMail.objects.bulk_create(rows, batch_size=500)
    return rows


def django_message(mail: Any, line: Any) -> Any:
    """The same two parts from the same templates, as a plain Django project would send them."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives

    from foundation.delivery.message import html_of, text_of

    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    to = [f"{mail.to.name} <{mail.to_address}>"]
    sender = settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(mail.subject, text_of(mail), sender, to, headers=headers, connection=line)
    message.attach_alternative(html_of(mail), "text/html")
    return message


def check_books(server: "Server", mails: list[Any]) -> None:
    from foundation.delivery.models import MailState, OutboxMail

    told = server.told()
    rows = OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], state=MailState.SENT)
    if not rows.count() == told["mails"] == told["different"] == len(mails):
        server.wrong += 1
        print(f"WRONG: {len(mails)} written, {rows.count()} sent; arrived: {told}")


class Server:
    """The mail server's process."""

    def __init__(self, port: int) -> None:
        self.port, self.wrong, self.cpu = port, 0, 0.0

    def __enter__(self) -> "Server":
        command = [sys.executable, "-m", "benchmarks.mail_sink", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=20)

    def timed(self, send: Callable[[], object], count: int) -> float:
        """Mails a second."""
        self.clear()
        began, used = time.monotonic(), time.process_time()
        send()
        took, self.cpu = time.monotonic() - began, time.process_time() - used
        if self.told()["mails"] != count:
            self.wrong += 1
        return count / took

    def told(self) -> dict[str, float]:
        return self._asked("tell")

    def clear(self) -> dict[str, float]:
        return self._asked("clear")

    def _asked(self, what: str) -> dict[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer


def wait_for(holds: Callable[[], bool], seconds: float = 90) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > ends:
            raise SystemExit("Nothing came for too long.")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
