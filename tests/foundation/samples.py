"""Small honest and dishonest files, built in memory."""

import io
import struct
import zipfile
import zlib

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}


def packed(parts: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(ending: str, **more: bytes) -> bytes:
    parts = {"[Content_Types].xml": TYPES, MAIN[ending]: b"<document/>"}
    return packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def office_with(ending: str, parts: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    return packed({"[Content_Types].xml": TYPES, MAIN[ending]: b"<document/>"} | parts, how=how)


def open_document(ending: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODF[ending], compress_type=zipfile.ZIP_STORED)
        archive.writestr("content.xml", b"<office:document-content/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2, comment: bytes = b"hello") -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    note = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return b"\xff\xd8" + note + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\xd9"


def edited(archive: bytes, offset_in_listing: int, value: bytes) -> bytes:
    """`archive` with bytes of its first central-directory record replaced."""
    at = archive.index(b"PK\x01\x02") + offset_in_listing
    return archive[:at] + value + archive[at + len(value) :]
