"""Bears workers that print: loads Django once, then forks one for every line it reads and answers with its pid.

A worker prints what waits until it is killed. The line says how many seconds its lease lasts: a trial that kills need
not wait for thirty, and one in which nobody dies must not lose its lease to a slow machine.
"""

import os
import signal
import sys
import time
from datetime import timedelta
from typing import Any

import django
from django.db import connections

PARAGRAPH = "<p>" + "The partnership met every month to agree what families needed. " * 12 + "</p>"


def work(lease: timedelta, ready: int) -> None:
    from foundation.rendering import jobs, queue

    queue.LEASE = lease

    def trial(inputs: dict[str, Any]) -> jobs.Document:
        body = "".join(f"<h2>Part {number}</h2>{PARAGRAPH * 5}" for number in range(inputs.get("parts", 5)))
        html = f'<html lang="en"><title>Trial</title><h1>Trial</h1>{body}</html>'
        return jobs.Document("Trial", html, f"{inputs['name']}.pdf")

    jobs.register("trial", trial)
    os.write(ready, b"!")
    while True:
        queue.run_pending()
        time.sleep(0.05)


def main() -> None:
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    connections.close_all()
    for line in sys.stdin:
        # Only this process writes to the test: two writers would mix their lines where Python does not buffer.
        heard, ready = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(timedelta(seconds=int(line)), ready)
        os.close(ready)
        os.read(heard, 1)
        os.close(heard)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
