"""A disk that fills up while a report is made: nothing truncated is ever shown, and with room again it is finished.

The disk of the first three is real: a small tmpfs in a mount namespace of its own, reached through /proc, which is
gone with the process that holds it. It needs no rights where everybody may have a namespace; elsewhere `is_possible`
says no.
"""

import os
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from foundation.database import clock
from foundation.files.models import StoredFile
from foundation.rendering import jobs
from foundation.rendering.models import JobState, RenderJob
from tests.faults.portal import Portal, wait_for
from tests.faults.printers import Workers, alive, ask, is_whole
from tests.faults.trials import Result

MEGABYTE = 1024 * 1024
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")
NO_ROOM = "too little disk space"
LEASE_SECONDS = 3
Kind = Callable[["SmallDisk", str], Iterator[str]]


class SmallDisk:
    """`path` is its root. `fill` leaves so many bytes free; `empty` takes that back.

    `met` says whether the trial's worker really met the fault.
    """

    def __init__(self, size: int = 24 * MEGABYTE) -> None:
        script = f"mount -t tmpfs -o size={size} none /mnt && echo ready && exec cat"
        self._holder = subprocess.Popen(
            [*OWN_MOUNTS, "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._holder.stdout
        self.is_here = self._holder.stdout.readline() == b"ready\n"
        self.path = Path("/proc", str(self._holder.pid), "root", "mnt")
        self._filler = self.path / "filler"
        self.met = False

    def __enter__(self) -> "SmallDisk":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._holder.stdin
        self._holder.stdin.close()
        self._holder.wait(timeout=20)

    def fill(self, free: int = 0) -> None:
        with self._filler.open("ab", buffering=0) as filler:
            while (left := shutil.disk_usage(self.path).free - free) > 0:
                try:
                    filler.write(bytes(min(left, MEGABYTE)))
                except OSError:
                    return

    def empty(self) -> None:
        self._filler.unlink()


def is_possible() -> bool:
    if shutil.which("unshare") is None or not Path("/proc/self/task").exists():
        return False
    with SmallDisk(MEGABYTE) as disk:
        return disk.is_here


def the_disk_is_full(portal: Portal, trials: int) -> tuple[Result, str]:
    """As `python -m tests.faults.runner` runs it."""
    settings.FILES_DIR = portal.folder / "files"
    return fillings(portal.folder, trials)


def fillings(folder: Path, trials: int, kinds: Sequence[Kind] = ()) -> tuple[Result, str]:
    """So many fillings, of these kinds in turn. Wrong: whatever a kind found not to be as it must be."""
    kinds = kinds or [kind for kind in KINDS if is_tried(kind)]
    found: list[str] = []
    hits = 0
    for number in range(trials):
        kind = kinds[number % len(kinds)]
        name = f"disk-{random.randbytes(4).hex()}"
        with SmallDisk() as disk, _files_on((disk.path if kind is no_room_for_the_file else folder) / name):
            found += [f"{kind.__name__}: {wrong}" for wrong in kind(disk, name)]
            hits += disk.met
    rows = list(RenderJob.objects.filter(key__startswith="disk-"))
    result = Result(
        "the disk is full", trials, len(rows), what="reports", held=0, hits=hits, wrong=len(found),
        lost=sum(row.state != JobState.DONE for row in rows),
        duplicated=StoredFile.objects.filter(name__startswith="disk-").count() - len(rows),
    )  # fmt: skip
    names = ", ".join(kind.__name__.replace("_", " ") for kind in kinds)
    return result, "; ".join([f"truncated files visible {sum('truncated' in wrong for wrong in found)}", names, *found])


def no_room_for_the_file(disk: SmallDisk, name: str) -> Iterator[str]:
    """The store's disk: the PDF is made, and does not fit."""
    yield from _refused_and_made(disk, name, free=8_000)


def no_room_for_the_page(disk: SmallDisk, name: str) -> Iterator[str]:
    """The disk of the press's temporary files: not even the page can be written."""
    yield from _refused_and_made(disk, name, free=0, TMPDIR=str(disk.path))


def no_room_for_the_pdf(disk: SmallDisk, name: str) -> Iterator[str]:
    """The page fits, what the press writes does not."""
    free = shutil.disk_usage(disk.path).free
    yield from _refused_and_made(disk, name, free=free, while_printing=disk.fill, TMPDIR=str(disk.path))


def _refused_and_made(
    disk: SmallDisk, name: str, *, free: int, while_printing: Callable[[], None] | None = None, **environment: str
) -> Iterator[str]:
    files = settings.FILES_DIR
    workers = Workers(files, MIN_FREE_BYTES="0", **environment)
    try:
        pid = workers.start(30)
        before = ask(f"{name}-before")
        if not _ends_as(before, JobState.DONE):
            yield f"the report before it was not made: {before.error}"
        handles = _handles(pid)
        disk.fill(free)
        job = ask(name)
        if while_printing:
            wait_for(lambda: _state(job) == JobState.RENDERING and job.progress >= 3, within=120, every=0.01)
            while_printing()
        disk.met = _ends_as(job, JobState.FAILED) and NO_ROOM in job.error
        if not disk.met:
            yield f"it should say that there is no room: {job.state} “{job.error}”"
        yield from _truncated(files)
        disk.empty()
        jobs.retry(job)
        if not _ends_as(job, JobState.DONE):
            yield f"with room again it should be made: {job.state} “{job.error}”"
        yield from _truncated(files)
        if not alive(pid):
            yield "the worker died"
        elif _handles(pid) > handles:
            yield f"{_handles(pid) - handles} file handles were left open"
    finally:
        workers.close()


def no_room_for_the_row(disk: SmallDisk, name: str) -> Iterator[str]:
    """The worker can write to no file from the middle of a render on: neither the database's nor the PDF's.

    By a limit of the kernel (SQLite follows /proc out of the small disk). The report waits, and is finished once.
    """
    workers = Workers(settings.FILES_DIR, MIN_FREE_BYTES="0")
    try:
        pid, job = workers.start(LEASE_SECONDS), ask(name)
        wait_for(lambda: _state(job) == JobState.RENDERING, within=120, every=0.01)
        usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, usual[1]))
        time.sleep(2 * LEASE_SECONDS)
        # It still has the job, and could write nothing of it since.
        disk.met = _state(job) == JobState.RENDERING and job.lease_until < clock.database_now()
        if job.state != JobState.RENDERING or StoredFile.objects.filter(name=f"{name}.pdf").exists():
            yield f"a row was written that could not be: {job.state}"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)
        if not _ends_as(job, JobState.DONE):
            yield f"with room again it should be made: {job.state} “{job.error}”"
        if not all(is_whole(file) for file in StoredFile.objects.filter(name=f"{name}.pdf")):
            yield "truncated"
        if not alive(pid):
            yield "the worker died"
    finally:
        workers.close()


KINDS = (no_room_for_the_file, no_room_for_the_page, no_room_for_the_pdf, no_room_for_the_row)


def is_tried(kind: Kind) -> bool:
    """The row of PostgreSQL is written by another process, which the limit does not reach."""
    return kind is not no_room_for_the_row or connection.vendor == "sqlite"


@contextmanager
def _files_on(folder: Path) -> Iterator[None]:
    usual, settings.FILES_DIR = settings.FILES_DIR, folder
    try:
        yield
    finally:
        settings.FILES_DIR = usual


def _state(job: RenderJob) -> str:
    job.refresh_from_db()
    return job.state


def _ends_as(job: RenderJob, state: JobState) -> bool:
    return wait_for(lambda: _state(job) not in (JobState.QUEUED, JobState.RENDERING), within=180) and job.state == state


def _truncated(files: Path) -> Iterator[str]:
    """Every row's bytes are whole, and no bytes lie about that no row knows; the files of this disk only."""
    found = {path.name: path for path in files.rglob("*") if path.is_file()}
    for row in StoredFile.objects.filter(key__in=found):
        if not is_whole(row):
            yield f"truncated: {row.name}"
        del found[row.key]
    yield from (f"truncated: {path} is nobody's" for path in found.values())


def _handles(pid: int) -> int:
    """Open files of a worker that waits with a spare press, counted when it has come to rest."""
    path, counts = Path(f"/proc/{pid}/fd"), [-1, -2, -3]
    while len(set(counts[-3:])) > 1:
        time.sleep(0.2)
        counts.append(len(os.listdir(path)))
    return counts[-1]
