"""From an outbox row to the mail as it goes out: plain text, typed headers, links that start with SITE_URL only."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.template import Context, Engine

from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import one_line


def text_of(mail: OutboxMail) -> str:
    """The whole text: the kind's own words, then why this person gets it and where it came from."""
    site = {"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME}
    words = _render(f"{mail.template}.txt", {**mail.context, **site})
    return _render("emails/frame.txt", {"words": words.strip(), "why": mail.why, **site})


def compose(mail: OutboxMail, text: str) -> EmailMessage:
    """The message of a row, around its text. The typed headers refuse line ends in names and subjects."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(clock.now())
    message["From"] = _address(*parseaddr(settings.DEFAULT_FROM_EMAIL))
    message["To"] = _address(str(mail.to), mail.to_address)
    message["Subject"] = _harmless(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    return message


def _harmless(text: str) -> str:
    """Text for a header: one line, and nothing the library would decode (`=?utf-8?q?=0ABcc:…?=` adds a header)."""
    return one_line(text).replace("=?", "= ?")


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(_harmless(name), local, domain.encode("idna").decode("ascii"))


def _render(name: str, context: dict[str, object]) -> str:
    """Plain text: what HTML would escape stays as it was typed."""
    return str(Engine.get_default().get_template(name).render(Context(context, autoescape=False)))
