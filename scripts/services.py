"""Runs a command with PostgreSQL and Redis in its environment: `python scripts/services.py pytest …`

Each of the two is taken from the first place that has it: TEST_DATABASE_URL and TEST_BROKER_URL; the usual port of this
machine, where it lets us in (TEST_SERVICES=private leaves it alone); a private one, started on a free port from the
installed programs and stopped afterwards. The tests make databases of a name nobody else has, and remove them.
"""

import getpass
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_WITHIN = 120.0
# Names come in the same order on every machine, whatever language it speaks.
SORTED_AS_EVERYWHERE = {"LC_ALL": "C.UTF-8"} if sys.platform == "linux" else {}
ONLY_PRIVATE = os.environ.get("TEST_SERVICES") == "private"


def main(command: list[str]) -> int:
    with ExitStack() as services:
        server = services.enter_context(postgres())
        broker = services.enter_context(redis_server())
        name = f"psp_portal_{secrets.token_hex(4)}"
        services.callback(drop_databases, server, f"test_{name}")
        environment = {
            **os.environ, "DATABASE_URL": f"{server}/{name}", "BROKER_URL": broker,
            "SECRET_KEY": secrets.token_urlsafe(50),
        }  # fmt: skip
        return subprocess.call(command, cwd=ROOT, env=environment)


@contextmanager
def postgres() -> Iterator[str]:
    """A server's address, without the name of a database."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given.rpartition("/")[0] if given.count("/") > 2 else given
    elif not ONLY_PRIVATE and postgres_answers(usual := f"postgres://postgres@{HOST}:5432"):
        print("PostgreSQL: the one of this machine.", flush=True)
        yield usual
    else:
        with private_postgres() as server:
            yield server


def postgres_answers(server: str) -> bool:
    try:
        psycopg.connect(f"{server}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def private_postgres() -> Iterator[str]:
    initdb = program("initdb", "postgres")
    port, password = free_port(), secrets.token_urlsafe(12)
    owner = unprivileged()
    with tempfile.TemporaryDirectory(prefix="psp-postgres-") as folder, open(Path(folder) / "log", "wb") as log:
        (Path(folder) / "password").write_text(password)
        for path in (Path(folder), Path(folder) / "password"):
            shutil.chown(path, owner)
        data = f"{folder}/data"
        subprocess.run(
            [initdb, "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", f"{folder}/password"],
            user=owner, cwd=folder, stdout=log, stderr=log, check=True, extra_groups=() if os.getuid() == 0 else None,
            env={**os.environ, **SORTED_AS_EVERYWHERE},
        )  # fmt: skip
        options = ["-D", data, "-p", str(port), "-h", HOST, "-k", folder, "-c", "fsync=off"]
        server = subprocess.Popen(
            [str(Path(initdb).with_name("postgres")), *options], user=owner, cwd=folder, stdout=log, stderr=log,
            extra_groups=() if os.getuid() == 0 else None,
        )  # fmt: skip
        address = f"postgres://postgres:{password}@{HOST}:{port}"
        with stopped_afterwards(server):
            wait_until(lambda: postgres_answers(address), server)
            print(f"PostgreSQL: a private one on port {port}.", flush=True)
            yield address


@contextmanager
def redis_server() -> Iterator[str]:
    if given := os.environ.get("TEST_BROKER_URL"):
        yield given
    elif not ONLY_PRIVATE and (number := unused_redis_database(6379)) is not None:
        print(f"Redis: the one of this machine, database {number}.", flush=True)
        yield f"redis://{HOST}:6379/{number}"
    else:
        port = free_port()
        options = ["--port", str(port), "--bind", HOST, "--save", "", "--appendonly", "no"]
        server = subprocess.Popen([program("redis-server", "redis"), *options], stdout=subprocess.DEVNULL)
        with stopped_afterwards(server):
            wait_until(lambda: unused_redis_database(port) is not None, server)
            print(f"Redis: a private one on port {port}.", flush=True)
            yield f"redis://{HOST}:{port}/0"


def unused_redis_database(port: int) -> int | None:
    """The number of an empty database on a server that lets us in."""
    for number in range(15, 0, -1):
        try:
            with redis.Redis(host=HOST, port=port, db=number, socket_timeout=2) as client:
                if client.dbsize() == 0:
                    return number
        except (redis.RedisError, OSError):
            return None
    return None


def program(name: str, group: str) -> str:
    """Where the program is; installed first if it is missing and we may."""
    for _ in range(2):
        places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
        if found := shutil.which(name) or (str(places[-1]) if places else None):
            return found
        subprocess.run(["sh", ROOT / "scripts/system_packages.sh", group], check=True)
    raise SystemExit(f"{name} is not to be found.")


def unprivileged() -> str:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def drop_databases(server: str, prefix: str) -> None:
    """What an interrupted run left: only names that begin with this run's own."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall()
        for (name,) in left:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def stopped_afterwards(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)  # to PostgreSQL: end now, do not wait for clients
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(answers: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"{process.args[0]} did not start.")  # type: ignore[index]
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
