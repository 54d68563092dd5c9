"""A picture without what the camera wrote into it: place, moment, owner, earlier versions. No picture is decoded here.

JPEG keeps only the segments that are needed to draw it, and which way is up; what stands behind its end (a film, a
second picture with a place of its own) is cut off. PNG keeps the chunks that draw. Specifications: ITU T.81 annex B,
TIFF 6.0 (tag 274, orientation), PNG third edition 4.7.
"""

import struct
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from foundation.files.images import DAMAGED

_END, _SCAN, _EXIF, _COMMENT = 0xD9, 0xDA, 0xE1, 0xFE
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# JFIF says the shape of a pixel, ICC and Adobe which colours are meant; the others tell of people and places.
_KEPT_APPLICATIONS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_ORIENTATIONS = range(2, 9)  # 1 is upright
_DRAWING = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
})  # fmt: skip
_PNG = b"\x89PNG\r\n\x1a\n"


def without_metadata(content: bytes, content_type: str) -> bytes:
    """The same picture, bare. ValidationError where its parts do not follow each other as they must."""
    return _bare_png(content) if content_type == "image/png" else _bare_jpeg(content)


def _bare_jpeg(content: bytes) -> bytes:
    kept, turned = [], b""
    for marker, part in _segments(content):
        if marker == _EXIF:
            turned = turned or _turned(part)
        elif _draws(marker, part):
            kept.append(part)
    return b"\xff\xd8" + turned + b"".join(kept)


def _draws(marker: int, part: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if 0xE0 <= marker <= 0xEF:
        return marker in _KEPT_APPLICATIONS and part[4:].startswith(_KEPT_APPLICATIONS[marker])
    return True


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture; a scan's data belong to its segment."""
    at = 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _END:
            yield marker, b"\xff\xd9"
            return
        length = 0 if marker in _WITHOUT_LENGTH else int.from_bytes(content[at + 2 : at + 4], "big")
        if marker not in _WITHOUT_LENGTH and length < 2:
            break
        end = at + 2 + length
        end = _end_of_scan(content, end) if marker == _SCAN else end
        yield marker, content[at:end]
        at = end
    raise ValidationError(DAMAGED.format(kind="JPEG"), code="damaged")


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next segment begins: in a scan FF is followed by 0 or by a restart mark."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and content[at + 1] not in _WITHOUT_LENGTH and content[at + 1] != 0xFF:
            return at
        at += 1 if content[at + 1] == 0xFF else 2
    return len(content)


def _turned(part: bytes) -> bytes:
    """An Exif segment that says which way is up and nothing else; empty for an upright picture."""
    tiff = part[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if part[4:10] != b"Exif\0\0" or order is None or len(tiff) < 10:
        return b""
    (first,) = struct.unpack(f"{order}I", tiff[4:8])
    count = int.from_bytes(tiff[first : first + 2], "big" if order == ">" else "little")
    entries = tiff[first + 2 : first + 2 + 12 * count]
    for place in range(0, len(entries) - 11, 12):
        tag, kind, _, value = struct.unpack(f"{order}HHIH", entries[place : place + 10])
        if tag == 274 and kind == 3 and value in _ORIENTATIONS:
            bare = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 274, 3, 1, value, 0, 0)
            return b"\xff\xe1" + struct.pack(">H", len(bare) + 8) + b"Exif\0\0" + bare
    return b""


def _bare_png(content: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if kind in _DRAWING:
            kept.append(content[at:end])
        if kind == b"IEND" and end <= len(content):
            return b"".join(kept)
        at = end
    raise ValidationError(DAMAGED.format(kind="PNG"), code="damaged")
