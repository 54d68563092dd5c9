"""Webhooks: add, try, remove; send a message again. Who may ask is the business of the floor whose events they are."""

import functools
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from foundation.audit.events import record
from foundation.audit.models import ChainHead
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery import bell
from foundation.policy.refusals import stop_if
from foundation.webhooks import told
from foundation.webhooks.addresses import NotAllowed, target_of
from foundation.webhooks.models import MessageState, Webhook, WebhookMessage
from foundation.webhooks.plainly import chat_of
from foundation.webhooks.queue import REMOVED as WAS_REMOVED
from foundation.webhooks.queue import body_of

if TYPE_CHECKING:
    from accounts.models import Person

SWEEP = "foundation.webhooks.tasks.sweep"
TEST = "webhook.test"
MOST = 5
"""Of one scope."""
OFF = (
    "Webhooks are switched off: this portal sends nothing to other systems. An operator of the portal can change that."
)
REMOVED = "This webhook was removed."


def blockers_to_add(scope: str) -> list[str]:
    """Why no webhook can be added now."""
    if not settings.WEBHOOKS:
        return [OFF]
    full = Webhook.objects.open().filter(scope=scope).count() >= MOST
    return [f"There are {MOST} webhooks, which is the most. Remove one that is no longer needed."] if full else []


def blockers_to_try(webhook: Webhook) -> list[str]:
    return [REMOVED] if webhook.removed_at else [] if settings.WEBHOOKS else [OFF]


def blockers_to_remove(webhook: Webhook) -> list[str]:
    return [REMOVED] if webhook.removed_at else []


def blockers_to_replay(message: WebhookMessage) -> list[str]:
    """Only a message whose fate is known is sent again."""
    found = blockers_to_try(message.webhook)
    if message.state not in (MessageState.SENT, MessageState.DEAD):
        found.append(f"This message is under way: {message.get_state_display().lower()}.")
    return found


@verb("webhook.add", on="about")
def add_webhook(*, about: Any, name: str, address: str, by: "Person") -> Webhook:
    """Tell another system what happens to `about` from now on."""
    about = locked(about)
    stop_if(blockers_to_add(about.audit_scope))
    if not name.strip():
        raise ValidationError({"name": "Enter a name."})
    try:
        target_of(address, hosts=settings.WEBHOOK_HOSTS, on_loopback=settings.WEBHOOKS_ON_LOOPBACK)
    except NotAllowed as refusal:
        raise ValidationError({"address": str(refusal)}) from None
    head = ChainHead.objects.filter(scope=about.audit_scope).first()
    webhook = Webhook.objects.create(
        scope=about.audit_scope, name=name.strip(), address=address, made_by=by, seen=head.seq if head else 0
    )
    # Not the whole address: in chat programs it is a key.
    host = target_of(address, hosts=settings.WEBHOOK_HOSTS, on_loopback=settings.WEBHOOKS_ON_LOOPBACK).host
    record("webhook.add", on=webhook, by=by, summary=f"added the webhook “{webhook}” to {host}", after={"host": host})
    return webhook


@verb("webhook.try", on="webhook")
def try_webhook(*, webhook: Webhook, by: "Person") -> WebhookMessage:
    """Send a message that says it is a test."""
    webhook = locked(webhook)
    stop_if(blockers_to_try(webhook))
    telling = told.of(webhook.scope)
    about = (telling.about(webhook.scope) if telling else None) or (settings.SITE_NAME, "/")
    body = body_of(TEST, "This is a test of the webhook.", about, clock.now(), chat_of(webhook.address))
    message = WebhookMessage.objects.create(webhook=webhook, action=TEST, body=body)
    record("webhook.try", on=webhook, by=by, summary=f"tried the webhook “{webhook}”")
    _ring()
    return message


@verb("webhook.remove", on="webhook")
def remove_webhook(*, webhook: Webhook, by: "Person") -> None:
    """Tell it nothing any more. Its log stays; what waits is not sent."""
    webhook = locked(webhook)
    stop_if(blockers_to_remove(webhook))
    webhook.removed_at = clock.now()
    webhook.save(update_fields=["removed_at"])
    waiting = webhook.messages.filter(state=MessageState.PENDING)
    stopped = waiting.update(state=MessageState.DEAD, last_error=WAS_REMOVED)
    told_it = f"removed the webhook “{webhook}”"
    record("webhook.remove", on=webhook, by=by, summary=told_it, after={"not_sent": stopped})


@verb("webhook.replay", on="message")
def replay_message(*, message: WebhookMessage, by: "Person") -> None:
    """Put a message back into the queue, under the id it had and with every try before it again."""
    message = locked(message)
    stop_if(blockers_to_replay(message))
    was = message.state
    message.state, message.attempts, message.next_try_at = MessageState.PENDING, 0, None
    message.sent_at, message.last_error = None, ""
    message.save(update_fields=["state", "attempts", "next_try_at", "sent_at", "last_error"])
    summary = f"sent the message “{message.action}” to “{message.webhook}” again"
    record("webhook.replay", on=message, by=by, summary=summary, before={"state": was})
    _ring()


def _ring() -> None:
    transaction.on_commit(functools.partial(bell.ring, SWEEP))
