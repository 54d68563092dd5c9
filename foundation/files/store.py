"""Keeping bytes: written whole or not at all, under a random key, never overwritten, handed out as attachments only.

A file is `FILES_DIR/ab/cd/abcd…`. It is written under `FILES_DIR/tmp`, flushed to the disk and then linked to its
place: a link fails when something is there already, and a reader never meets half a file. Should the transaction that
kept it roll back, bytes without a row remain; `sweep_orphans` removes them a day later.
"""

import contextlib
import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from foundation.database import clock
from foundation.files import checks
from foundation.files.metadata import without_metadata
from foundation.files.models import StoredFile
from foundation.files.names import extension, label

logger = logging.getLogger(__name__)

UNTOUCHED_FOR = timedelta(days=1)
_TEMPORARY = "tmp"
# No browser will run, frame, guess at, keep or hand on what comes with these.
ARMOUR: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class NoRoom(ValidationError):
    """The disk is too full to keep another file."""

    def __init__(self) -> None:
        super().__init__(
            "The portal has too little disk space left to keep this file. Nothing was saved. Try again later; "
            "if it keeps happening, tell the people who run the portal.",
            code="no_room",
        )


def keep_upload(upload: "UploadedFile[bytes]", *, scope: str, by: AbstractBaseUser | None) -> StoredFile:
    """Check an upload and keep it; ValidationError with a sentence when it is refused."""
    content_type = checks.content_type_of(upload)
    upload.seek(0)
    return _keep(upload.chunks(), name=upload.name or "", content_type=content_type, scope=scope, by=by)


def keep_photo(upload: "UploadedFile[bytes]", *, scope: str, by: AbstractBaseUser | None) -> StoredFile:
    """Check a picture and keep it without what the camera wrote into it; its file's name is not kept either."""
    content_type = checks.picture_type_of(upload)
    bare = without_metadata(upload.read(), content_type)
    name = f"photo.{extension(upload.name or '')}"
    return _keep([bare], name=name, content_type=content_type, scope=scope, by=by)


def keep_bytes(content: bytes, *, name: str, content_type: str, scope: str, by: AbstractBaseUser | None) -> StoredFile:
    """Keep a document the portal made itself."""
    return _keep([content], name=name, content_type=content_type, scope=scope, by=by)


def path_of(file: StoredFile) -> Path:
    return _path(file.key)


def respond(file: StoredFile) -> FileResponse:
    """The file as a download: an attachment in armour."""
    try:
        content = path_of(file).open("rb")
    except FileNotFoundError:
        logger.error("the bytes of file %s are missing from the store", file.public_id)
        raise Http404(f"The content of “{file.name}” is missing from the portal's store.") from None
    return FileResponse(
        content, as_attachment=True, filename=label(file.name), content_type=file.content_type, headers=ARMOUR
    )


def disposition(name: str) -> str:
    """The Content-Disposition `respond` gives, for bytes that do not lie in the store."""
    return content_disposition_header(True, label(name)) or "attachment"


def remove(file: StoredFile) -> None:
    """Take a file back that must not be read any more: its row now, its bytes once the transaction is committed."""
    path = path_of(file)
    file.delete()
    transaction.on_commit(partial(path.unlink, missing_ok=True))


def sweep_orphans(untouched_for: timedelta = UNTOUCHED_FOR) -> int:
    """Remove bytes no row knows: left by a transaction that rolled back or a process that was killed."""
    before = clock.now().timestamp() - untouched_for.total_seconds()
    removed = 0
    for folder in _folders():
        old = {path.name: path for path in _written_before(before, folder)}
        if folder.name != _TEMPORARY:
            for key in StoredFile.objects.filter(key__in=old).values_list("key", flat=True):
                del old[key]
        for path in old.values():
            path.unlink(missing_ok=True)
        removed += len(old)
    return removed


def _folders() -> Iterator[Path]:
    root = Path(settings.FILES_DIR)
    if (root / _TEMPORARY).is_dir():
        yield root / _TEMPORARY
    yield from root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")


def _written_before(moment: float, folder: Path) -> Iterator[Path]:
    for path in list(folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):  # a temporary file may reach its place while we look
            if path.is_file() and path.stat().st_mtime < moment:
                yield path


def _keep(
    chunks: Iterable[bytes], *, name: str, content_type: str, scope: str, by: AbstractBaseUser | None
) -> StoredFile:
    key = secrets.token_hex(16)
    try:
        size, sha256 = _write(_path(key), chunks)
    except OSError as error:
        logger.error("could not keep a file: %s", error)
        raise NoRoom from error
    return StoredFile.objects.create(
        key=key,
        name=label(name),
        content_type=content_type,
        size=size,
        sha256=sha256,
        scope=scope,
        kept_by_id=by.pk if by else None,
    )


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    temporary = Path(settings.FILES_DIR) / _TEMPORARY / path.name
    for folder in (temporary.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < settings.MIN_FREE_BYTES:
        raise NoRoom
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.link(temporary, path)
        _flush_or_unlink(path)
    finally:
        temporary.unlink(missing_ok=True)
    return size, digest.hexdigest()


def _flush_or_unlink(path: Path) -> None:
    """Make the new name as durable as the bytes, or take it back: its row will not be written."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(folder)


def _path(key: str) -> Path:
    return Path(settings.FILES_DIR) / key[:2] / key[2:4] / key
