"""A partnership's webhooks: what `foundation.webhooks` does, for whoever may ask for it here."""

from typing import TYPE_CHECKING

from foundation.audit.verbs import verb
from foundation.webhooks import actions
from foundation.webhooks.models import Webhook, WebhookMessage
from partnerships.models import Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


@verb("webhook.add", on="partnership")
def add_webhook(*, partnership: Partnership, name: str, address: str, by: "Person") -> Webhook:
    """Tell another system the partnership's story from now on, sentence by sentence."""
    require(by, Ability.KEEP_WEBHOOKS, partnership)
    return actions.add_webhook(about=partnership, name=name, address=address, by=by)


@verb("webhook.try", on="webhook")
def try_webhook(*, partnership: Partnership, webhook: Webhook, by: "Person") -> WebhookMessage:
    """Send it a message that says it is a test."""
    require(by, Ability.KEEP_WEBHOOKS, partnership)
    return actions.try_webhook(webhook=webhook, by=by)


@verb("webhook.remove", on="webhook")
def remove_webhook(*, partnership: Partnership, webhook: Webhook, by: "Person") -> None:
    """Tell it nothing any more."""
    require(by, Ability.KEEP_WEBHOOKS, partnership)
    actions.remove_webhook(webhook=webhook, by=by)


@verb("webhook.replay", on="message")
def replay_message(*, partnership: Partnership, message: WebhookMessage, by: "Person") -> None:
    """Send one message again."""
    require(by, Ability.KEEP_WEBHOOKS, partnership)
    actions.replay_message(message=message, by=by)
