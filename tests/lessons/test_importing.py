"""Importing an existing publication: every reader, the blocks, files that cannot be read, and the two steps."""

import io
import time
import zipfile
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent
from lessons.actions.importing import first_sentence, import_learning_point
from lessons.actions.learning_point import learning_points_series
from lessons.importing import Unreadable, docx, read
from lessons.lifecycle import LessonState
from lessons.models import LearningPoint, Lesson
from tests.factories.accounts import PersonFactory
from tests.reading import text

TXT = """LEARNING POINT 7: community transport partnerships (CTPs)

FOR MORE INFORMATION

Please contact:

The Example Centre

1 High Street, Anytown
telephone 0141 000 0000
email: centre@example.org

A report on minibuses www.example.org/minibuses

What is this learning point about?

It looks at two pilots:

- A dial-a-bus; and
- a lift-share.

What are the important issues?

- Buses run
half empty.
- Nobody knows the timetable.

The views expressed in learning points are those of participants.

March 2009

What has been learned?

Drivers need time to train. It cannot be done on a Monday.

Funding should cover:

- a co-ordinator; and
- fuel.

What next?

- Share the buses.

Printed on paper
"""
MD = """# Community transport partnerships

## What is this learning point about?
It looks at **two** pilots.

## What has been learned?
Drivers need time to train.

- See [the report](https://example.org/report) first.

What next?
----------
* Share the buses.
"""
HTML = """<html><head><title>no</title><style>p{}</style></head><body><nav><p>Menu</p></nav>
<h1>Community transport partnerships</h1><h2>What has been learned?</h2>
<p>Drivers need time <b>to train</b>.</p><script>alert(1)</script>
<ul><li><p>See <a href="https://example.org/report">the report</a> first.</p></li></ul>
<h2>What next?</h2><ul><li>Share the buses.</li></ul></body></html>"""


def word(*paragraphs: str, rels: str = "") -> bytes:
    """A Word file as Word writes it, as far as it matters here."""
    space = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {space}><w:body>{''.join(paragraphs)}</w:body></w:document>"
        )
        if rels:
            archive.writestr(
                "word/_rels/document.xml.rels",
                f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}</Relationships>',
            )
    return file.getvalue()


def p(words: str, style: str = "", bullet: bool = False) -> str:
    numbered = "<w:numPr/>" if bullet else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbered}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'


DOCX = word(
    p("Community transport partnerships", "Title"),
    p("What has been learned?", "Heading2"),
    p("Drivers need time to train."),
    '<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t xml:space="preserve">See </w:t></w:r><w:hyperlink r:id="rId1"><w:r>'
    "<w:t>the report</w:t></w:r></w:hyperlink><w:r><w:t> first.</w:t></w:r></w:p>",
    p("What next?", "Heading2"),
    p("Share the buses.", bullet=True),
    rels='<Relationship Id="rId1" Target="https://example.org/report" TargetMode="External"/>',
)


def test_a_text_is_laid_out_by_its_headings():
    found = read("point.txt", TXT.encode())
    assert (found.number, found.title, found.abbreviation) == (7, "Community transport partnerships", "CTPs")
    assert found.first_published == "Learning point 7, March 2009"
    assert found.texts["publisher"] == "The Example Centre"
    assert (found.texts["telephone"], found.texts["email"]) == ("0141 000 0000", "centre@example.org")
    assert found.texts["postal_address"] == "1 High Street, Anytown"
    assert found.links == [("A report on minibuses", "https://www.example.org/minibuses")]
    assert found.texts["disclaimer"].startswith("The views expressed")
    assert found.lines["projects"] == ["A dial-a-bus; and", "a lift-share."]
    assert found.lines["issues"] == ["Buses run half empty.", "Nobody knows the timetable."]
    assert found.learned == [
        "Drivers need time to train. It cannot be done on a Monday.",
        "Funding should cover: a co-ordinator; and fuel.",
    ]
    assert found.lines["next"] == ["Share the buses. Printed on paper"]
    assert found.unplaced == ["Please contact:"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.md", MD.encode()), ("a.html", HTML.encode()), ("A.DOCX", DOCX)],
    ids=["md", "html", "docx"],
)
def test_every_format_says_the_same(name, content):
    found = read(name, content)
    assert found.title == "Community transport partnerships"
    assert found.learned == ["Drivers need time to train.", "See the report first."]
    assert found.links == [("the report", "https://example.org/report")]
    assert found.lines["next"] == ["Share the buses."]
    assert found.unplaced == []


