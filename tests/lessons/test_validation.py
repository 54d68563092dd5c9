"""`make validate`: every listed thing is among what is made, and a file that cannot be made is a line in the table."""

import pytest

from foundation.files.store import NoRoom
from foundation.rendering.printing import PressBroke, Unprintable
from lessons.actions.report import make_report
from lessons.formats import catalogue, recording
from lessons.lifecycle import LearningPointState
from lessons.publications import publication_of
from scripts import validate_library
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    report, _ = make_report(
        title="All", introduction="Every lesson.", lessons=[LessonFactory(published=True)], filters={},
        by=PersonFactory(publisher=True),
    )  # fmt: skip
    return report


def test_what_was_revised_is_among_it_and_drafts_and_what_was_withdrawn_are_not(report):
    before = validate_library.in_the_library()  # with what the portal comes with
    revised = {"published": True, "state": LearningPointState.REVISED}
    listed = [
        LearningPointFactory(published=True), LearningPointFactory(**revised),
        ProfileFactory(published=True), ProfileFactory(**revised),
    ]  # fmt: skip
    LearningPointFactory()
    ProfileFactory(withdrawn=True)
    assert report in before
    assert set(validate_library.in_the_library()) == {*before, *listed}


@pytest.mark.parametrize(
    ("broke", "told"),
    [
        (PressBroke("the press stopped without a document (exit code 1)"), "the press stopped without a document"),
        (NoRoom(), "The portal has too little disk space left"),
        (Unprintable("It is too deep."), "It is too deep."),
    ],
)
def test_a_file_that_cannot_be_made_is_a_line_in_the_table_and_the_next_are_made(
    report, broke, told, tmp_path, monkeypatch, capsys
):
    def content(source, form, setting, follow):
        if form.code == "text":
            raise broke
        return b"content"

    monkeypatch.setattr(catalogue, "FORMATS", [f for f in catalogue.FORMATS if f.code in {"text", "script", "data"}])
    monkeypatch.setattr(catalogue, "content", content)
    made = {one.format: one for one in validate_library.long_report(tmp_path, publication_of(report))}
    assert list(made) == ["text", "script", "data"]
    assert [code for code, one in made.items() if one.path.exists()] == ["script", "data"]
    assert made["text"].faults[0].startswith(f"was not made: {told}")
    assert validate_library.table(list(made.values())) == 1
    assert told in capsys.readouterr().out


def test_a_recording_refused_for_its_length_is_no_failure(report, tmp_path, monkeypatch):
    def content(source, form, setting, follow):
        raise Unprintable(recording.TOO_LONG)

    monkeypatch.setattr(catalogue, "FORMATS", [f for f in catalogue.FORMATS if f.code == "text"])
    monkeypatch.setattr(catalogue, "content", content)
    assert list(validate_library.long_report(tmp_path, publication_of(report))) == []
