"""Tables whose rows are written once: triggers refuse UPDATE and DELETE on both engines, and TRUNCATE on PostgreSQL.

A migration guards a table with `migrations.RunPython(*guard("audit_auditevent"))`. Triggers are a fence against slips
and stray SQL, not proof against the owner of the database: the hash chain shows that somebody climbed over.
A later migration that makes SQLite rebuild a guarded table drops its triggers, so it must guard the table again.
The tests empty every table between two transactional tests; they lift the guard for that moment (`tests/conftest.py`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
SET_UP = {
    "postgresql": [
        POSTGRESQL_FUNCTION,
        "CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ],
    "sqlite": [
        "CREATE TRIGGER append_only_{verb}_{table} BEFORE {verb} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or removed'); END".replace("{verb}", verb)
        for verb in ("UPDATE", "DELETE")
    ],
}
TAKE_DOWN = {
    "postgresql": ["DROP TRIGGER append_only_rows ON {table}", "DROP TRIGGER append_only_whole ON {table}"],
    "sqlite": ["DROP TRIGGER append_only_UPDATE_{table}", "DROP TRIGGER append_only_DELETE_{table}"],
}
GUARDED = {
    "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only_rows'",
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'append_only_UPDATE_*'",
}

Step = Callable[[Any, Any], None]


def guard(table: str) -> tuple[Step, Step]:
    """Forwards and backwards for `migrations.RunPython`."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        set_up(schema_editor.connection, table)

    def backwards(apps: Any, schema_editor: Any) -> None:
        take_down(schema_editor.connection, table)

    return forwards, backwards


def set_up(connection: BaseDatabaseWrapper, table: str) -> None:
    _run(connection, SET_UP, table)


def take_down(connection: BaseDatabaseWrapper, table: str) -> None:
    _run(connection, TAKE_DOWN, table)


def guarded_tables(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDED[connection.vendor])
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Inside the block guarded tables can be changed. For tests only."""
    tables = guarded_tables(connection)
    for table in tables:
        take_down(connection, table)
    try:
        yield
    finally:
        for table in tables:
            set_up(connection, table)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]], table: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement.replace("{table}", table))
