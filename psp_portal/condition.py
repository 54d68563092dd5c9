"""How the portal is doing, as one list of signs for the page “Health” and for `manage.py health`.

`facts` asks the database, the broker and the disk; `signs` judges plain values and knows every limit.
"""

import shutil
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from kombu.exceptions import KombuError
from redis import RedisError

from foundation.database import clock
from foundation.delivery.bell import OPTIONS
from foundation.delivery.models import SEALED_SCOPES, MailState, OutboxMail
from foundation.heartbeats.models import Heartbeat
from foundation.rendering.models import OPEN_STATES, JobState, RenderJob
from foundation.webhooks.models import Webhook
from lessons.models import FormatRequest

ALIVE = timedelta(minutes=2)
PLANNED = timedelta(minutes=10)
WAITS = timedelta(minutes=10)
"""How long a mail or a document that is due may wait before somebody should look."""
SKEW = timedelta(seconds=2)
TO_DO = (MailState.UNSORTED, MailState.PENDING)
LATELY = timedelta(days=7)
"""How far back what could not be sent or made counts: later it is history, in the ledger."""


@dataclass(frozen=True)
class Facts:
    now: datetime
    skew: timedelta
    last_signs: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """By the first part of a process's name (“worker”): its youngest sign of life, and what it said."""
    broker: bool = True
    due_since: datetime | None = None
    waiting: int = 0
    untaken_since: datetime | None = None
    """Since when the oldest mail waits that was tried and put back: the mail server did not take it."""
    untaken: int = 0
    problem: str = ""
    sealed_since: datetime | None = None
    """Since when the oldest mail of a sealed tender is due or waits for another try. Such mails are in no other count
    and not counted here: how many bid is nobody's business before bids are opened, and the ledger shows none."""
    sealed_dead: bool = False
    held: int = 0
    dead: int = 0
    job_since: datetime | None = None
    jobs: int = 0
    jobs_failed: int = 0
    webhooks_failing: int | None = None
    """None where webhooks are switched off."""
    formats_late: int = 0
    free_bytes: int = 0
    relay_expected: bool = True


@dataclass(frozen=True)
class Sign:
    """`trouble` says what to do; empty when all is well."""

    what: str
    found: str
    trouble: str = ""

    @property
    def is_well(self) -> bool:
        return not self.trouble


def facts() -> Facts:
    before = clock.now()
    at_database = clock.database_now()
    after = clock.now()
    lately = Q(created_at__gte=after - LATELY)
    due = Coalesce("next_try_at", "created_at")
    late = OutboxMail.objects.for_operators().filter(state__in=TO_DO).annotate(due=due).filter(due__lte=at_database)
    waiting = late.aggregate(since=Min("due"), count=Count("pk"))
    put_back = Q(state=MailState.PENDING, attempts__gt=0, next_try_at__gt=at_database)
    untaken = (
        OutboxMail.objects.for_operators()
        .filter(put_back)
        .aggregate(since=Min(Coalesce("not_before", "created_at")), count=Count("pk"), problem=Max("last_error"))
    )
    sealed = OutboxMail.objects.filter(scope__startswith=SEALED_SCOPES).aggregate(
        since=Min(
            Coalesce("not_before", "created_at"),
            filter=put_back | Q(state__in=TO_DO) & (Q(next_try_at=None) | Q(next_try_at__lte=at_database)),
        ),
        dead=Count("pk", filter=Q(state=MailState.DEAD) & lately),
    )
    shown = OutboxMail.objects.for_operators().filter(state__in=(MailState.HELD, MailState.DEAD))
    mails = shown.aggregate(
        held=Count("pk", filter=Q(state=MailState.HELD)), dead=Count("pk", filter=Q(state=MailState.DEAD) & lately)
    )
    jobs = RenderJob.objects.filter(state__in=(*OPEN_STATES, JobState.FAILED)).aggregate(
        since=Min("created_at", filter=Q(state__in=OPEN_STATES)),
        count=Count("pk", filter=Q(state__in=OPEN_STATES)),
        failed=Count("pk", filter=Q(state=JobState.FAILED) & lately),
    )
    return Facts(
        now=after,
        skew=at_database - (before + (after - before) / 2),
        last_signs=_last_signs(),
        broker=_broker_answers(),
        due_since=waiting["since"],
        waiting=waiting["count"],
        untaken_since=untaken["since"],
        untaken=untaken["count"],
        problem=untaken["problem"] or "",
        sealed_since=sealed["since"],
        sealed_dead=bool(sealed["dead"]),
        held=mails["held"],
        dead=mails["dead"],
        job_since=jobs["since"],
        jobs=jobs["count"],
        jobs_failed=jobs["failed"],
        webhooks_failing=Webhook.objects.failing(after - LATELY).count() if settings.WEBHOOKS else None,
        formats_late=FormatRequest.objects.late(clock.today()).count(),
        free_bytes=_free_bytes(Path(settings.FILES_DIR)),
        relay_expected=not settings.EMBEDDED,
    )


def signs(of: Facts) -> list[Sign]:
    """Every sign, in the order in which one would look."""
    return [
        _process(of, "timetable", "Timetable", "Start beat again. Until then nothing is planned or swept."),
        _process(of, "worker", "Worker", "Look at its log. Its supervisor replaces it within a minute or so."),
        *_relay(of),
        _planner(of),
        _broker(of),
        _oldest_mail(of),
        _mail_server(of),
        _sealed_mails(of),
        _counted("Held mails", of.held, "Each may or may not have arrived: decide about it in the mail ledger."),
        _counted("Mails that could not be sent, last 7 days", of.dead, "Read why in the mail ledger, and mend it."),
        _oldest_job(of),
        _counted("Documents that could not be made, last 7 days", of.jobs_failed, "The worker's log says why."),
        *_webhooks(of),
        _counted(
            "Formats past their promised date",
            of.formats_late,
            "Ask whoever publishes lessons to deliver them: they stand in the register of format requests.",
        ),
        _disk(of),
        _clocks(of),
    ]


