"""Bears workers that print: loads Django once, then forks one for every line it reads and answers with its pid.

A worker prints what waits until it is killed. Leases last two seconds here, so that a trial need not wait for thirty.
"""

import os
import signal
import sys
import time
from datetime import timedelta

import django
from django.db import connections

LEASE_SECONDS = 2
PARAGRAPH = "<p>" + "The partnership met every month to agree what families needed. " * 12 + "</p>"


def work() -> None:
    from foundation.rendering import jobs, queue

    queue.LEASE = timedelta(seconds=LEASE_SECONDS)
    body = "".join(f"<h2>Part {number}</h2>{PARAGRAPH * 5}" for number in range(25))
    html = f'<html lang="en"><title>Trial</title><h1>Trial</h1>{body}</html>'
    jobs.register("trial", lambda inputs: jobs.Document("Trial", html, f"{inputs['name']}.pdf"))
    print("at work", flush=True)
    while True:
        queue.run_pending()
        time.sleep(0.05)


def main() -> None:
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    connections.close_all()
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work()
        print(pid, flush=True)


if __name__ == "__main__":
    main()
