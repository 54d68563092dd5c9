"""Recognising office documents, which are zip archives: the right parts, no programs, nothing that bursts.

No single read may be long, whatever the archive's own numbers say, so its list of contents cannot fill the memory.
Every part is read through once (never to the disk), which proves its checksum and that it is no longer than it says.
"""

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from django.core.exceptions import ValidationError

MOST_ENTRIES = 1000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
_SMALL = 1024 * 1024  # a part this small may shrink by any ratio: a blank sheet does
_LONGEST_READ = 1024 * 1024  # holds the list of contents of 1,000 parts several times over
_CHUNK = 256 * 1024
_ARCHIVE = b"PK\x03\x04"
_EMBEDDABLE = (".docx", ".xlsx", ".pptx")  # the sheet behind a chart, for one
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc and .xls, and what a password makes of .docx and .xlsx
# What zipfile says about bytes that are no archive, or not the one they claim to be.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
    OverflowError,
)  # fmt: skip

DAMAGED = (
    "This document is damaged, or it is not the kind its name says. Open it on your computer, save it again and upload "
    "that."
)
BURSTS = "This document unpacks to far more than its size. Save it again without embedded files and upload that."
MACROS = "This document contains macros (programs). Save it without them, as .docx, .xlsx, .pptx, .odt or .ods."
LOCKED = "This document is protected by a password. Save it without one: the portal decides who may read it."
LOCKED_OR_OLD = (
    "This document is protected by a password, or is of the kind office programs made before 2007. Save it without a "
    "password, as .docx, .xlsx or .pptx, and upload that."
)
EMBEDDED = (
    "This document has an archive, or a document that may hold macros, embedded in it. Take it out, save it and upload "
    "that."
)
STRANGE = "This document is built in a way office programs do not build theirs. Save it again and upload that."


class _Careful:
    """An open file that gives at most a megabyte at a time and refuses whoever needs more."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, length: int = -1, /) -> bytes:
        content = self.file.read(_LONGEST_READ + 1 if length < 0 else min(length, _LONGEST_READ + 1))
        if len(content) > _LONGEST_READ:
            raise ValidationError(BURSTS, code="bomb")
        return content


def office(main: str) -> Callable[[IO[bytes]], None]:
    """A check for Word, Excel or PowerPoint, whose main part matches `main` (some programs number it)."""

    def look(file: IO[bytes]) -> None:
        if file.read(4) == _OLD_OFFICE:
            raise ValidationError(LOCKED_OR_OLD, code="password")
        with _opened(file) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" not in names or not any(re.fullmatch(main, name) for name in names):
                raise ValidationError(DAMAGED, code="disguised")
            types = _start_of(archive, "[Content_Types].xml", _SMALL)
            if b"macroenabled" in types.lower() or any(name.lower().endswith("vbaproject.bin") for name in names):
                raise ValidationError(MACROS, code="program")
            _read_through(archive)

    return look


def open_document(content_type: str) -> Callable[[IO[bytes]], None]:
    """A check for OpenDocument: its type is its first part, in plain letters."""

    def look(file: IO[bytes]) -> None:
        with _opened(file) as archive:
            first = archive.infolist()[0]
            if first.filename != "mimetype" or _start_of(archive, "mimetype", 200) != content_type.encode():
                raise ValidationError(DAMAGED, code="disguised")
            if "content.xml" not in archive.namelist():
                raise ValidationError(DAMAGED, code="damaged")
            if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
                raise ValidationError(MACROS, code="program")
            _read_through(archive)

    return look


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(4) != _ARCHIVE:
        raise ValidationError(DAMAGED, code="disguised")
    try:
        archive = zipfile.ZipFile(_Careful(file))
    except _BROKEN:
        raise ValidationError(DAMAGED, code="damaged") from None
    parts = archive.infolist()
    if not parts:
        raise ValidationError(DAMAGED, code="damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(LOCKED, code="password")
    if len(parts) > MOST_ENTRIES or _unpacks_to_too_much(parts, size):
        raise ValidationError(BURSTS, code="bomb")
    if len({part.filename for part in parts}) < len(parts) or any(map(_is_strange, parts)):
        raise ValidationError(STRANGE, code="strange")
    return archive


def _unpacks_to_too_much(parts: list[zipfile.ZipInfo], size: int) -> bool:
    """Measured against the whole file too: parts that lie over each other each look modest."""
    total = sum(part.file_size for part in parts)
    return total > MOST_UNPACKED or _bursts(total, size) or any(_bursts(p.file_size, p.compress_size) for p in parts)


def _bursts(unpacked: int, packed: int) -> bool:
    return unpacked > _SMALL and unpacked > MOST_RATIO * packed


def _is_strange(part: zipfile.ZipInfo) -> bool:
    name = part.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    packed_oddly = part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    hidden_name = "\0" in part.orig_filename
    leads_away = name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]
    return is_link or packed_oddly or hidden_name or leads_away


def _read_through(archive: zipfile.ZipFile) -> None:
    """Every part, once: its checksum must be right, and no XML may define entities (they can burst or fetch)."""
    for part in archive.infolist():
        markup = part.filename.lower().endswith((".xml", ".rels"))
        try:
            with archive.open(part) as content:
                head = content.read(_CHUNK)
                if markup and (b"<!DOCTYPE" in head or b"<!ENTITY" in head):
                    raise ValidationError(STRANGE, code="strange")
                if head.startswith(_ARCHIVE) and not part.filename.lower().endswith(_EMBEDDABLE):
                    raise ValidationError(EMBEDDED, code="nested")
                while content.read(_CHUNK):
                    pass
        except _BROKEN:
            raise ValidationError(DAMAGED, code="damaged") from None


def _start_of(archive: zipfile.ZipFile, name: str, length: int) -> bytes:
    try:
        with archive.open(name) as content:
            return content.read(length)
    except _BROKEN:
        raise ValidationError(DAMAGED, code="damaged") from None
