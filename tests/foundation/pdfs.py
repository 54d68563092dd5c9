"""Looking into a PDF, and a follower that lets a press go on."""

import re
import zlib
from collections.abc import Iterator

import pypdfium2 as pdfium


def carry_on(step: str, progress: int) -> bool:
    return True


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    with pdfium.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def unpacked(content: bytes) -> Iterator[bytes]:
    """Its compressed streams."""
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue
