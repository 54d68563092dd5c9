"""Programs of the system: followed while they work, ended with their worker, and nothing of theirs left behind."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal

from foundation.database import clock
from foundation.rendering import programs
from foundation.rendering.printing import PressBroke, Stopped, Unprintable
from foundation.rendering.programs import Program, always, run
from tests.faults.portal import ROOT, wait_for
from tests.faults.printers import alive, presses_of

SLEEP, SHELL = Program("sleep", "coreutils"), Program("sh", "dash")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def children() -> set[int]:
    return set(presses_of(os.getpid()))


def test_all_that_a_program_is_given_and_answers_goes_through_however_long_it_takes():
    given = b"a line of print\n" * 100_000
    asked = []
    answer = run(SHELL, ["-c", "sleep 2.2; cat"], given=given, wanted=lambda: asked.append(1) or True)
    assert answer == given
    assert asked, "nobody was asked whether it is still wanted"


@on_linux
def test_a_program_that_nobody_wants_any_more_is_ended_at_once():
    before = children()
    with pytest.raises(Stopped):
        run(SLEEP, ["60"], wanted=lambda: False)
    assert children() == before


@on_linux
def test_a_program_ends_with_the_time_and_with_any_error_of_whoever_follows_it(monkeypatch):
    before = children()

    def broken() -> bool:
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        run(SLEEP, ["60"], wanted=broken)
    monkeypatch.setattr(programs, "WALL_SECONDS", 0)
    with pytest.raises(Unprintable, match="sleep took too long"):
        run(SLEEP, ["60"], wanted=always)
    assert children() == before


def test_a_program_that_computes_too_long_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(programs, "CPU_SECONDS", 2)
    with pytest.raises(Unprintable, match="sh took too long"):
        run(SHELL, ["-c", "while :; do :; done"], wanted=always)


def test_a_program_that_fails_is_tried_again_and_one_that_is_missing_is_named():
    with pytest.raises(PressBroke, match="sh stopped with code 3: no such voice"):
        run(SHELL, ["-c", "echo no such voice >&2; exit 3"], wanted=always)
    with pytest.raises(Unprintable, match=r"apt-get install nowhere"):
        run(Program("no-such-program", "nowhere"), [], wanted=always)


@on_linux
def test_a_killed_worker_leaves_no_program_behind():
    worker = subprocess.Popen(
        [sys.executable, "-c", (
            "import django; django.setup()\n"
            "from foundation.rendering.programs import Program, always, run\n"
            "run(Program('sleep', 'coreutils'), ['60'], wanted=always)"
        )],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "psp_portal.settings", "SECRET_KEY": portal.SECRET_KEY},
    )  # fmt: skip
    try:
        assert wait_for(lambda: sleeping(worker.pid), within=60, every=0.02)
        (program,) = sleeping(worker.pid)
    finally:
        worker.kill()
        worker.wait()
    gone = wait_for(lambda: not alive(program), within=10)
    if not gone:
        os.kill(program, signal.SIGKILL)
    assert gone


def sleeping(worker: int) -> list[int]:
    """Its children that have become the program."""
    return [pid for pid in presses_of(worker) if b"sleep\x0060" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@on_linux
def test_a_program_whose_worker_ended_before_the_kernel_was_asked_ends_at_once():
    nobody = 1 if os.getppid() != 1 else 2
    pid = os.fork()
    if pid == 0:
        programs._confine(nobody)
        os._exit(77)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_a_folder_is_gone_after_its_work_and_after_an_error():
    with programs.folder() as folder:
        (folder / "chapter.wav").write_bytes(b"x")
        assert folder.is_relative_to(portal.VAR_DIR)
    assert not folder.exists()
    with pytest.raises(Stopped), programs.folder() as folder:
        raise Stopped
    assert not folder.exists()


def test_what_a_killed_worker_left_is_cleared_away_and_what_is_in_use_is_not():
    assert programs.clear_away() == 0
    with programs.folder() as left:
        (left / "chapter.wav").write_bytes(b"x")
        os.utime(left, (time.time() - 4 * 3600,) * 2)
        with programs.folder() as in_use:
            assert programs.clear_away() == 1
            assert in_use.exists()
            assert not left.exists()
            with clock.at(clock.now() + timedelta(hours=4)):
                assert programs.clear_away() == 1
            left.mkdir()
            in_use.mkdir()
