"""My inbox: every message the portal had for me, by mail or not. Opening one changes nothing; a button marks it."""

from typing import Any

from django.conf import settings
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import ListView

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.delivery.message import words_of
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.models import OutboxQuerySet as Mails
from foundation.delivery.paragraphs import paragraphs

ON_A_PAGE = 30
LONG = ("body", "context", "folded_into__body", "folded_into__context")
CAME = {
    MailState.SENT: "By mail",
    MailState.FOLDED: "In one mail with others",
    MailState.PORTAL: "Here only, as you chose",
    MailState.GATHERED: "Here; it will come in one mail with others",
    MailState.HELD: "By mail, which may not have arrived",
    MailState.DEAD: "Here only: the mail could not be sent",
}


def mails_of(person: Person) -> Mails:
    return OutboxMail.objects.inbox_of(person, clock.now()).select_related("folded_into")


class Inbox(ListView):  # type: ignore[type-arg]
    template_name = "accounts/inbox.html"
    paginate_by = ON_A_PAGE

    def get_queryset(self) -> Mails:
        mails = mails_of(person_of(self.request)).defer(*LONG).annotate(about=KT("context__partnership"))
        mails = mails.order_by(Coalesce("sent_at", "not_before", "created_at").desc(), "-pk")
        return mails.unread() if self.request.GET.get("show") == "unread" else mails

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rows": [_row(mail) | {"about": _beside(mail.subject, mail.about)} for mail in context["object_list"]],
            "unread": mails_of(person_of(self.request)).unread().count(),
            "only_unread": self.request.GET.get("show") == "unread",
        }


def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    found = _mail_for(request, mail_id)
    return render(request, "accounts/inbox_mail.html", {"mail": found, "row": _row(found), "parts": _parts_of(found)})


def read(request: HttpRequest, mail_id: str) -> HttpResponse:
    """Mark one as read: a note of one's own, not a change of anything the portal governs."""
    found = _mail_for(request, mail_id)
    OutboxMail.objects.filter(pk=found.pk).unread().update(read_at=clock.now())
    return redirect("accounts:inbox")


def read_all(request: HttpRequest) -> HttpResponse:
    mails_of(person_of(request)).unread().update(read_at=clock.now())
    return redirect("accounts:inbox")


def _mail_for(request: HttpRequest, mail_id: str) -> OutboxMail:
    found = mails_of(person_of(request)).filter(public_id=mail_id).first()
    if found is None:
        raise Http404
    return found


def _row(mail: OutboxMail) -> dict[str, Any]:
    came = CAME.get(MailState(mail.state), "By mail, on its way")
    if mail.folded_into and mail.folded_into.state == MailState.DEAD:
        came = CAME[MailState.DEAD]
    return {
        "mail": mail,
        "unread": mail.read_at is None,
        "came": came,
        "at": mail.sent_at or mail.not_before or mail.created_at,
    }


def _beside(subject: str, about: str | None) -> str:
    """The partnership a message is about, unless its subject names it already."""
    return about if about and about not in subject else ""


def _parts_of(mail: OutboxMail) -> list[Any]:
    """The words of it, with links into the portal; a mail of long ago whose template has gone shows what was kept."""
    try:
        return list(paragraphs(words_of(mail), settings.SITE_URL))
    except Exception:  # noqa: BLE001  the page must show a message whose template is broken or has changed
        return list(paragraphs(mail.body, settings.SITE_URL))