def ago(span: timedelta) -> str:
    """“4 seconds”, “3 minutes”, “5 hours”, “2 days”: the largest whole unit."""
    seconds = max(0, round(span.total_seconds()))
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return _plural(seconds // length, name)
    return _plural(seconds, "second")


def _process(of: Facts, name: str, what: str, trouble: str, within: timedelta = ALIVE) -> Sign:
    last = of.last_signs.get(name)
    if last is None:
        return Sign(what, "no sign yet", trouble)
    at, said = last
    found = f"{ago(of.now - at)} ago" + (f": {said}" if said else "")
    return Sign(what, found, "" if of.now - at <= within else trouble)


def _relay(of: Facts) -> list[Sign]:
    if not of.relay_expected and "relay" not in of.last_signs:
        return []  # the embedded form runs none: its worker sends
    return [_process(of, "relay", "Relay", "Start it again. Until then the worker alone sends mail.")]


def _planner(of: Facts) -> Sign:
    trouble = "Look at the worker's log for “plan_reminders”. The next run catches up: the ledger names what it skips."
    return _process(of, "planner", "Last run of the planner", trouble, PLANNED)


def _broker(of: Facts) -> Sign:
    trouble = "" if of.broker else "Start it again. The relay sends mail without it; documents and planning wait."
    return Sign("Broker", "answers" if of.broker else "does not answer", trouble)


def _oldest_mail(of: Facts) -> Sign:
    if of.due_since is None:
        return Sign("Mails that are due", "none waits")
    waits = of.now - of.due_since
    trouble = "" if waits <= WAITS else "Is the worker or the relay alive? Does the mail server answer? See the ledger."
    return Sign("Mails that are due", f"{of.waiting} waiting, the oldest for {ago(waits)}", trouble)


def _mail_server(of: Facts) -> Sign:
    """A mail that was tried is not due until its next try: without this sign a server that is down looks well."""
    what = "Mails to be tried again"
    if of.untaken_since is None:
        return Sign(what, "none waits")
    waits = of.now - of.untaken_since
    found = f"{of.untaken} waiting, the oldest for {ago(waits)}. {of.problem}".rstrip()
    trouble = "Does the mail server answer, and is MAIL_URL right? They go by themselves when it does."
    return Sign(what, found, trouble if waits > WAITS else "")


def _sealed_mails(of: Facts) -> Sign:
    """Mails to bidders before the opening: that some wait is told, not how many, to whom or of which tender."""
    what = "Mails of sealed tenders"
    lost = "Some could not be sent, last 7 days. " if of.sealed_dead else ""
    trouble = (
        "The ledger does not show them before or after the opening. Mend what the other signs of mail say is wrong."
    )
    if of.sealed_since is None:
        return Sign(what, f"{lost}None waits." if lost else "none waits", trouble if lost else "")
    waits = of.now - of.sealed_since
    found = f"{lost}Some wait, the oldest for {ago(waits)}." if lost else f"some wait, the oldest for {ago(waits)}"
    return Sign(what, found, trouble if lost or waits > WAITS else "")


def _oldest_job(of: Facts) -> Sign:
    if of.job_since is None:
        return Sign("Documents to be made", "none waits")
    waits = of.now - of.job_since
    trouble = "" if waits <= WAITS else "Is the worker alive? Each document has three minutes, then it is tried again."
    return Sign("Documents to be made", f"{of.jobs} waiting, the oldest for {ago(waits)}", trouble)


def _webhooks(of: Facts) -> list[Sign]:
    if of.webhooks_failing is None:
        return []
    trouble = "Read on the page “Webhooks” what each receiver answered; send again what was lost."
    return [_counted("Webhooks that fail, last 7 days", of.webhooks_failing, trouble)]


def _counted(what: str, count: int, trouble: str) -> Sign:
    return Sign(what, str(count) if count else "none", trouble if count else "")


def _disk(of: Facts) -> Sign:
    short = of.free_bytes < 2 * settings.MIN_FREE_BYTES
    trouble = "Make room: below half of this no file is taken any more." if short else ""
    return Sign("Free disk for files", f"{of.free_bytes / 1024**3:.1f} GB", trouble)


def _clocks(of: Facts) -> Sign:
    seconds = of.skew.total_seconds()
    trouble = "" if abs(of.skew) <= SKEW else "Set both clocks from the same time server: deadlines use the database's."
    found = f"{round(seconds, 1) + 0.0:+.1f} s"  # never -0.0
    return Sign("The database’s clock against this machine’s", found, trouble)


def _last_signs() -> dict[str, tuple[datetime, str]]:
    youngest: dict[str, tuple[datetime, str]] = {}
    for process, at, said in Heartbeat.objects.values_list("process", "at", "said"):
        name = process.partition("@")[0]
        if name not in youngest or youngest[name][0] < at:
            youngest[name] = at, said
    return youngest


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write(transport_options=OPTIONS) as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
    except (KombuError, RedisError, OSError, socket.gaierror):
        return False
    return True


def _free_bytes(folder: Path) -> int:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _plural(number: int, unit: str) -> str:
    return f"{number} {unit}" + ("" if number == 1 else "s")
