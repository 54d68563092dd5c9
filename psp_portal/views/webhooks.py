"""Every webhook of the portal and what was sent to it, for operators: where it goes, what failed, sending it again."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.policy.refusals import NotNow
from foundation.webhooks import actions
from foundation.webhooks.models import MessageState, Webhook, WebhookMessage
from foundation.webhooks.rows import message_row, webhook_row

PER_PAGE = 50


def webhooks(request: HttpRequest) -> HttpResponse:
    """Those in use, and the log: what could not be sent first."""
    open_ones = Paginator(Webhook.objects.open().order_by("-pk"), PER_PAGE).get_page(request.GET.get("webhooks"))
    log = WebhookMessage.objects.select_related("webhook").order_by("-pk")
    failed = request.GET.get("state") == MessageState.DEAD
    page = Paginator(log.filter(state=MessageState.DEAD) if failed else log, PER_PAGE)
    shown = page.get_page(request.GET.get("page"))
    context = {
        "on": settings.WEBHOOKS,
        "hosts": settings.WEBHOOK_HOSTS,
        "rows": [webhook_row(one, "", reverse("webhook_remove", args=[one.public_id])) for one in open_ones],
        "messages_sent": [message_row(one, _again(one)) for one in shown.object_list],
        "page_obj": shown,
        "failed": failed,
    }
    return render(request, "portal/webhooks.html", context)


def remove(request: HttpRequest, webhook_id: str) -> HttpResponse:
    found = get_object_or_404(Webhook, public_id=webhook_id)
    return _decide(
        request, lambda: actions.remove_webhook(webhook=found, by=person_of(request)), "The webhook is removed."
    )


def replay(request: HttpRequest, message_id: str) -> HttpResponse:
    found = get_object_or_404(WebhookMessage.objects.select_related("webhook"), public_id=message_id)
    return _decide(
        request,
        lambda: actions.replay_message(message=found, by=person_of(request)),
        "The message is in the queue again.",
    )


def _decide(request: HttpRequest, action: Callable[[], Any], done: str) -> HttpResponse:
    try:
        action()
        messages.success(request, done)
    except NotNow as refusal:
        messages.error(request, " ".join(refusal.reasons))
    return redirect("webhooks")


def _again(message: WebhookMessage) -> str:
    return "" if actions.blockers_to_replay(message) else reverse("webhook_replay", args=[message.public_id])
