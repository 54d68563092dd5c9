"""What is accepted and what is refused, by file: ending, first bytes and structure must tell one story."""

import copy
import io
import random
import stat
import struct
import time
import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.files import checks, kinds
from foundation.files.names import extension, label
from tests.foundation import samples
from tests.foundation.samples import PDF, jpeg, office, office_with, open_document, packed, png

DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
EXE = b"MZ\x90\x00" + bytes(200)
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a" + bytes(60)


def symlinked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", samples.TYPES)
        archive.writestr("word/document.xml", b"<document/>")
        link = zipfile.ZipInfo("word/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def two_of_a_name() -> bytes:
    good = office("docx", word__a=b"<a/>", word__b=b"<b/>")
    return good.replace(b"word/b", b"word/a")


def many(entries: int) -> bytes:
    return office_with("docx", {f"word/{n}.xml": b"" for n in range(entries)})


def overlapping() -> bytes:
    """200 parts that are one and the same megabyte: each shrinks modestly, together they burst."""
    noise = random.Random(1).randbytes(16_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", samples.TYPES)
        archive.writestr("word/document.xml", b"<document/>")
        archive.writestr("word/a.bin", noise + bytes(1_000_000))
        for n in range(200):
            again = copy.copy(archive.getinfo("word/a.bin"))
            again.filename = f"word/{n}.bin"
            archive.filelist.append(again)
    return out.getvalue()


def zip64(archive: bytes, *, entries: int) -> bytes:
    """`archive` with its true numbers in a ZIP64 record, and in the old record only `entries`."""
    at = archive.rindex(b"PK\x05\x06")
    count, length, start = struct.unpack("<HII", archive[at + 10 : at + 20])
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, length, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
    old = archive[at : at + 8] + struct.pack("<HHII", entries, entries, 100, start) + b"\0\0"
    return archive[:at] + record + locator + old


def lying_about_size() -> bytes:
    """A part that says it is short and is long: office programs would unpack all of it."""
    archive = office_with("docx", {"word/big.bin": bytes(900_000)})
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        name_at = archive.rindex(b"word/big.bin") if signature == b"PK\x01\x02" else archive.index(b"word/big.bin")
        at = archive.rindex(signature, 0, name_at) + offset
        archive = archive[:at] + (10).to_bytes(4, "little") + archive[at + 4 :]
    return archive


ACCEPTED = {
    "plan.pdf": PDF,
    "PLAN.PDF": PDF,
    "two.dots.v2.pdf": PDF,
    "minutes.docx": office("docx"),
    "budget.xlsx": office("xlsx"),
    "slides.pptx": office("pptx"),
    "with picture.docx": office_with("docx", {"word/media/image1.png": png()}),
    "blank sheet.xlsx": office_with("xlsx", {"xl/sheet1.xml": b"<row/>" * 150_000}),
    "minutes.odt": open_document("odt"),
    "budget.ods": open_document("ods"),
    "figures.csv": b"name,count\r\nFife,3\r\n",
    "figures bom.csv": "\ufeffname,€\nDùn Dè,3\n".encode(),
    "notes.txt": "Gàidhlig, emoji 🙂 and form feed \f are text".encode(),
    "formulas.csv": b"=1+1,@SUM(A1)\n",
    "picture.png": png(),
    "largest.png": png(10_000, 5_000),
    "ends in blanks.pdf": PDF + b"\r\n\0\0 \n",
    "links to a launch.pdf": PDF.replace(b"/Catalog", b"/Catalog/URI(https://example.org/Launch/JavaScript)"),
    "numbered main part.docx": packed({"[Content_Types].xml": samples.TYPES, "word/document2.xml": b"<document/>"}),
    "1000 parts.docx": many(998),
    "sheet behind a chart.docx": office_with("docx", {"word/embeddings/a.xlsx": office("xlsx")}),
    "old archive number.xlsx": zip64(office("xlsx"), entries=2),
    "photo.jpg": jpeg(),
    "photo.jpeg": jpeg(4000, 3000),
    "html in a comment.jpg": jpeg(comment=HTML),
    "text that shows markup.txt": HTML,
}
REFUSED = {
    "no ending": (PDF, "cannot be accepted"),
    "page.html": (HTML, "cannot be accepted"),
    "drawing.svg": (SVG, "cannot be accepted"),
    "drawing.svgz": (SVG, "cannot be accepted"),
    "film.gif": (GIF, "cannot be accepted"),
    "plan.pdf.exe": (EXE, "cannot be accepted"),
    "macro.docm": (office("docx"), "cannot be accepted"),
    "old.doc": (b"\xd0\xcf\x11\xe0" + bytes(500), "cannot be accepted"),
    "archive.zip": (packed({"a": b"a"}), "cannot be accepted"),
    "plan.pdf\u202efdp.exe": (EXE, "cannot be accepted"),
    "empty.pdf": (b"", "is empty"),
    "empty.txt": (b"", "is empty"),
    "page.pdf": (HTML, "not a PDF"),
    "program.pdf": (EXE, "not a PDF"),
    "cut off.pdf": (PDF[:40], "not a PDF"),
    "late header.pdf": (HTML + PDF, "not a PDF"),
    "page in front.pdf": (b"%PDF-1.7\n" + HTML + PDF, "not a PDF"),
    "archive behind.pdf": (PDF + packed({"a.class": b"x"}), "not a PDF"),
    "page behind.pdf": (PDF + HTML, "not a PDF"),
    "utf16.pdf": (PDF.decode("latin-1").encode("utf-16"), "not a PDF"),
    "script.pdf": (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "program"),
    "launch.pdf": (PDF.replace(b"/Catalog", b"/Catalog/AA<</S/Launch/F(x)>>"), "program"),
    "script across chunks.pdf": (PDF[:9] + b" " * (256 * 1024 - 14) + b"/S /JavaScript " + PDF[9:], "program"),
    "pdf.docx": (PDF, "damaged"),
    "zip.docx": (packed({"a.txt": b"a"}), "damaged"),
    "sheet.docx": (office("xlsx"), "damaged"),
    "text.ods": (open_document("odt"), "damaged"),
    "word.odt": (office("docx"), "damaged"),
    "cut off.docx": (office("docx")[:-30], "damaged"),
    "wrong checksum.docx": (samples.edited(office("docx"), 16, b"\0\0\0\0"), "damaged"),
    "lies about size.docx": (lying_about_size(), "damaged"),
    "macro.docx": (office("docx", word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "macros"),
    "macro type.xlsx": (
        packed(
            {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xl/workbook.xml": b""}
        ),
        "macros",
    ),
    "macro.odt": (open_document("odt", Basic__Standard__Module1=b"x"), "macros"),
    "entity.docx": (office_with("docx", {"word/styles.xml": DTD}), "built in a way"),
    "climbs out.docx": (office_with("docx", {"../../etc/cron": b"x"}), "built in a way"),
    "absolute.docx": (office_with("docx", {"/etc/cron": b"x"}), "built in a way"),
    "drive.docx": (office_with("docx", {"c:\\boot.ini": b"x"}), "built in a way"),
    "link.docx": (symlinked(), "built in a way"),
    "twins.docx": (two_of_a_name(), "built in a way"),
    "odd packing.docx": (office_with("docx", {"a": b"a"}, how=zipfile.ZIP_LZMA), "built in a way"),
    "old or locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "before 2007"),
    "program in front.docx": (EXE + office("docx"), "damaged"),
    "only a beginning.docx": (b"PK\x03\x04", "damaged"),
    "empty archive.docx": (packed({}), "damaged"),
    "page.docx": (HTML, "damaged"),
    "type in the wrong place.odt": (packed({"content.xml": b"<x/>", "mimetype": samples.ODF["odt"]}), "damaged"),
    "no content.odt": (packed({"mimetype": samples.ODF["odt"]}), "damaged"),
    "hidden name.docx": (office("docx", word__a=b"a").replace(b"word/a", b"word/\0"), "built in a way"),
    "climbs backwards.docx": (office_with("docx", {"..\\..\\cron": b"x"}), "built in a way"),
    "climbs out.ods": (open_document("ods", **{"../cron": b"x"}), "built in a way"),
    "locked.ods": (samples.edited(open_document("ods"), 8, b"\x01\x00"), "password"),
    "locked.docx": (samples.edited(office("docx"), 8, b"\x01\x00"), "password"),
    "bomb.docx": (office_with("docx", {"word/big.xml": bytes(20_000_000)}), "unpacks to far more"),
    "big bomb.xlsx": (
        office_with("xlsx", {f"xl/{n}.xml": bytes(1_000_000) for n in range(210)}),
        "unpacks to far more",
    ),
    "many small bombs.docx": (
        office_with("docx", {f"word/{n}.bin": bytes(1_000_000) for n in range(90)}),
        "unpacks to far more",
    ),
    "overlapping parts.docx": (overlapping(), "unpacks to far more"),
    "bomb inside.docx": (office_with("docx", {"word/a.zip": packed({"b": bytes(20_000_000)})}), "embedded in it"),
    "macros inside.docx": (office_with("docx", {"word/embeddings/a.xlsm": office("xlsx")}), "embedded in it"),
    "endless listing.docx": (zip64(many(30_000), entries=2), "unpacks to far more"),
    "many parts.docx": (many(999), "unpacks to far more"),
    "very many parts.docx": (many(30_000), "unpacks to far more"),
    "says it is larger.docx": (samples.edited(office("docx"), 24, b"\xff\xff\xff\x7f"), "unpacks to far more"),
    "program.txt": (EXE, "UTF-8"),
    "nul.csv": (b"a,b\0c", "UTF-8"),
    "latin.csv": ("café".encode("latin-1"), "UTF-8"),
    "utf16.txt": ("hello".encode("utf-16"), "UTF-8"),
    "utf16.csv": ("a,b\r\n1,£2\r\n".encode("utf-16"), "UTF-8"),
    "utf16 without mark.csv": ("a,b\r\n1,2\r\n".encode("utf-16-le"), "UTF-8"),
    "program.csv": (EXE, "UTF-8"),
    "archive.csv": (packed({"a": b"a"}), "UTF-8"),
    "late nul.csv": (b"a,b\n" * 200_000 + b"\0", "UTF-8"),
    "escape.txt": (b"\x1b[2J hello", "UTF-8"),
    "half a letter.txt": ("é".encode()[:1], "UTF-8"),
    "page.png": (HTML, "damaged"),
    "program.png": (EXE, "damaged"),
    "drawing.png": (SVG, "damaged"),
    "page behind.png": (png() + HTML * 3, "damaged"),
    "film.jpg": (GIF, "damaged"),
    "page.jpg": (HTML, "damaged"),
    "tall.png": (png(1, 2**31), "2,147,483,648"),
    "photo.png": (jpeg(), "damaged"),
    "picture.jpg": (png(), "damaged"),
    "cut off.png": (png()[:40], "damaged"),
    "cut off.jpg": (jpeg()[:12], "damaged"),
    "no end.jpg": (jpeg()[:-2], "damaged"),
    "flat.png": (png(0, 5), "damaged"),
    "huge.png": (png(30_000, 30_000), "30,000 × 30,000"),
    "huge.jpg": (jpeg(30_000, 30_000), "50 million"),
    "endless markers.jpg": (b"\xff\xd8" + b"\xff" * 100_000, "damaged"),
}


SMALL = {"1000 parts.docx": many(5)}  # as many ways to break it, in less time


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name):
    upload = SimpleUploadedFile(name, ACCEPTED[name], content_type="text/html")
    assert checks.content_type_of(upload) == kinds.KINDS[extension(name)].content_type
    assert upload.read() == ACCEPTED[name], "the checks leave the file at its beginning"


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name):
    content, because = REFUSED[name]
    with pytest.raises(ValidationError) as refusal:
        checks.content_type_of(SimpleUploadedFile(name, content, content_type="application/pdf"))
    [sentence] = refusal.value.messages
    assert because in sentence
    assert sentence.endswith("."), sentence


def test_the_matrix_is_worth_its_name():
    assert len(ACCEPTED) + len(REFUSED) >= 100


def test_one_byte_over_the_limit_is_refused_and_the_limit_is_not(settings):
    settings.MAX_UPLOAD_BYTES = len(PDF)
    assert checks.content_type_of(SimpleUploadedFile("a.pdf", PDF)) == "application/pdf"
    settings.MAX_UPLOAD_BYTES = len(PDF) - 1
    with pytest.raises(ValidationError, match="largest file accepted is"):
        checks.content_type_of(SimpleUploadedFile("a.pdf", PDF))


@pytest.mark.parametrize("name", [name for name, (_, because) in REFUSED.items() if "far more" in because])
def test_bombs_cost_little_time_and_memory(name):
    upload = SimpleUploadedFile(name, REFUSED[name][0])
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ValidationError):
        checks.content_type_of(upload)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "name", ["plan.pdf", "1000 parts.docx", "budget.ods", "figures bom.csv", "picture.png", "photo.jpg"]
)
def test_whatever_is_broken_in_a_file_ends_in_a_sentence(name):
    """Cut it anywhere, change any bytes: accepted or refused, never an error."""
    chance = random.Random(name)
    good, refusals = SMALL.get(name, ACCEPTED[name]), []
    for _ in range(150):
        content = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(1, len(content)) :]
        try:
            checks.content_type_of(SimpleUploadedFile(name, bytes(content)))
        except ValidationError as refusal:
            refusals += refusal.messages
    assert len(refusals) > 20
    assert all(sentence.endswith(".") for sentence in refusals)


def test_the_largest_document_that_is_accepted_takes_less_than_five_seconds():
    """190 MB of parts at nearly the ratio allowed: as much work as an upload can make."""
    noise = random.Random(2).randbytes(11_000)
    heavy = office_with("xlsx", {f"xl/{n}.bin": noise + bytes(1_000_000) for n in range(190)})
    upload = SimpleUploadedFile("heavy.xlsx", heavy)
    tracemalloc.start()
    started = time.process_time()
    checks.content_type_of(upload)
    assert time.process_time() - started < 5
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\r\nX: y.pdf", "a X: y.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("   .. ", "file"),
        ("", "file"),
        ("con.pdf", "con.pdf"),
        ("tab\tand   space.pdf", "tab and space.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_only_a_label(given, kept):
    assert label(given) == kept
