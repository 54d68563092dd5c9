"""Keeping bytes: whole or not at all, never overwritten, handed out as downloads only, nothing left behind."""

import errno
import hashlib
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction

from foundation.database import clock
from foundation.files import store
from foundation.files.models import StoredFile
from tests.factories.accounts import PersonFactory
from tests.foundation.samples import PDF

pytestmark = pytest.mark.django_db


def files_under(folder: Path) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def keep(name: str = "plan.pdf", content: bytes = PDF) -> StoredFile:
    return store.keep_upload(SimpleUploadedFile(name, content), scope="partnership:x", by=None)


def test_an_upload_is_kept_whole_under_a_key_of_its_own(settings):
    person = PersonFactory()
    file = store.keep_upload(SimpleUploadedFile("../plan.pdf", PDF), scope="partnership:x", by=person)
    assert (file.name, file.content_type, file.size) == ("plan.pdf", "application/pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (file.kept_by, file.scope, file.audit_scope) == (person, "partnership:x", "partnership:x")
    [path] = files_under(settings.FILES_DIR)
    assert path == settings.FILES_DIR / file.key[:2] / file.key[2:4] / file.key
    assert path.read_bytes() == PDF


def test_an_upload_that_lies_in_a_temporary_file_is_kept_too():
    upload = TemporaryUploadedFile("plan.pdf", "application/pdf", len(PDF), None)
    upload.write(PDF)
    file = store.keep_upload(upload, scope="", by=None)
    assert store.path_of(file).read_bytes() == PDF


def test_a_refused_upload_leaves_nothing(settings):
    with pytest.raises(ValidationError, match="not a PDF"):
        keep(content=b"<html>")
    assert not StoredFile.objects.exists()
    assert not files_under(settings.FILES_DIR)


def test_the_same_content_twice_is_two_files_with_one_hash(settings):
    first, second = keep(), keep()
    assert first.key != second.key
    assert first.sha256 == second.sha256
    assert len(files_under(settings.FILES_DIR)) == 2


def test_nothing_is_ever_overwritten(monkeypatch, settings):
    monkeypatch.setattr(store.secrets, "token_hex", lambda n: "ab" * 16)
    keep()
    with pytest.raises(store.NoRoom), transaction.atomic():
        store.keep_bytes(b"other", name="b.txt", content_type="text/plain", scope="", by=None)
    [path] = files_under(settings.FILES_DIR)
    assert path.read_bytes() == PDF


def test_too_little_room_is_said_before_anything_is_written(settings):
    settings.MIN_FREE_BYTES = 1 << 60
    with pytest.raises(ValidationError, match="too little disk space"):
        keep()
    assert not files_under(settings.FILES_DIR)
    assert not StoredFile.objects.exists()


def test_a_disk_that_fills_up_while_writing_leaves_no_part_of_the_file(settings, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(store.NoRoom):
        keep()
    assert not files_under(settings.FILES_DIR)


@pytest.mark.parametrize("failing", [1, 2])
def test_a_disk_that_fails_at_either_flush_leaves_neither_bytes_nor_row(settings, monkeypatch, failing):
    """The first flush is of the bytes, the second of their name, when they already lie in their place."""
    flush, flushed = os.fsync, []

    def fail_once(descriptor: int) -> None:
        flushed.append(descriptor)
        if len(flushed) == failing:
            raise OSError(errno.EIO, "Input/output error")
        flush(descriptor)

    monkeypatch.setattr(store.os, "fsync", fail_once)
    with pytest.raises(store.NoRoom):
        keep()
    assert len(flushed) == failing
    assert not files_under(settings.FILES_DIR)
    assert not StoredFile.objects.exists()
    assert keep().size == len(PDF), "the next one is kept"


def test_an_upload_that_breaks_off_leaves_nothing(settings):
    def chunks():
        yield b"x" * 1000
        raise ConnectionResetError

    with pytest.raises(store.NoRoom):
        store._keep(chunks(), name="a.txt", content_type="text/plain", scope="", by=None)
    assert not files_under(settings.FILES_DIR)


def test_a_reader_never_meets_half_a_file(settings):
    """While slow chunks arrive, no file is visible at its place."""
    seen: list[list[Path]] = []

    def chunks():
        for _ in range(5):
            seen.append([path for path in files_under(settings.FILES_DIR) if path.parent.name != "tmp"])
            yield b"x" * 1000

    file = store._keep(chunks(), name="a.txt", content_type="text/plain", scope="", by=None)
    assert seen == [[]] * 5
    assert store.path_of(file).stat().st_size == 5000


def test_many_keep_at_once(settings):
    paths: list[Path] = []

    def one(writer: int) -> None:
        for n in range(20):
            path = store._path(f"{writer:030x}{n:02x}")
            store._write(path, [b"x" * 1000])
            paths.append(path)

    threads = [threading.Thread(target=one, args=[writer]) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 160
    assert all(path.stat().st_size == 1000 for path in paths)


def test_the_sweep_passes_over_a_file_that_vanishes_while_it_looks(settings, monkeypatch):
    keep()
    listed = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda folder: [*listed(folder), folder / "gone"])
    with clock.at(clock.now() + timedelta(hours=25)):
        assert store.sweep_orphans() == 0
    assert len(files_under(settings.FILES_DIR)) == 1


def test_a_rolled_back_transaction_leaves_bytes_that_the_sweep_removes_a_day_later(settings):
    kept = keep()
    with transaction.atomic():
        keep()
        transaction.set_rollback(True)
    (settings.FILES_DIR / "tmp" / "killed-while-writing").write_bytes(b"half")
    assert len(files_under(settings.FILES_DIR)) == 3
    assert store.sweep_orphans() == 0, "a transaction may still be under way"
    with clock.at(clock.now() + timedelta(hours=25)):
        assert store.sweep_orphans() == 2
        assert store.sweep_orphans() == 0
    assert files_under(settings.FILES_DIR) == [store.path_of(kept)]
