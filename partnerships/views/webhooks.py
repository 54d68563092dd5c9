"""A partnership's webhooks: which other systems are told, the log of what they were told, and sending it again."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.webhooks import actions as rules
from foundation.webhooks.models import Webhook, WebhookMessage
from foundation.webhooks.rows import message_row, webhook_row
from foundation.webhooks.signing import secret_of
from partnerships.actions.webhook import add_webhook, remove_webhook, replay_message, try_webhook
from partnerships.forms.webhooks import WebhookForm
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_page, partnership_to

PER_PAGE = 25


def webhooks(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = _partnership(request, partnership_id)
    open_ones = Webhook.objects.open().filter(scope=partnership.audit_scope)
    log = WebhookMessage.objects.filter(webhook__scope=partnership.audit_scope).select_related("webhook")
    page = Paginator(log.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        partnership,
        "partnerships/webhooks.html",
        rows=[webhook_row(one, _address("test", one), _address("remove", one)) for one in open_ones],
        messages_sent=[message_row(one, _replay_address(one)) for one in page.object_list],
        page_obj=page,
        blockers=rules.blockers_to_add(partnership.audit_scope),
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = _partnership(request, partnership_id)
    form = WebhookForm(posted(request), cancel_url=_list(partnership))
    made: list[Webhook] = []
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: made.append(add_webhook(partnership=partnership, **form.values(), by=person_of(request))),
        done="The webhook is added.",
    ):
        if not made:
            return redirect(_list(partnership))
        secret = secret_of(settings.SECRET_KEY, made[0].public_id)
        return _page(request, partnership, "partnerships/webhook_secret.html", webhook=made[0], secret=secret)
    blockers = [] if form.is_bound else rules.blockers_to_add(partnership.audit_scope)
    return _page(
        request,
        partnership,
        "partnerships/form.html",
        form="" if blockers else form,
        heading="Add a webhook",
        lead=" ".join(blockers)
        or "It is told the partnership’s story from now on, as its page “History” tells it: what "
        "happened, without who did it and why.",
    )


def test(request: HttpRequest, partnership_id: str, webhook_id: str) -> HttpResponse:
    partnership = _partnership(request, partnership_id)
    webhook, by = _webhook(partnership, webhook_id), person_of(request)
    return _confirmed(
        request,
        partnership,
        ConfirmForm(posted(request), button="Send a test"),
        lambda: try_webhook(partnership=partnership, webhook=webhook, by=by),
        heading=f"Send a test to “{webhook}”?",
        lead="It says that it is a test. The log shows in a few seconds whether it arrived.",
        done="The test is in the queue.",
        blockers=rules.blockers_to_try(webhook),
    )


def remove(request: HttpRequest, partnership_id: str, webhook_id: str) -> HttpResponse:
    partnership = _partnership(request, partnership_id)
    webhook, by = _webhook(partnership, webhook_id), person_of(request)
    return _confirmed(
        request,
        partnership,
        ConfirmForm(posted(request), button="Remove the webhook"),
        lambda: remove_webhook(partnership=partnership, webhook=webhook, by=by),
        heading=f"Remove the webhook “{webhook}”?",
        lead="It is told nothing any more. What still waits for it is not sent; the log stays.",
        done="The webhook is removed.",
        blockers=rules.blockers_to_remove(webhook),
    )


def replay(request: HttpRequest, partnership_id: str, message_id: str) -> HttpResponse:
    partnership = _partnership(request, partnership_id)
    mine = WebhookMessage.objects.filter(webhook__scope=partnership.audit_scope).select_related("webhook")
    message = mine.filter(public_id=message_id).first()
    if message is None:
        raise Http404
    return _confirmed(
        request,
        partnership,
        ConfirmForm(posted(request), button="Send it again"),
        lambda: replay_message(partnership=partnership, message=message, by=person_of(request)),
        heading=f"Send “{message.action}” to “{message.webhook}” again?",
        lead="It goes out as it was, under the same number, so that the receiver can tell that it is a repeat.",
        done="The message is in the queue again.",
        blockers=rules.blockers_to_replay(message),
    )


def _confirmed(
    request: HttpRequest, partnership: Partnership, form: ConfirmForm, action: Any, *, heading: str, lead: str,
    done: str, blockers: list[str],
) -> HttpResponse:  # fmt: skip
    """A button with its own page: asked, carried out, or refused with the reason."""
    form.cancel_url = _list(partnership)
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(_list(partnership))
    shown = [] if form.is_bound else blockers
    return _page(
        request,
        partnership,
        "partnerships/form.html",
        form="" if shown else form,
        heading=heading,
        lead=" ".join(shown) or lead,
    )


def _partnership(request: HttpRequest, partnership_id: str) -> Partnership:
    return partnership_to(request, partnership_id, Ability.KEEP_WEBHOOKS)


def _webhook(partnership: Partnership, webhook_id: str) -> Webhook:
    scope = partnership.audit_scope
    found = Webhook.objects.filter(scope=scope, public_id=webhook_id).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, partnership: Partnership, template: str, **context: Any) -> HttpResponse:
    return partnership_page(request, partnership, "history", template, **context)


def _list(partnership: Partnership) -> str:
    return reverse("partnerships:webhooks", args=[partnership.public_id])


def _address(what: str, webhook: Webhook) -> str:
    return reverse(f"partnerships:webhook_{what}", args=[webhook.scope.partition(":")[2], webhook.public_id])


def _replay_address(message: WebhookMessage) -> str:
    """Where it is sent again; none while it is under way or once its webhook is removed."""
    if rules.blockers_to_replay(message):
        return ""
    return reverse("partnerships:webhook_replay", args=[message.webhook.scope.partition(":")[2], message.public_id])
