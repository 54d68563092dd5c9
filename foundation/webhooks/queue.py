"""From the history to the receivers: which events became messages, and working those off.

The history is the outbox: its events are numbered 1, 2, 3 … inside each scope and written in the transaction of the
change, so a webhook that remembers the last number it saw misses none, and no action knows that webhooks exist.

    pending ──► sending ──► sent
       ▲           ├──────► dead   (the receiver said no, or every try failed: somebody may replay it)
       └───────────┘

As with mails a claim is a lease, and `attempts`, counted before the work, fences what is written back.
"""

import json
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from foundation.audit.models import AuditEvent, ChainHead, Outcome
from foundation.database import clock
from foundation.webhooks import sending, told
from foundation.webhooks.models import MessageState, Webhook, WebhookMessage
from foundation.webhooks.plainly import Chat, chat_of, plainly
from foundation.webhooks.signing import secret_of, signature

logger = logging.getLogger(__name__)

WAITS = [timedelta(minutes=min(2**n, 240)) for n in range(13)]
"""Between tries: 1, 2, 4 … minutes, then four hours; a little over 24 hours in all."""
LEASE = timedelta(seconds=90)
TOGETHER = 200
KEPT_DAYS = 90
REMOVED = "The webhook was removed before."


def drain(limit: int = 50, *, for_seconds: float = 30.0, stop: Callable[[], bool] = lambda: False) -> int:
    """Write what is new and send what is due; how many messages were taken in hand. Switched off: not one query."""
    if not settings.WEBHOOKS:
        return 0
    write_new()
    release_expired()
    ends, taken = time.monotonic() + for_seconds, 0
    while taken < limit and time.monotonic() < ends and not stop():
        message = claim()
        if message is None:
            break
        taken += 1
        deliver(message)
    return taken


def write_new() -> int:
    """Make messages of the events that each webhook has not seen; how many. One query when there are none."""
    head = ChainHead.objects.filter(scope=OuterRef("scope")).values("seq")[:1]
    behind = Webhook.objects.open().filter(seen__lt=Subquery(head))
    return sum(_write_for(key) for key in list(behind.values_list("pk", flat=True)))


def _write_for(key: int) -> int:
    with transaction.atomic():
        webhook = Webhook.objects.open().select_for_update(skip_locked=True).filter(pk=key).first()
        telling = told.of(webhook.scope) if webhook else None
        if webhook is None or telling is None:
            return 0
        new = AuditEvent.objects.filter(scope=webhook.scope, seq__gt=webhook.seen).order_by("seq")[:TOGETHER]
        events = list(new)
        if not events:
            return 0
        about, chat = telling.about(webhook.scope), chat_of(webhook.address)
        messages = [
            WebhookMessage(webhook=webhook, event=event, action=event.action, body=_body(event, telling, about, chat))
            for event in events
            if about and event.outcome == Outcome.ALLOWED and event.action in telling.actions
        ]
        WebhookMessage.objects.bulk_create(messages)
        Webhook.objects.filter(pk=webhook.pk).update(seen=events[-1].seq)
    return len(messages)


def _body(event: AuditEvent, telling: told.Telling, about: tuple[str, str], chat: Chat) -> str:
    """What happened, without who did it and why: those stay in the portal, behind its sign-in."""
    return body_of(event.action, telling.tell(event), about, event.at, chat)


def body_of(action: str, sentence: str, about: tuple[str, str], at: datetime, chat: Chat) -> str:
    """`text` is what chat programs show, with nothing in it that they would obey; the rest is for other programs."""
    title, path = about
    url = settings.SITE_URL + path
    facts = {
        "event": action,
        "at": at.isoformat(timespec="seconds"),
        "about": title,
        "sentence": sentence,
        "url": url,
        "text": f"{plainly(title, chat)}: {plainly(sentence, chat)} {url}",
    }
    return json.dumps(facts, ensure_ascii=False)


def claim() -> WebhookMessage | None:
    """Take the oldest message that is due; None when nothing is."""
    now = clock.database_now()
    due = WebhookMessage.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), state=MessageState.PENDING)
    with transaction.atomic():
        message = due.order_by("pk").select_for_update(skip_locked=True, of=("self",)).select_related("webhook").first()
        if message is None:
            return None
        WebhookMessage.objects.filter(pk=message.pk).update(
            state=MessageState.SENDING, attempts=F("attempts") + 1, lease_until=now + LEASE
        )
    message.attempts, message.state = message.attempts + 1, MessageState.SENDING
    return message


def deliver(message: WebhookMessage) -> None:
    """Send one claimed message and write down the outcome."""
    seconds = int(time.time())
    secret = secret_of(settings.SECRET_KEY, message.webhook.public_id)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "PSP-Portal-Webhook/1",
        "Portal-Event": message.action,
        "Portal-Message": message.public_id,
        "Portal-Signature": signature(secret, seconds, message.body),
    }
    try:
        answer = sending.send(message.webhook.address, message.body, headers)
    except sending.Never as refusal:
        _write(message, MessageState.DEAD, str(refusal), answer=refusal.answer)
    except sending.NotYet as problem:
        _try_later(message, str(problem), answer=problem.answer)
    else:
        _write(message, MessageState.SENT, answer=answer, sent_at=clock.database_now())


def release_expired() -> int:
    """Back into the queue: what a process that stopped had in hand. It may have arrived; it carries the same id."""
    expired = WebhookMessage.objects.filter(state=MessageState.SENDING, lease_until__lt=clock.database_now())
    reason = "The process that was sending it stopped."
    return sum(_try_later(one, reason, at_once=True) for one in expired.order_by("pk")[:TOGETHER])


def wait_before(attempt: int) -> timedelta | None:
    """How long to wait after that many tries, give or take a quarter; None when it is time to give up."""
    if attempt > len(WAITS):
        return None
    return WAITS[attempt - 1] * random.uniform(0.75, 1.25)  # noqa: S311  jitter, not a secret


def forget() -> int:
    """Delete messages of more than ninety days whose fate is known; how many."""
    over = WebhookMessage.objects.filter(state__in=(MessageState.SENT, MessageState.DEAD))
    return over.filter(created_at__lt=clock.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def _try_later(message: WebhookMessage, reason: str, *, at_once: bool = False, **changes: Any) -> bool:
    """Later, and with it everything else that waits for the same receiver: a silent one holds up nobody else."""
    wait = wait_before(message.attempts)
    if Webhook.objects.open().filter(pk=message.webhook_id).first() is None:
        return _write(message, MessageState.DEAD, REMOVED, **changes)
    if wait is None:
        return _write(message, MessageState.DEAD, reason, **changes)
    if at_once:
        return _write(message, MessageState.PENDING, reason, next_try_at=None, **changes)
    then = clock.database_now() + wait
    others = WebhookMessage.objects.filter(webhook=message.webhook_id, state=MessageState.PENDING)
    others.filter(Q(next_try_at=None) | Q(next_try_at__lt=then)).update(next_try_at=then)
    return _write(message, MessageState.PENDING, reason, next_try_at=then, **changes)


def _write(message: WebhookMessage, state: MessageState, reason: str = "", **changes: Any) -> bool:
    """Write the outcome back, unless the message is no longer this process's."""
    mine = WebhookMessage.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING)
    done = mine.update(state=state, lease_until=None, last_error=reason[:300], **changes)
    if not done:
        logger.warning("Message %s: “%s” came too late and was not written.", message.pk, state.label)
    return bool(done)
