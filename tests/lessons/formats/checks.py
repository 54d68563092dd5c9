"""What a finished file is measured against: each check says in words what is wrong; nothing when all is well.

Used by the tests of the writers and by `scripts/validate_library.py`, which asks them of the whole demo library.
"""

import csv
import ctypes
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise

import docx
import mutagen.mp3
import pypdfium2
from pypdfium2 import raw

from lessons.formats import plain, script
from lessons.formats.braille import Layout, printable
from lessons.formats.source import Source, walk
from lessons.formats.translator import to_braille, to_print

ALLOWED = frozenset(range(0x20, 0x60)) | {0x0A, 0x0C, 0x0D}
HUNDREDTH = 0.01  # of a point: how sizes are rounded in a PDF


def runs(pdf: bytes) -> Iterator[tuple[float, int, str, str]]:
    """(size in points, slant in degrees, font's name, text) of every piece of text in the file."""
    document = pypdfium2.PdfDocument(pdf)
    for sheet in document:
        reader = sheet.get_textpage()
        for piece in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            size, slant = ctypes.c_float(), ctypes.c_int()
            raw.FPDFTextObj_GetFontSize(piece, size)
            font = raw.FPDFTextObj_GetFont(piece)
            raw.FPDFFont_GetItalicAngle(font, slant)
            name = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, 200)
            matrix = piece.get_matrix()
            # The text matrix may turn or lean the letters by itself.
            leans = slant.value or round(matrix.c * 100)
            text = reader.get_text_bounded(*piece.get_bounds())
            yield size.value * abs(matrix.d), leans, name.value.decode(), text


def large_print_faults(pdf: bytes, points: int) -> list[str]:
    found = list(runs(pdf))
    told = [] if found else ["no text"]
    for size, slant, font, text in found:
        if size < points - HUNDREDTH:
            told.append(f"{size:.1f} pt: {text!r}")
        if slant or re.search("italic|oblique", font, re.IGNORECASE):
            told.append(f"italic ({font}): {text!r}")
    return told


def shape_faults(book: bytes, layout: Layout) -> list[str]:
    """Lines, pages and bytes of a braille file."""
    told = [f"byte {byte:#x}" for byte in sorted(set(book) - ALLOWED)]
    for number, page in enumerate(book.decode("latin-1").split("\f"), 1):
        lines = page.removesuffix("\r\n").split("\r\n")
        if len(lines) > layout.lines:
            told.append(f"page {number} has {len(lines)} lines")
        told += [f"page {number}: {len(line)} cells: {line}" for line in lines if len(line) > layout.cells]
    return told


def braille_faults(book: bytes, source: Source, table: str) -> list[str]:
    """Whether every line of the plain text is in the braille, in order, and comes back from it as it was.

    The layout cuts a word that is longer than a line, so cells are compared without their spaces; then each line's
    cells go back to print, and letters and digits are compared (liblouis does not give every quotation mark back).
    """
    # The braille has the title before the series, the plain text after it.
    lines = _lines(source)[2:]
    cells = to_braille([printable(line) for line in lines], table)
    pages = [page.removesuffix("\r\n").split("\r\n")[:-1] for page in book.decode("ascii").split("\f")]
    whole, place = _close("".join(line for page in pages for line in page)), 0
    told = []
    for line, of_line in zip(lines, cells, strict=True):
        at = whole.find(_close(of_line), place)
        if at < 0:
            told.append(f"not in the braille, or not in its place: {line[:80]}")
        else:
            place = at + len(_close(of_line))
    backs = to_print(cells, table)
    changed = [(line, back) for line, back in zip(lines, backs, strict=True) if _same(printable(line)) != _same(back)]
    return told + [f"comes back as {back[:80]!r}: {line[:80]!r}" for line, back in changed]


def _same(text: str) -> str:
    """“enough” is the sign of “en” alone (Rules of UEB 10.5), and liblouis reads that one sign back as “en”."""
    return _letters(re.sub(r"\benough\b", "en", text, flags=re.IGNORECASE))


def _lines(source: Source) -> list[str]:
    """The lines of the plain text, which another writer made, without its marks of headings and lists."""
    text = plain.text(source).decode("utf-8-sig").split("\r\n")
    return [bare for line in text if (bare := re.sub(r"^(#+|-|\d+\.) ", "", line))]


def _close(cells: str) -> str:
    return cells.replace(" ", "")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def recording_faults(mp3: bytes, source: Source) -> list[str]:
    """Length and chapters as another library reads them, against the file's own mark and the script."""
    found = mutagen.mp3.MP3(io.BytesIO(mp3))
    declared = int(found.tags["TLEN"].text[0])
    told = []
    if abs(found.info.length * 1000 - declared) > 100:
        told.append(f"lasts {found.info.length * 1000:.0f} ms, and says {declared}")
    chapters = sorted(found.tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    titles = [chapter.sub_frames["TIT2"].text[0] for chapter in chapters]
    wanted = ["Title and contents", *(chapter.title for chapter in script.chapters(source))]
    if titles != wanted:
        told.append(f"chapters {titles}, not {wanted}")
    if not chapters or chapters[0].start_time != 0 or chapters[-1].end_time != declared:
        told.append("the chapters do not reach from the beginning to the end")
    told += [
        f"a gap before chapter {after.element_id}"
        for before, after in pairwise(chapters)
        if not before.end_time == after.start_time > before.start_time
    ]
    listed = found.tags.getall("CTOC")[0].child_element_ids
    return told if listed == [chapter.element_id for chapter in chapters] else [*told, "the table of chapters differs"]


def headings(source: Source) -> list[str]:
    return [section.title for _, section in walk(source.parts)]


def word_faults(document: bytes, source: Source) -> list[str]:
    """Headings, title, header rows and page numbers as another library reads them."""
    book = docx.Document(io.BytesIO(document))
    found = [p.text for p in book.paragraphs if p.style.name.startswith("Heading")]
    told = [] if found == headings(source) else [f"headings {found}"]
    if book.core_properties.title != source.title:
        told.append(f"its title is {book.core_properties.title!r}")
    without = [table for table in book.tables if "w:tblHeader" not in table.rows[0]._tr.xml]
    told += [f"{len(without)} tables without a header row"] if without else []
    if "PAGE" not in book.sections[0].footer._element.xml:
        told.append("no page numbers")
    return told


def outline_faults(pdf: bytes, source: Source) -> list[str]:
    """A PDF that an office program made of the Word document: its outline is the headings, if it understood them."""
    found = [_letters(mark.get_title()) for mark in pypdfium2.PdfDocument(pdf).get_toc()]
    return [] if found == [_letters(title) for title in headings(source)] else [f"the outline is {found}"]


def data_faults(archive: bytes, source: Source) -> list[str]:
    """Every sheet is there, with all its rows."""
    told = []
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for sheet in source.data:
            rows = list(csv.reader(io.StringIO(files.read(f"{sheet.name}.csv").decode("utf-8-sig"), newline="")))
            if len(rows) != len(sheet.rows) + 1 or any(len(row) != len(sheet.headers) for row in rows):
                told.append(f"{sheet.name} has {len(rows)} rows")
    return told


def text_faults(text: bytes, source: Source) -> list[str]:
    """Plain text or a script: UTF-8, and every heading stands in it, in order."""
    rest = iter(_letters(line) for line in text.decode("utf-8-sig").splitlines())
    return [
        f"heading lost: {title}"
        for title in headings(source)
        if not any(line.endswith(_letters(title)) for line in rest)
    ]
