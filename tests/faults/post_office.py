"""`python -m tests.faults.post_office PORT FILE`: a real mail server (aiosmtpd) with bad days, to be killed as well.

What it stores is a line of FILE, written before it answers, so that nothing it took is forgotten when it is killed. The
number in a mail's address decides how it is treated; what is meant to happen once happens once in a server's life.
"""

import asyncio
import sys
from enum import Enum
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Day(Enum):
    GOOD = "250"
    NEVER = "550 to RCPT, always"
    NEVER_AFTER_DATA = "554 to the text, always"
    NOT_NOW = "451 to RCPT, once"
    NOT_NOW_AFTER_DATA = "451 to the text, once"
    DROPS = "takes the text, stores nothing, closes the line, once"
    STORES_AND_DROPS = "stores it and closes the line, once"
    HANGS = "takes the text, stores nothing, says nothing, once"
    STORES_AND_HANGS = "stores it and says nothing, once"
    GOES_AWAY = "421 to RCPT, once"


OF_A_HUNDRED = [
    *[Day.NEVER] * 2, Day.NEVER_AFTER_DATA, *[Day.NOT_NOW] * 10, Day.NOT_NOW_AFTER_DATA, *[Day.DROPS] * 2,
    *[Day.STORES_AND_DROPS] * 2, Day.HANGS, Day.STORES_AND_HANGS, Day.GOES_AWAY,
]  # fmt: skip
IN_DOUBT = {Day.DROPS, Day.STORES_AND_DROPS, Day.HANGS, Day.STORES_AND_HANGS}
DEAD = {Day.NEVER, Day.NEVER_AFTER_DATA}


def day_of(address: str) -> Day:
    """`<batch>-<number>@example.org`"""
    number = int(address.partition("@")[0].rpartition("-")[2]) % 100
    return OF_A_HUNDRED[number] if number < len(OF_A_HUNDRED) else Day.GOOD


class Office:
    def __init__(self, file: Any) -> None:
        self.file = file
        self.had: set[str] = set()

    def plan(self, address: str) -> Day:
        """What happens to it, asked once for each mail."""
        day = day_of(address)
        if day not in DEAD and address in self.had:
            return Day.GOOD
        return day

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        day = self.plan(address)
        if day in (Day.NOT_NOW, Day.GOES_AWAY):
            self.had.add(address)
        if day is Day.GOES_AWAY:
            asyncio.get_running_loop().call_later(0.01, server.transport.close)
        said = {Day.NEVER: "550 no such person", Day.NOT_NOW: "451 greylisted", Day.GOES_AWAY: "421 going away"}
        if day in said:
            return said[day]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        day = self.plan(envelope.rcpt_tos[0])
        self.had.add(envelope.rcpt_tos[0])
        if day is Day.NEVER_AFTER_DATA:
            return "554 looks like spam"
        if day is Day.NOT_NOW_AFTER_DATA:
            return "451 come again"
        if day not in (Day.DROPS, Day.HANGS):
            self.store(envelope)
        if day in (Day.DROPS, Day.STORES_AND_DROPS):
            server.transport.abort()
        if day in (Day.HANGS, Day.STORES_AND_HANGS):
            await asyncio.sleep(30)
        return "250 stored"

    def store(self, envelope: Envelope) -> None:
        text: Any = envelope.content
        at = text.index(b"Message-ID:")
        self.file.write(text[at : text.index(b"\r\n", at)].split()[1] + b"\n")


def main() -> None:
    with open(sys.argv[2], "ab", buffering=0) as file:
        controller = Controller(Office(file), hostname="127.0.0.1", port=int(sys.argv[1]))
        controller.start()
        print("open", flush=True)
        sys.stdin.read()
        controller.stop()


if __name__ == "__main__":
    main()
