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

HANGING_UP = 421


class NotSentYet(Exception):
    """It certainly did not arrive; another try may succeed."""


class NeverSent(Exception):
    """It certainly did not arrive, and the server says it never will."""


class InDoubtNow(Exception):
    """The text was handed over and the answer is missing: it may or may not have arrived."""


class _Refused(Exception):
    """The server said no in so many words, and is still there."""


class NotNow(NotSentYet, _Refused):
    pass


class Never(NeverSent, _Refused):
    pass


class NobodyThere(NotSentYet):
    """No connection could be made: the mails behind this one need not try now."""


class Transport(Protocol):
    """A way out for many mails, one after the other. Close it when there are no more."""

    leaves_doubt: bool
    """Whether a crash may leave a mail of which nobody knows if it arrived."""

    def send(self, message: EmailMessage, *, before_data: Callable[[], None]) -> None:
        """Deliver, calling `before_data` at the last moment at which it is certain that nothing has arrived."""

    def close(self) -> None:
        """Say goodbye."""


def from_settings() -> Transport:
    return FileTransport() if settings.MAIL_URL == "file" else SMTPTransport(settings.MAIL_URL)


class FileTransport:
    """Keeps each mail as a file under VAR_DIR/mail. A repeat writes the same file, so there is never a doubt."""

    leaves_doubt = False

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

    def close(self) -> None:
        return


class SMTPTransport:
    """`smtp://user:password@host:587/?tls=true`, or `smtps://…` for TLS from the first byte.

    One connection for many mails: it is made for the first one, and again whenever it was lost.
    """

    leaves_doubt = True

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "localhost", parts.port
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.tls_from_start = parts.scheme == "smtps"
        self.starttls = parse_qs(parts.query).get("tls", [""])[0] == "true"
        self._line: smtplib.SMTP | None = None
        self._unclean = False

    def send(self, message: EmailMessage, *, before_data: Callable[[], None]) -> None:
        sender = message["From"].addresses[0].addr_spec
        receiver = message["To"].addresses[0].addr_spec
        text = _stuffed(message.as_bytes())
        finished = False
        try:
            line = self._begin(sender, receiver)
            before_data()
            with _certainly_not_sent():
                _expect(line.docmd("DATA"), 354)
            _hand_over(line, text)
            finished = True
        except _Refused:
            finished = self._unclean = True
            raise
        finally:
            if not finished:
                self._hang_up()

    def close(self) -> None:
        if self._line is not None:
            _say_goodbye(self._line)
        self._hang_up()

    def _begin(self, sender: str, receiver: str) -> smtplib.SMTP:
        """The line, with the envelope accepted. One that went stale since the last mail is made anew, once."""
        if self._line is not None:
            try:
                self._open_envelope(self._line, sender)
            except NotSentYet:
                self._hang_up()
        if self._line is None:
            try:
                with _certainly_not_sent():
                    self._line = self._connect()
            except NotSentYet as error:
                raise NobodyThere(str(error)) from error
            self._open_envelope(self._line, sender)
        with _certainly_not_sent():
            _expect(self._line.rcpt(receiver), 250, 251)
        return self._line

    def _open_envelope(self, line: smtplib.SMTP, sender: str) -> None:
        with _certainly_not_sent():
            if self._unclean:
                self._unclean = False
                if line.rset()[0] != 250:
                    raise NotSentYet("The mail server lost its way.")
            _expect(line.mail(sender), 250)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, self._unclean = None, False

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context() if self.tls_from_start or self.starttls else None
        timeout = settings.MAIL_TIMEOUT_SECONDS
        if self.tls_from_start:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port or 465, timeout=timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port or 25, timeout=timeout)
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
    if code == HANGING_UP:
        raise NotSentYet(words)
    raise (Never if 500 <= code < 600 else NotNow)(words)


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


def _stuffed(text: bytes) -> bytes:
    """With a dot before every line that begins with one, and the closing dot."""
    return text.removesuffix(b"\r\n").replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n"


def _hand_over(server: smtplib.SMTP, text: bytes) -> None:
    """The text, the closing dot and the answer. From here on a broken line leaves a doubt."""
    try:
        server.send(text)
        answer = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise InDoubtNow(f"The mail server went away before it answered: {error}"[:400]) from error
    _expect(answer, 250)


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        return  # it is delivered: how the line ends does not matter
