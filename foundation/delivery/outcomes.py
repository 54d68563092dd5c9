"""Writing down what became of a claimed mail. Every write carries the try and the state its process knows: a process
that was paused past its lease writes nothing.
"""

import logging
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from foundation.database import clock
from foundation.delivery import kinds
from foundation.delivery.models import MailState, OutboxMail

logger = logging.getLogger(__name__)

BROKEN_AFTER = 5
"""Tries for a mail whose text cannot be made."""
WAITS = [timedelta(minutes=min(2**n, 240)) for n in range(13)]
"""Between tries: 1, 2, 4 … minutes, then four hours; a little over 24 hours in all."""
STOPPED = "The process that was sending it stopped."


class LeaseLost(Exception):
    """Another process has the mail now."""


def wait_before(attempt: int) -> timedelta | None:
    """How long to wait after that many tries, give or take a quarter; None when it is time to give up."""
    if attempt > len(WAITS):
        return None
    return WAITS[attempt - 1] * random.uniform(0.75, 1.25)  # noqa: S311  jitter, not a secret


def kept_context(mail: OutboxMail) -> dict[str, Any]:
    """What stays of the context once the mail's fate is known: nothing when it holds a key."""
    return {} if kinds.of(mail.kind).private else mail.context


def mark(mails: list[OutboxMail], state: MailState) -> list[OutboxMail]:
    """Note, in one commit, that these are about to go out, with their texts; those that still are this process's."""
    lease = clock.database_now() + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    with transaction.atomic():
        mine = _locked(mails)
        _keep_texts(mine)
        OutboxMail.objects.filter(pk__in=[mail.pk for mail in mine]).update(state=state, lease_until=lease)
    for mail in mine:
        mail.state = state
    return mine


def all_sent(mails: list[OutboxMail]) -> None:
    """Note, in one commit, that these were taken by the mail server."""
    if not mails:
        return
    with transaction.atomic():
        mine = _locked(mails)
        _these(mine).update(state=MailState.SENT, sent_at=clock.database_now(), lease_until=None, last_error="")
        _these(mail for mail in mine if kinds.of(mail.kind).private).update(context={})
    for mail in set(mails) - set(mine):
        logger.warning("Mail %s was taken over while its lease had ended.", mail.pk)


def give_back(mails: list[OutboxMail]) -> None:
    """Put mails that were claimed and not begun back, as if nobody had touched them."""
    if mails:
        with transaction.atomic():
            back = {"state": MailState.PENDING, "lease_until": None, "attempts": F("attempts") - 1}
            _these(_locked(mails)).update(**back)


def never(mail: OutboxMail, reason: str) -> bool:
    """It did not arrive and will not."""
    return write(mail, MailState.DEAD, reason)


def try_later(mail: OutboxMail, reason: str, *, at_once: bool = False) -> bool:
    """It certainly did not arrive: the next try comes after a while, or it is given up."""
    wait = wait_before(mail.attempts)
    if wait is None:
        return write(mail, MailState.DEAD, reason)
    return write(mail, MailState.PENDING, reason, next_try_at=clock.database_now() + (timedelta() if at_once else wait))


def untouched(mail: OutboxMail, reason: str) -> bool:
    """Its process stopped at another mail: back into the queue, however often that happened.

    The try stays counted, for its number keeps a process that wakes from writing.
    """
    return write(mail, MailState.PENDING, reason, next_try_at=clock.database_now())


def in_doubt(mail: OutboxMail, reason: str, *, at_once: bool = False) -> bool:
    """It may or may not have arrived: its kind says what to do."""
    if kinds.of(mail.kind).in_doubt is kinds.InDoubt.RESEND:
        return try_later(mail, reason, at_once=at_once)
    return write(mail, MailState.HELD, reason)


def broken(mail: OutboxMail, error: Exception) -> bool:
    """Its text or its message cannot be made."""
    reason = f"The mail could not be made: {type(error).__name__}: {error}"
    return try_later(mail, reason) if mail.attempts < BROKEN_AFTER else never(mail, reason)


def write(mail: OutboxMail, state: MailState, reason: str = "", **changes: Any) -> bool:
    """Write the outcome back, unless the mail is no longer this process's."""
    still_mine = OutboxMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=mail.state)
    done = still_mine.update(state=state, lease_until=None, last_error=reason[:500], **changes)
    if not done:
        logger.warning("Mail %s: “%s” came too late and was not written.", mail.pk, state.label)
    return bool(done)


def _keep_texts(mails: list[OutboxMail]) -> None:
    """One statement with many rows: `bulk_update` took a quarter of the time of sending (measured)."""
    with connection.cursor() as cursor:
        table, key = connection.ops.quote_name(OutboxMail._meta.db_table), OutboxMail._meta.pk.column
        cursor.executemany(
            f"UPDATE {table} SET body = %s WHERE {key} = %s",  # noqa: S608  names of ours, values apart
            [(mail.body, mail.pk) for mail in mails],
        )


def _locked(mails: list[OutboxMail]) -> list[OutboxMail]:
    """Those that still are this process's, and stay so until the transaction ends."""
    rows = _these(mails).order_by("pk").select_for_update(of=("self",))
    now = {pk: (attempts, state) for pk, attempts, state in rows.values_list("pk", "attempts", "state")}
    return [mail for mail in mails if now.get(mail.pk) == (mail.attempts, mail.state)]


def _these(mails: Iterable[OutboxMail]) -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails])
