"""The supervisor and its parts, with real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from psp_portal.running import broker, leftovers, web
from psp_portal.running.children import Child, back_off
from psp_portal.running.sockets import LONGEST, socket_path
from psp_portal.running.supervisor import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)",
]  # fmt: skip

TELLS_WHEN_IT_ENDS = """
import signal, sys, time
def tell(*_):
    with open(sys.argv[1], "a") as told:
        told.write(sys.argv[2] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, tell)
print("ready", flush=True)
time.sleep(600)
"""


def lives(pid: int) -> bool:
    return bool(leftovers._birth(pid))


def until(holds: Callable[[], object], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(holds())


@pytest.fixture
def end() -> Iterator[Callable[[Child], Child]]:
    """Ends what a test started, however the test ends."""
    children: list[Child] = []

    def remember(child: Child) -> Child:
        children.append(child)
        return child

    yield remember
    for child in children:
        child.bury()


class TestChild:
    def test_back_off_grows_to_half_a_minute(self) -> None:
        assert [back_off(failures) for failures in (0, 1, 2, 3, 20)] == [0, 0.5, 1, 2, 30]

    def test_leads_a_session_of_its_own(self, end: Callable[[Child], Child]) -> None:
        child = end(Child("sleeper", SLEEPER))
        child.start()
        assert child.process
        assert os.getsid(child.process.pid) == child.process.pid != os.getsid(0)

    def test_burying_ends_its_offspring_too(self, end: Callable[[Child], Child], tmp_path: Path) -> None:
        parent = (
            "import subprocess, sys, time;"
            f"print(subprocess.Popen({SLEEPER!r}).pid, flush=True);"
            "time.sleep(600)"
        )  # fmt: skip
        child = end(Child("parent", [sys.executable, "-c", parent], log=tmp_path / "log"))
        child.start()
        assert until(lambda: child.last_words().strip().isdigit())
        grandchild = int(child.last_words())
        assert lives(grandchild)
        child.bury()
        assert until(lambda: not lives(grandchild))

    def test_a_quick_death_delays_the_next_start(self, end: Callable[[Child], Child]) -> None:
        child = end(Child("brief", [sys.executable, "-c", "raise SystemExit(3)"]))
        for failures in (1, 2, 3):
            before = time.monotonic()
            child.start()
            codes: list[int] = []
            assert until(lambda codes=codes: codes or codes.extend(filter(None, [child.has_died()])) or codes)
            assert (codes, child.failures) == ([3], failures)
        assert child.start_at >= before + back_off(3)
        child.start_at = time.monotonic() + 60  # however long this machine has taken to come here
        assert not child.is_due()

    def test_a_stubborn_one_is_cut_off(self, end: Callable[[Child], Child], tmp_path: Path) -> None:
        child = end(Child("stubborn", STUBBORN, log=tmp_path / "log", patience=0.3))
        child.start()
        assert until(lambda: "ready" in child.last_words())
        assert child.process
        pid = child.process.pid
        began = time.monotonic()
        child.end(hurry=lambda: False)
        assert time.monotonic() - began >= 0.3
        assert not lives(pid)

    def test_hurry_needs_no_patience(self, end: Callable[[Child], Child], tmp_path: Path) -> None:
        child = end(Child("stubborn", STUBBORN, log=tmp_path / "log", patience=600))
        child.start()
        assert until(lambda: "ready" in child.last_words())
        began = time.monotonic()
        child.end(hurry=lambda: True)
        assert time.monotonic() - began < 60


class Watched:
    """A supervisor that runs in the main thread, told what to do from another one."""

    def __init__(self, *children: Child) -> None:
        self.said: list[str] = []
        self.supervisor = Supervisor(children, say=self.said.append)

    def run(self, play: Callable[[], None]) -> None:
        def act() -> None:
            try:
                play()
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        actor = threading.Thread(target=act)
        actor.start()
        self.supervisor.run()
        actor.join()


class TestSupervisor:
    def test_starts_the_dead_again_and_stops_all(self) -> None:
        one, two = Child("one", SLEEPER), Child("two", SLEEPER)
        watched, pids = Watched(one, two), []

        def play() -> None:
            assert until(lambda: one.process and two.process)
            pids.extend([one.process.pid, two.process.pid])
            os.kill(one.process.pid, signal.SIGKILL)
            assert until(lambda: one.process and one.process.pid not in pids)
            pids.append(one.process.pid)

        watched.run(play)
        assert watched.said == ["one ended (signal 9); starting it again in 0.5 s."]
        assert len(pids) == 3
        assert not any(lives(pid) for pid in pids)

    def test_replaces_one_that_runs_but_is_silent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("psp_portal.running.supervisor.LISTEN_EVERY", 0.1)
        answers = iter(["does not answer"])
        quiet = Child("quiet", SLEEPER, silent=lambda: next(answers, ""))
        watched, pids = Watched(quiet), set()

        def play() -> None:
            assert until(lambda: pids.update([quiet.process.pid] if quiet.process else []) or len(pids) == 2)

        watched.run(play)
        assert watched.said == ["quiet runs but does not answer; replacing it."]
        assert not any(lives(pid) for pid in pids)

    def test_survives_a_watch_that_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("psp_portal.running.supervisor.LISTEN_EVERY", 0.1)
        child = Child("sleeper", SLEEPER, silent=lambda: str(1 // 0))
        watched, pids = Watched(child), set()

        def play() -> None:
            assert until(lambda: len(watched.said) > 1)
            pids.add(child.process.pid)
            assert lives(child.process.pid)

        watched.run(play)
        assert (
            watched.said[0] == "Nobody could ask after sleeper: ZeroDivisionError('integer division or modulo by zero')"
        )
        assert not any(lives(pid) for pid in pids)

    def test_ends_the_last_started_first(self, tmp_path: Path) -> None:
        told = tmp_path / "told"
        children = [
            Child(name, [sys.executable, "-c", TELLS_WHEN_IT_ENDS, str(told), name], log=tmp_path / name)
            for name in ("first", "last")
        ]

        def play() -> None:
            assert until(lambda: all("ready" in child.last_words() for child in children))

        Watched(*children).run(play)
        assert told.read_text() == "last first "


class TestLeftovers:
    def test_ends_what_is_recorded_and_lives(self, tmp_path: Path, end: Callable[[Child], Child]) -> None:
        child, records = end(Child("web", SLEEPER)), leftovers.Records(tmp_path)
        child.start()
        assert child.process
        records.write([child])
        reaper = threading.Thread(target=child.process.wait)  # in life the orphan's new parent does this
        reaper.start()
        assert leftovers.Records(tmp_path).end_leftovers() == ["web"]
        reaper.join(60)
        assert not lives(child.process.pid)
        assert records.end_leftovers() == []

    def test_spares_a_stranger_with_the_same_number(self, tmp_path: Path, end: Callable[[Child], Child]) -> None:
        child = end(Child("stranger", SLEEPER))
        child.start()
        assert child.process
        (tmp_path / "running.json").write_text(json.dumps({"web": [child.process.pid, "born long ago"]}))
        assert leftovers.Records(tmp_path).end_leftovers() == []
        assert lives(child.process.pid)

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"web": 7}', '{"web": ["x", "y"]}'])
    def test_a_spoilt_record_is_no_record(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "running.json").write_text(text)
        assert leftovers.Records(tmp_path).end_leftovers() == []

    def test_one_supervisor_a_folder(self, tmp_path: Path) -> None:
        with leftovers.claim(tmp_path), pytest.raises(leftovers.AlreadyRunning):
            leftovers.claim(tmp_path)
        leftovers.claim(tmp_path).close()


class TestPort:
    def test_free(self) -> None:
        with socket.socket() as probe:
            probe.bind((web.HOST, 0))
            free = probe.getsockname()[1]
        assert web.why_not(free) == ""

    def test_taken(self) -> None:
        with socket.socket() as taken:
            taken.bind((web.HOST, 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert web.why_not(port) == f"Port {port} is already in use by another program."

    def test_no_port_at_all(self) -> None:
        assert web.why_not(70000).startswith("70000 is not a port")


class TestSocket:
    def test_beside_the_database(self, tmp_path: Path) -> None:
        assert socket_path(Path("/short")) == Path("/short/valkey.sock")

    def test_a_deep_folder_gets_a_short_private_one(self) -> None:
        deep, other = (socket_path(Path("/" + "deep/" * 40 + end)) for end in ("one", "two"))
        assert len(os.fsencode(deep)) <= LONGEST
        assert deep != other

    def test_the_broker_listens_there_and_an_orphan_is_sent_away(
        self, tmp_path: Path, end: Callable[[Child], Child]
    ) -> None:
        place = socket_path(tmp_path / ("with space and # and " + "x" * 100))
        child = end(broker.child(place, log=tmp_path / "log"))
        child.start()
        try:
            assert until(lambda: broker.answers(place)), child.last_words()
            assert place.stat().st_mode & 0o077 == 0
            assert broker.end_stranger(place)
            assert child.process
            assert child.process.wait(60) == 0
            assert not broker.end_stranger(place)
        finally:
            place.unlink(missing_ok=True)
            place.parent.rmdir()


def test_the_demo_leaves_a_real_database_alone(settings: object) -> None:
    settings.EMBEDDED = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DATABASE_URL is set"):
        call_command("demo")


def test_the_demo_says_when_it_already_runs(settings: object, tmp_path: Path) -> None:
    settings.EMBEDDED, settings.VAR_DIR = True, tmp_path  # type: ignore[attr-defined]
    with leftovers.claim(tmp_path), pytest.raises(CommandError, match="already running from this folder"):
        call_command("demo")


def test_the_demo_says_when_its_port_is_taken(settings: object, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((web.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings.EMBEDDED, settings.VAR_DIR, settings.PORT = True, tmp_path, port  # type: ignore[attr-defined]
        settings.BROKER_SOCKET = tmp_path / "valkey.sock"  # type: ignore[attr-defined]
        with pytest.raises(CommandError, match=f"Port {port} is already in use.*make demo PORT={port + 10}"):
            call_command("demo")


def test_bare_python_reads_the_settings_of_the_socket() -> None:
    """`settings.py` imports the module, so it must need nothing of Django."""
    ran = subprocess.run(
        [sys.executable, "-c", "import sys, runpy; runpy.run_path('psp_portal/running/sockets.py');"
         "sys.exit('django' in sys.modules)"], check=False,
    )  # fmt: skip
    assert ran.returncode == 0
