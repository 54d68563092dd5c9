"""A source as a Word document: real heading styles, real lists, tables with header rows, and the language.

The contents are links without page numbers: only Word itself knows on which page it will set a part, and its own
“Update table” gives them. The foot of each page has the page's number, which Word counts.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lessons.formats.data import zipped
from lessons.formats.source import Block, Bullets, Figure, Paragraph, Run, Section, Source, Table

LINKS = ("https://", "http://", "mailto:")
DEEPEST = 6
LONGEST_WHOLE = 12  # rows: a longer table may go on over the page
FIRST_OF_TWO, ROOM, ROW_SPACE = 0.35, 165, 2  # a name's share of a table of two; a line's millimetres; points


def document(source: Source) -> bytes:
    """The .docx file: the same source gives the same bytes."""
    # Word and its XML library are slow to load, and only the worker needs them.
    from docx import Document  # noqa: PLC0415  slow to load

    book = Document()
    _set_up(book, source)
    book.add_paragraph(_clean(source.series))
    book.add_paragraph(_clean(source.title), style="Title")
    _blocks(book, source.cover)
    _contents(book, source)
    for number, section in enumerate(source.parts, 1):
        _section(book, section, 1, str(number))
    _foot(book)
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
    page.left_margin = page.right_margin = Mm((210 - ROOM) / 2)
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


def _contents(book: Any, source: Source) -> None:
    """A table of contents as Word makes one, each entry a link to its part."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  slow to load

    book.add_paragraph("Contents", style="TOC Heading")
    if source.contents_note:
        book.add_paragraph(source.contents_note)
    style = book.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = book.styles["Normal"]
    style.paragraph_format.space_after = 0
    for number, section in enumerate(source.parts):
        line = book.add_paragraph(style=style)
        if number == 0:
            _field(line, 'TOC \\o "1-1" \\n \\h \\z', begins=True)
        link = _element("w:hyperlink", {"w:anchor": _place(section), "w:history": "1"})
        link.append(line.add_run(_clean(section.title))._r)
        line._p.append(link)
    if source.parts:
        line.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))
        line.paragraph_format.space_after = None


def _foot(book: Any) -> None:
    """“Page 2 of 9”, counted by the program that shows it."""
    foot = book.sections[0].footer.paragraphs[0]
    foot.add_run("Page ")
    _field(foot, "PAGE", "1")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES", "1")


def _field(paragraph: Any, what: str, shown: str = "", *, begins: bool = False) -> None:
    """A value that Word works out; `begins`: what it shows follows, and the caller ends it."""
    paragraph.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "begin"}))
    instruction = _element("w:instrText", {"xml:space": "preserve"})
    instruction.text = f" {what} "
    paragraph.add_run()._r.append(instruction)
    paragraph.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "separate"}))
    if not begins:
        paragraph.add_run(shown)
        paragraph.add_run()._r.append(_element("w:fldChar", {"w:fldCharType": "end"}))


def _element(name: str, attributes: Mapping[str, str]) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to load
    from docx.oxml.ns import qn  # noqa: PLC0415  slow to load

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def _place(section: Section) -> str:
    """The name of its bookmark: a letter, then letters, digits and underlines, 40 of them at most."""
    return f"part_{re.sub(r'[^A-Za-z0-9]', '_', section.id)}"[:40]


def _section(book: Any, section: Section, level: int, number: str = "") -> None:
    """With a bookmark at its heading when it has a number: the contents lead there."""
    heading = book.add_heading(_clean(section.title), min(level, DEEPEST))
    if number:
        heading._p.insert(1, _element("w:bookmarkStart", {"w:id": number, "w:name": _place(section)}))
        heading._p.append(_element("w:bookmarkEnd", {"w:id": number}))
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
                told = book.add_paragraph(_clean(f"Figure: {block.title}. {block.told}"))
                told.paragraph_format.keep_with_next = True
                _table(book, block.twin)


def _table(book: Any, table: Table) -> None:
    """With its caption before it, a header row that is repeated on each page, and rows that stay whole."""
    from docx.shared import Mm, Pt  # noqa: PLC0415  slow to load

    caption = book.add_paragraph(_clean(table.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    headers = table.headers or ("Fact", "What it is")
    made = book.add_table(rows=0, cols=len(headers), style="Table Grid")
    made.autofit = False
    # Its edge, not its words, stands at the margin.
    made._tbl.tblPr.append(_element("w:tblInd", {"w:w": "108", "w:type": "dxa"}))
    first = FIRST_OF_TWO if len(headers) == 2 else 1 / len(headers)
    widths = [Mm(ROOM * first)] + [Mm(ROOM * (1 - first) / max(1, len(headers) - 1))] * (len(headers) - 1)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate([headers, *table.rows]):
        line = made.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit", {}))
        if number == 0:
            properties.append(_element("w:tblHeader", {}))
        for place, (cell, words) in enumerate(zip(line.cells, row, strict=True)):
            cell.text, cell.width = _clean(words), widths[place]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(ROW_SPACE)
            paragraph.paragraph_format.keep_with_next = number < len(table.rows) <= LONGEST_WHOLE
            for run in paragraph.runs if number == 0 or place == 0 else ():
                run.bold = True
    book.add_paragraph()


def _runs(book: Any, paragraph: Any, runs: Sequence[Run]) -> None:
    for run in runs:
        made = paragraph.add_run(_clean(run.text))
        if run.lang:
            made._r.get_or_add_rPr().append(_element("w:lang", {"w:val": run.lang}))
        if run.address.startswith(LINKS):
            made.font.underline = True
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
            link = _element("w:hyperlink", {"r:id": book.part.relate_to(run.address, kind, is_external=True)})
            paragraph._p.append(link)
            link.append(made._r)


def _clean(text: str) -> str:
    """Without the control characters that XML has no place for."""
    return "".join(character for character in text if character >= " " or character in "\t\n")


def _without_time(content: bytes) -> bytes:
    """The same archive with no time in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return zipped({name: book.read(name) for name in book.namelist()})
