"""The kinds of file the portal accepts: their endings, their names in words, and how each is recognised."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import IO

from foundation.files import archives, images, papers

# Looks at the open file (at its beginning) and raises ValidationError when it is not what its ending says.
Look = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Kind:
    words: str
    content_type: str
    look: Look


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", papers.pdf),
    "docx": Kind("Word (.docx)", f"{_OFFICE}wordprocessingml.document", archives.office(r"word/document\d*\.xml")),
    "xlsx": Kind("Excel (.xlsx)", f"{_OFFICE}spreadsheetml.sheet", archives.office(r"xl/workbook\d*\.xml")),
    "pptx": Kind(
        "PowerPoint (.pptx)", f"{_OFFICE}presentationml.presentation", archives.office(r"ppt/presentation\d*\.xml")
    ),
    "odt": Kind("OpenDocument text (.odt)", f"{_OPEN}text", archives.open_document(f"{_OPEN}text")),
    "ods": Kind(
        "OpenDocument spreadsheet (.ods)", f"{_OPEN}spreadsheet", archives.open_document(f"{_OPEN}spreadsheet")
    ),
    "csv": Kind("CSV", "text/csv; charset=utf-8", papers.text),
    "txt": Kind("plain text (.txt)", "text/plain; charset=utf-8", papers.text),
    "png": Kind("PNG", "image/png", images.png),
    "jpg": Kind("JPEG", "image/jpeg", images.jpeg),
    "jpeg": Kind("JPEG", "image/jpeg", images.jpeg),
}


def in_words(only: Collection[str] = tuple(KINDS)) -> str:
    """“PDF, Word (.docx), … or JPEG”."""
    *first, last = dict.fromkeys(KINDS[ending].words for ending in only)
    return f"{', '.join(first)} or {last}" if first else last
