"""Recognising PDF and plain text."""

import codecs
import os
import re
from typing import IO

from django.core.exceptions import ValidationError

_TAIL = 2048
_CHUNK = 256 * 1024
_KEPT_CONTROLS = frozenset("\t\n\r\f")
_SNIFFED = 1024  # where a browser that guesses types looks for markup
_MARKUP = (b"<!doctype html", b"<html", b"<script")
# An action of these kinds; the bare words also occur in innocent addresses (“…/Launch-event”).
_PROGRAM = re.compile(rb"/S\s{0,8}/(JavaScript|Launch)\b")

NOT_A_PDF = (
    "This is not a PDF, or it is damaged: it does not begin and end as a PDF does. Open it on your computer, save or "
    "print it as a PDF again, and upload that."
)
PROGRAM_INSIDE = (
    "This PDF contains a program (a script or a command to start something). Print it to a new PDF and upload that."
)
NOT_TEXT = (
    "This is not plain text in UTF-8. In a spreadsheet choose “CSV UTF-8” when saving; in a text editor choose the "
    "encoding UTF-8."
)


def pdf(file: IO[bytes]) -> None:
    """Begins and ends as a PDF, and is nothing else as well: no page before it, no archive behind it."""
    start = file.read(_SNIFFED)
    if not start.startswith(b"%PDF-") or any(mark in start.lower() for mark in _MARKUP):
        raise ValidationError(NOT_A_PDF, code="disguised")
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    tail = file.read()
    _, end, after = tail.rpartition(b"%%EOF")
    if not end or after.strip(b"\0\t\n\f\r "):
        raise ValidationError(NOT_A_PDF, code="damaged")
    file.seek(0)
    before = b""
    while chunk := file.read(_CHUNK):
        if _PROGRAM.search(before + chunk):
            raise ValidationError(PROGRAM_INSIDE, code="program")
        before = chunk[-32:]


def text(file: IO[bytes]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := file.read(_CHUNK):
            _printable(decoder.decode(chunk))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise ValidationError(NOT_TEXT, code="disguised") from None


def _printable(words: str) -> None:
    if any(mark < " " and mark not in _KEPT_CONTROLS for mark in set(words)):
        raise ValidationError(NOT_TEXT, code="disguised")
