"""A real mail server (aiosmtpd) in a process of its own, which stores nothing and counts everything.

Says its port on standard output; each line it reads is answered with what arrived since the last one, as JSON.
"""

import json
import sys
import time
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Counts:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.ids: Counter[bytes] = Counter()
        self.moments: list[float] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        text: Any = envelope.content
        at = text.lower().index(b"message-id:")
        self.ids[text[at : text.index(b"\r\n", at)]] += 1
        self.moments.append(time.monotonic())
        return "250 ok"

    def told(self) -> dict[str, float]:
        first, last = (self.moments[0], self.moments[-1]) if self.moments else (0.0, 0.0)
        return {
            "mails": len(self.moments),
            "different": len(self.ids),
            "seconds": last - first,
        }


def main() -> None:
    counts = Counts()
    controller = Controller(counts, hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(counts.told()), flush=True)
        if line.startswith("clear"):
            counts.clear()
    controller.stop()


if __name__ == "__main__":
    main()
