"""A mail server that does what it is told, on a free loopback port: accepts, refuses, drops the line, or is slow."""

import email
import socket
import socketserver
import threading
import time
from collections import Counter, defaultdict
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum


class Answer(Enum):
    ACCEPT = "store it and say 250"
    NOT_NOW = "say 451 to RCPT"
    NEVER = "say 550 to RCPT"
    NEVER_AFTER_DATA = "say 554 to the text"
    DROP_AT_DATA = "close the line instead of saying 354"
    DROP_BEFORE_STORING = "take the text, store nothing, close the line"
    DROP_AFTER_STORING = "store it, then close the line without a word"
    HANG_UP_AT_ONCE = "close the line before the greeting"


class Sink:
    """`url` is for MAIL_URL. `plan(address, …)` says what happens to the next mails to an address; then it accepts."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause
        self.messages: list[EmailMessage] = []
        self.connections = 0
        self.given: Counter[Answer] = Counter()
        """How often it really did something else than to accept."""
        self.taking = 0
        """How many texts it has, and has not said 250 to, at this moment."""
        self.go_on = threading.Event()
        """While it is cleared, whoever has handed a text over waits for the answer."""
        self.go_on.set()
        self._plans: defaultdict[str, list[Answer]] = defaultdict(list)
        self._lock = threading.Lock()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                Conversation(self, sink).hold()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request: object, client_address: object) -> None:
                return  # a killed client is the point of the exercise

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def plan(self, address: str, *answers: Answer) -> None:
        self._plans[address].extend(answers)

    def next_answer(self, address: str) -> Answer:
        with self._lock:
            return self._plans[address].pop(0) if self._plans[address] else Answer.ACCEPT

    def store(self, text: bytes) -> None:
        message = email.message_from_bytes(text, policy=SMTP)
        assert isinstance(message, EmailMessage)
        with self._lock:
            self.messages.append(message)

    def arrived(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        with self._lock:
            return Counter(str(message["Message-ID"]) for message in self.messages)


class Conversation:
    """One SMTP session."""

    def __init__(self, handler: socketserver.StreamRequestHandler, sink: Sink) -> None:
        self.lines, self.out, self.socket, self.sink = handler.rfile, handler.wfile, handler.connection, sink
        self.answer = Answer.ACCEPT

    def say(self, line: str) -> None:
        self.out.write(line.encode() + b"\r\n")
        self.out.flush()

    def hold(self) -> None:
        self.sink.connections += 1
        if self.sink.next_answer("*") is Answer.HANG_UP_AT_ONCE:
            return self.hang_up(Answer.HANG_UP_AT_ONCE)
        self.say("220 sink")
        while line := self.lines.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                return self.say("221 bye")
            if verb == b"RCPT":
                self.answer = self.sink.next_answer(line.split(b"<")[1].split(b">")[0].decode())
                refusal = {Answer.NOT_NOW: "451 greylisted", Answer.NEVER: "550 no such person"}.get(self.answer)
                self.sink.given.update([self.answer] if refusal else [])
                self.say(refusal or "250 ok")
            elif verb == b"DATA":
                if not self.take_text():
                    return None
            else:
                self.say("250 ok")
        return None

    def take_text(self) -> bool:
        """Whether the conversation goes on."""
        if self.answer is Answer.DROP_AT_DATA:
            return bool(self.hang_up(self.answer))
        self.say("354 go on")
        text = []
        while (line := self.lines.readline()) and line != b".\r\n":
            text.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not line or self.answer is Answer.DROP_BEFORE_STORING:
            return bool(self.hang_up(self.answer if line else None))
        if self.answer is Answer.NEVER_AFTER_DATA:
            self.sink.given[self.answer] += 1
            self.say("554 looks like spam")
            return True
        self.sink.taking += 1
        self.sink.go_on.wait(timeout=60)
        time.sleep(self.sink.pause / 2)
        self.sink.store(b"".join(text))
        time.sleep(self.sink.pause / 2)
        self.sink.taking -= 1
        if self.answer is Answer.DROP_AFTER_STORING:
            return bool(self.hang_up(self.answer))
        self.say("250 stored")
        return True

    def hang_up(self, because: Answer | None) -> None:
        self.sink.given.update([because] if because else [])
        self.socket.shutdown(socket.SHUT_RDWR)
