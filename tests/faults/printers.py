"""Workers that print, and the trial in which they are killed: every report is finished, whole, and kept once."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from foundation.database import clock
from foundation.files import store
from foundation.files.models import StoredFile
from foundation.rendering.models import OPEN_STATES, JobState, RenderJob
from tests.factories.accounts import PersonFactory
from tests.faults.portal import ROOT, Portal, database_url, wait_for
from tests.faults.trials import Result

AT_ONCE = 3
LEASE_SECONDS = 10


class Workers:
    """Workers that print, each a process of its own, ended by its own pid. `more`: their environment."""

    def __init__(self, files: Path, **more: str) -> None:
        files.mkdir(parents=True, exist_ok=True)
        self._begun = Path(tempfile.mkdtemp())
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "psp_portal.settings",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(files.parent),
            "FILES_DIR": str(files),
            "LOG_LEVEL": "CRITICAL",
            "BEGUN_DIR": str(self._begun),
        }
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, "-m", "tests.faults.presser"]
        self._bearer = subprocess.Popen(command, cwd=ROOT, env=environment | more, text=True, **pipes)
        self.born: list[int] = []

    def start(self, lease_seconds: int = 1) -> int:
        """A new worker's pid. With a short lease a trial need not wait long; with a long one nobody loses it."""
        self._bearer.stdin.write(f"{lease_seconds}\n")
        self._bearer.stdin.flush()
        pid = int(self._bearer.stdout.readline())
        self.born.append(pid)
        return pid

    def kill(self, pid: int) -> list[int]:
        """`kill -9`; the presses it had at that moment, at work or in waiting. It is stopped first, to count them."""
        self.born.remove(pid)
        presses: list[int] = []
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            presses = presses_of(pid)
            os.kill(pid, signal.SIGKILL)
        return presses

    def at_work_on(self, names: set[str]) -> dict[int, str]:
        """Which worker has begun which of these reports last. It may just have ended it: that is a kill at rest."""
        begun = {}
        for pid in self.born:
            with contextlib.suppress(FileNotFoundError):
                begun[pid] = (self._begun / str(pid)).read_text()
        return {pid: name for pid, name in begun.items() if name in names}

    def close(self) -> None:
        for pid in list(self.born):
            self.kill(pid)
        self._bearer.stdin.close()
        self._bearer.wait(timeout=60)
        shutil.rmtree(self._begun)


def ask(name: str, kind: str = "trial", parts: int = 5) -> RenderJob:
    """A job of a few pages; of very many, whoever must be met while it is printed."""
    person, inputs = PersonFactory(), {"name": name, "parts": parts}
    return RenderJob.objects.create(kind=kind, key=name, title=name, inputs=inputs, requested_by=person)


def presses_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_whole(file: StoredFile) -> bool:
    """What lies in the store is what its row says, to the end of the PDF."""
    try:
        content = store.path_of(file).read_bytes()
    except FileNotFoundError:
        return False
    return len(content) == file.size and content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def kill_while_printing(portal: Portal, trials: int) -> tuple[Result, str]:
    """As `python -m tests.faults.runner` runs it."""
    settings.FILES_DIR = portal.folder / "files"
    workers = Workers(settings.FILES_DIR)
    try:
        return kills(workers, trials)
    finally:
        workers.close()


def kills(workers: Workers, trials: int) -> tuple[Result, str]:
    """As many reports as kills, three workers at once, each with a spare press: one is killed at a random moment.

    A report is killed once and then left alone, for whatever kills three workers is given up: that is another test.
    """
    asked = [ask(f"killed-{random.randbytes(4).hex()}-{number}") for number in range(trials)]
    mine = RenderJob.objects.filter(pk__in=[job.pk for job in asked])
    spared = {job.key for job in asked}
    orphans: list[int] = []
    for _ in range(AT_ONCE):
        workers.start(LEASE_SECONDS)
    for number in range(trials):
        wait_for(lambda: bool(workers.at_work_on(spared)) or not _open(mine), within=120, every=0.05)
        time.sleep(random.uniform(0, 1.5) if number > 1 else 0)  # the first two at once: they hit on any machine
        pid, name = random.choice(list(workers.at_work_on(spared).items()) or [(workers.born[0], "")])
        orphans += workers.kill(pid)
        spared.discard(name)
        workers.start(LEASE_SECONDS)
    wait_for(lambda: not _open(mine), within=600)
    for pid in list(workers.born):
        orphans += workers.kill(pid)
    wait_for(lambda: not any(map(alive, orphans)), within=30)
    return _counted(mine, trials, len(orphans), sum(map(alive, orphans)))


def _open(jobs: "QuerySet[RenderJob]") -> bool:
    return jobs.filter(state__in=OPEN_STATES).exists()


def _counted(jobs: "QuerySet[RenderJob]", trials: int, presses: int, orphans: int) -> tuple[Result, str]:
    rows = list(jobs.select_related("file"))
    made = list(StoredFile.objects.filter(name__in=[f"{row.title}.pdf" for row in rows]))
    partial = sum(not is_whole(file) for file in made)
    hits = sum(row.attempts - 1 for row in rows)
    with clock.at(clock.now() + timedelta(days=2)):
        swept = store.sweep_orphans()
    left = {path for path in settings.FILES_DIR.rglob("*") if path.is_file()}
    unknown = len(left - {store.path_of(file) for file in StoredFile.objects.all()})
    result = Result(
        "a worker is killed while it prints", trials, len(rows), what="reports", held=0, hits=hits,
        lost=sum(row.state != JobState.DONE for row in rows), duplicated=len(made) - len(rows),
        wrong=partial + unknown + orphans + (len({file.sha256 for file in made}) != 1),
    )  # fmt: skip
    return result, (
        f"partial files {partial}, files without a row {unknown} ({swept} swept), {presses} presses lost their worker, "
        f"{orphans} outlived it"
    )
