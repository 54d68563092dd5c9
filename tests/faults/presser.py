"""Bears workers that print: loads Django once, then forks one for every line it reads and answers with its pid.

A worker prints what waits until it is killed, with a spare press as production's has, and writes what it begins to
BEGUN_DIR/<its pid>. The line says how many seconds its lease lasts: a trial that kills need not wait for thirty, and
one in which nobody dies must not lose its lease to a slow machine.

PRESS_MEMORY (bytes), PRESS_CPU and PRESS_WALL (seconds) in the environment are its presses' limits.
"""

import logging
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.db import connections

PARAGRAPH = "<p>" + "The partnership met every month to agree what families needed. " * 12 + "</p>"


def work(lease: timedelta, ready: int, bearer: int) -> None:
    from foundation.rendering import jobs, printing, queue, spare
    from tests.faults import bombs

    queue.LEASE = lease
    spare.MEMORY = int(os.environ.get("PRESS_MEMORY", spare.MEMORY))
    spare.CPU_SECONDS = int(os.environ.get("PRESS_CPU", spare.CPU_SECONDS))
    printing.WALL_SECONDS = int(os.environ.get("PRESS_WALL", printing.WALL_SECONDS))

    def trial(inputs: dict[str, Any]) -> jobs.Document:
        body = "".join(f"<h2>Part {number}</h2>{PARAGRAPH * 5}" for number in range(inputs.get("parts", 5)))
        html = f'<html lang="en"><title>Trial</title><h1>Trial</h1>{body}</html>'
        (Path(os.environ["BEGUN_DIR"]) / str(os.getpid())).write_text(inputs["name"])
        return jobs.Document("Trial", html, f"{inputs['name']}.pdf")

    jobs.register("trial", trial)
    jobs.register("bomb", lambda inputs: jobs.Document("Bomb", bombs.page(inputs["name"]), "bomb.pdf"))
    spare.keep_one()
    os.write(ready, b"!")
    while os.getppid() == bearer:
        try:
            queue.run_pending(limit=1)
        except Exception:
            logging.getLogger(__name__).exception("as Celery does: the task ends, the worker goes on")
        time.sleep(0.05)


def main() -> None:
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    connections.close_all()
    bearer = os.getpid()
    for line in sys.stdin:
        # Only this process writes to the test: two writers would mix their lines where Python does not buffer.
        heard, ready = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(timedelta(seconds=int(line)), ready, bearer)
            os._exit(0)
        os.close(ready)
        os.read(heard, 1)
        os.close(heard)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
