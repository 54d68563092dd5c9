"""From an outbox row to the mail as it goes out: plain text and the same in HTML, typed headers.

Links start with SITE_URL only. The HTML has one layout, its styles in place as mail clients need them, and asks for
nothing: no image, no font, nothing that would tell a server that the mail was opened.
"""

from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist

from foundation.database import clock
from foundation.delivery import choosing, kinds
from foundation.delivery.headers import POLICY
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import one_line
from foundation.delivery.paragraphs import paragraphs

BETWEEN_PARTS = "=_psp-portal_="
"""Both parts are quoted-printable, in which “=_” cannot stand: no part holds it, and no mail needs one of its own."""


def words_of(mail: OutboxMail) -> str:
    """The kind's own words, without what stands below every mail."""
    return _render(f"{mail.template}.txt", _context(mail)).strip()


def text_of(mail: OutboxMail) -> str:
    """The whole text: the kind's own words, then why this person gets it and where it came from."""
    frame = {"words": words_of(mail), "why": mail.why, "because": kinds.of(mail.kind).because, **_site()}
    return _render("emails/frame.txt", frame)


def text_with_link(text: str, link: str) -> str:
    """The text as it is sent: the link is a small key, so it is in the mail alone and not in the ledger."""
    return f"{text.rstrip()}\nChange how you get mails like this: {link}\n" if link else text


def html_of(mail: OutboxMail, *, link: str = "") -> str:
    """The HTML part. A template of its own (`<template>.html`) says what the text says in a better shape."""
    own: str = ""
    with suppress(TemplateDoesNotExist):
        own = Engine.get_default().get_template(f"{mail.template}.html").render(Context(_context(mail)))
    parts = paragraphs("" if own else words_of(mail), settings.SITE_URL)
    frame = {
        "own": own,
        "parts": parts,
        "subject": mail.subject,
        "why": mail.why,
        "because": kinds.of(mail.kind).because,
        "change_url": link,
        **_site(),
    }
    return str(Engine.get_default().get_template("emails/frame.html").render(Context(frame)))


def compose(mail: OutboxMail, text: str) -> EmailMessage:
    """The message of a row, around its text. The typed headers refuse line ends in names and subjects."""
    link = choosing.link_for(mail)
    message = EmailMessage(policy=POLICY)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(clock.now())
    message["From"] = _address(*parseaddr(settings.DEFAULT_FROM_EMAIL))
    message["To"] = _address(str(mail.to or ""), mail.to_address)
    message["Subject"] = _harmless(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    if link and kinds.of(mail.kind).choices:
        message["List-Unsubscribe"] = f"<{link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text_with_link(text, link), cte="quoted-printable")
    message.make_alternative(boundary=BETWEEN_PARTS)
    message.add_alternative(html_of(mail, link=link), subtype="html", cte="quoted-printable")
    return message


def _site() -> dict[str, Any]:
    return {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}


def _context(mail: OutboxMail) -> dict[str, Any]:
    return {**mail.context, **_site()}


def _harmless(text: str) -> str:
    """Text for a header: one line, and nothing the library would decode (`=?utf-8?q?=0ABcc:…?=` adds a header)."""
    return one_line(text).replace("=?", "= ?")


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(_harmless(name), local, domain.encode("idna").decode("ascii"))


def _render(name: str, context: dict[str, object]) -> str:
    """Plain text: what HTML would escape stays as it was typed."""
    return str(Engine.get_default().get_template(name).render(Context(context, autoescape=False)))
