"""Handing one message over: to an SMTP server, or into a folder of files. Says clearly what is known afterwards."""

import hashlib
import os
import smtplib
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 30


class NotSentYet(Exception):
    """It certainly did not arrive; another try may succeed."""


class NeverSent(Exception):
    """It certainly did not arrive, and the server says it never will."""


class InDoubtNow(Exception):
    """The text was handed over and the answer is missing: it may or may not have arrived."""


class Transport(Protocol):
    def send(self, message: EmailMessage, *, before_data: Callable[[], None]) -> None:
        """Deliver, calling `before_data` at the last moment at which it is certain that nothing has arrived."""


def from_settings() -> Transport:
    return FileTransport() if settings.MAIL_URL == "file" else SMTPTransport(settings.MAIL_URL)


class FileTransport:
    """Keeps each mail as a file under VAR_DIR/mail. A repeat writes the same file, so there is never a doubt."""

    def send(self, message: EmailMessage, *, before_data: Callable[[], None]) -> None:
        folder = Path(settings.VAR_DIR) / "mail"
        name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32] + ".eml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(folder / name)
        except OSError as error:
            raise NotSentYet(f"The mail could not be written to a file: {error.strerror}.") from error


class SMTPTransport:
    """`smtp://user:password@host:587/?tls=true`, or `smtps://…` for TLS from the first byte."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "localhost", parts.port
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.tls_from_start = parts.scheme == "smtps"
        self.starttls = parse_qs(parts.query).get("tls", [""])[0] == "true"

    def send(self, message: EmailMessage, *, before_data: Callable[[], None]) -> None:
        sender = message["From"].addresses[0].addr_spec
        receiver = message["To"].addresses[0].addr_spec
        with _certainly_not_sent():
            server = self._connect()
        try:
            with _certainly_not_sent():
                _expect(server.mail(sender), 250)
                _expect(server.rcpt(receiver), 250, 251)
            before_data()
            with _certainly_not_sent():
                _expect(server.docmd("DATA"), 354)
            _hand_over(server, message.as_bytes())
            _say_goodbye(server)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls_from_start:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port or 465, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port or 25, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if self.starttls:
                server.starttls(context=context)
                server.ehlo()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    """4xx: not now. 5xx: never. In the server's own words."""
    code, text = answer
    if code in codes:
        return
    words = f"The mail server answered {code} {text.decode('utf-8', 'replace')}"[:400]
    raise (NeverSent if 500 <= code < 600 else NotSentYet)(words)


@contextmanager
def _certainly_not_sent() -> Iterator[None]:
    """What fails in here failed before the text went out."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        # A sign-in or greeting that is refused is our configuration, not the receiver's address: always try again.
        raise NotSentYet(
            f"The mail server answered {error.smtp_code} {text.decode('utf-8', 'replace')}"[:400]
        ) from error
    except (smtplib.SMTPException, OSError, socket.gaierror) as error:
        raise NotSentYet(f"The mail server could not be reached: {error}"[:400]) from error


def _hand_over(server: smtplib.SMTP, text: bytes) -> None:
    """The text, the closing dot and the answer. From here on a broken line leaves a doubt."""
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in text.split(b"\r\n"))
    try:
        server.send(stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n")
        answer = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubtNow(f"The mail server went away before it answered: {error}"[:400]) from error
    _expect(answer, 250)


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        return  # it is delivered: how the line ends does not matter
