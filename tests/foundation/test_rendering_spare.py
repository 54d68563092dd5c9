"""A press kept in advance: the same bytes, one page each, gone with its owner, and never in the way."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foundation.rendering import spare
from foundation.rendering.printing import printed

PAGE = "<html lang=en><title>x</title><link rel=stylesheet href='app:pdf.css'><h1>Hello</h1><p>world"


def carry_on(step, progress):
    return True


@pytest.fixture
def kept():
    """A spare press that waits."""
    spare.keep_one()
    plain = printed(PAGE, carry_on)
    yield plain
    spare.keep_one(wanted=False)
    assert not spare._spare


def test_a_spare_press_prints_the_same_bytes_and_serves_one_page(kept):
    waiting = spare._spare[0].process
    assert printed(PAGE, carry_on) == kept
    assert waiting.poll() is not None
    assert spare._spare[0].process.pid != waiting.pid


def test_a_spare_press_that_died_is_not_missed(kept):
    dead = spare._spare[0].process
    os.kill(dead.pid, signal.SIGKILL)
    dead.wait()
    assert printed(PAGE, carry_on) == kept


def test_a_spare_press_has_the_limits_of_any_other(kept):
    told, until = Path(f"/proc/{spare._spare[0].process.pid}/limits"), time.monotonic() + 60
    while not re.search(rf"Max cpu time +{spare.CPU_SECONDS} ", told.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert re.search(rf"Max address space +{spare.MEMORY} ", told.read_text())


def test_the_next_one_gets_ready_while_this_one_prints(kept):
    met = []
    printed(PAGE, lambda step, progress: met.append(len(spare._spare)) or True)
    assert met
    assert set(met) == {1}


def test_a_page_is_printed_though_no_spare_press_can_be_started(kept, monkeypatch):
    def full(**_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(spare, "_started", full)
    assert printed(PAGE, carry_on) == kept
    assert not spare._spare


def test_a_press_gets_no_path_to_a_program(kept):
    inside = Path(f"/proc/{spare._spare[0].process.pid}/environ").read_bytes().split(b"\0")
    assert b"PATH=" in inside
    assert not [word for word in inside if word.startswith((b"SECRET_KEY", b"DATABASE_URL", b"BROKER_URL"))]


def test_a_press_whose_owner_ended_before_it_began_ends_at_once():
    nobody = "1" if os.getppid() != 1 else "2"
    command = [sys.executable, "-m", "foundation.rendering.press", str(spare.MEMORY), "60", nobody]
    done = subprocess.run(command, input=b"{}", env=spare.environment(), capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_a_spare_press_nobody_needs_ends_by_itself(kept):
    press = spare._spare.pop()
    os.close(press.go)
    press.go = None
    assert press.process.wait(timeout=60) == 0
    press.end()


def test_another_process_does_not_take_it(kept, monkeypatch):
    monkeypatch.setattr(spare._spare[0], "owner", 1)
    waiting = spare._spare[0].process
    assert spare._taken() is None
    assert waiting.poll() is None
    waiting.kill()
    waiting.wait()


def test_without_a_worker_none_is_kept():
    assert not spare._keeps_one
    printed(PAGE, carry_on)
    assert not spare._spare
