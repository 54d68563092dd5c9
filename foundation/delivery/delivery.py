"""Working the outbox off: claim a chunk of rows, send them over one connection, write down what is known.

    pending ──► sending ──► data ──► sent
       ▲           │          ├────► held   (nobody knows: a person decides; a legal notice goes back to pending)
       └───────────┴──────────┴────► dead   (certain: it did not arrive and will not)

A claim is a lease. `attempts` goes up before the work and, with the state, fences it (`outcomes`). The marker
`data` is committed for a whole chunk before the DATA of its first mail; which of the chunk were begun stands in its
journal (`journal`). A lease that ends before the marker, or a mail the journal has not begun, is certainly unsent; what
was begun and has no end, or has no journal that can be believed, is in doubt. Any number of processes may drain.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from foundation.database import clock
from foundation.delivery import journal, kinds, outcomes, sorting, transport
from foundation.delivery.journal import Fate, Journal
from foundation.delivery.message import compose, text_of
from foundation.delivery.models import IN_HAND, MailState, OutboxMail
from foundation.delivery.outcomes import STOPPED, LeaseLost

logger = logging.getLogger(__name__)

CHUNK = 50
"""Mails with one claim, one marker and one connection; the most that a machine which stops leaves in doubt."""
WRITTEN_AFTER = 2.0
"""Seconds after which outcomes are written down though the chunk goes on."""


def drain(limit: int = 200, *, for_seconds: float = 60.0, stop: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, at most `limit` mails or for about `for_seconds`; how many were taken in hand."""
    release_expired()
    sorting.sort()
    ends, taken = time.monotonic() + for_seconds, 0
    way = transport.from_settings()
    try:
        while taken < limit and time.monotonic() < ends and not stop():
            mails = claim(min(chunk_size(), limit - taken))
            if not mails:
                break
            taken += len(mails)
            Chunk(mails, way, lambda: stop() or time.monotonic() > ends).deliver()
    finally:
        way.close()
    return taken


def chunk_size() -> int:
    """One at a time where no journal can be believed: then a crash leaves one mail in doubt all the same."""
    return CHUNK if journal.boot() else 1


def claim(limit: int = 1) -> list[OutboxMail]:
    """Take the oldest mails that are due. One whose process stopped comes alone: it may have been the cause."""
    now = clock.database_now()
    due = OutboxMail.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), state=MailState.PENDING)
    with transaction.atomic():
        rows = due.order_by("pk").select_for_update(skip_locked=True, of=("self",)).select_related("to")
        mails = list(rows[:limit])
        if mails and mails[0].last_error == STOPPED:
            mails = mails[:1]
        mails = mails[:1] + [mail for mail in mails[1:] if mail.last_error != STOPPED]
        lease = now + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
        OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            state=MailState.SENDING, attempts=F("attempts") + 1, lease_until=lease
        )
    for mail in mails:
        mail.attempts, mail.state = mail.attempts + 1, MailState.SENDING
    return mails


