"""Bears processes of the portal quickly: loads Django once, then forks a process for every command it reads.

`2 relay --every 0.1` on a line of standard input starts that command in a process of its own, in which a mail's lease
lasts two seconds, and answers with its pid.
Loading the code takes seconds on a slow machine; being killed at a random moment of the work is what a trial is about.
"""

import os
import signal
import sys

import django
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class
from django.db import connections


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "psp_portal.settings")
    django.setup()
    load_command_class(get_commands()["relay"], "relay")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    connections.close_all()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            lease, *command = line.split()
            settings.MAIL_LEASE_SECONDS = int(lease)
            call_command(*command)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
