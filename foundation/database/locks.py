"""Row locks that mean the same on both engines.

PostgreSQL locks the row (`FOR UPDATE`, or `FOR SHARE` through `shared`). SQLite ignores both, and needs neither: the
settings open every transaction with BEGIN IMMEDIATE, so one writer runs at a time.
"""

from typing import TypeVar

from django.db import connection, models

from foundation.policy.refusals import ChangedMeanwhile, NotNow

M = TypeVar("M", bound=models.Model)

GONE_MEANWHILE = "Somebody else removed this while you were looking at it."


def locked(row: M, *, version: int | None = None) -> M:
    """The same row, fresh and locked until the transaction ends; refused when `version` is no longer its version."""
    fresh = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    if fresh is None:
        raise NotNow(GONE_MEANWHILE)
    if version is not None and version != fresh.version:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(fresh)
    return fresh


def shared(row: M) -> M:
    """The same row, fresh and held against change by others until the transaction ends (PostgreSQL: FOR SHARE)."""
    table, manager = type(row)._meta.db_table, type(row)._base_manager
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT 1 FROM {quoted} WHERE id = %s FOR SHARE", [row.pk])  # noqa: S608  our own table name
    return manager.get(pk=row.pk)
