"""`make demo`: the whole portal on one machine, with nothing to install, set up or look after."""

import logging
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from psp_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from psp_portal.running import broker, leftovers, schema, static_files, web, worker
from psp_portal.running.children import Child
from psp_portal.running.supervisor import Supervisor

PATIENCE = 4.0
SLOW_START = 30.0


class Command(BaseCommand):
    help = "Runs the portal in its embedded form with demonstration data. Ctrl-C stops it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="Start without demonstration data.")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("DATABASE_URL is set. The demo fills only its own database: unset it and try again.")
        var = Path(settings.VAR_DIR).resolve()
        try:
            lock = leftovers.claim(var)
        except leftovers.AlreadyRunning:
            raise CommandError("A demo is already running from this folder. Stop it with Ctrl-C first.") from None
        with lock:
            self.records = leftovers.Records(var)
            self._end_leftovers()
            if reason := web.why_not(settings.PORT):
                raise CommandError(f"{reason} Stop that, or choose another one: make demo PORT={settings.PORT + 10}")
            try:
                self._prepare(empty=empty)
            except KeyboardInterrupt:
                raise CommandError("Stopped before it was ready. `make demo` goes on from there.") from None
            self._run(_children(var))

    def _end_leftovers(self) -> None:
        names = self.records.end_leftovers()
        if broker.end_stranger(settings.BROKER_SOCKET):
            names.append("broker")
        if names:
            self._tell(f"Ended what an earlier demo left behind: {', '.join(sorted(set(names)))}.")

    def _prepare(self, *, empty: bool) -> None:
        if not schema.is_current():
            self._tell("Making the database …")
            call_command("migrate", interactive=False, verbosity=0)
        if static_files.collect_if_changed():
            self._tell("Collected the static files.")
        if not empty and not get_user_model()._default_manager.exists():
            self._tell("Filling it with demonstration data …")
            logging.disable(logging.WARNING)  # bells that nobody can hear yet
            with transaction.atomic():  # all or nothing: an interrupted start begins anew
                call_command("demo_data", verbosity=0)
            logging.disable(logging.NOTSET)

    def _run(self, children: list[Child]) -> None:
        self.supervisor = Supervisor(children, say=self._say, on_change=lambda: self.records.write(children))
        self.web = next(child for child in children if child.name == "web")
        self.began, self.announced, self.warned = time.monotonic(), False, False
        self.supervisor.run(each_look=self._announce_when_ready)
        self.records.forget()
        self._tell("\nStopped. Everything is kept; `make demo` goes on where you left.")

    def _announce_when_ready(self) -> None:
        if self.announced:
            return
        if web.is_healthy(settings.PORT):
            self.announced = True
            self._announce()
        elif time.monotonic() - self.began > SLOW_START and not self.warned:
            self.warned = True
            self._say(f"The web process has not answered yet. The end of its log:\n{self.web.last_words()}")

    def _announce(self) -> None:
        lines = [
            "",
            f"The portal is at {self.style.SUCCESS(settings.SITE_URL)}",
            *_logins(),
            "Stop it with Ctrl-C.",
            "",
        ]
        self._tell("\n".join(lines))

    def _say(self, sentence: str) -> None:
        self._tell(f"{time.strftime('%H:%M:%S')} {sentence}")

    def _tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _children(var: Path) -> list[Child]:
    logs = var / "logs"
    logs.mkdir(exist_ok=True)
    for old in logs.glob("*.log"):
        old.unlink()
    beat = [sys.executable, "-m", "celery", "--app", "psp_portal", "beat", "--pidfile", "", "--loglevel", "INFO"]
    return [
        broker.child(settings.BROKER_SOCKET, log=logs / "broker.log"),
        web.child(settings.PORT, log=logs / "web.log"),
        worker.child(concurrency=2, log=logs / "worker.log", patience=PATIENCE),
        Child("timetable", beat, log=logs / "timetable.log"),
    ]


def _logins() -> list[str]:
    width = max(len(email) for _, email in PERSONAS)
    people = [f"  {email:<{width}}  {label}" for label, email in PERSONAS]
    return [
        "",
        f"Sign in as any of these, with the password {DEMO_PASSWORD}",
        *people,
        "",
        _where_mail_goes(),
        "",
    ]


def _where_mail_goes() -> str:
    if settings.MAIL_URL != "file":
        return "Mail goes to the server that MAIL_URL names. The demo’s people are invented: nobody reads it."
    return f"Mail goes nowhere: each one is a file in {settings.VAR_DIR / 'mail'}, the newest last by its date."
