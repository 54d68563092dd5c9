"""A source as a Word document: real heading styles, real lists, tables with header rows, and the language."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lessons.formats.data import zipped
from lessons.formats.source import Block, Bullets, Figure, Paragraph, Run, Section, Source, Table

LINKS = ("https://", "http://", "mailto:")
DEEPEST = 6


def document(source: Source) -> bytes:
    """The .docx file: the same source gives the same bytes."""
    # Word and its XML library are slow to load, and only the worker needs them.
    from docx import Document  # noqa: PLC0415  slow to load

    book = Document()
    _set_up(book, source)
    book.add_paragraph(source.series)
    book.add_paragraph(source.title, style="Title")
    _blocks(book, source.cover)
    for section in source.parts:
        _section(book, section, 1)
    out = io.BytesIO()
    book.save(out)
    return _without_time(out.getvalue())


def _set_up(book: Any, source: Source) -> None:
    """12-point Arial on A4, left-aligned, in the source's language, with its title among the properties."""
    from docx.oxml.ns import qn  # noqa: PLC0415  slow to load
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415  slow to load

    about = book.core_properties
    about.title, about.author, about.language = source.title, source.publisher, source.language
    about.identifier, about.comments, about.last_modified_by = source.identifier, "", source.publisher
    about.created = about.modified = datetime.fromisoformat(source.modified)
    page = book.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for style in book.styles:
        if getattr(style, "font", None) is None or (style.element.rPr is None and style.name != "Normal"):
            continue
        style.font.name, style.font.italic = "Arial", None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    book.styles["Normal"].font.size = Pt(12)
    for level in range(1, DEEPEST + 1):
        heading = book.styles[f"Heading {level}"]
        heading.font.size, heading.font.color.rgb = Pt(max(12, 20 - 3 * level + 2)), RGBColor(0x1A, 0x1A, 0x1A)
        heading.font.italic = False
    book.styles["Title"].font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
    book.styles["Caption"].font.size, book.styles["Caption"].font.color.rgb = Pt(12), RGBColor(0x1A, 0x1A, 0x1A)
    defaults = book.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.find(qn("w:lang")).set(qn("w:val"), source.language)


def _section(book: Any, section: Section, level: int) -> None:
    book.add_heading(section.title, min(level, DEEPEST))
    _blocks(book, section.blocks)
    for part in section.sections:
        _section(book, part, level + 1)


def _blocks(book: Any, blocks: Sequence[Block]) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                _runs(book, book.add_paragraph(), block.runs)
            case Bullets():
                for number, item in enumerate(block.items, 1):
                    # Numbers are typed: Word would go on counting from the list before.
                    line = book.add_paragraph(style=None if block.ordered else "List Bullet")
                    _runs(book, line, ((Run(f"{number}. "),) if block.ordered else ()) + item.runs)
            case Table():
                _table(book, block)
            case Figure():
                book.add_paragraph(f"Figure: {block.title}. {block.told}")
                _table(book, block.twin)


def _table(book: Any, table: Table) -> None:
    """With its caption before it, a header row that is repeated on each page, and rows that stay whole."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to load

    caption = book.add_paragraph(table.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    headers = table.headers or ("Fact", "What it is")
    made = book.add_table(rows=0, cols=len(headers), style="Table Grid")
    for number, row in enumerate([headers, *table.rows]):
        line = made.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for place, (cell, words) in enumerate(zip(line.cells, row, strict=True)):
            cell.text = words
            for run in cell.paragraphs[0].runs if number == 0 or place == 0 else ():
                run.bold = True
    book.add_paragraph()


def _runs(book: Any, paragraph: Any, runs: Sequence[Run]) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to load
    from docx.oxml.ns import qn  # noqa: PLC0415  slow to load

    for run in runs:
        made = paragraph.add_run(_clean(run.text))
        if run.lang:
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), run.lang)
            made._r.get_or_add_rPr().append(language)
        if run.address.startswith(LINKS):
            made.font.underline = True
            link = OxmlElement("w:hyperlink")
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
            link.set(qn("r:id"), book.part.relate_to(run.address, kind, is_external=True))
            paragraph._p.append(link)
            link.append(made._r)


def _clean(text: str) -> str:
    """Without the control characters that XML has no place for."""
    return "".join(character for character in text if character >= " " or character in "\t\n")


def _without_time(content: bytes) -> bytes:
    """The same archive with no time in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return zipped({name: book.read(name) for name in book.namelist()})
