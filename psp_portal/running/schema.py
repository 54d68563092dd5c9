"""Whether the database has the tables that this code expects."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def is_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
