"""Working the outbox off: claim a row, send it, write down what is known.

    pending ──► sending ──► data ──► sent
       ▲           │          ├────► held   (nobody knows: a person decides; a legal notice goes back to pending)
       └───────────┴──────────┴────► dead   (certain: it did not arrive and will not)

A claim is a lease. `attempts` goes up before the work and, with the state, fences it: what a process writes back must
still carry the number and the state it knows, so one that was paused past its lease changes nothing. The marker `data`
is committed just before SMTP's DATA: a lease that ends before it is certainly unsent, one that ends after it is in
doubt. Any number of processes may drain at once.
"""

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet

from foundation.database import clock
from foundation.delivery import kinds, transport
from foundation.delivery.message import compose, text_of
from foundation.delivery.models import IN_HAND, MailState, OutboxMail

logger = logging.getLogger(__name__)

BROKEN_AFTER = 5
"""Tries for a mail whose text cannot be made."""
WAITS = [timedelta(minutes=min(2**n, 240)) for n in range(13)]
"""Between tries: 1, 2, 4 … minutes, then four hours; a little over 24 hours in all."""


class LeaseLost(Exception):
    """Another process has the mail now."""


def drain(limit: int = 50, *, for_seconds: float = 60.0, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, at most `limit` mails or for about `for_seconds`; how many were taken in hand."""
    release_expired()
    ends, taken = time.monotonic() + for_seconds, 0
    while taken < limit and time.monotonic() < ends and not stop():
        mail = claim()
        if mail is None:
            break
        taken += 1
        try:
            deliver(mail)
        except LeaseLost:
            logger.warning("Mail %s was taken over while its lease had ended.", mail.pk)
    return taken


def claim() -> OutboxMail | None:
    """Take the oldest mail that is due; None when nothing is."""
    now = clock.database_now()
    due = OutboxMail.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), state=MailState.PENDING)
    with transaction.atomic():
        mail = due.order_by("pk").select_for_update(skip_locked=True, of=("self",)).select_related("to").first()
        if mail is None:
            return None
        lease = now + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        OutboxMail.objects.filter(pk=mail.pk).update(
            state=MailState.SENDING, attempts=F("attempts") + 1, lease_until=lease
        )
    mail.attempts, mail.state = mail.attempts + 1, MailState.SENDING
    return mail


def deliver(mail: OutboxMail) -> None:
    """Send one claimed mail and write down the outcome."""
    kept = ""
    try:
        text = text_of(mail)
        kept = "" if kinds.of(mail.kind).private else text
        transport.from_settings().send(compose(mail, text), before_data=lambda: _mark_data(mail, kept))
    except transport.NeverSent as error:
        _write(mail, MailState.DEAD, str(error))
    except transport.NotSentYet as error:
        _try_later(mail, str(error))
    except transport.InDoubtNow as error:
        _in_doubt(mail, str(error))
    except (LeaseLost, DatabaseError):
        raise
    except Exception as error:  # noqa: BLE001  one broken mail must not stop the mails behind it
        _broken(mail, f"The mail could not be made: {type(error).__name__}: {error}")
    else:
        _write(mail, MailState.SENT, sent_at=clock.database_now(), body=kept, context=kept_context(mail))


def kept_context(mail: OutboxMail) -> dict[str, Any]:
    """What stays of the context once the mail's fate is known: nothing when it holds a key."""
    return {} if kinds.of(mail.kind).private else mail.context


def release_expired() -> int:
    """Settle the mails whose process died: back in the queue when certainly unsent, held when in doubt."""
    expired = OutboxMail.objects.filter(state__in=IN_HAND, lease_until__lt=clock.database_now())
    reason = "The process that was sending it stopped."
    settled = 0
    for mail in expired.order_by("pk")[:200]:
        settle = _in_doubt if mail.state == MailState.DATA else _try_later
        settled += settle(mail, reason, at_once=True)
    return settled


def wait_before(attempt: int) -> timedelta | None:
    """How long to wait after that many tries, give or take a quarter; None when it is time to give up."""
    if attempt > len(WAITS):
        return None
    return WAITS[attempt - 1] * random.uniform(0.75, 1.25)  # noqa: S311  jitter, not a secret


def _try_later(mail: OutboxMail, reason: str, *, at_once: bool = False) -> bool:
    wait = wait_before(mail.attempts)
    if wait is None:
        return _write(mail, MailState.DEAD, reason)
    return _write(
        mail, MailState.PENDING, reason, next_try_at=clock.database_now() + (timedelta() if at_once else wait)
    )


def _in_doubt(mail: OutboxMail, reason: str, *, at_once: bool = False) -> bool:
    if kinds.of(mail.kind).in_doubt is kinds.InDoubt.RESEND:
        return _try_later(mail, reason, at_once=at_once)
    return _write(mail, MailState.HELD, reason)


def _broken(mail: OutboxMail, reason: str) -> bool:
    if mail.state == MailState.DATA:
        return _in_doubt(mail, reason)
    return _try_later(mail, reason) if mail.attempts < BROKEN_AFTER else _write(mail, MailState.DEAD, reason)


def _mark_data(mail: OutboxMail, body: str) -> None:
    lease = clock.database_now() + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    if not _still_mine(mail).update(state=MailState.DATA, lease_until=lease, body=body):
        raise LeaseLost
    mail.state = MailState.DATA


def _write(mail: OutboxMail, state: MailState, reason: str = "", **changes: Any) -> bool:
    """Write the outcome back, unless the mail is no longer this process's."""
    done = _still_mine(mail).update(state=state, lease_until=None, last_error=reason[:500], **changes)
    if not done:
        logger.warning("Mail %s: “%s” came too late and was not written.", mail.pk, state.label)
    return bool(done)


def _still_mine(mail: OutboxMail) -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=mail.state)
