"""Webhooks and their messages as pages tell them."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.timezone import localtime

from foundation.webhooks.models import MessageState, Webhook, WebhookMessage


def webhook_row(webhook: Webhook, test_url: str, remove_url: str) -> dict[str, Any]:
    """Its host only: the rest of the address is a key."""
    return {
        "name": webhook.name,
        "host": urlsplit(webhook.address).hostname or "",
        "since": webhook.created_at,
        "test_url": test_url,
        "remove_url": remove_url,
    }


def message_row(message: WebhookMessage, replay_url: str) -> dict[str, Any]:
    """One line of the log: what was said, and as what."""
    return {
        "name": json.loads(message.body).get("sentence") or message.action,
        "as_what": f"{message.action}, {date_format(localtime(message.created_at), 'j F Y, H:i')}",
        "webhook": message.webhook.name,
        "state": message.get_state_display(),
        "tries": message.attempts,
        "answer": message.answer or "",
        "error": "" if message.state == MessageState.SENT else message.last_error,
        "replay_url": replay_url,
    }
