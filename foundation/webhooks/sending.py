"""One request to one webhook: to the address that was checked, no redirect followed, the answer's body never read."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping

from django.conf import settings

from foundation.webhooks.addresses import NotAllowed, Target, resolve, target_of

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
"""For each wait on the line."""
ALL_SECONDS = 20.0
"""For the whole request: an answer that trickles in is cut off."""
LARGEST_BODY = 64 * 1024
TRY_AGAIN = (408, 425, 429)
"""Answers below 500 that mean "later" (RFC 9110, 8470, 6585)."""


class NotYet(Exception):
    """It did not arrive, or nobody knows; it may be tried again. `answer` is the status code, if there was one."""

    def __init__(self, words: str, answer: int | None = None) -> None:
        self.answer = answer
        super().__init__(words)


class Never(NotYet):
    """Trying again would change nothing."""


def send(address: str, body: str, headers: Mapping[str, str]) -> int:
    """Post `body`; the status code of the answer that accepted it. Otherwise `NotYet` or `Never`."""
    if len(body.encode()) > LARGEST_BODY:
        raise Never("The message is too large.")
    try:
        target = target_of(address, hosts=settings.WEBHOOK_HOSTS, on_loopback=settings.WEBHOOKS_ON_LOOPBACK)
        addresses = resolve(target, on_loopback=settings.WEBHOOKS_ON_LOOPBACK)
    except NotAllowed as refusal:
        raise Never(str(refusal)) from None
    except OSError as error:
        raise NotYet(f"The host’s name is not known: {error.strerror or error}.") from None
    return _judge(_status(target, addresses[0], body, headers))


def _judge(status: int) -> int:
    if 200 <= status < 300:
        return status
    words = f"The receiver answered {status}."
    if 300 <= status < 400:
        raise Never(f"{words} The portal follows no redirect: use the address it leads to.", status)
    if status >= 500 or status in TRY_AGAIN:
        raise NotYet(words, status)
    raise Never(words, status)


def _status(target: Target, address: str, body: str, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=ANSWER_SECONDS)
    line: list[socket.socket] = []
    too_long = threading.Event()
    watchdog = threading.Timer(ALL_SECONDS, _cut, [line, too_long])
    watchdog.daemon = True
    watchdog.start()
    try:
        line.append(socket.create_connection((address, target.port), timeout=CONNECT_SECONDS))
        if target.secure:
            line.append(ssl.create_default_context().wrap_socket(line[0], server_hostname=target.host))
        connection.sock = line[-1]
        connection.sock.settimeout(ANSWER_SECONDS)
        connection.request("POST", target.path, body.encode(), dict(headers))
        status = connection.getresponse().status
        if too_long.is_set():
            raise TimeoutError
        return status
    except (OSError, http.client.HTTPException) as error:
        raise NotYet(f"No answer: {type(error).__name__}.") from None
    finally:
        watchdog.cancel()
        connection.close()
        for one in line:
            one.close()


def _cut(line: list[socket.socket], too_long: threading.Event) -> None:
    too_long.set()
    for one in reversed(line):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