class Chunk:
    """Claimed mails on their way out."""

    def __init__(self, mails: list[OutboxMail], way: transport.Transport, stop: Callable[[], bool]) -> None:
        self.mails, self.way, self.stop = mails, way, stop
        self.texts: dict[int, str] = {}
        self.sent: list[OutboxMail] = []
        self.written = time.monotonic()
        # Whoever works for half the lease gives back what it has not begun: the other half is for a slow answer.
        self.ends = time.monotonic() + settings.MAIL_LEASE_SECONDS / 2

    def deliver(self) -> None:
        """Send them and write down the outcomes. DatabaseError leaves the rest to whoever finds the lease ended."""
        mails = [mail for mail in self.mails if self._has_text(mail)]
        if not mails:
            return
        if not self.way.leaves_doubt:
            self._send(outcomes.mark(mails, MailState.SENDING), book=None)
            return
        try:
            book = Journal((mail.pk, mail.attempts) for mail in mails)
        except OSError as error:
            for mail in mails:
                outcomes.try_later(mail, f"The journal of mails could not be written: {error.strerror or error}.")
            return
        try:
            self._send(outcomes.mark(mails, MailState.DATA), book=book)
            book.remove()
        finally:
            book.close()

    def _has_text(self, mail: OutboxMail) -> bool:
        try:
            text = self.texts[mail.pk] = text_of(mail)
            mail.body = "" if kinds.of(mail.kind).private else text
        except Exception as error:  # noqa: BLE001  one broken mail must not stop the mails behind it
            outcomes.broken(mail, error)
            return False
        return True

    def _send(self, mails: list[OutboxMail], *, book: Journal | None) -> None:
        left = list(mails)
        try:
            while left and not self.stop() and time.monotonic() < self.ends:
                self._one(left[0], book)
                del left[0]
                self._write_some()
        except transport.NobodyThere as error:
            for mail in left:
                outcomes.try_later(mail, str(error))
            left = []
        except LeaseLost:
            logger.warning("A chunk of mails was taken over while its lease had ended.")
            left = []
        outcomes.all_sent(self.sent)
        outcomes.give_back(left)

    def _one(self, mail: OutboxMail, book: Journal | None) -> None:
        begun = False

        def before_data() -> None:
            nonlocal begun
            if book:
                _begin(book, mail)
            begun = True

        try:
            self.way.send(compose(mail, self.texts[mail.pk]), before_data=before_data)
        except (LeaseLost, transport.NobodyThere):
            raise
        except Exception as error:  # noqa: BLE001  one broken mail must not stop the mails behind it
            certain = _failed(mail, error, begun=begun)
            sent = False
        else:
            self.sent.append(mail)
            certain = sent = True
        if book and certain:
            book.ended(mail.pk, sent=sent)

    def _write_some(self) -> None:
        if time.monotonic() - self.written > WRITTEN_AFTER:
            outcomes.all_sent(self.sent)
            self.sent, self.written = [], time.monotonic()


def _failed(mail: OutboxMail, error: Exception, *, begun: bool) -> bool:
    """Write down why a mail was not sent; False when nobody knows whether it was."""
    if isinstance(error, transport.NeverSent):
        outcomes.never(mail, str(error))
    elif isinstance(error, transport.NotSentYet):
        outcomes.try_later(mail, str(error))
    elif begun or isinstance(error, transport.InDoubtNow):
        outcomes.in_doubt(mail, str(error))
        return False
    else:
        outcomes.broken(mail, error)
    return True


def _begin(book: Journal, mail: OutboxMail) -> None:
    try:
        book.begins(mail.pk)
    except journal.Sealed:
        raise LeaseLost from None
    except OSError as error:
        raise transport.NotSentYet(f"The journal of mails could not be written: {error}") from error


def release_expired() -> int:
    """Settle the mails whose process died: back in the queue when certainly unsent, held when in doubt."""
    expired = OutboxMail.objects.filter(state__in=IN_HAND, lease_until__lt=clock.database_now())
    if not expired.exists():
        return 0
    with transaction.atomic():
        mails = list(expired.order_by("pk").select_for_update(skip_locked=True)[:500])
        fates = journal.fates({(mail.pk, mail.attempts) for mail in mails if mail.state == MailState.DATA})
        settled = sum(_settle(mail, fates.get((mail.pk, mail.attempts), Fate.IN_DOUBT)) for mail in mails)
    in_data = OutboxMail.objects.filter(state=MailState.DATA)
    journal.forget(set(in_data.values_list("pk", "attempts")))
    return settled


def _settle(mail: OutboxMail, fate: Fate) -> bool:
    if mail.state == MailState.DATA and fate is Fate.NOT_BEGUN:
        return outcomes.untouched(mail, STOPPED)
    if mail.state == MailState.SENDING:
        return outcomes.try_later(mail, STOPPED, at_once=True)
    if fate is Fate.SENT:
        changes: dict[str, Any] = {"sent_at": clock.database_now(), "context": outcomes.kept_context(mail)}
        return outcomes.write(mail, MailState.SENT, **changes)
    return outcomes.in_doubt(mail, STOPPED, at_once=True)
