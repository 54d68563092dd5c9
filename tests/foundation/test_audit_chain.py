"""The chain finds every edit, removal, insertion, swap and cut tail; the triggers refuse them in the first place."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from foundation.audit.append_only import guarded_tables, guards_lifted
from foundation.audit.chain import scopes, verify
from foundation.audit.events import record
from foundation.audit.models import AuditEvent, ChainHead
from tests.factories.accounts import OrganisationFactory

LENGTH = 6
TEXT_COLUMNS = ("actor_name", "action", "outcome", "object_name", "summary", "reason", "previous_hash", "hash")


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def write_chain(length: int = LENGTH):
    organisation = OrganisationFactory()
    for number in range(length):
        record(
            "organisation.change",
            on=organisation,
            by=None,
            summary=f"changed it for the {number}th time",
            reason="Because",
            before={"number": number, "share": Decimal("1.50"), "ratio": 1e22},
            after={"number": number + 1},
        )
    return organisation.audit_scope


@pytest.mark.django_db
class TestTheTriggers:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit_auditevent SET summary = 'nothing happened'",
            "DELETE FROM audit_auditevent",
            "DELETE FROM audit_auditevent WHERE seq = 6",
        ],
    )
    def test_raw_sql_is_refused(self, sql):
        scope = write_chain()
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            run(sql)
        assert AuditEvent.objects.of(scope).count() == LENGTH
        assert verify(scope) == []

    @pytest.mark.parametrize("way", ["save", "update", "bulk_update", "delete", "delete_all"])
    def test_every_way_of_the_orm_is_refused(self, way):
        scope = write_chain()
        event = AuditEvent.objects.of(scope).first()
        event.summary = "nothing happened"
        ways = {
            "save": lambda: event.save(),
            "update": lambda: AuditEvent.objects.of(scope).update(summary=""),
            "bulk_update": lambda: AuditEvent.objects.bulk_update([event], ["summary"]),
            "delete": lambda: event.delete(),
            "delete_all": lambda: AuditEvent.objects.all().delete(),
        }
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            ways[way]()
        assert verify(scope) == []

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="the hole is SQLite's own")
    def test_replacing_a_row_is_refused_on_sqlite_too(self):
        write_chain()
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            run("INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent WHERE seq = 3")

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    def test_truncating_is_refused_on_postgresql(self):
        with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
            run("TRUNCATE audit_auditevent CASCADE")

    def test_lifting_the_guards_puts_them_back(self):
        before = sorted(guarded_tables(connection))
        assert "audit_auditevent" in before
        with guards_lifted(connection):
            assert guarded_tables(connection) == []
        assert sorted(guarded_tables(connection)) == before


@pytest.mark.django_db
class TestTheCommand:
    def test_it_counts_the_whole_chains(self, capsys):
        write_chain()
        write_chain(2)
        call_command("audit_verify")
        assert "2 chains checked, 0 faults." in capsys.readouterr().out

    def test_it_names_the_broken_scope_and_exits_with_1(self, capsys):
        scope = write_chain()
        with guards_lifted(connection):
            run("UPDATE audit_auditevent SET summary = 'something else' WHERE seq = 4")
        with pytest.raises(SystemExit) as end:
            call_command("audit_verify")
        assert end.value.code == 1
        assert f"{scope}: event 4 does not fit the chain." in capsys.readouterr().out

    def test_events_whose_head_was_removed_are_found(self):
        scope = write_chain()
        ChainHead.objects.all().delete()
        assert scopes() == [scope]
        assert verify(scope) == [f"{scope}: the chain ends at {LENGTH}, its head says nothing."]


def edit(scope, seq, column, text):
    run(f"UPDATE audit_auditevent SET {column} = %s WHERE scope = %s AND seq = %s", text, scope, seq)


def remove(scope, seq, column, text):
    run("DELETE FROM audit_auditevent WHERE scope = %s AND seq = %s", scope, seq)


def cut_the_tail(scope, seq, column, text):
    run("DELETE FROM audit_auditevent WHERE scope = %s AND seq >= %s", scope, seq)


def move_in_time(scope, seq, column, text):
    event = AuditEvent.objects.get(scope=scope, seq=seq)
    AuditEvent.objects.filter(pk=event.pk).update(at=event.at + timedelta(microseconds=1000))


def swap_with_the_next(scope, seq, column, text):
    other = seq % LENGTH + 1
    for old, new in ((seq, 99), (other, seq), (99, other)):
        run("UPDATE audit_auditevent SET seq = %s WHERE scope = %s AND seq = %s", new, scope, old)


def insert_another(scope, seq, column, text):
    forged = AuditEvent.objects.get(scope=scope, seq=seq)
    for row in AuditEvent.objects.filter(scope=scope, seq__gt=seq).order_by("-seq"):
        AuditEvent.objects.filter(pk=row.pk).update(seq=row.seq + 1)
    forged.pk, forged.seq, forged.summary = None, seq + 1, text
    forged.save(force_insert=True)


class TestTampering(TestCase):
    """Raw SQL with the guards lifted, as the owner of a database could do it."""

    @given(
        tamper=st.sampled_from([edit, remove, cut_the_tail, move_in_time, swap_with_the_next, insert_another]),
        seq=st.integers(1, LENGTH),
        column=st.sampled_from(TEXT_COLUMNS),
        text=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9),
    )
    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    def test_every_tampering_is_found(self, tamper, seq, column, text):
        scope = write_chain()
        assert verify(scope) == []
        with guards_lifted(connection):
            tamper(scope, seq, column, text)
        assert verify(scope), f"{tamper.__name__} of event {seq} was not found"
