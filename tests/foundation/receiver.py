"""A real HTTP server that takes webhooks' messages, and answers as it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """`answers` are given in turn, the last one for ever; `got` are the headers and bodies that came."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    trickles: bool = False

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/hook"

    @property
    def bodies(self) -> list[str]:
        return [body for _, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append((dict(self.headers), body))
            if receiver.trickles:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Never: ")
                self.wfile.flush()
                while True:  # until the other side has had enough
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    threading.Event().wait(0.05)
            status = receiver.answers.pop(0) if len(receiver.answers) > 1 else receiver.answers[0]
            self.send_response(status)
            self.send_header("Location", f"http://localhost:{receiver.port}/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            receiver.got.append((dict(self.headers), "a redirect was followed"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None: ...

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET

        def handle_error(self, *args: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


_taken: list[socket.socket] = []


def closed_port() -> int:
    """A port of this machine on which nobody listens, nor will: it stays taken."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    _taken.append(one)
    return int(one.getsockname()[1])
