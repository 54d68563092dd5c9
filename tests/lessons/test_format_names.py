"""What a file of a publication is called, and how a version that somebody made elsewhere is described."""

import pytest

from foundation.rendering.jobs import builder
from lessons.actions import formats as actions
from lessons.actions.report import make_report
from lessons.formats.catalogue import FORMATS, format_called
from lessons.publications import Publication
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory

pytestmark = pytest.mark.django_db
VERSION = {"title": "Na dh’ionnsaich sinn", "address": "https://x.example/gd"}


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def report(person):
    lessons = [LessonFactory(published=True)]
    return make_report(title="Tenders", introduction="", lessons=lessons, filters={}, by=person)[0]


@pytest.fixture
def point():
    return LearningPointFactory(published=True)


@pytest.mark.parametrize(
    ("code", "name"),
    [("text", "tenders-edition-1.txt"), ("docx", "tenders-edition-1.docx"), ("epub", "tenders-edition-1.epub"),
     ("html", "tenders-edition-1.html"), ("script", "tenders-edition-1-script.txt"),
     ("large-18", "tenders-edition-1-large-18.pdf"), ("pdf", "tenders-edition-1.pdf")],
)  # fmt: skip
def test_a_file_is_named_after_its_report_with_one_ending(report, person, code, name):
    job = actions.make_format(row=report, made=format_called(code), by=person)
    assert builder(job.kind)(job.inputs).filename == name


def test_no_two_files_of_a_publication_have_the_same_name():
    assert len({made.ending for made in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("title", "name"), [("Lessons: what – now? " * 7, "lessons-what-now-lessons-what-now-lessons-what-now"),
                        ("教訓", "lessons-report")]
)  # fmt: skip
def test_a_title_is_cut_and_one_without_latin_letters_has_a_name_all_the_same(person, title, name):
    made = make_report(title=title, introduction="", lessons=[LessonFactory(published=True)], filters={}, by=person)[0]
    assert Publication(report=made).filename.startswith(name)
    assert Publication(report=made).filename.endswith("-edition-1")
    assert len(Publication(report=made).filename) < 80


@pytest.mark.parametrize(
    ("kind", "language", "told"),
    [("bsl", "bfi", "British Sign Language video"), ("easy-read", "en-GB", "Easy Read, English"),
     ("translation", "gd", "Translation, Gaelic"), ("translation", "pl", "Translation, Polish"),
     ("translation", "zh-Hans", "Translation, Simplified Chinese"), ("translation", "pt-AO", "Translation, Portuguese"),
     ("translation", "qaa", "Translation")],
)  # fmt: skip
def test_a_linked_version_names_its_language_and_no_code(client, point, publisher, kind, language, told):
    actions.link_version(row=point, by=publisher, **VERSION | {"kind": kind, "language": language})
    page = client.get(point.get_absolute_url()).content.decode()
    assert f'<span class="psp_formats__state">{told}</span>' in page
