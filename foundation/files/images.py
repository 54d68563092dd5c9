"""Recognising PNG and JPEG from their headers alone: no picture is ever decoded here."""

import os
import struct
from typing import IO

from django.core.exceptions import ValidationError

MOST_PIXELS = 50_000_000
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_SEGMENTS = 2000

DAMAGED = (
    "This picture is damaged, or it is not the kind its name says. Open it on your computer, save it again as {kind} "
    "and upload that."
)
TOO_MANY_PIXELS = "This picture is {width} × {height} pixels. The largest accepted has 50 million: make it smaller."


def png(file: IO[bytes]) -> None:
    head = file.read(33)
    if len(head) < 33 or head[:8] != b"\x89PNG\r\n\x1a\n" or head[8:16] != b"\x00\x00\x00\rIHDR":
        raise _damaged("PNG")
    _sensible(*struct.unpack(">II", head[16:24]), kind="PNG")
    if b"IEND" not in _tail(file, 64):
        raise _damaged("PNG")


def jpeg(file: IO[bytes]) -> None:
    if file.read(2) != b"\xff\xd8":
        raise _damaged("JPEG")
    _sensible(*_frame_size(file), kind="JPEG")
    if b"\xff\xd9" not in _tail(file, 65536):
        raise _damaged("JPEG")


def _frame_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height from the start-of-frame segment, stepping over those before it."""
    for _ in range(_MOST_SEGMENTS):
        marker = file.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        if marker[1] == 0xFF:
            file.seek(-1, os.SEEK_CUR)
            continue
        if marker[1] in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(file.read(2), "big")
        if marker[1] in _START_OF_FRAME:
            frame = file.read(5)
            if len(frame) < 5:
                break
            height, width = struct.unpack(">HH", frame[1:])
            return width, height
        if length < 2 or marker[1] in (0xD9, 0xDA):
            break
        file.seek(length - 2, os.SEEK_CUR)
    raise _damaged("JPEG")


def _sensible(width: int, height: int, *, kind: str) -> None:
    if not width or not height:
        raise _damaged(kind)
    if width * height > MOST_PIXELS:
        raise ValidationError(TOO_MANY_PIXELS.format(width=f"{width:,}", height=f"{height:,}"), code="pixels")


def _tail(file: IO[bytes], length: int) -> bytes:
    file.seek(max(0, file.seek(0, os.SEEK_END) - length))
    return file.read()


def _damaged(kind: str) -> ValidationError:
    return ValidationError(DAMAGED.format(kind=kind), code="disguised")
