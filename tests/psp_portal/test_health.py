"""`/healthz`: 200 when the portal can serve, 503 when it cannot, and no detail for strangers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.test import Client

from psp_portal.views import health


@pytest.fixture(autouse=True)
def _ask_for_the_tables_again() -> Iterator[None]:
    health._schema_is_current.clear()
    yield
    health._schema_is_current.clear()


@pytest.mark.django_db
def test_well_without_signing_in(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"well\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_unwell_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'heartbeats'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"unwell\n")


@pytest.fixture
def _stopped_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that refuses every connection, as a stopped server does."""
    refusing = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/no/such/folder/portal.sqlite3"}
    monkeypatch.setattr(health, "connection", ConnectionHandler({"default": refusing})["default"])


@pytest.mark.django_db
@pytest.mark.usefixtures("_stopped_database")
def test_unwell_without_a_database(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"unwell\n")
    assert "does not answer" in caplog.text


@pytest.mark.django_db
def test_one_query_once_the_tables_are_known(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")
