"""A Word document as paragraphs. It is a zip of XML parts: two are read, with limits, and nothing else is opened."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lessons.importing.paragraphs import Paragraph, Unreadable, tidy

LARGEST_PART = 20_000_000
"""Bytes of one part once it is unpacked: a small zip may hold a very large one."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What an older Word shows in place of a text box: the same words a second time."""
_HEADING = re.compile(r"^(?:heading|berschrift|titre)\s*([1-6])$", re.IGNORECASE)
_BROKEN = "This Word file cannot be read. Open it in Word, save it as .docx and try again."


def paragraphs_of_docx(content: bytes) -> list[Paragraph]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            document = fromstring(_part(archive, "word/document.xml"))
            addresses = _addresses(archive)
    except (zipfile.BadZipFile, zlib.error, LZMAError, LookupError, ParseError, DefusedXmlException,
            NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:  # fmt: skip
        raise error if isinstance(error, Unreadable) else Unreadable(_BROKEN) from None
    found = (_paragraph(element, addresses) for element in _walk(document) if element.tag == f"{_W}p")
    return [paragraph for paragraph in found if paragraph.text]


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, read no further than the limit whatever the zip's own table says of its size."""
    with archive.open(name) as part:
        content = part.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unreadable("The text of this Word file is too large. A learning point is a few pages long.")
    return content


def _addresses(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where each link leads, by its id."""
    name = "word/_rels/document.xml.rels"
    if name not in archive.namelist():
        return {}
    relations = fromstring(_part(archive, name))
    return {row.get("Id", ""): row.get("Target", "") for row in relations if row.get("TargetMode") == "External"}


def _paragraph(element: Any, addresses: dict[str, str]) -> Paragraph:
    style = element.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val", "") if style is not None else ""
    heading = _HEADING.match(name)
    level = int(heading.group(1)) if heading else int(name.lower() == "title")
    bullet = element.find(f"{_W}pPr/{_W}numPr") is not None or name.lower().startswith("list")
    links = tuple(
        (words, address)
        for link in _walk(element, f"{_W}p")
        if link.tag == f"{_W}hyperlink"
        and (address := addresses.get(link.get(f"{_R}id", ""), "")).startswith(("http://", "https://"))
        and (words := _text(link))
    )
    return Paragraph(_text(element), level, bullet and not level, links)


def _text(element: Any) -> str:
    """Its words; what was struck out by a tracked change is not among them, nor what stands in a paragraph within."""
    pieces = []
    for node in _walk(element, f"{_W}p", f"{_W}hyperlink" if element.tag == f"{_W}hyperlink" else ""):
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            pieces.append(" ")
    return tidy("".join(pieces))


def _walk(element: Any, *closed: str) -> Iterator[Any]:
    """Everything inside, in reading order, without what stands inside an element of a `closed` tag.

    A file may hold paragraphs within paragraphs, a million deep: each word is read once, by the innermost of them.
    """
    waiting = list(reversed(element))
    while waiting:
        node = waiting.pop()
        if node.tag not in (*closed, _FALLBACK):
            yield node
            waiting.extend(reversed(node))
