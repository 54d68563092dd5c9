"""The writers that need no press and no program: HTML, plain text, EPUB, Word, data, the script of a recording."""

import csv
import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from lessons.formats import data, epub, html, plain, script, word
from lessons.formats.source import Paragraph, Run, Section, para, paragraphs, walk, without_tables, words
from lessons.formats.word import document
from tests.lessons.formats.checks import word_faults
from tests.lessons.formats.sample import SAMPLE, many

EPUBCHECK = Path("/usr/share/java/epubcheck.jar")
XHTML = "{http://www.w3.org/1999/xhtml}"
OPF = "{http://www.idpf.org/2007/opf}"


def folded(text):
    return " ".join(text.split())


@pytest.mark.parametrize("write", [html.master, plain.text, epub.book, document, data.archive, script.text])
def test_the_same_source_gives_the_same_bytes(write):
    assert write(SAMPLE) == write(SAMPLE)


# The source


def test_a_table_is_told_row_by_row_and_a_figure_in_words():
    plain_source = without_tables(SAMPLE)
    told = words(SAMPLE)
    assert "Facts about lesson 1:\nTheme: Skills\nPublished: 2 March 2026" in told
    assert "Figure: Lessons by stage. Most help in design.\nDesign. Lessons: 3\nTender. Lessons: 1" in told
    assert words(plain_source) == told


def test_headings_come_in_order_each_with_an_id_of_its_own():
    found = list(walk(SAMPLE.parts))
    assert [level for level, _ in found] == [2, 2, 3, 3, 2, 2]
    assert len({section.id for _, section in found}) == len(found)


def test_a_typed_text_becomes_a_paragraph_for_each_line_with_words():
    assert paragraphs(" One \r\n\r\n two  words\n") == (para("One"), para("two words"))
    assert paragraphs(" \n ") == ()


# HTML


def test_the_master_is_a_whole_accessible_page_that_needs_nothing_else():
    page = html.master(SAMPLE).decode()
    assert page.startswith('<!doctype html>\n<html lang="en-GB">')
    assert "<title>What &lt;we&gt; learned, edition 2</title>" in page
    assert re.findall(r"<h([1-6])", page) == ["1", "2", "2", "2", "3", "3", "2", "2"]
    assert page.count("<th scope=") == 2 + 2 + 2
    assert '<section aria-labelledby="introduction">' in page  # outside main, so a landmark of its own
    assert 'href="#lesson-1"' in page
    assert '<span lang="gd"> of 2008.</span>' in page
    assert not re.search(r"<script|<link|src=|url\(|@import", page)


def test_words_stay_words_and_only_web_addresses_become_links():
    wild = Paragraph((Run("<b>&", "javascript:alert(1)"), Run("mail", "mailto:a@b.example")))
    page = html.master(replace(SAMPLE, cover=(wild,))).decode()
    assert "&lt;b&gt;&amp;" in page
    assert "javascript" not in page
    assert 'href="mailto:a@b.example"' in page


def test_on_paper_a_part_may_begin_its_own_page():
    page = html.paper(SAMPLE)
    assert page.count('class="page-break"') == 1
    assert 'href="app:pdf.css"' in page


# Plain text


def test_plain_text_has_the_words_in_order_and_no_markup():
    text = plain.text(SAMPLE).decode("utf-8-sig")
    assert "\r\n" in text
    assert "## Start preparing the tender early\r\n" in text
    assert "- Theme: Skills\r\n" in text
    assert "1. Meet each other\r\n2. Write it down." in text
    assert "A report (https://www.example.org/a-b) of 2008." in text
    assert "<h" not in text
    place = -1
    for line in words(SAMPLE).split("\n")[4:]:
        bare = line.removesuffix(" of 2008.")
        place = text.index(bare, place + 1)


# EPUB


@pytest.fixture(scope="module")
def book():
    return zipfile.ZipFile(io.BytesIO(epub.book(SAMPLE)))


def test_an_epub_begins_with_its_type_uncompressed(book):
    first = book.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.read("mimetype") == b"application/epub+zip"


def test_every_file_of_an_epub_is_well_formed_and_named_in_the_package(book):
    package = ET.fromstring(book.read("book/package.opf"))
    listed = {item.get("href"): item.get("id") for item in package.iter(f"{OPF}item")}
    inside = {name.removeprefix("book/") for name in book.namelist() if name.startswith("book/")}
    assert set(listed) == inside - {"package.opf"}
    for name in listed:
        if name.endswith("xhtml"):
            root = ET.fromstring(book.read(f"book/{name}"))
            assert root.get("lang") == "en-GB"
    spine = [item.get("idref") for item in package.iter(f"{OPF}itemref")]
    assert spine == ["title", "part1", "part2", "part3", "part4"]
    drawn = [item.get("href") for item in package.iter(f"{OPF}item") if item.get("properties") == "svg"]
    assert drawn == ["part-3.xhtml"]


def test_the_navigation_of_an_epub_leads_to_places_that_exist(book):
    nav = ET.fromstring(book.read("book/nav.xhtml"))
    for link in nav.iter(f"{XHTML}a"):
        name, _, anchor = link.get("href").partition("#")
        page = ET.fromstring(book.read(f"book/{name}"))
        assert not anchor or any(element.get("id") == anchor for element in page.iter())


@pytest.mark.skipif(not (EPUBCHECK.exists() and shutil.which("java")), reason="Debian's epubcheck is not installed")
def test_s88_an_epub_passes_the_checker(tmp_path):
    path = tmp_path / "book.epub"
    path.write_bytes(epub.book(SAMPLE))
    done = subprocess.run(["java", "-jar", EPUBCHECK, path], capture_output=True, text=True, timeout=120)
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout + done.stderr, done.stdout + done.stderr


