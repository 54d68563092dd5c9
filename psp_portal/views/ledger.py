"""The mail ledger: every mail the portal owes, sent, holds or gave up, and what may be done about it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django_filters.views import FilterView

from foundation.delivery import actions, kinds
from foundation.delivery.filters import LedgerFilter
from foundation.delivery.message import text_of
from foundation.delivery.models import MailState, OutboxMail
from foundation.policy.refusals import NotNow

FORGOTTEN = "address deleted"
LONG = ("body", "context", "folded_into__body", "folded_into__context")
NEVER_BY_ITSELF = (MailState.FOLDED, MailState.PORTAL)
PARTS_SHOWN = 100
SEALED = "The text is not shown: it holds a link that lets its reader sign in."


class Ledger(FilterView):
    filterset_class = LedgerFilter
    template_name = "portal/ledger.html"
    paginate_by = 30
    strict = False

    def get_queryset(self) -> QuerySet[OutboxMail]:
        return OutboxMail.objects.for_operators().select_related("to", "folded_into").defer(*LONG).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rows": [_row(mail) for mail in context["object_list"]],
            "filtered": any(self.request.GET.get(name) for name in LedgerFilter.base_filters),
        }


def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail: its story, its text, and the two decisions a held one waits for."""
    found = get_object_or_404(OutboxMail.objects.for_operators().select_related("to", "folded_into"), public_id=mail_id)
    context = {
        "mail": found,
        "facts": _facts(found),
        "text": _text(found),
        "parts": found.parts.for_operators().defer("body", "context").order_by("pk")[:PARTS_SHOWN],
        "may_resend": not actions.blockers_to_resend(found),
        "may_mark_sent": not actions.blockers_to_mark_sent(found),
    }
    return render(request, "portal/ledger_mail.html", context)


def resend(request: HttpRequest, mail_id: str) -> HttpResponse:
    return _decide(request, mail_id, actions.resend, done="The mail is in the queue again.")


def mark_sent(request: HttpRequest, mail_id: str) -> HttpResponse:
    return _decide(request, mail_id, actions.mark_sent, done="The mail is marked as sent.")


def _decide(request: HttpRequest, mail_id: str, action: Callable[..., None], *, done: str) -> HttpResponse:
    found = get_object_or_404(OutboxMail.objects.for_operators(), public_id=mail_id)
    try:
        action(mail=found, by=request.user)
        messages.success(request, done)
    except NotNow as refusal:
        messages.error(request, " ".join(refusal.reasons))
    return redirect("ledger_mail", mail_id)


def _row(mail: OutboxMail) -> dict[str, Any]:
    return {
        "url": reverse("ledger_mail", args=[mail.public_id]),
        "subject": mail.subject,
        "to": _first_up(mail.recipient),
        "address": mail.to_address or FORGOTTEN,
        "state": _state(mail) if mail.folded_into is None else "",
        "folded_into": mail.folded_into,
        "since": mail.sent_at or (mail.skipped_because and mail.not_before) or mail.created_at,
        "why": _shortly(mail.why),
        "error": mail.last_error,
    }


def _state(mail: OutboxMail) -> str:
    """“Sent”; “Skipped: the planner …” with the reason."""
    state = mail.get_state_display()
    return f"{state}: {mail.skipped_because[:1].lower()}{mail.skipped_because[1:]}" if mail.skipped_because else state


def _shortly(why: str) -> str:
    """The first sentence of the reason; a reminder's second, with the rule, is on the mail's own page."""
    said, end, _ = why.partition("”. ")
    return f"{said}”." if end else why


def _facts(mail: OutboxMail) -> list[tuple[str, Any]]:
    """Label and value, for `components/summary_list.html`."""
    return [
        ("To", f"{_first_up(mail.recipient)}, {mail.to_address or FORGOTTEN}"),
        ("Why", mail.why),
        ("State", _state(mail)),
        ("Written", _moment(mail.created_at)),
        ("Not before", _moment(mail.not_before) or "At once"),
        ("Sent", _moment(mail.sent_at) or _unsent(mail)),
        ("Marked as read", _moment(mail.read_at) or "Not yet"),
        ("Tries", mail.attempts),
        ("Last problem", mail.last_error or "None"),
        ("Message-ID", mail.message_id),
    ]


def _unsent(mail: OutboxMail) -> str:
    if mail.state == MailState.SKIPPED:
        return "Never"
    return "Never by itself" if mail.state in NEVER_BY_ITSELF else "Not yet"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "j F Y, H:i") if at else ""


def _text(mail: OutboxMail) -> str:
    """As it went out, or as it would go out now."""
    if kinds.of(mail.kind).private:
        return SEALED
    try:
        return mail.body or text_of(mail)
    except Exception as error:  # noqa: BLE001  the page must show a mail whose template is broken
        return f"The text cannot be made: {error}"
