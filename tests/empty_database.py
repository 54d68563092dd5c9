"""Each test process gets a copy of one migrated, empty database instead of migrating one of its own.

Migrating takes as long as a hundred tests. On SQLite the copy's original is kept in the environment, under a name made
of everything the migrations stand on, so that the next run begins at once; on PostgreSQL it lasts as long as the run.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(sys.prefix) / "test-databases"
MOST_KEPT = 10  # of branches that were worked on lately
# Migrations, and the one module of ours that they call instead of naming it as a field's default.
STANDS_ON = ("*/migrations/*.py", "*/*/migrations/*.py", "foundation/audit/append_only.py", "requirements.lock")


def copy_for_sqlite(copy: Path) -> None:
    """Put a migrated, empty database at `copy`."""
    name = hashlib.sha256()
    for path in sorted(path for pattern in STANDS_ON for path in ROOT.glob(pattern)):
        name.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    KEPT.mkdir(exist_ok=True)
    original = KEPT / f"{name.hexdigest()[:16]}.sqlite3"
    with one_at_a_time(KEPT / "lock"):
        if not original.exists():
            for old in sorted(KEPT.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
                old.unlink()
            migrate(f"sqlite:///{copy}")
            shutil.copyfile(copy, original)
        else:
            shutil.copyfile(original, copy)


def copy_for_postgresql(database: dict[str, Any], copy: str, shared: Path) -> None:
    """Make the database `copy` from the run's original, which the first process to come makes; `shared` is a folder."""
    original = f"test_{database['NAME']}_empty"
    server = psycopg.conninfo.make_conninfo(
        host=database["HOST"], port=database["PORT"], user=database["USER"], password=database["PASSWORD"],
        dbname="postgres",
    )  # fmt: skip
    with one_at_a_time(shared / "database-lock"), psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [original]).fetchone():
            connection.execute(f'CREATE DATABASE "{original}"')
            migrate(os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{original}")
        connection.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')


def migrate(url: str) -> None:
    """Run the migrations in a process of its own, so that nothing of them stays in this one."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY},
        check=True,
    )


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