# Word


@pytest.fixture(scope="module")
def letter():
    return docx.Document(io.BytesIO(word.document(SAMPLE)))


def test_a_word_document_has_real_headings_in_order_and_its_title(letter):
    headings = [(p.style.name, p.text) for p in letter.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert headings == [
        ("Title", SAMPLE.title), ("Heading 1", "Introduction"), ("Heading 1", "Start preparing the tender early"),
        ("Heading 2", "What happened"), ("Heading 2", "Source"), ("Heading 1", "At a glance"),
        ("Heading 1", "What next?"),
    ]  # fmt: skip
    assert letter.core_properties.title == SAMPLE.title
    assert letter.core_properties.author == "The portal"


def test_the_contents_of_a_word_document_lead_to_its_parts(letter):
    xml = letter.element.xml
    targets = re.findall(r'w:anchor="([^"]+)"', xml)
    assert len(targets) == len(SAMPLE.parts)
    assert targets == re.findall(r'w:bookmarkStart w:id="\d+" w:name="([^"]+)"', xml)
    listed = [p._p.xpath("string(.//w:hyperlink)") for p in letter.paragraphs if p.style.name == "toc 1"]
    assert listed == [section.title for section in SAMPLE.parts]
    assert xml.count('w:fldCharType="begin"') == xml.count('w:fldCharType="end"') == 1


def test_every_page_of_a_word_document_has_its_number(letter):
    assert word_faults(word.document(SAMPLE), SAMPLE) == []
    assert letter.sections[0].footer.paragraphs[0].text == "Page 1 of 1"


def test_every_table_of_a_word_document_has_a_header_row_and_a_caption(letter):
    assert len(letter.tables) == 2
    for table in letter.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    captions = [p.text for p in letter.paragraphs if p.style.name == "Caption"]
    assert captions == ["Facts about lesson 1", "Lessons by stage"]
    assert [cell.text for cell in letter.tables[1].rows[1].cells] == ["Design", "3"]


def test_a_word_document_says_its_language_and_links_are_links(letter):
    defaults = letter.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    assert defaults.get(qn("w:val")) == "en-GB"
    xml = letter.element.xml
    assert 'w:val="gd"' in xml
    targets = [rel.target_ref for rel in letter.part.rels.values() if rel.is_external]
    assert targets == ["https://www.example.org/a-b"]
    assert not any(style.font.italic for style in letter.styles if style.name in ("Normal", "Caption", "Heading 4"))


def test_control_characters_do_not_break_a_word_document():
    document = word.document(replace(SAMPLE, cover=(para("a\x0bb"),)))
    assert "ab" in [p.text for p in docx.Document(io.BytesIO(document)).paragraphs]


# Data


def test_data_is_a_zip_of_csv_files_whose_cells_no_spreadsheet_runs():
    archive = zipfile.ZipFile(io.BytesIO(data.archive(SAMPLE)))
    assert archive.namelist() == ["about.txt", "lessons.csv"]
    rows = list(csv.reader(io.StringIO(archive.read("lessons.csv").decode("utf-8-sig"))))
    assert rows == [["Number", "Lesson"], ["1", "Start early"], ["2", "'=HYPERLINK(1)"]]
    assert "2 rows of Number, Lesson" in archive.read("about.txt").decode()


# The script


def test_the_script_announces_title_length_contents_and_end():
    rest = script.chapters(SAMPLE)
    first = script.announcement(SAMPLE, rest, 7).lines
    assert first[0] == "What <we> learned, edition 2."
    assert "Published by The portal." in first[1]
    assert "about 7 minutes" in first[2]
    assert "Contents: 4 parts." in first
    assert "1: Introduction." in first
    assert rest[-1].lines[-1] == "End of What <we> learned, edition 2."
    assert not any("Checksum" in line for chapter in rest for line in chapter.lines + first)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("The PSP and the PSP.", "The PSP, spelled P S P, and the PSP."),
        ("Two PSPs and a PSP.", "Two PSPs, spelled P S P, and a PSP."),
        ("It is a PSP.", "It is a PSP, spelled P S P."),
        ("It cost £1,200 (50%).", "It cost 1,200 pounds (50 per cent)."),
        ("About £1.5 million", "About 1.5 million pounds"),
        ("See https://www.gov.scot/a-b/.", "See w w w dot gov dot scot slash a dash b."),
        ("Ask info@example.org.", "Ask info at example dot org."),
        ("Bread & butter", "Bread and butter"),
    ],
)
def test_a_line_is_said_as_people_say_it(line, said):
    assert script.spoken(line, set()) == said


def test_headings_are_announced_and_tables_read_row_by_row():
    lesson = script.chapters(SAMPLE)[1].lines
    assert lesson[0] == "Part 2 of 4. Start preparing the tender early."
    assert "Heading: What happened." in lesson
    assert lesson[2:5] == ("A list of 2 items.", "1: Theme: Skills.", "2: Published: 2 March 2026.")


def test_the_length_counts_signs_and_the_rests_at_marks_and_between_lines():
    # By hand: 16 signs (1.0608 s), four figures more (1.008 s), two marks (0.554 s), one line (0.469 s): 3.0918 s.
    line = "In 2008, we all met."
    assert script.minutes_of([script.Chapter("x", (line,) * 155)]) == 8
    assert script.minutes_of([script.Chapter("x", ("one",))]) == 1


def test_a_long_source_stays_in_order_in_the_script():
    source = many(30)
    assert [chapter.title for chapter in script.chapters(source)[1:]] == [s.title for s in source.sections]
    text = script.text(replace(source, sections=(Section("a", "Only", (para("one"),)),))).decode("utf-8-sig")
    assert text.startswith("Audio script, about 1 minutes") is False or "about 1 minute" in text
