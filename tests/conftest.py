"""What every test stands on: fast hashing, plain static files, and files and mail in a folder of the test's own."""

import copy
import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Model
from django.test import TransactionTestCase

from foundation.audit.append_only import guards_lifted
from tests.empty_database import copy_for_postgresql, copy_for_sqlite

# A slow machine is no failure: what is too slow is told by counted queries and calls. The same examples come each time,
# so that a change is judged by what it changed; `HYPOTHESIS_PROFILE=search` looks for new ones.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("suite", derandomize=True, **PATIENT)
hypothesis.settings.register_profile("search", **PATIENT)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# Playwright's own event loop makes Django think the tests are asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# The few tests that last minutes begin first, so that no process is left alone with one at the end.
LONGEST = ("journeys/test_thread", "faults/test_rendering", "journeys/test_tour", "faults/test_sending")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST))

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _test_settings(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.VAR_DIR = tmp_path / "var"
    settings.FILES_DIR = tmp_path / "files"
    settings.MAIL_URL = "file"
    settings.MAILS_A_DAY = 0  # each mail by itself: what is told of sorting and folding sets its own limit
    settings.CELERY_BROKER_URL = "memory://"
    cache.clear()  # what earlier tests of this process asked for counts against no limit of this one


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is a copy that was made ready before Django asks for it: it must not begin with removing it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite is tested on a file, as it runs: in memory it refuses other threads instead of making them wait."""
    database = connections["default"].settings_dict
    database["TEST"]["MIGRATE"] = False
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        copy_for_sqlite(Path(database["TEST"]["NAME"]))
    else:
        here = tmp_path_factory.getbasetemp()
        shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
        copy_for_postgresql(database, database["TEST"]["NAME"] or f"test_{database['NAME']}", shared)


# Apps whose migrations bring rows that belong to every installation: bank holidays, the starter library of lessons.
BRING_ROWS = ("workdays", "lessons")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A transactional test ends by emptying every table: lift the guards for that, then put the migrations' rows back.

    Otherwise the next test of the same process would meet a portal without holidays and lessons.
    """
    empty_all_tables = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock():
        kept = _migrations_rows()

    def teardown(self: TransactionTestCase) -> None:
        with guards_lifted(connections["default"]):
            empty_all_tables(self)
        _put_back(kept)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = empty_all_tables


def _migrations_rows() -> list[tuple[type[Model], list[Model]]]:
    """The rows of each model, those that others point to first."""
    wanted = [(apps.get_app_config(label), None) for label in BRING_ROWS]
    models = serializers.sort_dependencies(wanted, allow_cycles=True)
    through = {m.remote_field.through for model in models for m in model._meta.local_many_to_many}
    ordered = [*[m for m in models if m not in through], *through]
    return [(model, list(model._base_manager.all())) for model in ordered]


def _put_back(kept: list[tuple[type[Model], list[Model]]]) -> None:
    connection = connections["default"]
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model, rows in kept:
            model._base_manager.bulk_create(copy.copy(row) for row in rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _ in kept]):
            cursor.execute(statement)