BOMB = word(p("x" * 3000) * 9000)


def _xml_in(code: str) -> bytes:
    """A document that says its letters are in a code that they are not in."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f'<?xml version="1.0" encoding="{code}"?><w/>')
    return file.getvalue()


def _damaged(content: bytes) -> bytes:
    """Squeezed text with its first byte changed to a kind of block that does not exist."""
    at = content.index(b"word/document.xml") + len("word/document.xml")
    return content[:at] + b"\xff" + content[at + 1 :]


LAUGHS = word('<!DOCTYPE a [<!ENTITY b "c">]>')
BAD = [
    ("a.pdf", b"%PDF-1.7", "ends in .docx"),
    ("a", b"text", "ends in .docx"),
    ("a.docx", b"not a zip", "cannot be read"),
    ("a.docx", word()[:60], "cannot be read"),
    ("a.docx", word("<w:p>"), "cannot be read"),
    ("a.docx", LAUGHS, "cannot be read"),
    ("a.docx", BOMB, "too large"),
    ("a.docx", _xml_in("no-such-code"), "cannot be read"),
    ("a.docx", _xml_in("base64"), "cannot be read"),
    ("a.docx", DOCX.replace(b"word/document.xml", b"word/document.xmx"), "cannot be read"),
    ("a.docx", _damaged(DOCX), "cannot be read"),
    ("a.txt", b"GIF89a\x00\x01", "not a text file"),
    ("a.txt", b"   \n\n ", "holds no text"),
    ("a.html", b"<script>x</script>", "holds no text"),
    ("a.md", b"a\n\n" * 2001, "2,000 paragraphs"),
    ("a.txt", b"x" * 5_000_001, "larger than 5 MB"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[f"{n}: {s}" for n, _, s in BAD])
def test_a_file_that_cannot_be_read_says_why(name, content, said):
    with pytest.raises(Unreadable, match=said):
        read(name, content)


MANY = 20_000
WORN = [
    ("a.html", '<a b="' * MANY), ("a.html", "<a '" * MANY), ("a.html", "<!-- > " * MANY), ("a.html", "<![" * MANY),
    ("a.html", "</" * MANY), ("a.html", f"<a {'b ' * MANY}>x"), ("a.html", f"<p>{'<script> ' * MANY}"),
    ("a.md", "[" * MANY), ("a.md", "[a](b" * MANY), ("a.md", "<https://" * MANY), ("a.md", f"# {' #' * MANY}x"),
    ("a.txt", "a\n" * 20 * MANY), ("a.txt", f"For more information\n\n{'0((((' * MANY}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), WORN, ids=[f"{n} {c[:9]}" for n, c in WORN])
def test_a_file_made_to_wear_the_reader_out_is_read_once(name, content):
    """Each took minutes, growing with the square of its length, or ended in an error."""
    began = time.process_time()
    with suppress(Unreadable):
        read(name, content.encode())
    assert time.process_time() - began < 3


def test_paragraphs_within_paragraphs_are_each_read_once():
    began = time.process_time()
    deep = read("a.docx", word("<w:p>" * MANY + "<w:r><w:t>in the middle</w:t></w:r>" + "</w:p>" * MANY))
    assert deep.unplaced == ["in the middle"]
    assert time.process_time() - began < 3


def test_a_text_box_says_its_words_once_and_after_the_paragraph_it_hangs_on():
    box = f"<w:r><w:txbxContent>{p('In the box.')}</w:txbxContent></w:r>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choices = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<mc:AlternateContent {space}>{choices}</mc:AlternateContent>"
    found = read("a.docx", word(f"<w:p><w:r><w:t>Outside.</w:t></w:r>{both}</w:p>"))
    assert found.unplaced == ["Outside.", "In the box."]


def test_attributes_with_marks_of_their_own_and_pictures_inside_a_page_do_no_harm():
    page = (
        "<h1>A title</h1><!-- <p>not this --><p>One < two, <b>three</b> &lt; four."
        '<img alt="a > b" src="data:image/png;base64,'
        + "A"
        * 9000
        + '"> <a title=\'x "y"\' href="https://a.example/?b=1">'
        "five</a></p><?php no ?><script>if (a<b) { '</p>' }</script>"
    )
    found = read("a.html", page.encode())
    assert found.unplaced == ["One < two, three < four. five"]
    assert found.links == [("five", "https://a.example/?b=1")]


def test_a_part_without_end_is_not_unpacked_whole(monkeypatch):
    monkeypatch.setattr(docx, "LARGEST_PART", 100)
    with pytest.raises(Unreadable, match="too large"):
        read("a.docx", DOCX)


SEEN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Z"]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(SEEN, min_size=1, max_size=20))
def test_no_word_is_lost(words):
    """Whatever the words, each is somewhere in what is shown: in a block, among the links or under “not placed”."""
    marked = [f"word{word}end" for word in words]
    found = read("a.txt", "\n\n".join(["What next?", *marked, "What has been learned?", *marked]).encode())
    lines = [line for block in found.lines.values() for line in block]
    links = [part for link in found.links for part in link]
    shown = " ".join([found.title, found.month, *found.texts.values(), *found.learned, *found.unplaced, *lines, *links])
    assert [word for word in marked if word not in shown] == []


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Drivers need time. It is so.", "Drivers need time"),
        ("Funding should cover: fuel.", "Funding should cover"),
        ("word " * 60, f"{'word ' * 29}…"),
    ],
)
def test_a_lesson_is_named_by_its_first_sentence(said, title):
    assert first_sentence(said) == title
    assert len(first_sentence(said)) <= 150


@pytest.fixture
def publisher(client, db):
    person = PersonFactory(publisher=True)
    client.force_login(person)
    return person


ADDRESS = "/lessons/drafts/learning-points/import/"


def test_the_file_is_shown_first_and_kept_only_when_confirmed(client, publisher):
    before = Lesson.objects.count()
    shown = client.post(ADDRESS, {"file": SimpleUploadedFile("point.txt", TXT.encode())})
    assert "Nothing is saved yet." in text(shown)
    assert (Lesson.objects.count(), LearningPoint.objects.filter(title__startswith="Community").count()) == (before, 0)
    fields = {field.name: field.value() or "" for field in shown.context["form"]}
    kept = client.post(ADDRESS, fields | {"theme": "people"})
    point = LearningPoint.objects.get(title="Community transport partnerships")
    assert kept.url == f"/lessons/drafts/learning-points/{point.public_id}/"
    assert (point.first_published, point.links.count()) == ("Learning point 7, March 2009", 1)
    lessons = [item.lesson for item in point.learned.select_related("lesson")]
    assert [lesson.state for lesson in lessons] == [LessonState.DRAFT] * 2
    assert lessons[0].source_label == "Learning point 7, March 2009"
    assert "1 High Street" in point.postal_address
    assert AuditEvent.objects.filter(action="learning_point.import").count() == 1


def test_a_bad_file_is_said_beside_the_field_and_a_missing_theme_too(client, publisher):
    said = text(client.post(ADDRESS, {"file": SimpleUploadedFile("point.pdf", b"%PDF-1.7")}))
    assert "ends in .docx" in said
    assert "Choose the publication" in text(client.post(ADDRESS, {})) or "publication" in text(client.post(ADDRESS, {}))
    before = Lesson.objects.count()
    answer = client.post(ADDRESS, {"learned": "One.\nTwo.", "title": "Buses", "theme": ""})
    assert answer.status_code == 200
    assert Lesson.objects.count() == before


def test_only_publishers_import_and_a_fault_leaves_nothing(publisher):
    from foundation.policy.refusals import NotPermitted

    call = {
        "series": learning_points_series(),
        "texts": {"title": "Buses"},
        "lines": {},
        "theme": "people",
        "links": [],
    }
    before = (Lesson.objects.count(), LearningPoint.objects.count())
    with pytest.raises(NotPermitted):
        import_learning_point(**call, learned=["One."], by=PersonFactory())
    with pytest.raises(AttributeError):
        import_learning_point(**call | {"links": [("a",) * 3]}, learned=["One.", None], by=publisher)
    assert (Lesson.objects.count(), LearningPoint.objects.count()) == before
